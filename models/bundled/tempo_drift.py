"""Red lines whose tempo is a little wrong: the music runs away from their grid, by more the longer they last.

The salience under a red line is held against pulses of its tempo and of tempos up to 2 % beside it, over its whole length at
once. That depends on no delay between audio and map, so that it holds for the whole map as well as for a part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.bundled.beats import FASTEST, SLOWEST
from models.bundled.onsets import HOP

Curve = NDArray[np.float64]

# A red line in force for less says too little about its tempo.
SHORTEST, FEWEST_BEATS = 15_000.0, 32  # ms, beats
# How far beside the tempo is looked.
REACH, BLOCK = 0.02, 50  # share, frames
WEIGHTS = {1: 1.0, 2: 1.5, 4: 2.0}
# Music this far (ms) off at the end of the section is worth a word where it meets the other tempo so much better (share), and
# where that stands out of chance (in medians of all tempos looked at).
DRIFT, LOSS, CLEAR = 15.0, 0.1, 2.5
# BPM: a song this near to a whole or half number of them was made at that.
WHOLE, HALF = 0.04, 0.02


class Heard(NamedTuple):
    """The tempo near a red line's: BPM, by how many ms the music comes later than the grid at the end of its `length` ms (earlier
    when negative), the share of strength that the red line's own tempo lacks, and how far the best stands out of chance."""

    bpm: float
    drift_ms: float
    length: float
    loss: float
    clear: float

    @property
    def is_off(self) -> bool:
        return abs(self.drift_ms) >= DRIFT and self.loss >= LOSS and self.clear >= CLEAR


def heard_tempo(salience: Curve, start_ms: float, end_ms: float, beat_ms: float) -> Heard | None:
    """The tempo that is heard from `start_ms` to `end_ms` of the audio near `beat_ms`; None where it is too short to tell."""
    first, stop = max(int(start_ms // HOP), 0), min(int(end_ms // HOP), len(salience))
    length = (stop - first) * HOP
    if length < max(SHORTEST, FEWEST_BEATS * beat_ms) or not SLOWEST <= 60_000 / max(beat_ms, 1.0) <= FASTEST:
        return None
    curve = salience[first:stop] - salience[first:stop].mean()
    middle = (stop - first) / 2
    times = (np.arange(stop - first) - middle) * HOP
    blocks = np.add.reduceat(times, np.arange(0, len(times), BLOCK)) / np.diff(
        np.append(np.arange(0, len(times), BLOCK), len(times))
    )
    step = beat_ms / (8 * max(WEIGHTS) * length)
    beside = np.arange(-int(REACH / step), int(REACH / step) + 1) * step
    total = np.zeros(len(beside))
    for harmonic, weight in WEIGHTS.items():
        turns = np.exp(-2j * np.pi * harmonic / beat_ms * times)
        parts = np.add.reduceat(curve * turns, np.arange(0, len(curve), BLOCK))
        total += weight * np.abs(np.exp(-2j * np.pi * harmonic / beat_ms * np.outer(beside, blocks)) @ parts)
    best = int(total.argmax())
    bpm = 60_000 / beat_ms * (1 + float(beside[best]))
    for told, near in ((float(round(bpm)), WHOLE), (round(2 * bpm) / 2, HALF)):
        if abs(bpm - told) <= near and total[int(np.abs(beside - (told * beat_ms / 60_000 - 1)).argmin())] > 0.95 * total[best]:
            bpm = told
            break
    drift = (60_000 / bpm / beat_ms - 1) * length
    still = float(total[len(beside) // 2])
    return Heard(bpm, drift, length, 1 - still / max(float(total[best]), 1e-9), float(total[best] / max(np.median(total), 1e-9)))


def sections(red_lines: Sequence[tuple[float, float]], end_ms: float) -> list[tuple[float, float, float]]:
    """(start, end, beat) of each red line in ms."""
    lines = sorted(red_lines)
    ends = [*(start for start, _ in lines[1:]), end_ms][: len(lines)]
    return [(start, end, beat) for (start, beat), end in zip(lines, ends, strict=True)]
