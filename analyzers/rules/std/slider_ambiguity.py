"""Slider that comes back to its own head or tail.

Where a path leaves its head, travels on and ends at or turns on the very same spot, a player cannot see which way it runs:
head and tail look like one circle, or the turning point hides beneath one of them.

Example: a full circle whose tail lies on its head
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import hypot

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Rule, Template
from formats.document import field
from formats.osu import HitObject

# osu!pixels: nearer than this two places look like one; a path that stays this near is plain to see.
SAME_PLACE, FAR = 5.0, 60.0
# A flattened path runs through its own turning points up to rounding.
ON_POINT = 0.01

Point = tuple[float, float]

ENDS_MEET = Template(
    "ends-meet",
    Severity.WARNING,
    "This slider's tail lies on its head, so its direction cannot be read.",
    "Head and tail are at most 5 px apart while the path goes more than 60 px away from them.",
)
ANCHOR_ON_END = Template(
    "anchor-on-end",
    Severity.WARNING,
    "This slider's path turns on its own {where}, so its course cannot be read.",
    "A point where the path turns is at most 5 px from head or tail, and the path goes more than 60 px away in between.",
)


def check(context: Context) -> Iterator[Issue]:
    for note in context.notes:
        # A path that goes 60 px away and comes back is at least twice as long.
        if not note.is_slider or note.velocity * note.span_duration < 2 * FAR:
            continue
        tail = note.path.end
        if hypot(tail[0] - note.x, tail[1] - note.y) <= SAME_PLACE:
            if any(hypot(x - note.x, y - note.y) > FAR for x, y in note.path.points):
                yield ENDS_MEET(at=field(note.line, 5), time=note.time, end=note.end, selection=context.selection(note))
            continue
        turns = _turning_points(note.object)
        for name, place in (("head", (note.x, note.y)), ("tail", tail)):
            near = {turn for turn in turns if hypot(turn[0] - place[0], turn[1] - place[1]) <= SAME_PLACE}
            path: Iterable[Point] = note.path.points if name == "head" else reversed(note.path.points)
            if near and _comes_back(path, place, near):
                selection = context.selection(note)
                yield ANCHOR_ON_END(at=field(note.line, 5), time=note.time, end=note.end, selection=selection, where=name)
                break


def _turning_points(source: HitObject) -> list[Point]:
    """The anchors that the path runs through: line corners, Catmull anchors, red anchors, joints of two runs.

    A Bézier control point is left out: the path only leans towards it, so one that lies on the head hides nothing.
    """
    turns: list[Point] = []
    for curve in source.curves or ():
        points = curve.points
        if curve.type in "LC":
            turns += points
        else:
            turns += [one for one, other in pairwise(points) if one == other]
            turns += points[-1:]
    return turns


def _comes_back(path: Iterable[Point], place: Point, near: set[Point]) -> bool:
    """True when the path, begun at `place`, reaches one of the `near` points after having been far from it."""
    far = False
    for x, y in path:
        away = hypot(x - place[0], y - place[1])
        if away > FAR:
            far = True
        elif far and away <= SAME_PLACE + ON_POINT and any(hypot(x - a, y - b) <= ON_POINT for a, b in near):
            return True
    return False


RULE = Rule("C202", "std-slider-ambiguity", Category.COMPOSE, __doc__, (ENDS_MEET, ANCHOR_ON_END), check, modes=STD, local=True)
