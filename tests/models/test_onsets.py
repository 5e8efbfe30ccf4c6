"""Where sounds begin, and what stands around a note."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from models.bundled.audio import mel_features
from models.bundled.onset_network import onset_logits
from models.bundled.onsets import USUAL_DELAY, at, note_patches, onset_strength, song_delay
from tests.models.clicks import click_song, file_of

Curve = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
NOTES = [1_000.0 + 300 * number + 37 * (number % 3) for number in range(60)]


def test_a_patch_holds_the_frames_around_its_note() -> None:
    features = np.random.default_rng(1).integers(0, 256, (100, 32), np.uint8)
    centred = features / 255 - features.mean(axis=0) / 255
    (patch,) = note_patches(features, [504.0], delay=6.0)
    assert np.allclose(patch, centred[48:56], atol=1e-5)


def test_a_patch_between_frames_is_interpolated() -> None:
    features = np.random.default_rng(1).integers(0, 256, (100, 32), np.uint8)
    early, late, between = note_patches(features, [500.0, 510.0, 502.5])
    assert np.allclose(between, 0.75 * early + 0.25 * late, atol=1e-5)


@pytest.mark.parametrize("time", [-5_000.0, 1e300, float("nan"), float("-inf")])
def test_outside_of_the_song_is_silence(time: float) -> None:
    features = np.full((100, 32), 200, np.uint8)
    features[::2] = 100
    assert not note_patches(features, [time]).any()


def test_patches_at_the_songs_edges_are_half_silent() -> None:
    features = np.full((100, 32), 200, np.uint8)
    features[50:] = 100
    first, last = note_patches(features, [0.0, 990.0])
    assert not first[:3].any()
    assert first[3:].all()
    assert last[:4].all()
    assert not last[4:].any()


def test_a_song_without_frames_gives_silent_patches() -> None:
    assert note_patches(np.zeros((0, 32), np.uint8), [0.0, 10.0]).shape == (2, 8, 32)


def test_clicks_are_the_strongest_onsets() -> None:
    strength = onset_strength(mel_features(file_of(click_song(NOTES, 22))))
    clicks = np.rint(np.array(NOTES) / 10).astype(int)
    assert np.median(strength[clicks]) > 10 * np.median(strength)


@pytest.mark.parametrize("curve", [onset_strength, onset_logits])
@pytest.mark.parametrize("late", [-20.0, 0.0, 13.0, 45.0])
def test_the_delay_is_found_between_the_frames(curve: Curve, late: float) -> None:
    still = song_delay(curve(mel_features(file_of(click_song(NOTES, 22)))), NOTES)
    delayed = song_delay(curve(mel_features(file_of(click_song([time + late for time in NOTES], 22)))), NOTES)
    assert delayed - still == pytest.approx(late, abs=1.5)


def test_twelve_notes_are_enough_for_the_delay() -> None:
    onsets = onset_logits(mel_features(file_of(click_song([time + 13 for time in NOTES], 22))))
    assert song_delay(onsets, NOTES[:12]) == pytest.approx(song_delay(onsets, NOTES), abs=3)


def test_without_notes_or_sounds_the_delay_is_the_usual_one() -> None:
    silence = onset_strength(np.zeros((500, 32), np.uint8))
    assert song_delay(silence, NOTES) == pytest.approx(USUAL_DELAY, abs=0.1)
    assert song_delay(silence, [float("nan"), 1e300]) == pytest.approx(USUAL_DELAY, abs=0.1)


def test_a_curve_is_smooth_between_its_frames() -> None:
    wave = np.sin(np.arange(50) / 3).astype(np.float32)
    times = np.arange(100.0, 400.0, 3)
    assert np.allclose(at(wave, times), np.sin(times / 30), atol=0.01)


def test_long_songs_are_heard_in_parts_without_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    features = mel_features(file_of(click_song(NOTES, 22)))
    whole = onset_logits(features)
    monkeypatch.setattr("models.bundled.onset_network.FRAMES_AT_ONCE", 100)
    assert np.allclose(onset_logits(features), whole, atol=1e-4)
