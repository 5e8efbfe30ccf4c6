"""Time signature inside a measure.

A time signature can only take effect where a measure begins. The game ignores one that stands elsewhere, so the measure
lines from there on are wrong.

Example: `576 = TS 3` at 192 ticks per beat, one beat before the measure that begins at 768
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.chart_repairs import set_tick
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.chart import Chart
from formats.chart_lines import TimeSignature, tick_place
from formats.chart_tempo import Measures
from formats.timestamps import format_time

# More markers than this are not tried out one by one for where they could go.
MOST_TRIED = 50

MISALIGNED = Template(
    "misalignedTimeSignature",
    Severity.WARNING,
    "This {numerator}/{denominator} time signature stands {beats:.3g} beats into a measure, so the game ignores it.",
    "A time signature does not stand at the start of a measure.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    chart = context.chart
    for number, signature in enumerate(chart.measures.misaligned):
        start, _ = chart.measures.around(signature.tick)
        yield MISALIGNED(
            at=tick_place(signature.line),
            time=chart.time_at(signature.tick),
            numerator=signature.numerator,
            denominator=signature.denominator,
            beats=(signature.tick - start) / chart.resolution,
            repairs=_repairs(context, signature) if number < MOST_TRIED else (),
        )


def _repairs(context: ChartContext, signature: TimeSignature) -> Iterator[Repair]:
    """To the measure start before and behind, as far as that puts no other time signature out of place."""
    chart, section = context.chart, context.chart.section("SyncTrack")
    if section is None or len(chart.time_signatures) > MOST_TRIED:
        return
    taken = {other.tick for other in chart.time_signatures}
    for start in chart.measures.around(signature.tick):
        tick = int(start)
        if tick != start or tick in taken or not _helps(chart, signature, tick):
            continue
        way = "back" if tick < signature.tick else "on"
        title = f"Move {way} to the measure at {format_time(chart.time_at(tick))}"
        yield Repair(title, Safety.UNSAFE, set_tick(context.document, section, [signature], tick))


def _helps(chart: Chart, signature: TimeSignature, tick: int) -> bool:
    moved = TimeSignature(signature.line, tick, signature.numerator, signature.exponent)
    others = [other for other in chart.time_signatures if other is not signature]
    left = Measures(sorted((*others, moved), key=lambda each: each.tick), chart.resolution).misaligned
    return {id(other) for other in left} < {id(other) for other in chart.measures.misaligned}


RULE = Rule("G106", "chart-ts-misaligned", Category.CHART, __doc__, (MISALIGNED,), check, standards=CLONE_HERO)
