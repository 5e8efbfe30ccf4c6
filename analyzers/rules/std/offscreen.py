"""Object that leaves the screen.

At a screen of 4:3 a part of an object outside x −67 to 579 or y −60 to 428 (with its radius, in osu!pixels) cannot be
seen. A slider must stay inside with its whole body. An object that only stacking moves inside is worth a look, since
stacking differs between mods and versions of the game.

Example: `256,384,3000,1,0` at CS 0 (its lower edge lies at y = 438)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, ceil, hypot, inf, pi, sin, sqrt

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Rule, Template
from formats.document import field
from formats.timeline import Note, NoteKind

# osu!pixels (osu.Game.Rulesets.Osu/Edit/Checks/CheckOffscreenObjects.cs).
LEFT, TOP, RIGHT, BOTTOM = -67.0, -60.0, 579.0, 428.0
# A slider's body is looked at every so many osu!pixels, and at its tail.
STEP = 5.0
# Radians: three points that turn by less lie on a line.
FLAT = 1e-6

CIRCLE = Template(
    "offscreen-circle",
    Severity.ERROR,
    "This circle leaves the screen at 4:3 by {px:.0f} px.",
    "A part of a circle lies outside x −67 to 579 or y −60 to 428.",
)
SLIDER = Template(
    "offscreen-slider",
    Severity.ERROR,
    "This slider leaves the screen at 4:3 here.",
    "A part of a slider lies outside x −67 to 579 or y −60 to 428.",
)
STACKED = Template(
    "offscreen-without-stacking",
    Severity.WARNING,
    "Only stacking keeps this object on the screen; as placed it leaves it.",
    "An object would be outside the screen if stacking did not move it.",
)


@dataclass(frozen=True, slots=True)
class Box:
    """Where the centre of an object may be, in osu!pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def moved(self, by: float) -> Box:
        return Box(self.left + by, self.top + by, self.right + by, self.bottom + by)

    def shrunk(self, by: float) -> Box:
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def excess(self, x: float, y: float) -> float:
        return max(self.left - x, x - self.right, self.top - y, y - self.bottom)


def check(context: Context) -> Iterator[Issue]:
    radius, stacking = context.beatmap.radius, context.stacking
    box = Box(LEFT + radius, TOP + radius, RIGHT - radius, BOTTOM - radius)
    inner = box.shrunk(max(map(abs, map(stacking.offset, range(len(context.notes)))), default=0.0))
    for number, note in enumerate(context.notes):
        if note.kind is NoteKind.SPINNER or _surely_inside(inner, note):
            continue
        offset = stacking.offset(number)
        issue = _issue(context, note, box.moved(-offset))
        if issue is None and offset and _issue(context, note, box):
            issue = STACKED(at=time_place(note), time=note.time, selection=context.selection(note))
        if issue:
            yield issue


def _issue(context: Context, note: Note, box: Box) -> Issue | None:
    selection = context.selection(note)
    if not note.is_slider:
        if box.holds(note.x, note.y):
            return None
        return CIRCLE(at=time_place(note), time=note.time, selection=selection, px=box.excess(note.x, note.y))
    leaving = _leaving(note.path.points, box)
    if leaving is None:
        return None
    if leaving < inf:
        time = note.time + leaving / note.velocity
    else:
        time = note.end if note.span_count % 2 else note.time + note.span_duration
    return SLIDER(at=field(note.line, 5), time=time, end=note.end, selection=selection)


def _surely_inside(box: Box, note: Note) -> bool:
    """True where that can be told without drawing the path, as it can for most.

    A path stays within its length of its head. A Bézier or straight one also stays in the hull of its control points and
    an arc in the ellipse of its length around its ends, apart from the straight end that a written length beyond the
    natural one adds.
    """
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    x, y = note.x, note.y
    if not (left <= x <= right and top <= y <= bottom):
        return False
    length = note.velocity * note.span_duration
    if note.kind is NoteKind.CIRCLE or _keeps(box, x, y, length, length):
        return True
    shortest = 0.0
    for curve in note.object.curves or ():
        for across, down in curve.points:
            if not (left <= across <= right and top <= down <= bottom):
                return False
        if curve.type == "P" and len(curve.points) == 2:
            (over_x, over_y), (across, down) = curve.points
            natural = _arc_length(over_x - x, over_y - y, over_x - across, over_y - down)
            wide = sqrt(max(natural * natural - (down - y) ** 2, 0.0)) / 2
            high = sqrt(max(natural * natural - (across - x) ** 2, 0.0)) / 2
            if not _keeps(box, (x + across) / 2, (y + down) / 2, wide, high):
                return False
            shortest, x, y = shortest + natural, across, down
        elif curve.type == "C":
            return False
        else:
            for across, down in curve.points if curve.type == "L" else curve.points[-1:]:
                shortest += hypot(across - x, down - y)
                x, y = across, down
    added = max(length - shortest, 0.0)
    return _keeps(box, x, y, added, added)


def _keeps(box: Box, x: float, y: float, wide: float, high: float) -> bool:
    """True when everything up to `wide` to both sides of the place and `high` above and below it is in the box."""
    return box.left <= x - wide and x + wide <= box.right and box.top <= y - high and y + high <= box.bottom


def _arc_length(from_x: float, from_y: float, to_x: float, to_y: float) -> float:
    """The length of the arc through three points, given the way from the first and from the last to the middle one."""
    turn = atan2(abs(from_x * to_y - from_y * to_x), from_x * to_x + from_y * to_y)
    straight = hypot(from_x - to_x, from_y - to_y)
    # The inscribed angle at the middle point is half of what the arc leaves of the circle.
    return straight * (pi - turn) / sin(turn) if pi - turn > FLAT < turn else hypot(from_x, from_y) + hypot(to_x, to_y)


def _leaving(path: list[tuple[float, float]], box: Box) -> float | None:
    """The px along the path at which a look every 5 px first finds it outside, inf for its tail; None when it is inside."""
    if all(box.holds(x, y) for x, y in path):
        return None
    travelled = 0.0
    for (ax, ay), (bx, by) in pairwise(path):
        step = hypot(bx - ax, by - ay)
        look = ceil(travelled / STEP) * STEP
        if step and look < travelled + step:
            share = (look - travelled) / step
            x, y = ax + (bx - ax) * share, ay + (by - ay) * share
            if not box.holds(x, y):
                return look
            edge = look + _until_outside(box, x, y, bx, by)
            if edge < travelled + step and (look := ceil(edge / STEP) * STEP) < travelled + step:
                return look
        travelled += step
    return None if box.holds(*path[-1]) else inf


def _until_outside(box: Box, x: float, y: float, to_x: float, to_y: float) -> float:
    """The px from a place inside the box towards another at which the line leaves it; inf where it does not."""
    across, down = to_x - x, to_y - y
    shares = [
        (edge - place) / way
        for place, way, edge in (
            (x, across, box.right if across > 0 else box.left),
            (y, down, box.bottom if down > 0 else box.top),
        )
        if way
    ]
    share = min(shares, default=inf)
    return hypot(across, down) * share if share < 1 else inf


RULE = Rule("C206", "std-offscreen", Category.COMPOSE, __doc__, (CIRCLE, SLIDER, STACKED), check, modes=STD, local=True)
