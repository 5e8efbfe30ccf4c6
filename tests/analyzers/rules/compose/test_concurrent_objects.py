import pytest

from analyzers.rule import Standard
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "concurrent-objects"


def circles(*times: int, mode: Mode = Mode.OSU) -> str:
    return osu_text([f"64,192,{time},1,0" for time in times], mode=mode)


def test_circles_at_one_time_are_concurrent() -> None:
    assert kinds(findings(RULE, circles(1000, 1000))) == [("concurrent", "error", 1000)]


@pytest.mark.parametrize(("gap", "found"), [(1, True), (10, True), (11, False)])
def test_circles_up_to_10_ms_apart_are_almost_concurrent(gap: int, found: bool) -> None:
    expected = [("almost-concurrent", "error", 1000)] if found else []
    assert kinds(findings(RULE, circles(1000, 1000 + gap))) == expected


@pytest.mark.parametrize(("gap", "found"), [(30, True), (31, False)])
def test_one_column_of_mania_needs_more_than_30_ms(gap: int, found: bool) -> None:
    assert bool(findings(RULE, circles(1000, 1000 + gap, mode=Mode.MANIA))) is found


def test_columns_of_mania_are_apart() -> None:
    assert findings(RULE, osu_text(["64,192,1000,1,0", "192,192,1000,1,0"], mode=Mode.MANIA)) == []


def test_a_circle_inside_a_slider_is_concurrent_with_it() -> None:
    found = findings(RULE, osu_text(["64,192,1000,2,0,L|164:192,1,100", "64,192,1250,1,0", "64,192,2000,1,0"]))
    assert kinds(found) == [("concurrent", "error", 1000)]
    assert "slider at 00:01:000 and the circle at 00:01:250" in found[0].message
    assert "250 ms before" in found[0].message


def test_a_spinner_may_follow_after_1_ms() -> None:
    assert findings(RULE, osu_text(["64,192,1000,1,0", "256,192,1001,12,0,3000"])) == []
    assert findings(RULE, osu_text(["64,192,1000,1,0", "256,192,1000,12,0,3000"])) != []


@pytest.mark.parametrize(("gap", "kind"), [(2, "concurrent"), (3, "almost-concurrent"), (9, "almost-concurrent"), (10, None)])
def test_lazer_calls_2_ms_concurrent_and_names_the_later_object(gap: int, kind: str | None) -> None:
    expected = [(kind, "error", 1000 + gap)] if kind else []
    assert kinds(findings(RULE, circles(1000, 1000 + gap), standard=Standard.LAZER)) == expected


def test_the_second_of_two_equal_circles_can_be_deleted() -> None:
    text = circles(1000, 1000)
    mended = fixed(text, findings(RULE, text))
    assert mended.count("64,192,1000,1,0") == 1
    assert findings(RULE, mended) == []


def test_different_objects_at_one_time_are_left_to_the_mapper() -> None:
    assert findings(RULE, osu_text(["64,192,1000,1,0", "100,192,1000,1,0"]))[0].fixes == ()
