"""A song's sound as the model hears it: 32 log-mel bands every 10 ms, one byte each.

Mono (mean of the channels) at 16 kHz; frames of 512 samples every 160, frame i centred on i * 10 ms, zeros beyond both ends,
periodic Hann window; power |X|² through 32 triangular HTK-mel filters of unit height from 30 Hz to 8 kHz;
dB = 10 log10(power + 1e-10); byte = clip(round((dB + 60) * 255 / 110), 0, 255).
"""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from math import log10
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.errors import UnreadableAudio

if TYPE_CHECKING:
    from soundfile import SoundFile

RATE, FRAME, HOP, BANDS = 16_000, 512, 160, 32  # Hz, samples, samples
LOW, HIGH = 30.0, 8_000.0  # Hz
# No song is longer; a file that claims to be (or a bomb of silence) would cost minutes.
LONGEST = 2 * 60 * 60  # s
# Samples that are decoded at a time, all channels together: 512 kB.
BLOCK = 1 << 17
# Frames that are transformed at a time.
FRAMES_AT_ONCE = 1024


def mel_features(data: bytes, pause: Callable[[], object] = lambda: None) -> NDArray[np.uint8]:
    """The features of an audio file's bytes (ogg, mp3, wav, flac, …), uint8 of shape (frames, 32), in bounded memory.

    `pause` is called every ten seconds of the song; what it raises ends the work. Raises `UnreadableAudio` where the bytes cannot
    be decoded or last longer than two hours.
    """
    parts: list[NDArray[np.uint8]] = []
    for part in _bytes_of(_framed(_resampled(data))):
        pause()
        parts.append(part)
    return np.concatenate(parts) if parts else np.zeros((0, BANDS), np.uint8)


def _resampled(data: bytes) -> Iterator[NDArray[np.float32]]:
    """The song as blocks of mono samples at 16 kHz."""
    try:
        import soundfile
        import soxr
    except (ImportError, OSError) as error:
        raise UnreadableAudio(f"the audio cannot be decoded, because a library is missing: {error}") from error
    try:
        with soundfile.SoundFile(BytesIO(data)) as song:
            stream = soxr.ResampleStream(song.samplerate, RATE, 1, dtype="float32")
            for block in _mono(song):
                yield stream.resample_chunk(block)
            yield stream.resample_chunk(np.zeros(0, np.float32), last=True)
    except (RuntimeError, ValueError, TypeError) as error:
        reason = str(getattr(error, "error_string", error)).rstrip(".")  # libsndfile's own, without the name of the buffer
        raise UnreadableAudio(f"the audio cannot be decoded: {reason}") from error


def _mono(song: SoundFile) -> Iterator[NDArray[np.float32]]:
    length = 0
    while True:
        block = song.read(max(BLOCK // song.channels, 1), dtype="float32", always_2d=True)
        if not len(block):
            return
        length += len(block)
        if length > LONGEST * song.samplerate:
            raise UnreadableAudio(f"the audio is longer than {LONGEST // 3600} hours; maimod hears songs up to that length")
        mono = block.mean(axis=1)
        yield mono if np.isfinite(mono).all() else np.nan_to_num(mono, nan=0.0, posinf=0.0, neginf=0.0)


def _framed(blocks: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """Overlapping frames of the samples with half a frame of zeros at both ends, in groups of shape (n, 512)."""
    padding = np.zeros(FRAME // 2, np.float32)
    waiting, held = [padding], FRAME // 2
    for block in blocks:
        waiting.append(block)
        held += len(block)
        if held >= FRAMES_AT_ONCE * HOP + FRAME:
            samples = np.concatenate(waiting)
            yield _frames(samples)
            rest = samples[(len(samples) - FRAME) // HOP * HOP + HOP :]
            waiting, held = [rest], len(rest)
    samples = np.concatenate([*waiting, padding])
    if len(samples) >= FRAME:
        yield _frames(samples)


def _frames(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP]


def _bytes_of(groups: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.uint8]]:
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    filters = _filters().T
    for frames in groups:
        for start in range(0, len(frames), FRAMES_AT_ONCE):
            power = np.abs(np.fft.rfft(frames[start : start + FRAMES_AT_ONCE] * window, axis=1)) ** 2 @ filters
            decibels = 10 * np.log10(power + 1e-10)
            yield np.clip(np.round((decibels + 60) * 255 / 110), 0, 255).astype(np.uint8)


@cache
def _filters() -> NDArray[np.float32]:
    """Triangles of unit height, shape (32, 257)."""
    low, high = (2595 * log10(1 + hertz / 700) for hertz in (LOW, HIGH))
    edges: NDArray[np.float64] = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(FRAME, 1 / RATE)
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles: NDArray[np.float32] = np.maximum(0, np.minimum(rise, fall)).astype(np.float32)
    return triangles
