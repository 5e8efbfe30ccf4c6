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
from math import ceil, hypot, inf

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Rule, Template
from formats.document import field
from formats.timeline import Note, NoteKind

# osu!pixels (osu.Game.Rulesets.Osu/Edit/Checks/CheckOffscreenObjects.cs).
LEFT, TOP, RIGHT, BOTTOM = -67.0, -60.0, 579.0, 428.0
# A slider's body is looked at every so many osu!pixels, and at its tail.
STEP = 5.0

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

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def excess(self, x: float, y: float) -> float:
        return max(self.left - x, x - self.right, self.top - y, y - self.bottom)


def check(context: Context) -> Iterator[Issue]:
    radius = context.beatmap.radius
    box = Box(LEFT + radius, TOP + radius, RIGHT - radius, BOTTOM - radius)
    stacking = context.stacking
    for number, note in enumerate(context.notes):
        offset = stacking.offset(number)
        if note.is_spinner or (_surely_inside(box, note) and (not offset or _surely_inside(box.moved(-offset), note))):
            continue
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

    A path stays within its length of its head. A Bézier or straight one also stays in the hull of its control points,
    apart from the straight end that a written length beyond the natural one adds.
    """
    if note.kind is NoteKind.CIRCLE:
        return box.holds(note.x, note.y)
    length = note.velocity * note.span_duration
    if box.holds(note.x - length, note.y - length) and box.holds(note.x + length, note.y + length):
        return True
    x, y, shortest = note.x, note.y, 0.0
    if not box.holds(x, y):
        return False
    for curve in note.object.curves or ():
        if curve.type not in "BL" or not all(box.holds(*point) for point in curve.points):
            return False
        for point in curve.points if curve.type == "L" else curve.points[-1:]:
            shortest += hypot(point[0] - x, point[1] - y)
            x, y = point
    added = max(length - shortest, 0.0)
    return box.holds(x - added, y - added) and box.holds(x + added, y + added)


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


RULE = Rule("C206", "std-offscreen", Category.COMPOSE, __doc__, (CIRCLE, SLIDER, STACKED), check, modes=STD)
