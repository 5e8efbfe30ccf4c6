"""Spinner or long note without duration.

A spinner or long note that ends where it starts cannot be played. Sliders without duration are told by `invisible-slider`.

Example: `256,192,5000,12,0,5000` (a spinner from 5000 to 5000 ms)
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, end_place
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import LAZER, Issue, Repair, Rule, Template
from formats.timeline import NoteKind

# Below this, in ms, rounding may be all that is left of a duration (osu.Game/Rulesets/Edit/Checks/CheckZeroLengthObjects.cs).
LEAST_DURATION_MS = 0.5
NOUNS = {NoteKind.SPINNER: "spinner", NoteKind.HOLD: "long note"}

ZERO = Template(
    "zero-length",
    Severity.ERROR,
    "This {noun} has no duration: it ends where it starts.",
    "A spinner or long note lasts less than half a ms.",
)


def check(context: Context) -> Iterator[Issue]:
    for note in context.notes:
        noun = NOUNS.get(note.kind)
        if noun is None or note.duration >= LEAST_DURATION_MS:
            continue
        repair = Repair(f"Delete this {noun}", Safety.UNSAFE, (delete_line(note.line),))
        yield ZERO(end_place(note), note.time, selection=context.selection(note), repairs=[repair], noun=noun)


RULE = Rule("C105", "zero-length", Category.COMPOSE, __doc__, (ZERO,), check, standards=LAZER, local=True)
