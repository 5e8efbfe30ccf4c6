"""Songs become features block by block, exactly as their definition says of the whole."""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

import tracemalloc
from math import log10

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from models.bundled import audio
from models.bundled.audio import mel_features
from models.errors import UnreadableAudio
from tests.models.clicks import click_song, file_of


def defined(samples: NDArray[np.float32], rate: int) -> NDArray[np.uint8]:
    """The definition in one go."""
    mono = soxr.resample(samples if samples.ndim == 1 else samples.mean(axis=1), rate, 16_000)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(mono, 256), 512)[::160]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(512) / 512)
    low, high = (2595 * log10(1 + hertz / 700) for hertz in (30, 8_000))
    mels: NDArray[np.float64] = np.linspace(low, high, 34)
    edges, bins = 700 * (10 ** (mels / 2595) - 1), np.arange(257) * 16_000 / 512
    filters = [np.interp(bins, edges[band : band + 3], (0, 1, 0)) for band in range(32)]
    power = np.abs(np.fft.rfft(frames * window)) ** 2 @ np.transpose(filters)
    whole: NDArray[np.uint8] = np.clip(np.round((10 * np.log10(power + 1e-10) + 60) * 255 / 110), 0, 255).astype(np.uint8)
    return whole


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_blocks_give_what_the_whole_gives(rate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "BLOCK", 10_007)
    monkeypatch.setattr(audio, "FRAMES_AT_ONCE", 64)
    song = click_song(range(100, 6_000, 333), 6.3, rate)
    difference = mel_features(file_of(song, rate)).astype(int) - defined(song, rate)
    assert np.abs(difference).max() <= 1


def test_channels_are_averaged() -> None:
    left, right = click_song([500], 2), click_song([1_200], 2)
    stereo = np.stack([left, right], axis=1)
    assert np.abs(mel_features(file_of(stereo)).astype(int) - defined(stereo, 16_000)).max() <= 1


@pytest.mark.parametrize(("kind", "subtype"), [("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"), ("FLAC", "PCM_16")])
def test_formats_of_songs_are_read(kind: str, subtype: str) -> None:
    features = mel_features(file_of(click_song([1_000], 2, 44_100), 44_100, kind, subtype))
    loudest = int(features.astype(int).sum(axis=1).argmax())
    assert len(features) == pytest.approx(201, abs=10)
    assert 98 <= loudest <= 106


def test_samples_that_are_no_numbers_are_silence() -> None:
    song = click_song([1_000], 2)
    song[:8_000] = np.nan
    assert not mel_features(file_of(song))[2:45].any()


@pytest.mark.parametrize("data", [b"", b"RIFF", b"no music" * 500])
def test_what_is_no_audio_gives_one_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableAudio, match=r"^the audio cannot be decoded: [A-Z][^<>]+$"):
        mel_features(data)


def test_a_song_beyond_the_longest_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "LONGEST", 1)
    with pytest.raises(UnreadableAudio, match="longer than"):
        mel_features(file_of(click_song([], 1.1)))


def test_an_empty_song_has_its_first_frame_at_most() -> None:
    assert len(mel_features(file_of(np.zeros(0, np.float32)))) <= 1


def test_memory_does_not_grow_with_the_song() -> None:
    song = file_of(np.zeros(8_000 * 600, np.float32), 8_000, subtype="PCM_U8")
    tracemalloc.start()
    assert len(mel_features(song)) == 60_001
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The features themselves take 2 MB; ten minutes of samples would be 38 MB as they are and 1 GB as frames.
    assert peak < 30_000_000
