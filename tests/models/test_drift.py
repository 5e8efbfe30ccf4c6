"""Notes that lie off the sounds are found, with how far and since when; what is in time is left alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.bundled import onset_network
from models.bundled.audio import mel_features
from models.bundled.drift import Against, Drift, drifts
from models.bundled.onset_network import onset_logits
from models.bundled.onsets import song_delay
from models.bundled.tempo_drift import heard_tempo
from models.errors import WeightsDamaged, WeightsMissing
from tests.models.clicks import click_song, file_of

BEAT = 400.0  # ms
RED = ((0.0, BEAT),)
TIMES = np.array([time for bar in range(50) for time in 1_600.0 * bar + BEAT * np.array([0, 0.5, 1, 2, 2.5, 3, 3.5])])


@cache
def onsets() -> NDArray[np.float32]:
    """A song of 80 s whose decoder lags by 20 ms and that has sounds on notes and on a few other ticks."""
    others = TIMES[::5] + BEAT / 4
    return onset_logits(mel_features(file_of(click_song([*(TIMES + 20), *(others + 20)], 82))))


def moved(first: float, last: float, shift: float) -> NDArray[np.float64]:
    times = TIMES.copy()
    times[(times >= first) & (times < last)] += shift
    return times


def only(found: list[Drift]) -> Drift:
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("red_lines", [RED, ()])
def test_a_map_in_time_is_left_alone(red_lines: tuple[tuple[float, float], ...]) -> None:
    assert drifts(onsets(), TIMES, red_lines) == []


@pytest.mark.parametrize("shift", [15.0, -15.0])
@pytest.mark.parametrize("red_lines", [RED, ()])
def test_a_stretch_that_is_off_is_found(shift: float, red_lines: tuple[tuple[float, float], ...]) -> None:
    found = only(drifts(onsets(), moved(30_000, 40_000, shift), red_lines))
    assert found.shift_ms == pytest.approx(shift, abs=3)
    assert found.start_ms == pytest.approx(30_000, abs=1_000)
    assert found.end_ms == pytest.approx(40_000, abs=1_000)
    assert found.against is (Against.NOTES if red_lines else Against.SECTION)


def test_a_red_line_that_was_moved_alone_is_named() -> None:
    found = only(drifts(onsets(), TIMES, [(12.0, BEAT)]))
    assert found.against is Against.RED_LINE
    assert found.red_line_ms == 12
    assert found.shift_ms == pytest.approx(-12, abs=3)


def test_a_later_red_line_that_was_moved_alone_is_named() -> None:
    found = only(drifts(onsets(), TIMES, [*RED, (40_012.0, BEAT)]))
    assert (found.against, found.red_line_ms) == (Against.RED_LINE, 40_012)
    assert found.start_ms == pytest.approx(40_000, abs=1_000)


def test_a_section_that_is_off_with_its_red_line_is_found() -> None:
    red_lines = [*RED, (30_412.0, BEAT), (46_400.0, BEAT)]
    found = only(drifts(onsets(), moved(30_400, 46_400, 12), red_lines))
    assert (found.against, found.red_line_ms) == (Against.SECTION, 30_412)
    assert found.shift_ms == pytest.approx(12, abs=3)


def test_a_whole_map_is_judged_by_the_delay_of_other_difficulties() -> None:
    delay = song_delay(onsets(), TIMES[::2])
    assert drifts(onsets(), TIMES, RED, delay=delay) == []
    found = only(drifts(onsets(), TIMES + 12, [(12.0, BEAT)], delay=delay))
    assert (found.against, found.red_line_ms) == (Against.MAP, 12)
    assert found.shift_ms == pytest.approx(12, abs=2)


def test_chords_and_order_change_nothing() -> None:
    times = moved(30_000, 40_000, 15)
    assert drifts(onsets(), [*times[::-1], *times], RED) == drifts(onsets(), times, RED)


def test_a_map_in_silence_is_left_alone() -> None:
    silence = onset_logits(np.zeros((8_000, 32), np.uint8))
    assert drifts(silence, TIMES) == []


@pytest.mark.parametrize("times", [[], [float("nan")] * 50, [1e300, -1e300], list(np.arange(5) * 10.0)])
def test_times_that_say_nothing_give_nothing(times: list[float]) -> None:
    assert drifts(onsets(), times, [(float("nan"), float("nan")), (0.0, 0.0), (1e300, -1.0)]) == []


def test_a_song_that_ends_before_the_map_gives_nothing_beyond_its_end() -> None:
    assert all(drift.end_ms < 40_000 for drift in drifts(onsets()[:4_000], moved(50_000, 60_000, 15), RED))


def test_a_network_that_is_missing_or_damaged_gives_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "onset_network.npz"
    monkeypatch.setattr(onset_network, "WEIGHTS", damaged)
    for data, trouble in ((None, WeightsMissing), (b"", WeightsDamaged), (b"PK\x03\x04 no archive", WeightsDamaged)):
        onset_network.weights.cache_clear()
        if data is not None:
            damaged.write_bytes(data)
        with pytest.raises(trouble, match=r"^onset_network.npz is \w+, so timing cannot be heard; install maimod again$"):
            onset_logits(np.zeros((100, 32), np.uint8))
    onset_network.weights.cache_clear()


@pytest.mark.parametrize("wrong", [0.2, -0.2, 1.0])
@pytest.mark.parametrize("along", [False, True])
def test_a_tempo_that_the_music_does_not_keep_is_told_with_the_right_one(wrong: float, along: bool) -> None:
    beat = 60_000 / (60_000 / BEAT + wrong)
    found = only(drifts(onsets(), TIMES * beat / BEAT if along else TIMES, [(0.0, beat)]))
    assert found.against is Against.TEMPO
    assert found.beat_ms == pytest.approx(BEAT, abs=0.05)
    assert found.red_line_ms == 0
    # Ticks of a grid that is too fast come before the music.
    assert found.shift_ms * wrong < 0


@pytest.mark.parametrize(("bpm", "told"), [(128.0, 128.0), (128.5, 128.5), (128.31, None)])
def test_songs_near_a_whole_or_half_bpm_are_made_at_that(bpm: float, told: float | None) -> None:
    curve = np.zeros(9_000)
    curve[np.round(np.arange(0.0, 90_000, 60_000 / bpm) / 10).astype(int)[:-1]] = 1
    heard = heard_tempo(curve, 0.0, 90_000.0, 60_000 / 128.6)
    assert heard is not None
    assert heard.bpm == told if told is not None else heard.bpm == pytest.approx(bpm, abs=0.02)


def test_a_red_line_5_ms_off_its_notes_is_found() -> None:
    found = only(drifts(onsets(), TIMES, [(5.0, BEAT)]))
    assert found.against is Against.RED_LINE
    assert found.shift_ms == pytest.approx(-5, abs=0.5)
