"""The times at which a note may be written: ticks of the snap grid, with what the network calls them."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import BARS, ERRORS, OFF_PHASE, nearest
from models.bundled.rows import ON_TICK, snapped
from models.bundled.scenes import Beats, Floats

# More ticks than these are not listed: tempos without sense have as many.
MOST = 400_000


@dataclass(frozen=True, slots=True)
class Ticks:
    """(T,) each, rising in time: `time` in ms as a map has it, `exact` before it is cut off to whole ms; `length` ms of a beat
    there; `snap` and `error` categories of those fields; `phase` and `bar` as in `Rows`."""

    time: Floats
    exact: Floats
    length: Floats
    snap: NDArray[np.intp]
    error: NDArray[np.intp]
    phase: NDArray[np.intp]
    bar: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.time)


def ticks_between(beats: Beats, start: float, end: float, divisors: Sequence[int], resolution: int | None = None) -> Ticks:
    """The ticks of 1/`divisors` in [start, end] ms. With a `resolution` (ticks a beat of a chart) those that are whole ticks
    of it, else cut off to whole ms as the editor of osu! does."""
    unit = lcm(*divisors)
    found: list[Floats] = []
    room = MOST
    stretches = zip(beats.starts, (*beats.starts[1:], np.inf), beats.lengths, beats.counts, strict=True)
    for number, (begin, until, length, count) in enumerate(stretches):
        low, high = (start if number == 0 else max(begin, start)), min(until - 1e-3, end)
        if high < low:
            continue
        first, last = (
            np.ceil((count + (low - begin) / length) * unit - 1e-6),
            np.floor((count + (high - begin) / length) * unit + 1e-6),
        )
        if last - first > room:
            last = first + room
        steps: Floats = np.arange(first, last + 1, dtype=np.float64)
        kept: NDArray[np.bool_] = np.zeros(len(steps), bool)
        for divisor in divisors:
            kept |= steps % (unit // divisor) == 0
        beat: Floats = steps[kept] / unit
        if resolution is not None:
            whole: Floats = beat * resolution
            beat = np.round(whole[np.abs(whole - np.round(whole)) < 1e-6]) / resolution
        room = max(room - len(beat), 0)
        found.append(begin + (beat - count) * length)
    exact: Floats = np.concatenate(found) if found else np.zeros(0)
    time = exact if resolution is not None else np.trunc(exact + 1e-4)
    time, first_of = np.unique(time, return_index=True)
    return described(beats, time, exact[first_of])


def described(beats: Beats, time: Floats, exact: Floats) -> Ticks:
    """What the network calls these times, on the grid or not."""
    beat, stretch = beats.at(time)
    length = beats.lengths[stretch]
    snap, error = snapped(beat, length)
    bars = np.floor(beat - beats.origins[stretch] + ON_TICK / length)
    meter = beats.meters[stretch]
    return Ticks(
        time,
        exact,
        length,
        snap,
        np.array([nearest(ERRORS, each) for each in error.tolist()], np.intp),
        (np.where(np.abs(error) > ON_TICK, OFF_PHASE, np.round(beat % 1 * 48) % 48) + 1).astype(np.intp),
        (np.minimum(bars % meter, 7) + 8 * (bars // meter % (BARS // 8)) + 1).astype(np.intp),
    )
