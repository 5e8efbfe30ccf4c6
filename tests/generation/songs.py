"""Songs made for tests: as features, and as sound."""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

RATE = 16_000


def features(bars: Sequence[float], beat_ms: float = 500.0, start_ms: float = 500.0) -> NDArray[np.uint8]:
    """(frames, 32): four beats a bar, each bar as loud as it says, 0 (silence) to 1."""
    lasting = start_ms + len(bars) * 4 * beat_ms
    frames = np.arange(0, lasting, 10.0)
    bar = np.floor((frames - start_ms) / (4 * beat_ms)).astype(int)
    loud = np.where(bar >= 0, np.array([*bars, 0.0])[bar.clip(0, len(bars))], 0.0)
    since = (frames - start_ms) % (beat_ms / 2)
    level = loud * (150 + 80 * np.exp(-since / 60))
    tilt = np.linspace(1.0, 0.7, 32)
    found: NDArray[np.uint8] = (level[:, None] * tilt).clip(0, 255).astype(np.uint8)
    return found


def sound(seconds: float = 14.0, bpm: float = 120.0, format: str = "WAV", seed: int = 1) -> bytes:  # noqa: A002  soundfile's name
    """An audio file: drums and a melody in 4/4, its first bar at 500 ms."""
    import soundfile

    rng = np.random.default_rng(seed)
    samples = np.zeros(int(seconds * RATE))
    since = np.arange(RATE // 4) / RATE
    beat = 60 / bpm
    for at, begin in enumerate(np.arange(0.5, seconds - 0.3, beat / 2)):
        here = samples[int(begin * RATE) : int(begin * RATE) + len(since)]
        tone = 110 * 2 ** (rng.integers(0, 24) / 12)
        here += 0.2 * np.sin(2 * np.pi * tone * since) * np.exp(-since * 8)
        if at % 2 == 0:
            here += 0.5 * np.sin(2 * np.pi * 60 * since) * np.exp(-since * 25)
        elif at % 4 == 3:
            here += 0.3 * rng.normal(size=len(since)) * np.exp(-since * 30)
    written = BytesIO()
    soundfile.write(written, samples.astype(np.float32), RATE, format=format)
    return written.getvalue()
