import pytest

from analyzers.finding import Safety
from analyzers.rule import Standard
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "object-unsnapped"


def circle(time: float) -> str:
    return f"256,192,{time},1,0"


def slider(time: int, length: float, slides: int = 1) -> str:
    """A slider on the builder's grid: 1 osu!pixel lasts 5 ms."""
    return f"100,192,{time},2,0,L|400:192,{slides},{length}"


@pytest.mark.parametrize("time", [1000, 1125, 1250, 1166, 1333, 1055, 1071, 1100, 1031, 1041])
def test_ticks_of_all_divisors_are_snapped(time: int) -> None:
    assert findings(RULE, osu_text([circle(time)])) == []


@pytest.mark.parametrize(
    ("time", "kind", "severity"),
    [
        (1001, "slightly-unsnapped", "information"),
        (999, "slightly-unsnapped", "information"),
        (1002, "unsnapped", "error"),
        (998, "unsnapped", "error"),
        (1167, "slightly-unsnapped", "information"),
    ],
)
def test_1_ms_off_is_a_remark_and_2_ms_an_error(time: int, kind: str, severity: str) -> None:
    assert kinds(findings(RULE, osu_text([circle(time)]))) == [(kind, severity, time)]


def test_the_message_names_distance_and_tick() -> None:
    (found,) = findings(RULE, osu_text([circle(1253)]))
    assert found.message == "This circle is 3 ms after the nearest tick (1/2)."


def test_lazer_holds_times_against_the_exact_tick() -> None:
    assert findings(RULE, osu_text([circle(1167)]), standard=Standard.LAZER) == []


def test_head_and_tail_of_a_slider_are_told_apart() -> None:
    found = findings(RULE, osu_text([slider(1002, 100.15)]))
    assert kinds(found) == [("unsnapped", "error", 1002), ("unsnapped", "error", 1502.75)]
    assert "head" in found[0].message
    assert "tail is 2.75 ms after the nearest tick (1/1)" in found[1].message


def test_a_slider_whose_end_is_less_than_1_ms_off_is_snapped() -> None:
    assert findings(RULE, osu_text([slider(1000, 100.19), slider(2000, 99.81)])) == []


def test_the_first_reverse_off_the_grid_speaks_for_all() -> None:
    found = findings(RULE, osu_text([slider(1000, 102, slides=4)]))
    assert [finding.message.split(" is ")[0] for finding in found] == ["A reverse of this slider", "This slider's tail"]


def test_a_slider_may_end_within_2_ms_of_a_red_line_off_the_grid() -> None:
    timing = ["0,500,4,1,0,100,1,0", "1175,500,4,1,0,100,1,0"]
    assert findings(RULE, osu_text([slider(1000, 34.7)], timing)) == []
    assert kinds(findings(RULE, osu_text([slider(1000, 34.4)], timing))) == [("unsnapped", "error", 1172)]


def test_ends_of_spinners_and_long_notes_count() -> None:
    assert kinds(findings(RULE, osu_text(["256,192,1000,12,0,2003"]))) == [("unsnapped", "error", 2003)]
    text = osu_text(["64,192,1000,128,0,2003:0:0:0:0:"], mode=Mode.MANIA)
    found = findings(RULE, text)
    assert kinds(found) == [("unsnapped", "error", 2003)]
    assert "64,192,1000,128,0,2000:0:0:0:0:" in fixed(text, found)


def test_a_circle_1_ms_off_moves_safely() -> None:
    text = osu_text([circle(1251)])
    found = findings(RULE, text)
    assert found[0].fixes[0].safety is Safety.SAFE
    assert fixed(text, found) == osu_text([circle(1250)])


def test_a_circle_far_off_moves_on_request_only() -> None:
    assert findings(RULE, osu_text([circle(1257)]))[0].fixes[0].safety is Safety.UNSAFE


def test_a_green_line_at_the_object_moves_along() -> None:
    text = osu_text([circle(1251)], ["0,500,4,1,0,100,1,0", "1251,-50,4,1,0,100,0,0"])
    assert "1250,-50,4,1,0,100,0,0" in fixed(text, findings(RULE, text))


def test_a_line_between_object_and_tick_makes_the_move_unsafe() -> None:
    text = osu_text([circle(1252)], ["0,500,4,1,0,100,1,0", "1251,-50,4,1,0,100,0,0"])
    assert findings(RULE, text)[0].fixes[0].safety is Safety.UNSAFE


def test_moving_a_head_keeps_a_snapped_tail_snapped() -> None:
    text = osu_text([slider(1002, 99.6)])
    found = findings(RULE, text)
    assert kinds(found) == [("unsnapped", "error", 1002)]
    assert found[0].fixes[0].safety is Safety.UNSAFE
    assert findings(RULE, fixed(text, found)) == []


def test_a_tail_is_mended_by_length() -> None:
    text = osu_text([slider(1000, 102)])
    found = findings(RULE, text)
    assert found[0].fixes[0].safety is Safety.UNSAFE
    assert fixed(text, found) == osu_text([slider(1000, 100)])


def test_a_reverse_alone_is_mended_by_length() -> None:
    text = osu_text([slider(1000, 48.6, slides=2)])
    found = findings(RULE, text)
    assert findings(RULE, fixed(text, found[-1:])) == []


def test_times_before_version_5_are_moved_in_the_file() -> None:
    text = osu_text([circle(1251)], version=4)
    assert fixed(text, findings(RULE, text)) == osu_text([circle(1250)], version=4)


def test_more_than_twenty_slips_are_one_remark() -> None:
    text = osu_text([circle(1001 + 500 * number) for number in range(21)])
    found = findings(RULE, text)
    assert kinds(found) == [("many-slightly-unsnapped", "information", 1001)]
    assert "21 heads" in found[0].message
    assert findings(RULE, fixed(text, found)) == []
    assert len(findings(RULE, osu_text([circle(1001 + 500 * number) for number in range(20)]))) == 20
