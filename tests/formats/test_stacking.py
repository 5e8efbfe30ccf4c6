import pytest

from formats.beatmap import Beatmap
from formats.stacking import Stacking
from formats.timeline import Timeline
from tests.builder import osu_text
from tests.near import near

# Approach rate 5 and leniency 0.7: notes up to 840 ms apart stack.
SLIDER = "100,100,1000,2,0,L|200:100,1,100"


def heights(*objects: str, version: int = 14) -> list[int]:
    return Stacking(Timeline(Beatmap.from_text(osu_text(objects, version=version)))).heights


def test_circles_on_one_place_pile_up_towards_the_first() -> None:
    assert heights("100,100,1000,1,0", "100,100,1500,1,0", "102,100,2000,1,0") == [2, 1, 0]


@pytest.mark.parametrize(("x", "time", "stacked"), [(102, 1840, 1), (103, 1840, 0), (100, 1841, 0)])
def test_notes_stack_only_when_they_are_near_in_place_and_time(x: int, time: int, stacked: int) -> None:
    assert heights("100,100,1000,1,0", f"{x},100,{time},1,0") == [stacked, 0]


def test_two_interwoven_stacks_stay_apart() -> None:
    assert heights("0,0,1000,1,0", "99,0,1100,1,0", "0,0,1200,1,0", "99,0,1300,1,0") == [1, 1, 0, 0]


def test_circles_on_the_tail_of_a_slider_lie_below_it() -> None:
    assert heights(SLIDER, "200,100,1600,1,0", "200,100,1700,1,0") == [0, -1, -2]


def test_a_circle_under_the_head_of_a_slider_is_raised() -> None:
    assert heights("100,100,900,1,0", SLIDER) == [1, 0]


def test_a_slider_that_ends_under_another_is_raised() -> None:
    assert heights(SLIDER, "200,100,1600,2,0,L|300:100,1,100") == [1, 0]


def test_a_reversed_slider_ends_at_its_head() -> None:
    assert heights("100,100,1000,2,0,L|200:100,2,100", "100,100,2100,1,0") == [0, -1]


def test_spinners_take_no_part() -> None:
    assert heights("256,192,1000,1,0", "256,192,1100,12,0,1200", "256,192,1300,1,0") == [1, 0, 0]


def test_the_first_versions_stacked_forwards() -> None:
    assert heights("100,100,1000,1,0", "100,100,1100,1,0", "100,100,1200,1,0", version=5) == [2, 1, 0]
    assert heights(SLIDER, "200,100,1600,1,0", "200,100,1700,1,0", version=5) == [0, -1, -2]


def test_each_step_moves_a_note_by_a_tenth_of_its_radius() -> None:
    line = Timeline(Beatmap.from_text(osu_text(["100,100,1000,1,0", "100,100,1100,1,0"])))
    stacking = Stacking(line, radius=20)
    assert (stacking.position(0), stacking.position(1)) == ((98, 98), (100, 100))
    assert Stacking(line).offset(0) == near(-3.648)


def test_the_tail_moves_with_its_note() -> None:
    line = Timeline(Beatmap.from_text(osu_text(["100,100,900,1,0", SLIDER])))
    assert Stacking(line, radius=10).end_position(1) == (200, 100)
    assert Stacking(line, radius=10).end_position(0) == (99, 99)


def test_a_mod_may_shorten_the_time_within_which_notes_stack() -> None:
    line = Timeline(Beatmap.from_text(osu_text(["100,100,1000,1,0", "100,100,1700,1,0"])))
    assert Stacking(line).heights == [1, 0]
    assert Stacking(line, preempt=450).heights == [0, 0]
    assert Stacking(line, leniency=0).heights == [0, 0]


@pytest.mark.parametrize("version", [5, 14])
def test_very_many_notes_at_once_cost_little(version: int) -> None:
    objects = [f"{number * 7 % 512},{number * 13 % 384},1000,1,0" for number in range(20_000)]
    line = Timeline(Beatmap.from_text(osu_text(objects, version=version)))
    assert len(Stacking(line).heights) == 20_000
