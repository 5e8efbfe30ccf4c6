from __future__ import annotations

import numpy as np
import pytest

from generation.song_parts import bars_of, parts_of
from models.bundled.scenes import Beats
from tests.generation import songs


def beats(*stretches: tuple[float, float, float]) -> Beats:
    starts, lengths, meters = (np.array(each) for each in zip(*stretches, strict=True))
    nothing = np.zeros(len(starts))
    return Beats(starts, lengths, nothing, nothing, meters)


STEADY = beats((500.0, 500.0, 4.0))


def test_the_loud_part_has_kiai_from_bar_to_bar_and_the_preview() -> None:
    bars = [0.6] * 16 + [1.0] * 16 + [0.6] * 16
    parts = parts_of(songs.features(bars), STEADY)
    assert parts.kiai == ((500 + 16 * 2000, 500 + 32 * 2000),)
    assert parts.preview == 500 + 16 * 2000
    assert parts.rests == ()


def test_both_choruses_have_kiai() -> None:
    bars = ([0.6] * 12 + [1.0] * 8) * 2 + [0.6] * 8
    parts = parts_of(songs.features(bars), STEADY)
    assert [round((begin - 500) / 2000) for begin, _ in parts.kiai] == [12, 32]


def test_the_map_rests_with_the_song_and_ends_with_it() -> None:
    bars = [0.0] * 2 + [0.9] * 12 + [0.1] * 4 + [0.9] * 12 + [0.0] * 3
    parts = parts_of(songs.features(bars), STEADY)
    assert parts.rests == ((500 + 14 * 2000, 500 + 18 * 2000),)
    assert parts.start == pytest.approx(500 + 2 * 2000, abs=20)
    assert parts.end == pytest.approx(500 + 30 * 2000, abs=20)


def test_louder_bars_are_busier() -> None:
    parts = parts_of(songs.features([0.5] * 12 + [1.0] * 12), STEADY)
    share = dict(parts.busy)
    assert share[parts.bars[2]] < 1 < share[parts.bars[20]]


def test_a_song_without_sound_has_no_parts() -> None:
    parts = parts_of(songs.features([0.0] * 8), STEADY)
    assert parts.end <= parts.start
    assert parts.kiai == ()


def test_bars_follow_the_tempo() -> None:
    found = bars_of(beats((1000.0, 500.0, 4.0), (9000.0, 400.0, 3.0)), 13_000.0)
    assert found.tolist() == [1000.0, 3000.0, 5000.0, 7000.0, 9000.0, 10_200.0, 11_400.0, 12_600.0, 13_000.0]


def test_a_song_with_more_sounds_is_livelier() -> None:
    # A sound each half beat.
    calm, lively = (
        parts_of(songs.features([0.8] * 16, beat_ms), beats((500.0, beat_ms, 4.0))).strokes for beat_ms in (1000.0, 250.0)
    )
    assert calm == pytest.approx(2.0, rel=0.05)
    assert lively == pytest.approx(8.0, rel=0.05)


def test_something_is_held_in_a_bar_where_nothing_begins() -> None:
    bars = [0.9] * 12
    song = songs.features(bars)
    first, stop = (round((500 + at * 2000) / 10) for at in (8, 9))
    song[first + 5 : stop] = song[first + 5]
    parts = parts_of(song, STEADY)
    assert parts.held == ((500 + 8 * 2000, 500 + 9 * 2000),)
    assert parts_of(songs.features(bars), STEADY).held == ()


def test_the_part_with_less_sound_is_calm() -> None:
    parts = parts_of(songs.features([0.7] * 12 + [0.5] * 6 + [0.75] * 12), STEADY)
    ((begin, until),) = parts.calm
    assert 500 + 10 * 2000 <= begin < until <= 500 + 20 * 2000
