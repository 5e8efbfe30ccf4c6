"""The way from one object to the next as a player travels it: how long, how far."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from typing import NamedTuple

from analyzers.context import Context
from formats.timeline import Note, NoteKind


class Gap(NamedTuple):
    """From the end of `before` to the head of `after`: `time` in ms, `distance` in osu!pixels with stacking."""

    before: Note
    after: Note
    time: float
    distance: float


def gaps(context: Context, longest: float, *, from_circles: bool = False) -> Iterator[Gap]:
    """The gaps between neighbours of at most `longest` ms, spinners left out, in time order.

    `from_circles` leaves out those that begin at a slider's tail, which a player leaves early.
    """
    heights, step = context.stacking.heights, context.stacking.step
    for number, (before, after) in enumerate(pairwise(context.notes)):
        time = after.time - before.end
        if time > longest or before.kind is NoteKind.SPINNER or after.kind is NoteKind.SPINNER:
            continue
        if before.kind is not NoteKind.SLIDER:
            x, y = before.x, before.y
        elif from_circles:
            continue
        else:
            x, y = before.end_position
        # Both move by the same amount to the right as down, so only the difference counts.
        shift = step * (heights[number] - heights[number + 1])
        yield Gap(before, after, time, hypot(after.x - x + shift, after.y - y + shift))
