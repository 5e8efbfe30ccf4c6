import pytest

from analyzers.finding import Safety
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "kiai-unsnapped"
RED = "0,500,4,1,0,100,1,0"


def kiai(start: int, end: int) -> list[str]:
    return [RED, f"{start},-100,4,1,0,100,0,1", f"{end},-100,4,1,0,100,0,0"]


@pytest.mark.parametrize(
    ("start", "mode", "severity"),
    [
        (2009, Mode.OSU, "information"),
        (2010, Mode.OSU, "warning"),
        (2004, Mode.TAIKO, "information"),
        (2005, Mode.TAIKO, "warning"),
    ],
)
def test_a_start_far_off_is_a_warning(start: int, mode: Mode, severity: str) -> None:
    (found,) = findings(RULE, osu_text(timing=kiai(start, 4000), mode=mode))
    assert (found.severity, found.time_ms) == (severity, start)


def test_an_end_off_the_grid_is_a_remark() -> None:
    assert kinds(findings(RULE, osu_text(timing=kiai(2000, 4012)))) == [("kiai-end-unsnapped", "information", 4012)]


def test_snapped_kiai_is_fine() -> None:
    assert findings(RULE, osu_text(timing=kiai(2166, 4125))) == []


def test_a_line_that_continues_kiai_may_stand_anywhere() -> None:
    timing = [RED, "2000,-100,4,1,0,100,0,1", "3017,-100,4,1,0,60,0,1", "4000,-100,4,1,0,100,0,0"]
    assert findings(RULE, osu_text(timing=timing)) == []


def test_a_green_line_that_keeps_kiai_over_a_red_one_ends_nothing() -> None:
    timing = [RED, "2000,-100,4,1,0,100,0,1", "3013,400,4,1,0,100,1,0", "3013,-100,4,1,0,100,0,1"]
    assert findings(RULE, osu_text(timing=timing)) == []


def test_a_start_2_ms_late_moves_safely_unless_an_object_starts_in_between() -> None:
    text = osu_text(timing=kiai(2002, 4000))
    found = findings(RULE, text)
    assert found[0].fixes[0].safety is Safety.SAFE
    assert fixed(text, found) == osu_text(timing=kiai(2000, 4000))
    over_a_note = findings(RULE, osu_text(["0,0,2000,1,0"], timing=kiai(2002, 4000)))
    assert over_a_note[0].fixes[0].safety is Safety.UNSAFE
