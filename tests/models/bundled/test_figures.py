"""Movements that come again, turned or mirrored, and places where a map's notes often stand."""

from __future__ import annotations

import numpy as np
import pytest

from models.bundled.fields import COLUMN, DISTANCES, FIELDS
from models.bundled.pens.figures import COMPARED, Figures, Move, moves_of
from models.bundled.pens.playfield import Haunts
from models.bundled.recall import Echoes
from models.bundled.rows import rows_of
from models.bundled.scenes import Scene
from tests.builder import osu_text
from tests.models.maps import RED_LINE, scene_of

BAR = 192
TURNS = FIELDS[COLUMN["angle"]]
# Ways in osu!pixels and turns in degrees.
FIGURE = ((120, 0), (60, 90), (120, -45), (60, 135), (180, 60))


def circles(steps: tuple[tuple[float, float], ...], heading: float = 0.0) -> Scene:
    """Circles half a beat apart whose movements have these ways and turns, from a heading of degrees on."""
    place, lines, way = 256 + 192j, list[str](), np.exp(1j * np.radians(heading))
    for number, (length, turn) in enumerate(((0.0, 0.0), *steps)):
        way *= np.exp(1j * np.radians(turn))
        place += length * way
        lines.append(f"{round(place.real)},{round(place.imag)},{number * 250},1,0,0:0:0:0:")
    return scene_of(osu_text(lines, (RED_LINE,)))


def moves(*steps: tuple[float, float]) -> list[Move]:
    return [Move(way, int(np.abs(np.array(DISTANCES) - way).argmin()), turn, float("nan")) for way, turn in steps]


def after_a_bar(before: list[Move], here: list[Move]) -> Figures:
    """Turned to the note behind `here`, which follows a bar that began with the moves `before`."""
    bars = {24 * at: move for at, move in enumerate(before)} | {BAR + 24 * at: move for at, move in enumerate(here)}
    figures = Figures(bars)
    moments = [BAR + 24 * at for at in range(len(here))]
    figures.look(BAR + 24 * len(here), moments, Echoes(np.array([-BAR]), np.ones(1), np.array([0.9])))
    return figures


def test_moves_are_what_the_rows_say() -> None:
    for steps in (FIGURE, tuple((way, -turn) for way, turn in FIGURE)):
        scene = circles(steps)
        values = rows_of(scene).values
        distances, angles = (values[:, COLUMN[name]].tolist() for name in ("distance", "angle"))
        for move, distance, angle in zip(moves_of(scene)[1:], distances[1:], angles[1:], strict=True):
            assert move.category == distance - 1
            if angle:
                assert (round(move.turn / 15) + 12) % 24 == angle - 1


def test_moves_of_a_turned_map_are_the_same() -> None:
    straight, turned = (moves_of(circles(FIGURE, heading))[2:] for heading in (0.0, 90.0))
    assert [move.category for move in straight] == [move.category for move in turned]
    assert [move.turn for move in straight] == pytest.approx([move.turn for move in turned], abs=3)


@pytest.mark.parametrize("side", [1, -1])
def test_a_figure_goes_on_as_it_did_turned_or_mirrored(side: int) -> None:
    before = moves(*FIGURE)
    here = moves(*((way, side * turn) for way, turn in FIGURE))
    figures = after_a_bar(before, here[:COMPARED])
    way, turn = FIGURE[COMPARED]
    found = figures.recalled("angle", TURNS.size)
    assert found is not None
    assert TURNS.values[int(found[0].argmax())] == side * turn
    assert figures.exact("angle")[int(found[0].argmax())] == side * turn
    distance = figures.recalled("distance", len(DISTANCES))
    assert distance is not None
    assert DISTANCES[int(distance[0].argmax())] == way
    assert distance[1] > 0.7


def test_what_never_agreed_is_hardly_trusted() -> None:
    here = moves((210, 180), (150, 0), (210, 135), (150, 0))
    found = after_a_bar(moves(*FIGURE), here).recalled("angle", TURNS.size)
    assert found is not None
    assert found[1] < 0.2


def test_without_another_bar_nothing_is_recalled() -> None:
    figures = Figures({})
    figures.look(0, [], Echoes(np.zeros(0, np.int64), np.zeros(0), np.zeros(0)))
    assert figures.recalled("distance", len(DISTANCES)) is None
    assert figures.exact("angle") == {}


def test_notes_lean_to_where_a_map_has_them() -> None:
    haunts = Haunts(np.full(60, 100 + 100j))
    near, far = haunts.nats(np.array([100 + 100j, 450 + 350j])).tolist()
    assert near > 1 > 0 > far
    corners = haunts.nats(np.array([-50 - 50j, 600 + 500j]))
    assert np.isfinite(corners).all()


def test_without_notes_the_borders_are_kept_free() -> None:
    haunts = Haunts(np.zeros(0, np.complex128))
    corner, middle = haunts.nats(np.array([5 + 5j, 256 + 192j])).tolist()
    assert corner < -0.5 < 0.3 < middle
