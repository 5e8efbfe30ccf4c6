import pytest

from analyzers.rule import Standard
from tests.builder import findings, fixed, kinds, osu_text

RULE = "break-invalid"
CIRCLES = ["0,0,1000,1,0", "0,0,6000,1,0"]


def paused(start: int, end: int, objects: list[str] = CIRCLES) -> str:
    return osu_text(objects, events=[f"2,{start},{end}"])


@pytest.mark.parametrize("start", [1199, 1200, 1300])
def test_a_break_may_start_200_ms_after_the_object_before(start: int) -> None:
    assert findings(RULE, paused(start, 4000)) == []


def test_a_break_2_ms_early_is_moved_to_200_ms_after_the_object() -> None:
    found = findings(RULE, text := paused(1198, 4000))
    assert kinds(found) == [("early-start", "error", 1198)]
    assert "2,1200,4000" in fixed(text, found)


def test_a_break_ends_1200_ms_before_the_next_object_at_ar_5() -> None:
    assert findings(RULE, paused(1200, 4801)) == []
    found = findings(RULE, text := paused(1200, 4802))
    assert kinds(found) == [("late-end", "error", 1200)]
    assert "2,1200,4800" in fixed(text, found)


def test_lazer_wants_450_ms_before_the_next_object() -> None:
    assert findings(RULE, paused(1200, 5551), standard=Standard.LAZER) == []
    assert kinds(findings(RULE, paused(1200, 5552), standard=Standard.LAZER)) == [("late-end", "error", 1200)]


def test_the_gap_before_counts_from_the_start_of_a_slider_and_in_lazer_from_its_end() -> None:
    text = paused(1550, 4000, ["0,0,1000,2,0,L|100:0,1,100", "0,0,6000,1,0"])
    assert findings(RULE, text) == []
    assert kinds(findings(RULE, text, standard=Standard.LAZER)) == [("early-start", "error", 1550)]


@pytest.mark.parametrize(("end", "count"), [(1850, 0), (1849, 1)])
def test_a_break_of_less_than_650_ms_does_nothing_and_goes(end: int, count: int) -> None:
    found = findings(RULE, text := paused(1200, end))
    assert len(found) == count
    if found:
        assert found[0].severity == "warning"
        assert fixed(text, found) == osu_text(CIRCLES)


def test_a_break_over_an_object_ends_late() -> None:
    text = paused(1200, 4000, ["0,0,1000,1,0", "0,0,2000,1,0", "0,0,6000,1,0"])
    assert [finding.kind for finding in findings(RULE, text)] == ["late-end"]


def test_a_break_before_the_first_and_one_after_the_last_object_have_one_neighbour() -> None:
    assert findings(RULE, osu_text(CIRCLES, events=["2,-3000,-200", "2,6200,9000"])) == []
