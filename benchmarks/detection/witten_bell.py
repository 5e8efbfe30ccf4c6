"""An interpolated n-gram (Witten and Bell 1991) over the fields of notes, with counts in sorted arrays.

A field is guessed from a chain of contexts, each longer by one value than the one before: p(w | c₁…cₖ) = (count(c₁…cₖ w) +
T · p(w | c₁…cₖ₋₁)) / (count(c₁…cₖ) + T), where T is how many different values have followed c₁…cₖ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Chain = Sequence[tuple[str, int]]
"""(field, how many notes back), the most telling first."""
Hashes = NDArray[np.uint64]
Columns = Mapping[str, NDArray[np.int64]]
NOTHING = -9_999  # what stands before the first note
_PRIME, _SALT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03)


def _mixed(hashes: Hashes, values: NDArray[np.int64]) -> Hashes:
    with np.errstate(over="ignore"):
        mixed = (hashes ^ (values.astype(np.uint64) * _SALT)) * _PRIME
    return mixed ^ (mixed >> np.uint64(29))


def _back(values: NDArray[np.int64], lag: int) -> NDArray[np.int64]:
    if lag == 0:
        return values
    return np.concatenate([np.full(min(lag, len(values)), NOTHING, np.int64), values[:-lag]])


def contexts(columns: Columns, chain: Chain) -> list[Hashes]:
    """For every note a hash of each context in the chain, the empty one first."""
    count = len(next(iter(columns.values())))
    hashes = [np.full(count, 1, np.uint64)]
    for name, lag in chain:
        hashes.append(_mixed(hashes[-1], _back(columns[name], lag)))
    return hashes


def trained(passages: Sequence[Columns], field: str, chain: Chain) -> dict[str, NDArray[np.generic]]:
    """The counts of one field, as arrays by name."""
    arrays: dict[str, NDArray[np.generic]] = {}
    by_passage = [contexts(columns, chain) for columns in passages]
    values = np.concatenate([columns[field] for columns in passages])
    arrays["values"] = np.unique(values)
    for order in range(len(chain) + 1):
        hashes = np.concatenate([each[order] for each in by_passage])
        joint, first, counts = np.unique(_mixed(hashes, values), return_index=True, return_counts=True)
        seen, totals = np.unique(hashes, return_counts=True)
        types = np.unique(hashes[first], return_counts=True)[1]
        arrays |= {f"joint{order}": joint, f"count{order}": counts.astype(np.uint32), f"context{order}": seen}
        arrays |= {f"total{order}": totals.astype(np.uint32), f"types{order}": types.astype(np.uint32)}
    return arrays


def bits(arrays: Mapping[str, NDArray[np.generic]], columns: Columns, field: str, chain: Chain) -> NDArray[np.float64]:
    """−log₂ p of the field's value at every note."""
    values = columns[field]
    p = np.full(len(values), 1.0 / (len(arrays["values"]) + 1))
    for order, hashes in enumerate(contexts(columns, chain)):
        total = _looked_up(arrays[f"context{order}"], arrays[f"total{order}"], hashes)
        types = _looked_up(arrays[f"context{order}"], arrays[f"types{order}"], hashes)
        count = _looked_up(arrays[f"joint{order}"], arrays[f"count{order}"], _mixed(hashes, values))
        known = total > 0
        p = np.where(known, (count + types * p) / np.where(known, total + types, 1.0), p)
    found: NDArray[np.float64] = -np.log2(p)
    return found


def _looked_up(keys: NDArray[np.generic], values: NDArray[np.generic], wanted: Hashes) -> NDArray[np.float64]:
    """The value of each wanted key, 0 where it is not among the sorted keys."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: NDArray[np.float64] = np.where(keys[at] == wanted, values[at], 0).astype(np.float64)
    return found
