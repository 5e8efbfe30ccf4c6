"""Slider paths with a wanted shape: curve type, number of anchors, direction and an exact length, inside the playfield.

Points are complex numbers in here (x real, y imaginary). A shape is made in a frame where the head is 0 and the tail lies on the
positive real axis, bent until it is as long as wanted, then turned, mirrored or curled until its whole body has room.
"""

from __future__ import annotations

from cmath import phase, rect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import pi, radians, sin

from formats.curves import SliderPath
from formats.osu import Curve
from formats.timeline import PLAYFIELD_HEIGHT, PLAYFIELD_WIDTH
from models.bundled.fields import CURVES

LINEAR, PERFECT, BEZIER, RED, CATMULL = range(len(CURVES))
_LETTERS = {LINEAR: "L", PERFECT: "P", BEZIER: "B", RED: "B", CATMULL: "C"}
# A path whose ends are farther apart than this share of its length is straight.
STRAIGHT = 0.9995
# Control points are whole osu!pixels: a path is drawn so much longer than it is travelled, so that rounding never cuts it short.
SPARE = 0.6
# How far the middle of a path may be bent aside, in lengths between its ends, and the steps of halving until it is as wanted.
MOST_BENT, HALVINGS = 6.0, 14
# Degrees by which a path without room is turned, in the order in which they are tried.
TURNS = (0, 15, -15, 30, -30, 45, -45, 60, -60, 75, -75, 90, -90, 105, -105, 120, -120, 135, -135, 150, -150, 165, -165, 180)
# A path that does not fit however it is turned is curled: its ends come this near to each other, as shares of its length.
CURLS = (0.8, 0.6, 0.45, 0.3, 0.2)
# Shapes that a long path without room may take instead, as (curve, anchors).
COMPACT = ((PERFECT, 2), (BEZIER, 4), (BEZIER, 6), (RED, 8), (RED, 11))
# Shapes are solved for such steps of (distance between the ends) / length, so that few are solved twice.
RATIO_STEP = 1 / 128
# They are solved and measured at this distance (osu!pixels) between the ends, and outlined by so many places.
MEASURED, OUTLINE = 128.0, 12
# Straight paths shorter than this (osu!pixels) aim at a point this far off.
SHORT = 16.0


@dataclass(frozen=True, slots=True)
class Box:
    """Where a path may run, in osu!pixels."""

    left: float = 0.0
    top: float = 0.0
    right: float = float(PLAYFIELD_WIDTH)
    bottom: float = float(PLAYFIELD_HEIGHT)

    def holds(self, point: complex) -> bool:
        return self.left <= point.real <= self.right and self.top <= point.imag <= self.bottom

    def nearest(self, point: complex) -> complex:
        """The place inside that is nearest to the point."""
        return complex(min(max(point.real, self.left), self.right), min(max(point.imag, self.top), self.bottom))


PLAYFIELD = Box()


@dataclass(frozen=True, slots=True)
class DrawnPath:
    """A path as a slider's line holds it: `letter`, whole control points behind the head, osu!pixels travelled, where it ends."""

    letter: str
    points: tuple[complex, ...]
    length: float
    end: complex

    @property
    def text(self) -> str:
        """`B|100:100|200:100`."""
        return "|".join((self.letter, *(f"{int(point.real)}:{int(point.imag)}" for point in self.points)))


def draw_path(
    head: complex, tail: complex, length: float, curve: int, anchors: int, *, came: complex = 0j, box: Box = PLAYFIELD
) -> DrawnPath | None:
    """A path of `length` osu!pixels from `head` towards `tail`, as near to the wanted shape as there is room for.

    `curve` is a category of the field of that name and `anchors` a number of control points. `came` is the movement that leads
    to the head: a curved path begins along it where it can. None where no shape of this length fits into the box.
    """
    if length <= 0 or not box.holds(head):
        return None
    aim = tail - head
    # Without a direction of its own a path leads into the room.
    away = aim if abs(aim) >= 1 else complex(box.left + box.right, box.top + box.bottom) / 2 - head
    angle = phase(away) if abs(away) >= 1 else 0.0
    ratio = min(abs(aim) / length, 1.0) if abs(aim) >= 1 else 0.5
    for kind, count, chord in _shapes(curve, max(anchors, 1), ratio):
        shape = _shape(kind, count, round(chord / RATIO_STEP))
        found = _placed(head, shape, length, angle, kind, came, box)
        if found is not None:
            return found
    return None


