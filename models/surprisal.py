"""What a model says of the notes of one difficulty or track: how surprised it was at each field, and what it expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formats.chart_tracks import Played
from models.bundled.fields import COLUMN, FIELDS, SIZES, Value

_STARTS = np.concatenate(([0], np.cumsum(SIZES)))


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that could stand there, as `Field.values` has it, and its probability 0 to 1."""

    value: Value
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Surprisal:
    """Arrays over the N notes of `notes`, in that order.

    `score` (N,) is the rank key: higher = look here first. `suspicion` (N, len(MISTAKES)) is
    the probability of each kind of mistake.
    `bits` (N, len(FIELDS)) is −log2 of the probability of what stands there, `entropy` (N, len(FIELDS)) in bits what was to
    be expected of it; both NaN where a field does not apply. `chances` (N, sum of the fields' sizes) are the
    probabilities of every category of every field, field after field. `values` (N, len(FIELDS)) the categories that
    stand there, −1 where the field does not apply.
    """

    model: str
    notes: Sequence[Played]
    score: NDArray[np.float32]
    suspicion: NDArray[np.float32]
    bits: NDArray[np.float32]
    entropy: NDArray[np.float32]
    chances: NDArray[np.float16]
    values: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.notes)

    def applies(self, note: int, field: str) -> bool:
        return bool(self.values[note, COLUMN[field]] >= 0)

    def actual(self, note: int, field: str) -> Value | None:
        """What stands there; None where the field does not apply."""
        category = int(self.values[note, COLUMN[field]])
        return FIELDS[COLUMN[field]].values[category] if category >= 0 else None

    def probabilities(self, note: int, field: str) -> NDArray[np.float16]:
        """(size of the field,) probabilities, in the order of `Field.values`."""
        column = COLUMN[field]
        return self.chances[note, _STARTS[column] : _STARTS[column + 1]]

    def table(self, field: str) -> NDArray[np.float16]:
        """(N, size of the field) probabilities of all notes, in the order of `Field.values`."""
        column = COLUMN[field]
        return self.chances[:, _STARTS[column] : _STARTS[column + 1]]

    def alternatives(self, note: int, field: str, most: int = 5) -> tuple[Alternative, ...]:
        """The likeliest values, what stands there among them, the likeliest first."""
        chances = self.probabilities(note, field)
        values = FIELDS[COLUMN[field]].values
        best: list[int] = np.argsort(-chances.astype(np.float32), kind="stable")[:most].tolist()
        return tuple(Alternative(values[at], float(chances[at])) for at in best)
