"""Anchor that disagrees with the tempos before it.

An anchor ties the tempo marker on its tick to a time in the audio. When the tempos before it were changed by hand, the tick no
longer comes at that time: the editor will move them again at the next change. The game ignores anchors.

Example: `768 = A 2000000` where the tempos put tick 768 at 1,920 ms
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart import Chart
from formats.chart_lines import value_place
from formats.document import whole
from formats.timestamps import format_time

# Tempos are written in thousandths of a BPM, so a marker may miss its anchor by that much over the stretch before it.
TEMPO_STEP_BPM = 0.001
SLACK_MS = 2.0

DISAGREES = Template(
    "anchorMismatch",
    Severity.HINT,
    "The anchor ties this tick to {anchor}, but the tempos put it at {time_of_tick} ({gap:+.0f} ms).",
    "An anchor's time differs from its tick's.",
)
WITHOUT_TEMPO = Template(
    "anchorWithoutTempo",
    Severity.HINT,
    "This anchor has no tempo on its tick to hold.",
    "An anchor stands on a tick without a tempo.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    chart = context.chart
    ticks = {tempo.tick for tempo in chart.tempos}
    for anchor in chart.anchors:
        time, wanted = chart.time_at(anchor.tick), anchor.microseconds / 1000
        if anchor.tick not in ticks:
            yield WITHOUT_TEMPO(at=whole(anchor.line), time=time)
        elif abs(time - wanted) > _slack(chart, anchor.tick, time):
            yield DISAGREES(
                at=value_place(anchor.line),
                time=time,
                anchor=format_time(wanted),
                time_of_tick=format_time(time),
                gap=time - wanted,
            )


def _slack(chart: Chart, tick: int, time: float) -> float:
    """ms that rounding may cost over the stretch since the tempo before."""
    at = bisect_left(chart.tempo_map.ticks, tick) - 1
    if at < 0:
        return SLACK_MS
    stretch = time - chart.tempo_map.times[at]
    return SLACK_MS + stretch * TEMPO_STEP_BPM / chart.tempo_map.bpm_at(chart.tempo_map.ticks[at])


RULE = Rule("G129", "chart-anchor-mismatch", Category.CHART, __doc__, (DISAGREES, WITHOUT_TEMPO), check, standards=CLONE_HERO)
