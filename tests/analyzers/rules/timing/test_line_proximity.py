import pytest

from analyzers.finding import Safety
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "timing-line-proximity"
SLIDER = "256,192,2000,2,0,L|326:192,1,50"


def timing(time: float, beat_length: float = -50) -> list[str]:
    return ["0,500,4,1,0,100,1,0", f"{time},{beat_length},4,1,0,100,0,0"]


@pytest.mark.parametrize(("time", "count"), [(2000, 0), (2001, 1), (2005, 1), (2006, 0)])
def test_a_slider_up_to_5_ms_before_a_change_of_speed(time: int, count: int) -> None:
    assert len(findings(RULE, osu_text([SLIDER], timing(time)))) == count


def test_the_line_moves_onto_the_slider() -> None:
    text = osu_text([SLIDER], timing(2003))
    found = findings(RULE, text)
    assert kinds(found) == [("object-just-before-line", "warning", 2000)]
    assert found[0].fixes[0].safety is Safety.SAFE
    assert fixed(text, found) == osu_text([SLIDER], timing(2000))


def test_a_red_line_is_not_moved() -> None:
    text = osu_text([SLIDER], ["0,500,4,1,0,100,1,0", "2003,300,4,1,0,100,1,0"])
    assert findings(RULE, text)[0].fixes == ()


def test_circles_count_in_taiko_only() -> None:
    circle = "256,192,2000,1,0"
    assert findings(RULE, osu_text([circle], timing(2003))) == []
    assert len(findings(RULE, osu_text([circle], timing(2003), mode=Mode.TAIKO))) == 1


def test_lines_that_change_no_speed_may_stand_there() -> None:
    assert findings(RULE, osu_text([SLIDER], timing(2003, -100))) == []
    assert findings(RULE, osu_text([SLIDER], ["0,500,4,1,0,100,1,0", "2003,500,4,1,0,100,1,0", "2003,-99.5,4,1,0,100,0,0"])) == []


def test_an_object_off_the_grid_is_told_elsewhere() -> None:
    assert findings(RULE, osu_text(["256,192,1998,2,0,L|326:192,1,70"], timing(2003))) == []


def test_a_slider_fitted_to_the_old_speed_is_scaled_along() -> None:
    text = osu_text(["256,192,2000,2,0,L|326:192,1,25"], timing(2003, -64))
    found = findings(RULE, text)
    assert found[0].fixes[0].safety is Safety.UNSAFE
    assert fixed(text, found) == osu_text(["256,192,2000,2,0,L|326:192,1,39.0625"], timing(2000, -64))
