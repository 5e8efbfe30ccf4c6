"""What the rest of the map says of a note: the same place in other bars, where those bars go like this one.

A song repeats itself and maps follow it, over distances that no window of the network reaches. For every lag of so many beats
the map is laid over itself; where the notes around a note agree, what stands at its own place there is evidence. The note
itself never counts for how well two places agree.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import Family
from models.bundled.scenes import COMBO_AT, KIND_AT, LANE_AT, MODIFIER_AT, SOUND_AT, TAIL_AT, Pause, Scene

Floats = NDArray[np.float32]
Ticks = NDArray[np.int64]

# Ticks of a beat: all common divisors fall on whole ones.
PER_BEAT = 48
# Lags in beats: every two up to eight bars, every four up to 128 beats, then every eight, as far as the map goes.
NEAR, MIDDLE, FAR = 32, 128, 1_024
# Rows on either side by which two places are compared, and the share that must agree before a place counts at all.
AROUND, ALIKE = 6, 0.5
# Evidence is held against this much doubt.
DOUBT = 0.3
# Lags times rows that are looked at together; longer maps are laid over fewer lags.
TOGETHER, MOST = 1 << 18, 1 << 25
ASPECTS = 4
WIDTH = 3 * ASPECTS + 1


def echoes(
    scene: Scene, beat: NDArray[np.float64], start: int = 0, stop: int | None = None, pause: Pause | None = None
) -> Floats:
    """(n, WIDTH) for the notes `start` to `stop`; `beat` (N,) says on which beat every note of the scene stands.

    For each aspect of a note how much of the evidence differs, how much has no note there, and how much there is; last how
    much has a note in the gap beside this one. `pause` is called between lags.
    """
    stop = len(scene) if stop is None else stop
    found = np.zeros((stop - start, WIDTH), np.float32)
    if len(scene) < 2 * AROUND or stop <= start:
        return found
    ticks, row = np.unique(np.round(beat * PER_BEAT).astype(np.int64), return_inverse=True)
    lags = _lags(int(ticks[-1] - ticks[0]), len(ticks))
    asked = row[start:stop]
    first, last = max(int(asked.min()) - AROUND, 0), min(int(asked.max()) + AROUND + 1, len(ticks))
    tokens = [_tokens(values, row, len(ticks)) for values in _aspects(scene)]
    evidence = _evidence(ticks, tokens, lags, slice(first, last), pause)[:, asked - first]
    for number, shares in enumerate(evidence):
        found[:, 3 * number : 3 * number + 3] = shares[:, :3]
    found[:, -1] = evidence[0, :, 3]
    return found


def _lags(length: int, rows: int) -> Ticks:
    beats = np.concatenate((np.arange(2, NEAR, 2), np.arange(NEAR, MIDDLE, 4), np.arange(MIDDLE, FAR, 8)))
    lags = beats[beats * PER_BEAT < length] * PER_BEAT
    lags = lags[: max(MOST // max(2 * rows, 1), 1)]
    return np.concatenate((lags, -lags)).astype(np.int64)


def _aspects(scene: Scene) -> list[NDArray[np.int64]]:
    """(N,) each: what may be the same in another bar."""
    columns = scene.columns.astype(np.int64)
    duration = np.round((scene.end - scene.time) / 20).astype(np.int64)
    if scene.family in (Family.MANIA, Family.FRETS, Family.DRUMS):
        lanes = np.int64(1) << columns[:, LANE_AT].clip(0, 40)
        return [lanes, lanes * (1 + (duration > 1)), columns[:, MODIFIER_AT] + 1, columns[:, SOUND_AT] + 1]
    if scene.family is Family.TAIKO:
        return [columns[:, KIND_AT]]
    sounds = (columns[:, SOUND_AT] + 1) * 16 + columns[:, TAIL_AT] + 1
    return [columns[:, KIND_AT], sounds, columns[:, COMBO_AT], duration]


def _tokens(values: NDArray[np.int64], row: NDArray[np.intp], rows: int) -> NDArray[np.int64]:
    """(rows,) what stands on each tick: the sum over its notes, which for lanes is their set."""
    tokens = np.zeros(rows, np.int64)
    np.add.at(tokens, row, values)
    return tokens


def _evidence(
    ticks: Ticks, tokens: list[NDArray[np.int64]], lags: Ticks, asked: slice, pause: Pause | None
) -> NDArray[np.float64]:
    """(aspects, asked rows, 4): shares of differing and of missing places, log of all evidence, share with a note between."""
    own_ticks = ticks[asked]
    rows = len(own_ticks)
    found = np.full((len(tokens), 4, rows), 1e-9)
    for at in range(0, len(lags), max(TOGETHER // rows, 1)):
        if pause is not None:
            pause()
        to = own_ticks + lags[at : at + max(TOGETHER // rows, 1), None]
        place = np.searchsorted(ticks, to)
        there = place.clip(0, len(ticks) - 1)
        present = ticks[there] == to
        outside = (to < ticks[0]) | (to > ticks[-1])
        more = (np.diff(place, axis=1) - present[:, :-1] > 0) & present[:, :-1] & present[:, 1:]
        for aspect, sums in zip(tokens, found, strict=True):
            same = present & (aspect[there] == aspect[asked])
            weight = _weights(same)
            weight[outside] = 0
            sums[0] += weight.sum(axis=0)
            sums[1] += (weight * (present & ~same)).sum(axis=0)
            sums[2] += (weight * ~present).sum(axis=0)
            sums[3, :-1] += (weight[:, :-1] * more).sum(axis=0)
            sums[3, 1:] += (weight[:, 1:] * more).sum(axis=0)
    total = found[:, 0]
    shares = [found[:, number] / (total + DOUBT) for number in (1, 2, 3)]
    return np.stack((shares[0], shares[1], np.log1p(total), shares[2]), axis=2)


def _weights(same: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(lags, rows) how much a place counts, by how many of the rows around it agree, its own left out."""
    padded = np.pad(same.astype(np.int32), ((0, 0), (AROUND + 1, AROUND)))
    sums = padded.cumsum(axis=1)
    alike = (sums[:, 2 * AROUND + 1 :] - sums[:, : -2 * AROUND - 1] - same) / (2 * AROUND)
    weights: NDArray[np.float64] = np.maximum(alike - ALIKE, 0) ** 2 / (1 - ALIKE) ** 2
    return weights