def fits(path: SliderPath, box: Box = PLAYFIELD, slack: float = 0.5) -> bool:
    """Whether the whole body lies in the box, `slack` osu!pixels of rounding left out."""
    left, top, right, bottom = box.left - slack, box.top - slack, box.right + slack, box.bottom + slack
    return all(left <= x <= right and top <= y <= bottom for x, y in path.points)


def _shapes(curve: int, anchors: int, ratio: float) -> Iterator[tuple[int, int, float]]:
    """(curve, anchors, distance of the ends / length) in the order in which they are tried."""
    yield curve, anchors, ratio
    if curve == LINEAR and anchors == 1:
        # A straight line that fits in no direction.
        yield from ((kind, count, chord) for chord in CURLS for kind, count in COMPACT)
        return
    yield from ((curve, anchors, chord) for chord in CURLS if chord < ratio)
    yield from ((kind, count, chord) for chord in CURLS for kind, count in COMPACT)


def _placed(head: complex, shape: _Shape, length: float, angle: float, kind: int, came: complex, box: Box) -> DrawnPath | None:
    """The shape laid down at the head in the first direction that has room."""
    sides = (shape, shape.mirrored())
    if abs(came) >= 1 and _off(came, shape.points[0], angle) > _off(came, sides[1].points[0], angle):
        sides = sides[::-1]
    straight = all(abs(point.imag) < 1e-9 for point in shape.points)
    # No path leaves its head farther behind than it is long.
    roomy = _surely_inside(head, length + 2, box)
    for turn in TURNS:
        turned = rect(length, angle + radians(turn))
        for side in sides[: 1 if straight else 2]:
            if not roomy and not all(box.holds(head + point * turned) for point in side.outline):
                continue
            path, drawn = _drawn(head, [head + point * turned for point in side.points], length, kind)
            if drawn is not None and path is not None and (roomy or fits(path, box)):
                return drawn
    return None


def _surely_inside(head: complex, reach: float, box: Box) -> bool:
    return box.holds(head - complex(reach, reach)) and box.holds(head + complex(reach, reach))


def _off(came: complex, first: complex, angle: float) -> float:
    """By how many radians a path whose first control point lies there turns against the movement that leads to it."""
    return abs(phase(first * rect(1, angle) * came.conjugate())) if abs(first) > 1e-9 else 0.0


def _drawn(
    head: complex, points: Sequence[complex], length: float, kind: int
) -> tuple[SliderPath, DrawnPath] | tuple[None, None]:
    """The path with whole control points, at least as long as it is travelled; Nones where rounding leaves no such shape."""
    whole = [_whole(point) for point in points]
    if kind == RED:
        whole = _joints_kept(points, whole)
    elif any(one == other for one, other in pairwise((head, *whole))):
        # Points that fall together would make a corner.
        whole = [point for before, point in pairwise((head, *whole)) if point != before]
    if not whole or whole[-1] == (whole[-2] if len(whole) > 1 else head):
        return _short(head, points[-1], length)
    letter = _LETTERS[kind]
    out = points[-1] - (points[-2] if len(points) > 1 else head)
    out = out / abs(out) if abs(out) > 1e-6 else 1 + 0j
    end = points[-1]
    for _ in range(8):
        path = SliderPath(head.real, head.imag, [_curve(letter, whole)], length)
        lack = length - path.natural_length
        if lack <= 1e-6:
            return path, DrawnPath(letter, tuple(whole), length, complex(*path.end))
        end += out * (lack + SPARE)
        whole[-1] = _whole(end)
    return None, None


def _short(head: complex, towards: complex, length: float) -> tuple[SliderPath, DrawnPath]:
    """A straight path that is too short for any shape."""
    away = towards - head if towards != head else 1 + 0j
    # A point farther off keeps the direction in spite of rounding.
    point = _whole(head + away / abs(away) * (max(length, SHORT) + SPARE))
    path = SliderPath(head.real, head.imag, [_curve("L", [point])], length)
    return path, DrawnPath("L", (point,), length, complex(*path.end))


