"""Red line that draws a bar line close behind the last one.

Every red line starts a new measure with a bar line of its own. Where the measure before is not over yet, two bar lines
stand close together, which reads as a mistake: let the red line omit its first bar line.

Example: a 4/4 measure that begins at 2000 and a red line one beat later
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import replace_field
from analyzers.rule import TAIKO, Issue, Repair, Rule, Template
from formats.barlines import ROUNDING, BarLines
from formats.document import field
from formats.osu import Effects, TimingPoint

CLOSE_MEASURES = 0.5
# Two bar lines nearer than this are seen as one.
DOUBLED_MS = 0.5
# A measure cut short by less is whole: songs that change their tempo are timed measure by measure.
WHOLE_BEATS = 1 / 8

CLOSE = Template(
    "close-barline",
    Severity.ERROR,
    "The bar line of this red line stands {beats} ({gap:.0f} ms) behind the one before, less than half a measure.",
    "A red line begins within the first half of a measure and does not omit its bar line.",
)
SHORT = Template(
    "close-barline",
    Severity.WARNING,
    "The bar line of this red line stands {beats} ({gap:.0f} ms) behind the one before, less than a measure.",
    "A red line begins within the second half of a measure and does not omit its bar line.",
)
DOUBLED = Template(
    "doubled-barline",
    Severity.WARNING,
    "The bar line of this red line stands {gap:.2f} ms behind the one before, so two are drawn at one place.",
    "A red line begins less than 0.5 ms behind a bar line of the red line before.",
)


def check(context: Context) -> Iterator[Issue]:
    reds, times, barlines = context.grid.red, context.grid.red_times, BarLines(context.grid)
    for number in range(1, len(reds)):
        red, start, measure = reds[number], times[number - 1], barlines.measure(number - 1)
        length = times[number] - start
        if red.omits_barline or length <= ROUNDING:
            continue
        whole = floor((length + ROUNDING) / measure)
        gap, spare = length - whole * measure, WHOLE_BEATS * measure / max(reds[number - 1].meter, 1)
        if gap <= ROUNDING or measure - gap < spare or (whole == 0 and reds[number - 1].omits_barline):
            continue
        yield _issue(context, red, gap, measure)


def _issue(context: Context, red: TimingPoint, gap: float, measure: float) -> Issue:
    template = DOUBLED if gap < DOUBLED_MS else CLOSE if gap <= measure * CLOSE_MEASURES + ROUNDING else SHORT
    time = context.grid.time_of(red)
    beats = gap / context.grid.beat_length_at(time - gap)
    omit = replace_field(red.line, 7, str(red.effects | Effects.OMIT_BARLINE))
    return template(
        at=field(red.line, 0),
        time=time,
        gap=gap,
        beats=f"{beats:.2g} beats",
        repairs=[Repair("Omit the first bar line", Safety.UNSAFE, (omit,))] if red.line.content.count(",") >= 7 else [],
    )


RULE = Rule("T302", "taiko-close-barlines", Category.TIMING, __doc__, (CLOSE, SHORT, DOUBLED), check, modes=TAIKO)
