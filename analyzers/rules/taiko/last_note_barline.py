"""Last note one millisecond before a bar line, which it hides.

osu!stable draws bar lines up to the end of the last object. A last note that ends 1 ms before a bar line (moved by hand,
by a changed offset or by rounding) makes that bar line vanish, so the final hit looks as if it fell off the beat.

Example: a last note at 59999 where a measure begins at 60000
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from analyzers.context import Context, end_place
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import replace_field
from analyzers.rule import TAIKO, Issue, Repair, Rule, Template
from formats.barlines import ROUNDING, BarLines
from formats.timeline import Note, NoteKind

# From 2 ms on the note is simply elsewhere (and unsnapped); below 1 ms only the fraction of the bar line is missing.
FARTHEST_MS, ROUNDED_MS = 2.0, 1.0

CIRCLE_HIDES = Template(
    "hides-barline",
    Severity.ERROR,
    "The last note is {gap:.1f} ms before a bar line and hides it.",
    "The last note, a circle, stands 1 ms before the start of a measure.",
)
END_HIDES = Template(
    "end-hides-barline",
    Severity.INFORMATION,
    "The last {kind} ends {gap:.1f} ms before a bar line and hides it.",
    "The last object, a drum roll or a spinner, ends 1 ms before the start of a measure.",
)
# Every editor cuts times off to whole ms, so half of all maps that end on a downbeat are like this: worth a word, no more.
ROUNDED = Template(
    "rounded",
    Severity.HINT,
    "The bar line under the last note is lost to rounding: it stands {gap:.2f} ms behind the note's end.",
    "The last object ends on the whole ms below the start of a measure.",
)


def check(context: Context) -> Iterator[Issue]:
    last = max(context.notes, key=lambda note: note.end, default=None)
    if last is None:
        return
    barline = BarLines(context.grid).last_until(last.end + FARTHEST_MS - 2 * ROUNDING)
    if barline is None or barline - last.end <= ROUNDING:
        return
    gap = barline - last.end
    template = ROUNDED if gap < ROUNDED_MS - ROUNDING else CIRCLE_HIDES if last.kind is NoteKind.CIRCLE else END_HIDES
    yield template(
        at=end_place(last),
        time=last.time,
        end=last.end,
        selection=context.selection(last),
        gap=gap,
        kind="drum roll" if last.is_slider else "spinner",
        repairs=[] if template is ROUNDED else _repairs(context, last, barline),
    )


def _repairs(context: Context, last: Note, barline: float) -> Iterator[Repair]:
    # Rounded up, so that the note does not end before the bar line; a drum roll's end is a matter of its length.
    time = str(ceil(barline - context.grid.offset - ROUNDING))
    if last.kind is NoteKind.CIRCLE:
        yield Repair("Move the note onto the bar line", Safety.SAFE, (replace_field(last.line, 2, time),))
    elif last.is_spinner:
        yield Repair("End the spinner on the bar line", Safety.SAFE, (replace_field(last.line, 5, time),))


RULE = Rule(
    "C301", "taiko-last-note-barline", Category.COMPOSE, __doc__, (CIRCLE_HIDES, END_HIDES, ROUNDED), check, modes=TAIKO
)  # fmt: skip
