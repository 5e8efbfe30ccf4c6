"""Where sounds begin in a song, and how its audio lies against a map's times.

Songs come as `mel_features` makes them: uint8, shape (frames, 32), frame i centred on i * 10 ms of the decoded audio.
Decoders put up to some 50 ms of silence before an MP3's first sample, so audio and map differ by a constant `delay` in ms:
what the map has at `time` sounds at `time + delay` of the decoded audio.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

HOP = 10.0  # ms
BANDS = 32
# Where the delay is looked for, and what the training songs had: a normal distribution around 17 ms, wide for charts' sake.
DELAYS = np.arange(-60.0, 121.0, 2.0)  # ms
USUAL_DELAY, DELAY_SPREAD = 17.0, 20.0  # ms
# So many notes, evenly picked, say all about a song's delay.
ENOUGH_NOTES = 4_000
# The network hears 30 ms before to 40 ms after a note.
PATCH_START, PATCH_FRAMES = -3, 8  # frames
# It hears how a song goes on from a note by what begins at so many ticks after it, twelve a beat, in groups of bands.
TICKS_AHEAD, TICKS_PER_BEAT, GROUPS = 48, 12, 4
AHEAD = TICKS_AHEAD * GROUPS


def note_patches(
    features: NDArray[np.uint8], times_ms: ArrayLike, delay: float = 0.0, means: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """What sounds around each time, float32 of shape (N, 8, 32): log-mel in 0…1 less the song's mean of the band.

    Frame k of a note is read at `time + delay + (k − 3) * 10` ms, linearly between two frames; outside of the song it is zero.
    `means` are the song's `band_means`, where they are known.
    """
    places = np.clip(np.nan_to_num((np.asarray(times_ms, dtype=np.float64) + delay) / HOP, nan=-1e8), -1e8, 1e8)
    first = np.floor(places)
    frames = first.astype(np.int64)[:, None] + np.arange(PATCH_START, PATCH_START + PATCH_FRAMES + 1)  # (N, 9)
    inside = (frames >= 0) & (frames < len(features))
    if not inside.any():
        return np.zeros((len(places), PATCH_FRAMES, BANDS), np.float32)
    heard = features[np.clip(frames, 0, len(features) - 1)] * np.float32(1 / 255)  # (N, 9, 32)
    heard -= band_means(features) if means is None else means
    heard[~inside] = 0
    share = (places - first).astype(np.float32)[:, None, None]
    patches: NDArray[np.float32] = (heard[:, :-1] + share * (heard[:, 1:] - heard[:, :-1])).astype(np.float32, copy=False)
    return patches


def band_means(features: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The song's mean of each band in 0…1, float32 of shape (32,)."""
    means: NDArray[np.float32] = (features.sum(axis=0, dtype=np.int64) / (255 * max(len(features), 1))).astype(np.float32)
    return means


