"""The way from one object to the next as a player travels it: how long, how far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from analyzers.context import Context
from formats.timeline import Note, NoteKind


@dataclass(frozen=True, slots=True)
class Gap:
    """From the end of `before` to the head of `after`: `time` in ms, `distance` in osu!pixels with stacking."""

    before: Note
    after: Note
    time: float
    distance: float


def gaps(context: Context, longest: float, *, from_circles: bool = False) -> Iterator[Gap]:
    """The gaps between neighbours of at most `longest` ms, spinners left out, in time order.

    `from_circles` leaves out those that begin at a slider's tail, which a player leaves early.
    """
    stacking = context.stacking
    for number, (before, after) in enumerate(pairwise(context.notes)):
        time = after.time - before.end
        if time > longest or before.kind is NoteKind.SPINNER or after.kind is NoteKind.SPINNER:
            continue
        if from_circles and before.kind is NoteKind.SLIDER:
            continue
        x, y = before.end_position
        # Both move by the same amount to the right as down, so only the difference counts.
        shift = stacking.offset(number + 1) - stacking.offset(number)
        yield Gap(before, after, time, hypot(after.x - x + shift, after.y - y + shift))
