"""What other bars of a map had at a place that is being written: songs repeat themselves, and maps follow them.

The map is laid over itself at lags of whole bars. Where the last notes agree with those of another bar, what came next there is
likely to come here as well. The network looks back over some two hundred notes and learned from many maps; this looks at
the whole of one map. After https://arxiv.org/abs/1911.00172.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.bundled.scenes import Beats, Floats

Ticks = NDArray[np.int64]

# Ticks of a beat: all common divisors fall on whole ones.
PER_BEAT = 48
# Lags in bars that are tried, in both directions.
BARS = (*range(1, 9), *range(10, 33, 2), *range(36, 129, 4))
# Moments of which two places are compared, and the share of them that must agree before a place counts at all.
COMPARED, ALIKE = 10, 0.5
# Evidence is held against this much doubt.
DOUBT = 1.0


def beat_ticks(beats: Beats, time: Floats) -> Ticks:
    """(N,) 48ths of a beat since the first stretch of tempo."""
    beat, stretch = beats.at(np.asarray(time, float))
    counts = beats.counts
    if not counts.any() and len(beats.starts) > 1:
        lasting = np.diff(beats.starts) / beats.lengths[:-1]
        beat = beat + np.concatenate((np.zeros(1), np.cumsum(lasting)))[stretch]
    return np.round(beat * PER_BEAT).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Echoes:
    """`lags` (n,) in ticks with the `weight` (n,) of what stands there, rising with how well the last notes agree."""

    lags: Ticks
    weight: Floats

    @property
    def trust(self) -> float:
        """0 to 1: how much all of them say."""
        total = float(self.weight.sum())
        return total / (total + DOUBT)


def lags_of(meter: float) -> Ticks:
    bars = np.array(BARS, np.int64) * round(meter * PER_BEAT)
    return np.concatenate((-bars, bars))


def echoes_at(known: Ticks, last: Sequence[int], lags: Ticks) -> Echoes:
    """Of a place behind the moments `last` (rising); `known` (M,) are all moments with notes, rising."""
    here = np.array(last[-COMPARED:], np.int64)
    if len(here) < COMPARED // 2 or len(known) < COMPARED:
        return Echoes(lags[:0], np.zeros(0))
    there = here[None] + lags[:, None]  # (lags, compared)
    place = np.searchsorted(known, there)
    found = known[place.clip(0, len(known) - 1)] == there
    between = place[:, -1] + found[:, -1] - place[:, 0]
    outside = (there[:, 0] < known[0]) | (there[:, -1] >= known[-1])
    alike = found.sum(axis=1) / np.maximum(len(here) + between - found.sum(axis=1), 1)
    weight = np.maximum(alike - ALIKE, 0) ** 2 / (1 - ALIKE) ** 2
    weight[outside] = 0
    kept = weight > 0
    return Echoes(lags[kept], weight[kept])
