"""Slider that runs back over its own body.

Where a path turns round and covers what it has drawn before, players see one thick line and cannot tell which way the
ball will go. The longer the stretch that lies on itself, the worse. A path that crosses itself or lies beside itself
remains readable and is not counted.

Example: `100,100,0,2,0,L|200:100|120:100,1,180`
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from math import acos, atan2, floor, hypot, inf, pi

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Rule, Template
from formats.document import field
from formats.timeline import Note

# Score: stretches of half a radius that lie on the slider itself.
DEFINITE, POSSIBLE = 5.0, 2.0
# Two parts lie on each other when they are at most this far apart (osu!pixels) and run against each other.
SAME_PLACE = 3.0
OPPOSITE = -0.8
LEAST_TURN = acos(OPPOSITE)
SECTORS = 16
# The path is looked at every so many osu!pixels, at most so often: no slider that can be played is longer.
STEP, MOST_STEPS = 3.0, 1_500
# Looks in all sliders of a map together, and places that are remembered per spot: bounds for hostile maps.
MOST_STEPS_PER_MAP, MOST_PER_SPOT = 200_000, 8
# Parts of the path nearer than this along it are the turn itself, in osu!pixels.
APART = 4 * STEP

Point = tuple[float, float]

MESSAGE = "This slider runs back over its own body for {px:.0f} px, {how}."
DEFINITELY = Template(
    "definite-overlap", Severity.WARNING, MESSAGE, "The path lies on itself for more than two and a half radii."
)
POSSIBLY = Template("possible-overlap", Severity.WARNING, MESSAGE, "The path lies on itself for more than a radius.")


def check(context: Context) -> Iterator[Issue]:
    unit = context.beatmap.radius / 2
    budget = float(MOST_STEPS_PER_MAP)
    for note in context.notes:
        length = note.velocity * note.span_duration
        if not note.is_slider or length < 2 * POSSIBLE * unit or not _turns_back(note):
            continue
        budget -= min(length / STEP, MOST_STEPS)
        if budget < 0:
            return
        path = note.path.points
        covered = _covered(path) if _heads_both_ways(path) else 0.0
        if covered / unit <= POSSIBLE:
            continue
        definite = covered / unit > DEFINITE
        template = DEFINITELY if definite else POSSIBLY
        yield template(
            at=field(note.line, 5), time=note.time, end=note.end, selection=context.selection(note),
            px=covered, how="so its course cannot be read" if definite else "so its course may be hard to read",
        )  # fmt: skip


def _turns_back(note: Note) -> bool:
    """True where the control points turn far enough in all for the path to run against itself; an arc never does."""
    curves = note.object.curves or ()
    if len(curves) == 1 and curves[0].type == "P" and len(curves[0].points) == 2:
        return False
    places = [(note.x, note.y), *(point for curve in curves for point in curve.points)]
    total, last = 0.0, None
    for (x, y), (to_x, to_y) in pairwise(places):
        if x == to_x and y == to_y:
            continue
        heading = atan2(to_y - y, to_x - x)
        if last is not None:
            turn = abs(heading - last)
            total += min(turn, 2 * pi - turn)
        last = heading
    return total > LEAST_TURN


def _heads_both_ways(path: list[Point]) -> bool:
    """True where two parts of the path, wherever they lie, run against each other to within the width of a sector."""
    sectors = {round((atan2(b - y, a - x) / pi + 1) / 2 * SECTORS) % SECTORS for (x, y), (a, b) in pairwise(path)}
    return any((sector + SECTORS // 2 + off) % SECTORS in sectors for sector in sectors for off in (-2, -1, 0, 1, 2))


def _covered(path: list[Point]) -> float:
    """osu!pixels of the path that lie on an earlier part of it and run against that."""
    cells: defaultdict[tuple[int, int], list[tuple[float, float, float, float, float]]] = defaultdict(list)
    covered = 0.0
    for along, x, y, ahead_x, ahead_y in _steps(path):
        column, row = floor(x / SAME_PLACE), floor(y / SAME_PLACE)
        near = (
            other
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for other in cells.get((across, down), ())
        )
        if any(
            along - at > APART and ahead_x * other_x + ahead_y * other_y < OPPOSITE and hypot(x - to_x, y - to_y) <= SAME_PLACE
            for at, to_x, to_y, other_x, other_y in near
        ):
            covered += STEP
        if len(spot := cells[column, row]) < MOST_PER_SPOT:
            spot.append((along, x, y, ahead_x, ahead_y))
    return covered


def _steps(path: list[Point]) -> Iterator[tuple[float, float, float, float, float]]:
    """Every 3 px of the path: px from the head, the place and the direction there."""
    travelled, due, left = 0.0, 0.0, MOST_STEPS
    for (x, y), (to_x, to_y) in pairwise(path):
        length = hypot(to_x - x, to_y - y)
        if not 0 < length < inf:
            continue
        ahead_x, ahead_y = (to_x - x) / length, (to_y - y) / length
        while due < travelled + length and left > 0:
            share = due - travelled
            yield due, x + ahead_x * share, y + ahead_y * share, ahead_x, ahead_y
            due, left = due + STEP, left - 1
        travelled += length


RULE = Rule("C203", "std-burai", Category.COMPOSE, __doc__, (DEFINITELY, POSSIBLY), check, modes=STD, local=True)
