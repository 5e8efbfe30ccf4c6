import pytest

from tests.builder import findings, fixed, kinds, osu_text

RULE = "snap-wrong-red-line"
TIMING = ["0,500,4,1,0,100,1,0", "175,500,4,1,0,100,1,0"]


def test_an_object_on_the_old_grid_just_before_a_red_line_off_it() -> None:
    text = osu_text(["256,192,125,1,0"], TIMING)
    found = findings(RULE, text)
    assert kinds(found) == [("snapped-to-previous-line", "warning", 125)]
    assert "50 ms before the red line at 00:00:175" in found[0].message
    assert findings(RULE, fixed(text, found)) == []
    assert "256,192,175,1,0" in fixed(text, found, number=1)


@pytest.mark.parametrize("time", [112, 127, 175])
def test_objects_farther_ahead_off_the_old_grid_or_on_the_line_are_fine(time: int) -> None:
    assert findings(RULE, osu_text([f"256,192,{time},1,0"], TIMING)) == []


def test_an_object_on_both_grids_is_fine() -> None:
    timing = ["0,500,4,1,0,100,1,0", "2250,500,4,1,0,100,1,0"]
    assert findings(RULE, osu_text(["256,192,2218,1,0"], timing)) == []
