"""Where a song sounds as it does at the place that is being written: what stands there is likely to stand here as well."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.bundled.onsets import HOP, Song
from models.bundled.recall import PER_BEAT, PLACE, UNKNOWN, Ticks, times_of
from models.bundled.scenes import Beats

# A place of the song is compared by what sounds and begins so many beats before and behind it.
AROUND = 2.0


def refrains(song: Song, delay: float, beats: Beats, first: int, last: int, lags: Ticks) -> NDArray[np.float32]:
    """(lags, places) how much the song around the places `first` to `last` (48ths of a beat, every PLACE) sounds like it does
    each lag later: the cosine of what sounds and what begins there, −1 to 1."""
    reach = round(AROUND * PER_BEAT / PLACE)
    low, high = first // PLACE - reach, last // PLACE + reach + 1
    far = int(np.abs(lags).max(initial=0)) // PLACE
    begin = low - far
    heard = _heard(song, times_of(beats, np.arange(begin, high + far) * PLACE) + delay)
    energy = np.concatenate((np.zeros(1), np.cumsum((heard * heard).sum(axis=1))))
    own = heard[low - begin : high - begin]
    count = high - low - 2 * reach
    found = np.full((len(lags), count), UNKNOWN, np.float32)
    window = 2 * reach + 1
    here = energy[low - begin + window : low - begin + window + count] - energy[low - begin : low - begin + count]
    for number, lag in enumerate((lags // PLACE).tolist()):
        at = low - begin + lag
        sums = np.concatenate((np.zeros(1), np.cumsum(np.einsum("ij,ij->i", own, heard[at : at + len(own)]))))
        there = energy[at + window : at + window + count] - energy[at : at + count]
        same = sums[window : window + count] - sums[:count]
        sounding = (here > 0) & (there > 0)
        found[number, sounding] = (same / np.sqrt(np.maximum(here * there, 1e-9)))[sounding]
    return found


def _heard(song: Song, times: NDArray[np.float64]) -> NDArray[np.float32]:
    """(n, bands + groups) what sounds at each time of the audio (ms) against the song's usual, and what begins."""
    frames = np.round(times / HOP).astype(np.int64)
    inside = (frames > 0) & (frames < len(song.features) - 1)
    at = frames.clip(1, max(len(song.features) - 2, 1))
    sounds = song.features[at] / np.float32(255)
    begins = np.maximum(np.maximum(song.begun[at - 1], song.begun[at]), song.begun[at + 1])
    if not inside.any():
        return np.zeros((len(times), sounds.shape[1] + begins.shape[1]), np.float32)
    parts = [each - each[inside].mean(axis=0) for each in (sounds, begins)]
    heard = np.concatenate([each / _loudness(each[inside]) for each in parts], axis=1, dtype=np.float32)
    heard[~inside] = 0
    return heard


def _loudness(heard: NDArray[np.float32]) -> float:
    return max(float(np.sqrt((heard**2).sum(axis=1).mean())), 1e-6)
