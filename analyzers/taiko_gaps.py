"""Gaps between the notes of a taiko difficulty, as the rules on its patterns measure them."""

from __future__ import annotations

from collections.abc import Sequence

from formats.timeline import Note, NoteKind

# Times are cut off to whole ms, so a gap may be off by one at either end.
TOLERANCE_MS = 2.0


def circle_gap(notes: Sequence[Note], number: int) -> float | None:
    """ms from the circle before note `number` to it; None where it or the one before is missing or no circle."""
    if not 0 < number < len(notes) or notes[number].kind is not NoteKind.CIRCLE or notes[number - 1].kind is not NoteKind.CIRCLE:
        return None
    return notes[number].time - notes[number - 1].time
