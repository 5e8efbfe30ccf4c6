import pytest

from formats.beatmap import Beatmap
from formats.mapset import Difficulty
from formats.timing import TimingGrid
from tests.builder import osu_text
from tests.near import near


def grid(*lines: str) -> TimingGrid:
    return Difficulty("a.osu", Beatmap.from_text(osu_text(timing=lines))).timeline.grid


AT_120_BPM = "0,500,4,1,0,100,1,0"


@pytest.mark.parametrize(
    ("time", "tick", "divisor", "error"),
    [
        (500, 500, 1, 0),
        (250, 250, 2, 0),
        (125, 125, 4, 0),
        (166, 166, 3, 0),
        (167, 166, 3, 1),
        (71, 71, 7, 0),
        (-166, -166, 3, 0),
    ],
)
def test_a_stored_time_is_held_against_the_tick_cut_off_to_whole_ms(time: int, tick: int, divisor: int, error: int) -> None:
    snap = grid(AT_120_BPM).snap(time)
    assert (snap.time, snap.divisor, snap.error) == (tick, divisor, error)


def test_a_slider_may_end_between_the_cut_off_tick_and_the_exact_one() -> None:
    one = grid(AT_120_BPM)
    assert one.snap(166.3).error == 0
    assert one.snap(165.5).error == -0.5
    assert one.snap(167.3).error == near(0.6333, within=1e-3)


def test_a_beat_length_of_limited_precision_leaves_both_whole_ms_open() -> None:
    one = grid("0,333.333333333333,4,1,0,100,1,0")
    assert one.snap(999).error == one.snap(1000).error == 0
    assert one.snap(1001).error == 2


def test_the_next_red_line_counts_as_a_tick() -> None:
    one = grid(AT_120_BPM, "1010.5,400,4,1,0,100,1,0")
    assert (one.snap(1010).time, one.snap(1010).error) == (1010, 0)
    assert one.snap(1010, red=0).time == 1000


def test_ticks_go_on_before_the_first_red_line() -> None:
    assert grid("1000,500,4,1,0,100,1,0").snap(875).error == 0


def test_without_a_red_line_ticks_start_at_0() -> None:
    assert TimingGrid([]).snap(500).divisor == 2


def test_a_slider_with_thousands_of_reverses_has_few_edge_times() -> None:
    timeline = Difficulty("a.osu", Beatmap.from_text(osu_text(["0,0,1000,2,0,L|100:0,8000,100"]))).timeline
    assert len(timeline.notes[0].snaps) < 40
    assert timeline.notes[0].edge_times[-1] == timeline.notes[0].end