def onset_strength(features: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much louder each frame is about to be than it was, float32 of shape (frames,); 1 = a loud onset of this song.

    The rise of each band from the frame before to the frame after, falls left out, mean over the bands; less the song's
    median, over the span from there to the 98th percentile.
    """
    if len(features) < 3:
        return np.zeros(len(features), np.float32)
    heard = features.astype(np.int16)
    flux = np.pad(np.maximum(heard[2:] - heard[:-2], 0).mean(axis=1), 1)
    quiet, loud = np.quantile(flux, (0.5, 0.98))
    strength: NDArray[np.float32] = np.clip((flux - quiet) / max(loud - quiet, 1.0), 0, 2).astype(np.float32)
    return strength


def beginnings(features: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What begins in each frame from low to high, float32 of shape (frames, GROUPS), 1 = a loud onset of the song in that group.

    The rise of each band from the frame before to the frame after, mean over the group; over its 98th percentile.
    """
    if len(features) < 3:
        return np.zeros((len(features), GROUPS), np.float32)
    heard = features.astype(np.int16)
    rise = np.maximum(heard[2:] - heard[:-2], 0).reshape(len(heard) - 2, GROUPS, -1).mean(axis=2)
    loud = np.quantile(rise, 0.98, axis=0)
    return np.pad(np.clip(rise / np.maximum(loud, 2.0), 0, 2), ((1, 1), (0, 0))).astype(np.float32)


def songs_ahead(
    begun: NDArray[np.float32], times_ms: NDArray[np.float64], beats_ms: NDArray[np.float64], delay: float = 0.0
) -> NDArray[np.float32]:
    """How the song goes on from the note before each note, float32 of shape (N, AHEAD): what begins at the ticks after it.

    `begun` as `beginnings` gives it; `times_ms` (N,) the notes in the song, `beats_ms` (N,) how long a beat lasts there. Zeros
    for the first note, which has none before it, and beyond the song.
    """
    ahead = np.zeros((len(times_ms), TICKS_AHEAD, GROUPS), np.float32)
    if len(begun) and len(times_ms) > 1:
        ticks = np.arange(1, TICKS_AHEAD + 1) / TICKS_PER_BEAT
        places = (times_ms[:-1, None] + delay + ticks * beats_ms[:-1, None]) / HOP
        places = np.clip(np.nan_to_num(places, nan=-1.0), -1.0, len(begun))
        first = np.floor(places).astype(np.int64)
        share = (places - first).astype(np.float32)[..., None]
        inside = ((first >= 0) & (first < len(begun) - 1))[..., None]
        left, right = begun[first.clip(0, len(begun) - 1)], begun[(first + 1).clip(0, len(begun) - 1)]
        ahead[1:] = (left + share * (right - left)) * inside
    return ahead.reshape(len(times_ms), AHEAD)


class Heard(NamedTuple):
    """The song as N notes hear it: `around` (N, 8 * 32) what sounds at each, `ahead` (N, AHEAD) how it goes on before each."""

    around: NDArray[np.float32]
    ahead: NDArray[np.float32]

    def part(self, cut: slice) -> Heard:
        return Heard(self.around[cut], self.ahead[cut])


def unheard(count: int) -> Heard:
    """Without a song."""
    return Heard(np.zeros((count, PATCH_FRAMES * BANDS), np.float32), np.zeros((count, AHEAD), np.float32))


def at(onsets: NDArray[np.float32], times_ms: ArrayLike) -> NDArray[np.float32]:
    """The curve's value at each time of the audio (any shape), smooth between the frames (Catmull-Rom); held beyond both ends."""
    if len(onsets) < 4:
        return np.zeros(np.shape(times_ms), np.float32)
    places = np.clip(np.nan_to_num(np.asarray(times_ms, dtype=np.float64) / HOP, nan=0.0), 1.0, len(onsets) - 2.001)
    first = places.astype(np.int64)
    share = (places - first).astype(np.float32)
    before, left, right, after = (onsets[first + step] for step in (-1, 0, 1, 2))
    bend = 2 * before - 5 * left + 4 * right - after + share * (3 * (left - right) + after - before)
    return (left + 0.5 * share * (right - before + share * bend)).astype(np.float32, copy=False)


def song_delay(onsets: NDArray[np.float32], times_ms: ArrayLike) -> float:
    """By how many ms the decoded audio lags behind the map: where notes meet onsets best, to a fraction of a ms.

    Few notes say little, so they are weighed against the usual delay: without any note (or any sound) it is the answer.
    """
    times = np.unique(np.asarray(times_ms, dtype=np.float64))
    times = times[(times > DELAYS[0]) & (times < len(onsets) * HOP)]
    times = times[:: len(times) // ENOUGH_NOTES + 1]
    prior = -0.5 * ((DELAYS - USUAL_DELAY) / DELAY_SPREAD) ** 2
    scores = at(onsets, times[:, None] + DELAYS).sum(axis=0) + prior if len(times) else prior
    best = min(max(int(scores.argmax()), 1), len(DELAYS) - 2)
    before, peak, after = scores[best - 1 : best + 2]
    bend = before - 2 * peak + after
    beside = np.clip(0.5 * (before - after) / bend, -1, 1) if bend < 0 else 0.0
    return float(DELAYS[best] + beside * (DELAYS[1] - DELAYS[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Song:
    """What is heard in a song, whoever maps it: its features (frames, 32), what begins in them, how strongly, and their
    means."""

    features: NDArray[np.uint8]
    begun: NDArray[np.float32]
    onsets: NDArray[np.float32]
    means: NDArray[np.float32]

    @classmethod
    def of(cls, features: NDArray[np.uint8]) -> Song:
        return cls(features, beginnings(features), onset_strength(features), band_means(features))

    def delay(self, times_ms: NDArray[np.float64]) -> float:
        """ms by which the song lags behind notes at these times."""
        return song_delay(self.onsets, times_ms)

    def heard(self, times_ms: NDArray[np.float64], beats_ms: NDArray[np.float64], delay: float = 0.0) -> Heard:
        """As notes (N,) hear it where a beat lasts `beats_ms` (N,)."""
        around = note_patches(self.features, times_ms, delay, self.means).reshape(len(times_ms), PATCH_FRAMES * BANDS)
        return Heard(around, songs_ahead(self.begun, times_ms, beats_ms, delay))
