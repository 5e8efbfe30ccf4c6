from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.beatmap import Beatmap
from formats.timing import TimingGrid
from tests.builder import osu_text

RED = "0,500,4,1,0,100,1,0"


def grid(*lines: str, offset: float = 0) -> TimingGrid:
    return TimingGrid(Beatmap.from_text(osu_text(timing=lines)).timing_points, offset)


def test_without_any_line_the_game_plays_60_bpm_at_full_volume() -> None:
    empty = grid()
    assert (empty.beat_length_at(0), empty.slider_velocity_at(0), empty.volume_at(0)) == (1000, 1, 100)
    assert empty.red_at(0) is None
    assert empty.beat_at(2500) == 2.5


def test_the_first_red_line_holds_before_it_too() -> None:
    late = grid("1000,400,3,1,0,100,1,0", "2000,300,4,1,0,100,1,0")
    assert [late.beat_length_at(time) for time in (0, 1000, 1999, 2000)] == [400, 400, 400, 300]
    assert late.beat_at(600) == -1


@pytest.mark.parametrize(("beat_length", "held"), [("0", 6), ("-20", 6), ("5", 6), ("6", 6), ("90000", 60_000)])
def test_a_beat_is_held_between_6_ms_and_a_minute(beat_length: str, held: float) -> None:
    assert grid(f"0,{beat_length},4,1,0,100,1,0").beat_length_at(0) == held


def test_a_red_line_resets_the_slider_velocity() -> None:
    changes = grid(RED, "1000,-50,4,1,0,100,0,0", "2000,500,4,1,0,100,1,0")
    assert [changes.slider_velocity_at(time) for time in (999, 1000, 2000)] == [1, 2, 1]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_green_line_holds_over_a_red_one_at_the_same_time(swapped: bool) -> None:
    lines = ["1000,500,4,1,0,100,1,0", "1000,-50,4,1,0,60,0,1"]
    both = grid(*(reversed(lines) if swapped else lines))
    assert (both.slider_velocity_at(1000), both.volume_at(1000), both.kiai_at(1000)) == (2, 60, True)
    assert both.beat_length_at(1000) == 500


def test_a_green_line_ahead_of_the_first_red_one_counts() -> None:
    early = grid("-1000,-200,4,1,0,30,0,0", RED)
    assert (early.slider_velocity_at(-500), early.volume_at(-2000), early.slider_velocity_at(0)) == (0.5, 30, 1)


def test_lines_are_sorted_by_time() -> None:
    assert [point.time for point in grid("2000,-50,4,1,0,9,0,0", RED).points] == [0, 2000]


def test_a_sample_plays_with_the_line_up_to_5_ms_behind_it() -> None:
    changes = grid(RED, "1000,-100,4,2,0,40,0,0")
    assert [changes.volume_at(time) for time in (994, 995, 1000)] == [100, 40, 40]


def test_a_green_line_without_a_number_stops_slider_ticks() -> None:
    odd = grid(RED, "1000,NaN,4,1,0,100,0,0", "2000,-100,4,1,0,100,0,0")
    assert [odd.ticks_generated_at(time) for time in (0, 1000, 2000)] == [True, False, True]


def test_kiai_sections_reach_to_the_line_that_ends_them() -> None:
    kiai = grid(RED, "1000,-100,4,1,0,100,0,1", "2000,-100,4,1,0,100,0,1", "3000,-100,4,1,0,100,0,0", "4000,500,4,1,0,100,1,1")
    assert kiai.kiai_spans == [(1000, 3000), (4000, inf)]


def test_times_of_old_versions_are_shifted() -> None:
    old = grid("1000,500,4,1,0,100,1,0", offset=24)
    assert old.red_times == [1024]
    assert old.time_of(old.points[0]) == 1024


@given(st.integers(-100_000, 10_000_000), st.floats(6, 2_000), st.integers(-5_000, 5_000))
def test_no_time_is_further_from_a_tick_than_half_the_finest_step(time: int, beat: float, start: int) -> None:
    snap = grid(f"{start},{beat},4,1,0,100,1,0").snap(time)
    assert abs(snap.error) <= beat / 32 + 1.01
    assert 1 <= snap.divisor <= 16
