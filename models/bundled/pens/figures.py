"""Figures of osu!standard: where a rhythm comes again its movements often do too, turned as a whole or mirrored."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from models.bundled.recall import Echoes
from models.bundled.rows import DISTANCE_BOUNDS, STILL
from models.bundled.scenes import KIND_AT, REPEATS_AT, SLIDER, Scene

FIGURED = frozenset(("distance", "angle", "slider_angle"))
# Movements of which two places are compared; degrees that turns in the same figure differ by at most.
COMPARED, ALIKE = 4, 22.5
# How far the likeliest places count for more.
SHARPNESS = 3.0
# How much speaks for a distance and a turn being those of the other place, in nats: always, by how sure its rhythm is, by the
# share of the last distances that agree and its square, by that of the last turns and its square. Chosen on the sets for tuning
# so that figures come again as often as in mappers' own sections.
WAY = np.array((-1.4, 0.0, 1.9, 0.9, 0.0, 0.0))
TURN = np.array((-2.4, 0.1, 0.3, 0.0, 1.8, 1.8))


@dataclass(frozen=True, slots=True)
class Move:
    """A movement to a note: `way` osu!pixels and its `category`; degrees of `turn` against the movement before, and of `bend`
    from it to the slider that begins there, NaN for none."""

    way: float
    category: int
    turn: float
    bend: float


def moves_of(scene: Scene) -> list[Move]:
    """(N,) to each note from the one before; the first is from nowhere."""
    place, tail = scene.x + 1j * scene.y, scene.tail_x + 1j * scene.tail_y
    leave = np.where(scene.columns[:, REPEATS_AT] % 2 == 1, place, tail)
    move = place - np.concatenate((place[:1], leave[:-1]))
    came = np.where(np.abs(leave - place) > 2 * STILL, leave - place, move)
    before = np.concatenate((np.zeros(1, np.complex128), came[:-1]))
    slides = scene.columns[:, KIND_AT] == SLIDER
    bend = _turns(np.where(slides, tail - place, 0), np.where(np.abs(move) < STILL, before, move))
    way = np.abs(move)
    columns = (way, np.searchsorted(DISTANCE_BOUNDS, way), _turns(move, before), bend)
    return [Move(*values) for values in zip(*(each.tolist() for each in columns), strict=True)]


def _turns(move: NDArray[np.complex128], before: NDArray[np.complex128]) -> NDArray[np.float64]:
    degrees: NDArray[np.float64] = np.degrees(np.angle(move * np.conj(before)))
    return np.where((np.abs(move) < STILL) | (np.abs(before) < STILL), np.nan, degrees)


class Figures:
    """The movements of a candidate beside those of the map's other bars: `moves` by tick, to which is added what is written."""

    def __init__(self, moves: Mapping[int, Move]) -> None:
        self._stands, self._own = moves, dict[int, Move]()
        # (nats that speak for it, value) of each place that the note may be like, by the name of the field.
        self._like: dict[str, list[tuple[float, float]]] = {}

    def add(self, tick: int, notes: Scene) -> None:
        """The last of the `notes` is written at the tick."""
        self._own[tick] = moves_of(notes)[-1]

    def look(self, tick: int, moments: Sequence[int], echoes: Echoes) -> None:
        """Turns to a note at the tick, behind the `moments`."""
        self._like = {name: [] for name in FIGURED}
        here = [(moment, move) for moment in moments[-COMPARED:] if (move := self._at(moment)) is not None]
        rhythm = np.log(echoes.trust / (1 - echoes.trust).clip(1e-9)).clip(-3, 4)
        for lag, sure in zip(echoes.lags.tolist(), rhythm.tolist(), strict=True):
            move = self._at(tick + lag)
            if move is None:
                continue
            pairs = [(one, other) for moment, one in here if (other := self._at(moment + lag)) is not None]
            ways = sum(abs(one.category - other.category) <= 1 for one, other in pairs) / COMPARED
            self._like["distance"].append((_nats(WAY, sure, ways, 0.0), move.way))
            for side in (1, -1):
                turns = sum(abs((one.turn - side * other.turn + 180) % 360 - 180) <= ALIKE for one, other in pairs) / COMPARED
                speaks = _nats(TURN, sure, ways, turns)
                self._like["angle"].append((speaks, side * move.turn))
                self._like["slider_angle"].append((speaks, side * move.bend))

    def _at(self, tick: int) -> Move | None:
        return self._stands.get(tick) or self._own.get(tick)

    def recalled(self, name: str, size: int) -> tuple[NDArray[np.float64], float] | None:
        """As `Recollection.recalled` of one of FIGURED."""
        like = [(nats, category) for nats, value in self._like.get(name, ()) if 0 <= (category := _category(name, value)) < size]
        if not like:
            return None
        nats = np.array([each for each, _ in like])
        weight = np.exp(SHARPNESS * (nats - nats.max()))
        votes = np.bincount([category for _, category in like], weight, size)
        trust = float((weight / (1 + np.exp(-nats))).sum())
        total = float(weight.sum())
        return votes / total, trust / total

    def exact(self, name: str) -> dict[int, float]:
        """By the category of the field: what of it is likeliest, in osu!pixels or degrees."""
        return {_category(name, value): value for _, value in sorted(self._like.get(name, ())) if not isnan(value)}


def _nats(weights: NDArray[np.float64], sure: float, ways: float, turns: float) -> float:
    return float(weights @ (1.0, sure, ways, ways**2, turns, turns**2))


def _category(name: str, value: float) -> int:
    """-1 for none."""
    if isnan(value):
        return -1
    return int(np.searchsorted(DISTANCE_BOUNDS, value)) if name == "distance" else (round(value / 15) + 12) % 24
