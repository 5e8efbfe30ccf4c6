"""Where in the playfield notes may stand, and how movements turn."""

# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.bundled.pens.page import Mask

WIDTH, HEIGHT = 512.0, 384.0
# The directions of the categories of `angle`, against a movement to the right.
TURNS: NDArray[np.complex128] = np.exp(1j * np.radians(np.arange(-180, 180, 15))).astype(np.complex128)
# Degrees by which a movement may leave the middle of its category.
SWAY = 5.0
# Cells of so many osu!pixels in which notes are counted, and so many more in each, as usual there.
CELL, UNSURE = 32.0, 0.5


class Bounds:
    """Where a circle is seen as a whole at 4:3, by the map's circle size."""

    def __init__(self, circle_size: float) -> None:
        radius = 54.4 - 4.48 * circle_size
        self.left, self.top = max(0.0, radius - 66), max(0.0, radius - 59)
        self.right, self.bottom = min(WIDTH, 578 - radius), min(HEIGHT, 427 - radius)

    def hold(self, points: NDArray[np.complex128]) -> Mask:
        """(…) whether each point is inside."""
        x, y = points.real, points.imag
        inside: Mask = (x >= self.left) & (x <= self.right) & (y >= self.top) & (y <= self.bottom)
        return inside

    def nearest(self, place: complex) -> complex:
        return complex(min(max(place.real, self.left), self.right), min(max(place.imag, self.top), self.bottom))


def turn_of(move: complex, before: complex) -> int:
    """The category + 1 of the angle from one movement to the next."""
    degrees = float(np.degrees(np.angle(move * before.conjugate())))
    return (round(degrees / 15) + 12) % 24 + 1


class Haunts:
    """Where a map's notes stand more or less often than anywhere else."""

    def __init__(self, places: NDArray[np.complex128]) -> None:
        columns, rows = round(WIDTH / CELL), round(HEIGHT / CELL)
        usual = np.outer(_from_border(rows), _from_border(columns))
        x = (places.real // CELL).clip(0, columns - 1).astype(np.intp)
        y = (places.imag // CELL).clip(0, rows - 1).astype(np.intp)
        counts = np.bincount(y * columns + x, minlength=rows * columns).reshape(rows, columns) + UNSURE * usual
        for axis in (0, 1):
            for _ in range(2):
                counts = _spread(counts, axis)
        self._nats: NDArray[np.float64] = np.log(counts / counts.mean())

    def nats(self, points: NDArray[np.complex128]) -> NDArray[np.float64]:
        """(…) how much likelier a note stands at each point than anywhere."""
        rows, columns = self._nats.shape
        x = (points.real // CELL).clip(0, columns - 1).astype(np.intp)
        y = (points.imag // CELL).clip(0, rows - 1).astype(np.intp)
        return self._nats[y, x]


def _from_border(cells: int) -> NDArray[np.float64]:
    """How often mappers use each of the cells from one border to the other (mean of 61 maps, rounded)."""
    shares: NDArray[np.float64] = 0.5 + 0.75 * np.sin(np.pi * (np.arange(cells) + 0.5) / cells)
    return shares


def _spread(counts: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Each count shared with its neighbours, those at the border with themselves."""
    padded = np.pad(counts, [(1, 1) if each == axis else (0, 0) for each in range(2)], mode="edge")
    parts = [np.take(padded, range(at, at + counts.shape[axis]), axis) for at in range(3)]
    return (parts[0] + 2 * parts[1] + parts[2]) / 4
