"""The parts of a song, by its bars: where it is loud enough for kiai, where it rests, where a preview begins.

Kiai is the best set of spans of usual lengths: of bars that are loud and late in the song, as those with kiai mostly are, and
louder than what stands before and behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.bundled.onsets import HOP, onset_strength
from models.bundled.scenes import Beats, Floats

Features = NDArray[np.uint8]

# A level of the features is so many dB, and so far below the loud bars of a song one is thought to rest, in dB.
DB_PER_LEVEL = 110 / 255
RESTS_BELOW, SILENT_BELOW = 26.0, 40.0
# ms that a rest lasts at least.
SHORTEST_REST = 4_000.0
# Bars that a part with kiai lasts, usual ones first; songs of fewer bars than this have shorter ones too.
KIAI_BARS, SHORT_KIAI_BARS, SHORT_SONG = (8, 16, 12, 20, 24, 32), (4,), 40
LIKED_BARS = frozenset((8, 16))
# ms: where bars are shorter, two are looked at as one.
SHORTEST_BAR = 600.0
# How much a bar speaks for kiai, in nats: fitted to the kiai of 133 songs of the corpus (training part). Loudness and onsets of
# the bar, loudness of those around, how loud low and high bands are there, and how late in the song it is.
ALONE, LOUD, STRUCK, LOUD_AROUND, LOW_AROUND, HIGH_AROUND, LATE = -1.4, 1.09, 0.26, 0.59, 0.43, 0.78, 1.5
# How much a step up or down at either end counts, what a span costs, and how much spans of 8 and 16 bars are liked.
CONTRAST, PRICE, LIKED = 3.0, 6.0, 0.5
# Bars around one that tell of it.
AROUND = 3
# Bars on either side of a step.
BESIDE = 4
# How much onsets count beside loudness, and how dense the calmest and the wildest bars are, as a share of a map's pace.
ONSETS = 0.5
CALM, WILD = 0.75, 1.2
# A sound begins clearly where its onset is this strong; 1 is a loud one of the song.
CLEAR = 0.5
# Bars of which so small a share has as little energy, in spreads, are calm where so many of them follow each other.
CALM_SHARE, CALM_BELOW, CALM_BARS = 0.25, -0.6, 4
# In a bar so much poorer in sounds that begin than the song's others, something is held: people put spinners on 24 % of such
# bars, on 89 % of them that are a map's last, and on 1.4 % of usual ones (110 maps of the training part).
HELD_SHARE, HELD_BARS = 0.2, 2
# ms: a song with less sound than that is too short for a map.
SHORTEST_SONG = 8_000.0


@dataclass(frozen=True, slots=True)
class SongParts:
    """`bars` (n + 1,) ms where bars begin, the last the end of the song; `energy` (n,) around 0; spans in ms.

    `kiai` and `rests` lie on bars. Notes are in order from `start` to `end`. `preview` is where its first lively part begins.
    `strokes`: so many sounds a second begin clearly. `calm` parts, and bars in which something is `held`, lie on bars too.
    """

    bars: Floats
    energy: Floats
    kiai: tuple[tuple[float, float], ...]
    rests: tuple[tuple[float, float], ...]
    start: float
    end: float
    preview: float
    strokes: float
    calm: tuple[tuple[float, float], ...]
    held: tuple[tuple[float, float], ...]

    @property
    def busy(self) -> list[tuple[float, float]]:
        """(ms, share): how dense each bar should be, of the pace of the whole."""
        if not len(self.energy):
            return []
        smooth = smoothed(self.energy, 2)
        low, high = np.quantile(smooth, (0.1, 0.9))
        share = CALM + (WILD - CALM) * np.clip((smooth - low) / max(float(high - low), 1e-6), 0, 1)
        return list(zip(self.bars[:-1].tolist(), share.tolist(), strict=True))


def parts_of(features: Features, beats: Beats, delay: float = 0.0) -> SongParts:
    """Of the song heard `delay` ms later than the times of `beats`."""
    lasting = len(features) * HOP - delay
    bars = bars_of(beats, lasting)
    levels = features.mean(axis=1) if len(features) else np.zeros(0)
    level = _mean_of(levels, bars, delay)
    strength = onset_strength(features)
    onsets, begun = _mean_of(strength, bars, delay), _clear(strength)
    loud = float(np.quantile(level, 0.8)) if len(level) else 0.0
    quiet = level < loud - RESTS_BELOW / DB_PER_LEVEL
    start, end = _sounding(levels, loud, delay)
    energy = _standard(level) + ONSETS * _standard(onsets)
    odds, steps = _odds(features, onsets, level, bars, delay)
    spans = kiai_of(odds, steps, quiet)
    kiai = tuple((float(bars[first]), float(bars[stop])) for first, stop in spans)
    rests, preview = _rests(bars, quiet, start, end), _preview(bars, energy, spans)
    strokes = 1000 * float(begun.sum()) / max(end - start, 1000.0)
    calm = _calm(bars, energy, spans)
    held = _held(bars, _mean_of(begun, bars, delay), quiet, start, end)
    return SongParts(bars, energy, kiai, rests, start, end, preview, strokes, calm, held)


def bars_of(beats: Beats, end: float) -> Floats:
    """(n + 1,) ms where bars begin from 0 on, and last `end`."""
    found: list[Floats] = []
    untils = (*beats.starts[1:].tolist(), end)
    for begin, until, length, meter in zip(beats.starts, untils, beats.lengths, beats.meters, strict=True):
        step = float(length * meter)
        while step < SHORTEST_BAR:
            step *= 2
        first = begin if found and begin >= 0 else begin - step * np.floor(begin / step)
        # The rest of a bar before a new tempo belongs to the bar before.
        found.append(np.arange(first, min(until, end) - 0.3 * step, step))
    bars = np.concatenate((*found, [end]))
    return bars[bars <= end] if len(bars) > 1 else np.array([0.0, max(end, 1.0)])


def _mean_of(values: NDArray[np.floating], bars: Floats, delay: float) -> Floats:
    """(n,) the mean of a curve (frames,) in each bar."""
    sums = np.concatenate((np.zeros(1), np.cumsum(values, dtype=np.float64)))
    frames = np.clip(np.round((bars + delay) / HOP), 0, len(values)).astype(np.int64)
    means: Floats = (sums[frames[1:]] - sums[frames[:-1]]) / np.maximum(np.diff(frames), 1)
    return means


def _standard(values: Floats) -> Floats:
    """Around 0, with a spread of 1; what is far out counts no more than two spreads and a half."""
    if not len(values):
        return values
    middle = float(np.median(values))
    spread = float(np.median(np.abs(values - middle))) * 1.48
    held: Floats = np.clip((values - middle) / max(spread, 1e-6, 0.05 * float(np.ptp(values))), -2.5, 2.5)
    return held


def smoothed(values: Floats, reach: int) -> Floats:
    """Each with `reach` others on both sides."""
    padded = np.pad(values, reach, mode="edge")
    sums = np.concatenate((np.zeros(1), np.cumsum(padded)))
    means: Floats = (sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)
    return means


def _odds(features: Features, onsets: Floats, level: Floats, bars: Floats, delay: float) -> tuple[Floats, Floats]:
    """(n,) how much each bar speaks for kiai, in nats, and what the bar alone says of it."""
    quarter = features.shape[1] // 4
    low, high = (_standard(_mean_of(part.mean(axis=1), bars, delay)) for part in (features[:, :quarter], features[:, -quarter:]))
    loud, late = _standard(level), np.linspace(0, 1, len(level))
    around = [smoothed(each, AROUND) for each in (loud, low, high)]
    weighed = zip((LOUD_AROUND, LOW_AROUND, HIGH_AROUND), around, strict=True)
    alone: Floats = LOUD * loud + STRUCK * _standard(onsets)
    odds: Floats = ALONE + alone + LATE * late
    for weight, each in weighed:
        odds = odds + weight * each
    return odds, alone


def kiai_of(odds: Floats, steps: Floats, quiet: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open spans of bars, of (n,) `odds` that a bar has kiai; `steps` (n,) tell by how much the song steps up and down."""
    count = len(odds)
    if count < min(SHORT_KIAI_BARS) * 2:
        return []
    over = np.where(quiet, np.minimum(odds, -2.5), odds)
    sums = np.concatenate((np.zeros(1), np.cumsum(over)))

    levels = np.concatenate((np.zeros(1), np.cumsum(np.where(quiet, steps.min(), steps))))

    def mean(first: int, stop: int) -> float:
        first, stop = max(first, 0), min(stop, count)
        return float((levels[stop] - levels[first]) / (stop - first)) if stop > first else float(steps.min())

    def worth(first: int, stop: int) -> float:
        rise = mean(first, first + BESIDE) - mean(first - BESIDE, first)
        fall = mean(stop - BESIDE, stop) - mean(stop, stop + BESIDE)
        liked = LIKED * (stop - first in LIKED_BARS)
        return float(sums[stop] - sums[first]) + CONTRAST * (rise + 0.5 * fall) - PRICE + liked

    lengths = KIAI_BARS if count >= SHORT_SONG else (*KIAI_BARS, *SHORT_KIAI_BARS)
    best = [0.0] * (count + 1)
    came: list[int] = list(range(-1, count))
    for stop in range(1, count + 1):
        best[stop], came[stop] = best[stop - 1], stop - 1
        for length in lengths:
            first = stop - length
            # The first line of a map has no kiai, so nor has the first bar.
            if first < 1:
                continue
            total = best[first] + worth(first, stop)
            if total > best[stop]:
                best[stop], came[stop] = total, -1 - first
    spans: list[tuple[int, int]] = []
    stop = count
    while stop > 0:
        first = came[stop]
        if first < 0:
            first = -1 - first
            spans.append((first, stop))
        stop = first
    return _joined(spans[::-1])


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch as one."""
    joined: list[tuple[int, int]] = []
    for first, stop in spans:
        if joined and joined[-1][1] == first:
            joined[-1] = joined[-1][0], stop
        else:
            joined.append((first, stop))
    return joined


def _sounding(levels: NDArray[np.floating], loud: float, delay: float) -> tuple[float, float]:
    """ms between which the song is heard."""
    heard = np.flatnonzero(levels >= max(loud - SILENT_BELOW / DB_PER_LEVEL, 4.0))
    if not len(heard):
        return 0.0, 0.0
    return max(float(heard[0]) * HOP - delay, 0.0), float(heard[-1] + 1) * HOP - delay


def _clear(strength: NDArray[np.floating]) -> NDArray[np.float64]:
    """(frames,) 1 where a sound begins clearly, else 0."""
    here = strength[1:-1]
    return np.pad((here > CLEAR) & (here > strength[:-2]) & (here >= strength[2:]), 1).astype(np.float64)


def _calm(bars: Floats, energy: Floats, kiai: Sequence[tuple[int, int]]) -> tuple[tuple[float, float], ...]:
    if not len(energy):
        return ()
    smooth = smoothed(energy, 2)
    below = smooth <= min(float(np.quantile(smooth, CALM_SHARE)), CALM_BELOW)
    for first, stop in kiai:
        below[first:stop] = False
    return tuple((float(bars[first]), float(bars[stop])) for first, stop in _runs(below) if stop - first >= CALM_BARS)


def _held(bars: Floats, begun: Floats, quiet: NDArray[np.bool_], start: float, end: float) -> tuple[tuple[float, float], ...]:
    inside = (bars[:-1] >= start - 1) & (bars[:-1] < end)
    if not inside.any():
        return ()
    sustained = inside & ~quiet & (begun < HELD_SHARE * float(np.median(begun[inside])))
    return tuple((float(bars[first]), float(bars[stop])) for first, stop in _runs(sustained) if stop - first <= HELD_BARS)


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open spans in which the mask holds."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(first, stop) for first, stop in edges.reshape(-1, 2).tolist()]


def _rests(bars: Floats, quiet: NDArray[np.bool_], start: float, end: float) -> tuple[tuple[float, float], ...]:
    """Spans of quiet bars inside of the song that are long enough for a break."""
    spans = [(float(bars[first]), float(bars[stop])) for first, stop in _runs(quiet)]
    return tuple(
        (first, until) for first, until in spans if until - first >= SHORTEST_REST and first > start + 1 and until < end - 1
    )


def _preview(bars: Floats, energy: Floats, kiai: Sequence[tuple[int, int]]) -> float:
    """Where the first kiai that is no short one begins, else the eight bars with the most energy."""
    if kiai:
        longest = max(stop - first for first, stop in kiai)
        return float(bars[next(first for first, stop in kiai if stop - first >= longest / 2)])
    if len(energy) < 2:
        return float(bars[0])
    span = min(8, len(energy))
    sums = np.concatenate((np.zeros(1), np.cumsum(energy)))
    return float(bars[int((sums[span:] - sums[:-span]).argmax())])