def _joints_kept(points: Sequence[complex], whole: list[complex]) -> list[complex]:
    """Rounded points of which just those fall together that did before."""
    kept = [whole[0]]
    for number in range(1, len(points)):
        meant = points[number] == points[number - 1]
        if meant or whole[number] != kept[-1]:
            kept.append(whole[number])
    return kept


def _curve(letter: str, points: Sequence[complex]) -> Curve:
    return Curve(letter, [(point.real, point.imag) for point in points])


def _whole(point: complex) -> complex:
    return complex(round(point.real), round(point.imag))


@dataclass(frozen=True, slots=True)
class _Shape:
    """Control points of a path of length 1 from 0 on, and places along it."""

    points: tuple[complex, ...]
    outline: tuple[complex, ...]

    def mirrored(self) -> _Shape:
        return _Shape(*(tuple(point.conjugate() for point in points) for points in (self.points, self.outline)))


@lru_cache(maxsize=4096)
def _shape(kind: int, anchors: int, steps: int) -> _Shape:
    """The shape whose ends are `steps` of RATIO_STEP apart."""
    ratio = min(max(steps * RATIO_STEP, 0.05), 1.0)
    make = _MAKERS.get(kind, _bow)
    bend = 0.0
    if anchors > 1 and ratio < STRAIGHT:
        low, high = 0.0, MOST_BENT
        for _ in range(HALVINGS):
            bend = (low + high) / 2
            if _large(kind, make(anchors, bend)).natural_length * ratio > MEASURED:
                high = bend
            else:
                low = bend
    points = make(anchors, bend)
    path = _large(kind, points)
    places = [path.position_at(number / OUTLINE) for number in range(1, OUTLINE + 1)]
    natural = path.natural_length
    return _Shape(tuple(point * MEASURED / natural for point in points), tuple(complex(*place) / natural for place in places))


def _large(kind: int, points: Sequence[complex]) -> SliderPath:
    """Curves are flattened with a tolerance in osu!pixels: drawn large, they are measured exactly."""
    return SliderPath(0.0, 0.0, [_curve(_LETTERS[kind], [point * MEASURED for point in points])], None)


def _zigzag(anchors: int, bend: float) -> list[complex]:
    """Corners alternately on either side of the way from 0 to 1."""
    return [complex((number + 1) / anchors, bend * (-1) ** number) for number in range(anchors - 1)] + [1 + 0j]


def _bow(anchors: int, bend: float) -> list[complex]:
    """A bow to one side; of more than three anchors a wave to both."""
    waves = 1 if anchors <= 3 else 2
    inner = [number / anchors for number in range(1, anchors)]
    return [complex(share, bend * sin(pi * waves * share)) for share in inner] + [1 + 0j]


def _circle(anchors: int, bend: float) -> list[complex]:
    return [complex(0.5, bend), 1 + 0j] if anchors == 2 else _bow(anchors, bend)


def _cornered(anchors: int, bend: float) -> list[complex]:
    """Pieces that meet at red anchors, each of which stands twice."""
    anchors = max(anchors, 3)
    pieces = 2 if anchors <= 6 else 3 if anchors <= 9 else 4
    spare = anchors - (2 * pieces - 1)
    points: list[complex] = []
    start = 0j
    for number in range(pieces):
        joint = complex((number + 1) / pieces, bend * (-1) ** number) if number < pieces - 1 else 1 + 0j
        controls = spare // pieces + (number < spare % pieces)
        way = joint - start
        aside = -1j * way * (-1) ** number * 0.35 if bend else 0j
        points += [
            start + way * share + aside * sin(pi * share) for share in ((at + 1) / (controls + 1) for at in range(controls))
        ]
        points += [joint, joint] if number < pieces - 1 else [joint]
        start = joint
    return points


_MAKERS: dict[int, Callable[[int, float], list[complex]]] = {
    LINEAR: _zigzag,
    PERFECT: _circle,
    RED: _cornered,
}
