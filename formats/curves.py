"""Slider paths: Bézier, B-spline, Catmull, perfect-circle and linear runs, cut or stretched to their length.

Flattened as osu!(lazer) does it (osu.Game/Rulesets/Objects/SliderPath.cs, osu.Framework/Utils/PathApproximator.cs), with
bounds where the game has none: curves larger than any playfield and curves of very many anchors are drawn coarser.
Points are complex numbers in here (x real, y imaginary): half the work of pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from cmath import phase, rect
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from math import acos, ceil, pi, sqrt
from operator import sub

from formats.osu import Curve

# osu!pixels (PathApproximator.cs).
BEZIER_TOLERANCE = 0.25
ARC_TOLERANCE = 0.1
# Points of a Catmull curve from one anchor to the next (PathApproximator.cs), and of a whole one at most.
CATMULL_DETAIL = 50
MOST_CATMULL_POINTS = 50_000
# An arc that needs as many points is drawn as a Bézier curve (SliderPath.cs): its radius is beyond sense.
MOST_ARC_POINTS = 1_000
# Three points count as being on a line where the cross product is smaller (osu.Framework/Utils/Precision.cs).
LINE_TOLERANCE = 1e-3
# A length by which no other can be divided without running over.
TINY = 2.0**-900
# A Bézier curve wider than this, in osu!pixels, is flattened with a tolerance that grows with it.
WIDEST_EXACT = 2_000.0
# Bézier curves of more anchors are sampled: subdividing them costs the square of their anchors, and they are smooth.
MOST_SUBDIVIDED = 32
MOST_SAMPLES = 560
# An anchor that weighs less, against the one that weighs most, does not move a sample.
LEAST_WEIGHT = 1e-6
# Pieces times squared anchors: what one run may cost before the rest of it is taken as flat.
SUBDIVISION_BUDGET = 60_000
# Anchors times squared degree of a B-spline that is drawn; one that costs more is taken as the lines between its anchors.
SPLINE_BUDGET = 16_000


class SliderPath:
    """A slider's path in osu!pixels. `length` None or not above 0 keeps the natural length of the curve.

    `whole_pixels` cuts the control points off to whole osu!pixels, as the game does before file version 128.
    """

    __slots__ = ("__dict__", "_curves", "_start", "_whole_pixels", "_written")

    def __init__(self, x: float, y: float, curves: Sequence[Curve], length: float | None, *, whole_pixels: bool = False) -> None:
        self._start = complex(x, y)
        self._whole_pixels = whole_pixels
        self._curves = curves
        self._written = length if length and length > 0 else None

    @cached_property
    def _natural(self) -> tuple[list[complex], list[float]]:
        """The path as drawn by its control points and the distance of each point from the head."""
        path = _flatten(self._start, self._curves, self._whole_pixels)
        return path, list(accumulate(map(abs, map(sub, path[1:], path)), initial=0.0))

    @cached_property
    def _cut(self) -> tuple[list[complex], list[float]]:
        path, distances = self._natural
        written, natural = self._written, distances[-1]
        if written is None or written == natural or len(path) < 2:
            return path, distances
        if written > natural:
            if path[-1] == path[-2]:
                return path, distances
            last = len(path) - 1
        else:
            last = max(bisect_left(distances, written), 1)
        before, after = path[last - 1], path[last]
        # Brought to a size whose length can be divided by: two points may differ by a hair's breadth of a float.
        step = (after - before) * (1.0 if abs(after - before) > TINY else 1 / TINY)
        reach = written - distances[last - 1]
        end = before + step * (reach / abs(step)) if step else before
        return [*path[:last], end], [*distances[:last], written]

    @property
    def natural_length(self) -> float:
        """The length of the curve as drawn by its control points, before it is cut or stretched."""
        return self._natural[1][-1]

    @cached_property
    def length(self) -> float:
        """The written length, except where the curve has none to stretch: no points, or two equal ones at its end."""
        if self._written is not None and self._stretches:
            return self._written
        return self._cut[1][-1]

    @property
    def _stretches(self) -> bool:
        """True when the last two control points differ, which is cheap to know; the flattened path then ends likewise."""
        if not self._curves:
            return False
        points = self._curves[-1].points
        if len(points) > 1:
            return points[-1] != points[-2]
        return len(self._curves) == 1 and len(points) == 1 and complex(*points[0]) != self._start

    @cached_property
    def points(self) -> list[tuple[float, float]]:
        """The flattened path from the head to the tail, cut or stretched to `length`."""
        return [(point.real, point.imag) for point in self._cut[0]]

    @property
    def end(self) -> tuple[float, float]:
        point = self._cut[0][-1]
        return point.real, point.imag

    def position_at(self, progress: float) -> tuple[float, float]:
        """The place at `progress` 0 (head) to 1 (tail) of the length."""
        path, distances = self._cut
        goal = min(max(progress, 0.0), 1.0) * distances[-1]
        at = bisect_left(distances, goal)
        if at <= 0 or at >= len(path):
            point = path[0] if at <= 0 else path[-1]
            return point.real, point.imag
        before, gap = distances[at - 1], distances[at] - distances[at - 1]
        point = path[at - 1] + (path[at] - path[at - 1]) * ((goal - before) / gap)
        return point.real, point.imag


def _flatten(start: complex, curves: Sequence[Curve], whole_pixels: bool) -> list[complex]:
    path = [start]
    for number, curve in enumerate(curves):
        points = [complex(int(x), int(y)) if whole_pixels else complex(x, y) for x, y in curve.points]
        anchors = [path[-1], *points]
        if len(anchors) > 1:
            _extend(path, curve, anchors, last_run=number == len(curves) - 1)
    return path


def _extend(path: list[complex], curve: Curve, anchors: list[complex], *, last_run: bool) -> None:
    """Appends the run to the path, without the anchor that the path ends with."""
    kind = curve.type
    if kind == "P" and len(anchors) == 3:
        path += _arc(*anchors)
    elif kind == "L":
        path += anchors[1:]
    elif kind == "C":
        path += _catmull(anchors[1:] if anchors[0] == anchors[1] and len(anchors) > 2 else anchors)
    else:
        for piece in _pieces(anchors, last_run=last_run):
            path += _bspline(piece, curve.degree) if curve.degree else _bezier(piece)


def _pieces(anchors: list[complex], *, last_run: bool) -> list[list[complex]]:
    """The anchors split where two in a row are equal. The last two of a run are not split (ConvertHitObjectParser.cs)."""
    pieces: list[list[complex]] = []
    piece = [anchors[0]]
    last = len(anchors) - (1 if last_run else 2)
    for number in range(1, len(anchors)):
        anchor = anchors[number]
        if anchor == anchors[number - 1] and number < last:
            if len(piece) > 1:
                pieces.append(piece)
            piece = [anchor]
        else:
            piece.append(anchor)
    pieces.append(piece)
    return pieces


def _bspline(anchors: list[complex], degree: int) -> list[complex]:
    """A clamped uniform B-spline as the Bézier curves between its knots (Boehm's algorithm)."""
    last = len(anchors) - 1
    if degree >= last or degree >= MOST_SUBDIVIDED:
        return _bezier(anchors)
    if degree**2 * last > SPLINE_BUDGET:
        return anchors[1:]
    points = list(anchors)
    path: list[complex] = []
    for first in range(last - degree):
        piece = [points[first]]
        for inserted in range(degree - 1):
            piece.append(points[first + 1])
            for knot in range(1, degree - inserted):
                share = min(knot, last - degree - first)
                points[first + knot] = (share * points[first + knot] + points[first + knot + 1]) / (share + 1)
        piece.append(points[first + 1])
        path += _bezier(piece)
    return path + _bezier(points[last - degree :])


def _bezier(anchors: list[complex]) -> list[complex]:
    """The flattened curve without its first point."""
    count = len(anchors)
    if count <= 2:
        return anchors[1:]
    if count > MOST_SUBDIVIDED:
        return _sampled(anchors)
    bend = 2 * _tolerance(anchors)
    if count == 3:
        return _quadratic(anchors[0], anchors[1], anchors[2], bend)
    return _cubic(anchors, bend) if count == 4 else _subdivided(anchors, bend)


def _tolerance(anchors: list[complex]) -> float:
    start = anchors[0]
    widest = max([abs(anchor - start) for anchor in anchors])
    return BEZIER_TOLERANCE * max(1.0, widest / WIDEST_EXACT)


def _quadratic(start: complex, middle: complex, end: complex, bend: float) -> list[complex]:
    """Halving divides the bend of a quadratic curve by four everywhere, so its points lie evenly."""
    bow = start - 2 * middle + end
    pieces, left = 2, abs(bow)
    while left > bend:
        pieces, left = pieces * 2, left / 4
    slope = 2 * (middle - start)
    step = 1 / pieces
    return [start + (slope + bow * (number * step)) * (number * step) for number in range(1, pieces)] + [end]


def _cubic(anchors: list[complex], bend: float) -> list[complex]:
    path: list[complex] = []
    stack = [tuple(anchors)]
    while stack:
        a, b, c, d = stack.pop()
        middle = b + c
        if abs(a - b - b + c) <= bend and abs(d - c - c + b) <= bend:
            path += ((9 * a + 15 * b + 7 * c + d) / 32, (a + 7 * b + 15 * c + 9 * d) / 32, d)
            continue
        left, right = (a + b) / 2, (c + d) / 2
        inner_left, inner_right = (left + middle / 2) / 2, (middle / 2 + right) / 2
        middle = (inner_left + inner_right) / 2
        stack.append((middle, inner_right, right, d))
        stack.append((a, left, inner_left, middle))
    return path


def _subdivided(anchors: list[complex], bend: float) -> list[complex]:
    path: list[complex] = []
    stack = [anchors]
    budget = SUBDIVISION_BUDGET // len(anchors) ** 2
    while stack:
        curve = stack.pop()
        left, right = _halves(curve)
        budget -= 1
        if budget > 0 and any(abs(a - b - b + c) > bend for a, b, c in zip(curve, curve[1:], curve[2:], strict=False)):
            stack += (right, left)
            continue
        both = left + right[1:]
        path += [(a + b + b + c) / 4 for a, b, c in zip(both[1:-3:2], both[2:-2:2], both[3:-1:2], strict=True)]
        path.append(curve[-1])
    return path


def _halves(curve: list[complex]) -> tuple[list[complex], list[complex]]:
    """De Casteljau's two halves of a Bézier curve."""
    left, right = [curve[0]], [curve[-1]]
    while len(curve) > 1:
        curve = [(a + b) / 2 for a, b in pairwise(curve)]
        left.append(curve[0])
        right.append(curve[-1])
    right.reverse()
    return left, right


def _sampled(anchors: list[complex]) -> list[complex]:
    """Points at even parameters. Near each only the anchors within a few standard deviations of a binomial weigh."""
    degree = len(anchors) - 1
    count = min(ceil(40 * sqrt(degree)), MOST_SAMPLES)
    return [_sample(anchors, degree, number / count) for number in range(1, count)] + [anchors[-1]]


def _sample(anchors: list[complex], degree: int, t: float) -> complex:
    odds = t / (1 - t)
    peak = int(degree * t)
    total, place = 1.0, anchors[peak]
    weight, at = 1.0, peak
    while weight > LEAST_WEIGHT and at < degree:
        weight *= (degree - at) / (at + 1) * odds
        at += 1
        total += weight
        place += weight * anchors[at]
    weight, at = 1.0, peak
    while weight > LEAST_WEIGHT and at > 0:
        weight *= at / ((degree - at + 1) * odds)
        at -= 1
        total += weight
        place += weight * anchors[at]
    return place / total


def _catmull(anchors: list[complex]) -> list[complex]:
    last = len(anchors) - 1
    detail = min(CATMULL_DETAIL, max(MOST_CATMULL_POINTS // max(last, 1), 1))
    steps = [number / detail for number in range(1, detail)]
    path: list[complex] = []
    for number in range(last):
        here, there = anchors[number], anchors[number + 1]
        before = anchors[number - 1] if number else here
        after = anchors[number + 2] if number < last - 1 else 2 * there - here
        linear = (there - before) / 2
        square = (2 * before - 5 * here + 4 * there - after) / 2
        cube = (3 * (here - there) + after - before) / 2
        path += [here + (linear + (square + cube * t) * t) * t for t in steps]
        path.append(there)
    return path


def _arc(start: complex, middle: complex, end: complex) -> list[complex]:
    """The arc through three points; a line where they lie on one, a Bézier curve where the circle is too large."""
    along, across = middle - start, end - start
    cross = along.real * across.imag - along.imag * across.real
    if abs(cross) < LINE_TOLERANCE:
        return [middle, end]
    # The circumcentre, seen from the start: |z|² of both sides, turned by a quarter, over twice the area between them.
    centre = start + 1j * (along * abs(across) ** 2 - across * abs(along) ** 2) / (2 * cross)
    radius = abs(start - centre)
    first = phase(start - centre)
    sweep = (phase(end - centre) - first) % (2 * pi)
    if cross < 0:
        sweep -= 2 * pi
    count = 2 if 2 * radius <= ARC_TOLERANCE else max(2, ceil(abs(sweep) / (2 * acos(1 - ARC_TOLERANCE / radius))))
    if count >= MOST_ARC_POINTS:
        return _bezier([start, middle, end])
    step = sweep / (count - 1)
    return [*[centre + rect(radius, first + number * step) for number in range(1, count - 1)], end]
