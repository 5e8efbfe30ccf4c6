"""Tempo that cannot be meant.

Of two tempos on one tick only the last counts, and no song has a million beats per minute.

Example: `0 = B 120000` and `0 = B 140000`
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.chart_lines import value_place
from formats.document import whole

HIGHEST_BPM = 1_000_000.0

TWICE = Template(
    "tempoTwice",
    Severity.WARNING,
    "This tempo of {bpm:g} BPM is replaced by the {other:g} BPM on the same tick.",
    "Two tempos stand on one tick.",
)
TOO_FAST = Template(
    "tempoTooFast",
    Severity.WARNING,
    "This tempo is {bpm:g} BPM, above 1,000,000.",
    "A tempo is above 1,000,000 BPM.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    chart = context.chart
    for tempo, following in pairwise([*chart.tempos, None]):
        if tempo is None:
            break
        if following is not None and following.tick == tempo.tick:
            yield TWICE(
                at=whole(tempo.line),
                time=chart.time_at(tempo.tick),
                bpm=tempo.bpm,
                other=following.bpm,
                repairs=[Repair("Delete the tempo that does not count", Safety.SAFE, (delete_line(tempo.line),))],
            )
        if tempo.bpm > HIGHEST_BPM:
            yield TOO_FAST(at=value_place(tempo.line), time=chart.time_at(tempo.tick), bpm=tempo.bpm)


RULE = Rule("G128", "chart-tempo-range", Category.CHART, __doc__, (TWICE, TOO_FAST), check, standards=CLONE_HERO)
