"""The way from one object to the next as a player travels it: how long, how far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

from analyzers.context import Context
from formats.timeline import Note


@dataclass(frozen=True, slots=True)
class Gap:
    """From the end of `before` to the head of `after`: `time` in ms, `distance` in osu!pixels with stacking."""

    before: Note
    after: Note
    time: float
    distance: float


def gaps(context: Context, longest: float) -> Iterator[Gap]:
    """The gaps between neighbours of at most `longest` ms, spinners left out, in time order."""
    notes, stacking = context.notes, context.stacking
    for number in range(len(notes) - 1):
        before, after = notes[number], notes[number + 1]
        time = after.time - before.end
        if time <= longest and not before.is_spinner and not after.is_spinner:
            x, y = stacking.end_position(number)
            to_x, to_y = stacking.position(number + 1)
            yield Gap(before, after, time, hypot(to_x - x, to_y - y))
