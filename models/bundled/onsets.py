"""Where sounds begin in a song, and how its audio lies against a map's times.

Songs come as `mel_features` makes them: uint8, shape (frames, 32), frame i centred on i * 10 ms of the decoded audio.
Decoders put up to some 50 ms of silence before an MP3's first sample, so audio and map differ by a constant `delay` in ms:
what the map has at `time` sounds at `time + delay` of the decoded audio.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

HOP = 10.0  # ms
BANDS = 32
# The network hears 30 ms before to 40 ms after a note.
PATCH_START, PATCH_FRAMES = -3, 8  # frames


def note_patches(features: NDArray[np.uint8], times_ms: ArrayLike, delay: float = 0.0) -> NDArray[np.float32]:
    """What sounds around each time, float32 of shape (N, 8, 32): log-mel in 0…1 less the song's mean of the band.

    Frame k of a note is read at `time + delay + (k − 3) * 10` ms, linearly between two frames; outside of the song it is zero.
    """
    places = np.clip(np.nan_to_num((np.asarray(times_ms, dtype=np.float64) + delay) / HOP, nan=-1e8), -1e8, 1e8)
    first = np.floor(places)
    frames = first.astype(np.int64)[:, None] + np.arange(PATCH_START, PATCH_START + PATCH_FRAMES + 1)  # (N, 9)
    inside = (frames >= 0) & (frames < len(features))
    if not inside.any():
        return np.zeros((len(places), PATCH_FRAMES, BANDS), np.float32)
    heard = features[np.clip(frames, 0, len(features) - 1)] * np.float32(1 / 255) - band_means(features)  # (N, 9, 32)
    heard[~inside] = 0
    share = (places - first).astype(np.float32)[:, None, None]
    patches: NDArray[np.float32] = heard[:, :-1] + share * (heard[:, 1:] - heard[:, :-1])
    return patches


def band_means(features: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The song's mean of each band in 0…1, float32 of shape (32,)."""
    means: NDArray[np.float32] = (features.sum(axis=0, dtype=np.int64) / (255 * max(len(features), 1))).astype(np.float32)
    return means
