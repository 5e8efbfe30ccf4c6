"""What other bars of a map had at a place that is being written: songs repeat themselves, and maps follow them.

The map is laid over itself at lags of whole bars. Where the last notes agree with those of another bar, where what stands behind
the section agrees with what stands behind that bar, and where the song sounds the same, what came next there is likely to come
here as well. The network looks back over some two hundred notes and learned from many maps; this looks at the whole of one map.
After https://arxiv.org/abs/1911.00172.
"""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.bundled.scenes import Beats, Floats

Ticks = NDArray[np.int64]

# Ticks of a beat: all common divisors fall on whole ones.
PER_BEAT = 48
# Bars that a place is looked for at most, in either direction.
FARTHEST = 160
# Moments of which two places are compared.
COMPARED = 10
# What is not known of a lag: it leads out of the map, or there is no song.
UNKNOWN = -1.0
# Of ticks the song is compared at, the distance.
PLACE = PER_BEAT // 12
# How much each of `_told` speaks for the next gap of a place being that of the other, in nats, without a song and with it. Fitted
# to the sections of `benchmarks.sections` that are for tuning.
WITHOUT = np.array((-1.87, 3.4, 0.76, 0.55, 1.33, 0.53, -0.83, -0.13, 0.05, -0.05))
WITH = np.array((-2.74, 6.4, -2.7, 0.89, 2.78, 0.76, -3.57, -0.14, 0.07, -0.09, -0.8, 0.37, 2.92))
# What that and the notes of the places say together of what a note in a lane is, in nats: always, the above, the share of the
# last COMPARED moments that have the same notes, and that of the last LATEST. Fitted to mania and charts likewise.
LATEST, THERE = 3, np.array((-1.7, 0.0, 1.6, 1.6))
# The likeliest places count for the most, and what counts for less than this share of the first for nothing.
SHARPNESS, LEAST = 6.0, 0.01


def beat_ticks(beats: Beats, time: Floats) -> Ticks:
    """(N,) 48ths of a beat since the first stretch of tempo."""
    beat, stretch = beats.at(np.asarray(time, float))
    return np.round((beat + _counts(beats)[stretch] - beats.counts[stretch]) * PER_BEAT).astype(np.int64)


def times_of(beats: Beats, ticks: Ticks) -> Floats:
    """(N,) ms at which 48ths of a beat fall."""
    beat, counts = ticks / PER_BEAT, _counts(beats)
    stretch = np.maximum(np.searchsorted(counts, beat + 1e-9, side="right") - 1, 0)
    times: Floats = beats.starts[stretch] + (beat - counts[stretch]) * beats.lengths[stretch]
    return times


def _counts(beats: Beats) -> Floats:
    """The beat on which each stretch begins, where the first does not tell itself on beat 0 of each."""
    if beats.counts.any() or len(beats.starts) < 2:
        return beats.counts
    return np.concatenate((np.zeros(1), np.cumsum(np.diff(beats.starts) / beats.lengths[:-1])))


@dataclass(frozen=True, slots=True)
class Echoes:
    """`lags` (n,) in ticks with the `weight` (n,) of what stands there, and how far each is to be trusted, 0 to 1."""

    lags: Ticks
    weight: Floats
    trust: Floats


