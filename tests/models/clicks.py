"""Synthesised songs: clicks at given times over a little noise, as the bytes of an audio file."""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import numpy as np
import soundfile
from numpy.typing import NDArray


def click_song(times_ms: Iterable[float], seconds: float, rate: int = 16_000) -> NDArray[np.float32]:
    """Mono samples with a decaying 880 Hz click and a hiss at each time."""
    dice = np.random.default_rng(7)
    song = dice.normal(0, 0.003, int(rate * seconds)).astype(np.float32)
    age = np.arange(rate // 10) / rate
    click = (np.exp(-age * 40) * (np.sin(2 * np.pi * 880 * age) + 0.3 * dice.uniform(-1, 1, len(age)))).astype(np.float32)
    for time in times_ms:
        start = round(time * rate / 1000)
        song[start : start + len(click)] += 0.5 * click[: max(len(song) - start, 0)]
    return np.clip(song, -1, 1)


def file_of(samples: NDArray[np.float32], rate: int = 16_000, kind: str = "WAV", subtype: str | None = "FLOAT") -> bytes:
    file = BytesIO()
    with soundfile.SoundFile(file, "w", rate, 1 if samples.ndim == 1 else samples.shape[1], subtype, format=kind) as song:
        for start in range(0, len(samples), rate):
            song.write(samples[start : start + rate])
    return file.getvalue()
