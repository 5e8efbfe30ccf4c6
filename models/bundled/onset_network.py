"""A small network that says of every frame of a song how much it sounds like the moment of a note.

Two convolutions over the log-mel bands (13 frames = 130 ms are heard), 7,000 weights in `onset_network.npz`, trained by
`models.training.onset_network` so that the softmax of its answers around a note finds the note's moment.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.bundled.onsets import band_means
from models.errors import WeightsDamaged, WeightsMissing

WEIGHTS = Path(__file__).with_name("onset_network.npz")
LAYERS = ("first", "first_bias", "second", "second_bias", "last")
# Bands of 0…1 are spread to about unit variance.
GAIN = np.float32(4)
# Frames that are heard at a time, so that memory stays flat on hours of sound.
FRAMES_AT_ONCE = 16_384


def onset_logits(features: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much each frame sounds like the moment of a note, in nats up to a constant; float32 of shape (frames,)."""
    net, means = weights(), band_means(features)
    reach = (len(net["first"]) + len(net["second"])) // 2 - 1
    parts = [np.zeros(0, np.float32)]
    for start in range(0, len(features), FRAMES_AT_ONCE):
        first = max(start - reach, 0)
        heard = (features[first : start + FRAMES_AT_ONCE + reach] * np.float32(1 / 255) - means) * GAIN  # (n, 32)
        parts.append(_answers(heard, net)[start - first :][:FRAMES_AT_ONCE])
    return np.concatenate(parts)


def _answers(heard: NDArray[np.float32], net: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    hidden = np.maximum(_convolved(heard, net["first"]) + net["first_bias"], 0)  # (n, C)
    hidden = np.maximum(_convolved(hidden, net["second"]) + net["second_bias"], 0)  # (n, 16)
    answers: NDArray[np.float32] = hidden @ net["last"]  # (n,)
    return answers


def _convolved(heard: NDArray[np.float32], kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convolution along the frames with zeros beyond both ends, (n, in) → (n, out); kernel (width, in, out)."""
    width = len(kernel)
    padded = np.pad(heard, ((width // 2, width // 2), (0, 0)))
    total: NDArray[np.float32] = padded[: len(heard)] @ kernel[0]
    for step in range(1, width):
        total += padded[step : step + len(heard)] @ kernel[step]
    return total


@cache
def weights() -> dict[str, NDArray[np.float32]]:
    """The layers by name, convolutions as (width, in, out)."""
    try:
        with np.load(BytesIO(WEIGHTS.read_bytes()), allow_pickle=False) as held:
            return {name: held[name].astype(np.float32) for name in LAYERS}
    except OSError as error:
        raise WeightsMissing(f"{WEIGHTS.name} is missing, so timing cannot be heard; install maimod again") from error
    except Exception as error:  # a damaged archive raises whatever zipfile, zlib or numpy trip over
        raise WeightsDamaged(f"{WEIGHTS.name} is damaged, so timing cannot be heard; install maimod again") from error