NO_ECHOES = Echoes(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Moments:
    """(M,) `ticks` with notes, rising, and in `contents` a number for what stands there, the same for the same, where that tells
    anything."""

    ticks: Ticks
    contents: Ticks | None = None


def lags_of(meter: float, length: int) -> Ticks:
    """Whole bars in both directions, as far as a map of so many ticks goes."""
    bar = round(meter * PER_BEAT)
    bars = np.arange(1, min(length // bar, FARTHEST) + 1, dtype=np.int64) * bar
    return np.concatenate((-bars, bars))


@dataclass(frozen=True, slots=True)
class Parallels:
    """A section as other bars have it. `behind` (lags,) how well what stands behind it agrees with what stands so much later,
    `end` the tick where that begins. `sounds` (lags, places) how alike the song is, from the tick `start` on."""

    lags: Ticks
    bar: int
    behind: Floats
    end: int
    sounds: NDArray[np.float32] | None = None
    start: int = 0

    @classmethod
    def of(
        cls, before: Sequence[int], behind: Sequence[int], end: int, meter: float, sounds: NDArray[np.float32] | None, start: int
    ) -> Parallels:
        """`before` and `behind`: the moments with notes outside of the section, which ends at the tick `end`."""
        known = np.array([*before, *behind], np.int64)
        lags = lags_of(meter, int(known[-1] - known[0]) if len(known) else 0)
        here = np.array(behind[:COMPARED], np.int64)
        return cls(lags, round(meter * PER_BEAT), alike(known, here, lags), end, sounds, start)

    def at(self, moments: Moments, last: int) -> tuple[Echoes, Echoes]:
        """Behind the first `last` of the moments: where what comes next begins as it does here, and where it then is the same."""
        here = slice(max(last - COMPARED, 0), last)
        if last < COMPARED // 2 or len(moments.ticks) < COMPARED or not len(self.lags):
            return NO_ECHOES, NO_ECHOES
        ticks = moments.ticks[here]
        place, found, before = _laid(moments.ticks, ticks, self.lags)
        odds = self.told(before, int(ticks[-1])) @ (WITHOUT if self.sounds is None else WITH)
        # Nothing is known of what is not yet written.
        unwritten = (self.lags > 0) & (int(ticks[-1]) + self.lags < self.end)
        open_to = (before >= 0) & ~unwritten
        lags, odds = self.lags[open_to], odds[open_to]
        following = _echoes(lags, odds)
        if moments.contents is None:
            return following, following
        same = (moments.contents[place[open_to]] == moments.contents[here]) & found[open_to]
        columns = (np.ones(len(lags)), odds, same.mean(axis=1), same[:, -LATEST:].mean(axis=1))
        return following, _echoes(lags, np.stack(columns, axis=1) @ THERE)

    def told(self, before: Floats, here: int) -> Floats:
        """(lags, 10 or 13) all that speaks for a lag at the tick `here`, where the notes before agree so well."""
        agreed, follows = before.clip(0), self.behind.clip(0)
        near = np.exp(-max(self.end - here, 0) / (2 * self.bar))
        bars = np.abs(self.lags) // self.bar
        columns: list[Floats] = [
            np.ones(len(before)), agreed, agreed**2, (self.behind < 0).astype(float), follows, follows * near, follows * agreed,
            np.log2(bars), (bars % 4 == 0).astype(float), (bars % 8 == 0).astype(float),
        ]  # fmt: skip
        if self.sounds is not None:
            place = min(max((here - self.start) // PLACE, 0), self.sounds.shape[1] - 1)
            sounds = self.sounds[:, place].astype(float)
            columns += [sounds.clip(0), sounds.clip(0) ** 2, sounds.clip(0) * agreed]
        return np.stack(columns, axis=1)


def _echoes(lags: Ticks, odds: Floats) -> Echoes:
    weight = np.exp(SHARPNESS * (odds - odds.max())) if len(odds) else odds
    kept = weight > LEAST
    return Echoes(lags[kept], weight[kept], 1 / (1 + np.exp(-odds[kept])))


def alike(known: Ticks, here: Ticks, lags: Ticks) -> Floats:
    """(lags,) the share of moments that the stretch `here` and the one each lag later have in common, UNKNOWN beyond the map."""
    if not len(here) or not len(known):
        return np.full(len(lags), UNKNOWN)
    return _laid(known, here, lags)[2]


def _laid(known: Ticks, here: Ticks, lags: Ticks) -> tuple[NDArray[np.intp], NDArray[np.bool_], Floats]:
    """The stretch laid over the moments: (lags, here) the number of each moment there and whether it stands, and as `alike`."""
    there = here[None] + lags[:, None]
    place = np.searchsorted(known, there)
    number = place.clip(0, len(known) - 1)
    found = known[number] == there
    between = place[:, -1] + found[:, -1] - place[:, 0]
    shared = found.sum(axis=1) / np.maximum(len(here) + between - found.sum(axis=1), 1)
    outside = (there[:, 0] < known[0]) | (there[:, -1] >= known[-1])
    return number, found, np.where(outside, UNKNOWN, shared)
