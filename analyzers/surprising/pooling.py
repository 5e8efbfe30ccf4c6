"""Alternatives in fields of fine steps: a value with its neighbours on both sides is one suggestion ("about 120 px")."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import COLUMN, FIELDS

if TYPE_CHECKING:
    from models.surprisal import Alternative, Surprisal

# Turns go round: the last value lies beside the first.
ROUND = ("angle", "slider_angle")


def pooled(surprisal: Surprisal, row: int, field: str, most: int) -> list[Alternative]:
    """The likeliest values away from what stands there, with the probability of each and its two neighbours."""
    from models.surprisal import Alternative

    left = surprisal.probabilities(row, field).astype(np.float64)
    _take_out(left, int(surprisal.values[row, COLUMN[field]]), field)
    values, found = FIELDS[COLUMN[field]].values, list[Alternative]()
    for _ in range(most):
        together = _with_neighbours(left, field)
        # Of equal pools the one around the likeliest value.
        best = int(np.argmax(together + 1e-3 * left))
        found.append(Alternative(values[best], float(together[best])))
        _take_out(left, best, field)
    return found


def _with_neighbours(chances: NDArray[np.float64], field: str) -> NDArray[np.float64]:
    together = chances.copy()
    together[1:] += chances[:-1]
    together[:-1] += chances[1:]
    if field in ROUND:
        together[0] += chances[-1]
        together[-1] += chances[0]
    return together


def _take_out(chances: NDArray[np.float64], at: int, field: str) -> None:
    for near in (at - 1, at, at + 1):
        if field in ROUND:
            chances[near % len(chances)] = 0
        elif 0 <= near < len(chances):
            chances[near] = 0
