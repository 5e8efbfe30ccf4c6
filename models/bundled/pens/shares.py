"""The usual shares of a field's categories, held where the notes that were written have others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import COLUMN, FIELDS
from models.bundled.scenes import Floats

# How much of what was drawn counts still when the next one is, so that the last thousand or so do.
LASTING = 0.999
# How strongly the shares are held, and how many draws they are thought over at least.
STRENGTH, LEAST = 1.6, 2.0


class Shares:
    """Of one candidate."""

    def __init__(self, wanted: Mapping[str, Floats]) -> None:
        """`wanted` as in `Page.shares`."""
        self._wanted = wanted
        self._counts = {name: np.zeros(len(shares)) for name, shares in wanted.items()}

    def take(self, name: str, category: int) -> None:
        """The field was drawn to be `category`."""
        if (counts := self._counts.get(name)) is not None:
            counts *= LASTING
            counts[min(category, len(counts) - 1)] += 1

    def leaning(self, name: str) -> NDArray[np.float64] | None:
        """(size,) nats above 0 for categories of the field that were drawn less often than is usual; None where none is said."""
        if (counts := self._counts.get(name)) is None:
            return None
        wanted = self._wanted[name] * float(counts.sum())
        short: Floats = STRENGTH * np.clip((wanted - counts) / np.sqrt(wanted + LEAST), -3.0, 3.0)
        return short[np.minimum(np.arange(FIELDS[COLUMN[name]].size), len(short) - 1)]
