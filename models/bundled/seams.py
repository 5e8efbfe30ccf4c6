"""The two ends of a section, where it meets notes that stand: each is tried several times, and the likeliest try is kept.

A note is drawn by what stands on both sides of it, but how well it leads to what stands behind shows only when the last one is
written: how far the player has to go from there, and whether the rhythm comes out. What is likely is told by the network that
writes, in bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from models.bundled.pens import Page
from models.bundled.pens.pen import Pen
from models.bundled.scenes import Pause

# Notes at either end that are tried together.
SEAM = 3
# How often a beginning is tried, and how often an end.
BEGINNINGS, ENDINGS = 4, 8
# Ends are tried from so many moments before the last one on; every other of them with so much bolder a rhythm.
LAST_MOMENTS, BOLDER = 4.5, 3.0
# How much more the note behind counts than each of the last ones: nobody wrote it for them.
BEHIND = 2.0


class Seams:
    """Of one section, in which `seed` decides what is drawn."""

    def __init__(self, page: Page, seed: int) -> None:
        self.page, self._seed = page, seed
        self.beginnings = 1 if page.sighted or not page.first else BEGINNINGS
        self._begun = self.beginnings == 1
        tried = not page.sighted and page.stop < len(page.scene) and page.pace
        self.tries_ends = bool(tried)
        self._near = page.end - 1000 * LAST_MOMENTS / page.pace if tried and page.pace else np.inf

    def chances(self, candidate: int) -> Iterator[np.random.Generator]:
        """What each beginning of a candidate draws by."""
        for turn in range(self.beginnings):
            yield np.random.default_rng((self._seed, candidate, 1, turn) if turn else (self._seed, candidate))

    def begun(self, pens: Sequence[Pen]) -> list[int] | None:
        """Which of the pens go on, the likeliest beginning of each candidate; None where that is not to be told now."""
        if self._begun or min(pen.written for pen in pens) < SEAM:
            return None
        self._begun = True
        best: dict[int, int] = {}
        for at, pen in enumerate(pens):
            known = best.setdefault(pen.candidate, at)
            if _of_a_note(pen.costs) < _of_a_note(pens[known].costs):
                best[pen.candidate] = at
        return sorted(best.values())

    def ending(self, pens: Sequence[Pen], pause: Pause) -> tuple[list[int], list[Pen]] | None:
        """The pens with those that try other ends from here on, and from which of `pens` each goes on; None for no more.
        `pause` is called ahead of each."""
        if not (self.tries_ends and self._begun):
            return None
        rows, tried = list(range(len(pens))), list(pens)
        for at, pen in enumerate(pens):
            if pen.ending or pen.time <= self._near or not pen.known:
                continue
            pen.ending = True
            for turn in range(1, ENDINGS):
                pause()
                other = pen.copied(np.random.default_rng((self._seed, pen.candidate, 2, turn)))
                other.bold *= BOLDER if turn % 2 else 1.0
                rows.append(at)
                tried.append(other)
        return (rows, tried) if len(tried) > len(pens) else None


def likeliest(pens: Sequence[Pen]) -> Pen:
    """The one of whole candidates of which the last notes and the one behind them cost least."""
    return min(pens, key=_cost)


def _cost(pen: Pen) -> float:
    return SEAM * _of_a_note(pen.costs[-SEAM:]) + BEHIND * pen.behind


def _of_a_note(costs: Sequence[float]) -> float:
    """Among notes that stand tries write more or fewer of their own; one without any is the last to be kept."""
    return sum(costs) / len(costs) if costs else np.inf
