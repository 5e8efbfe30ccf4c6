from tests.builder import findings, fixed, kinds, osu_text

RULE = "timing-volume-invalid"


def test_a_line_at_4_percent_is_raised_to_5() -> None:
    text = osu_text(timing=["0,500,4,1,0,4,1,0", "1000,-100,4,1,0,100,0,0"])
    found = findings(RULE, text)
    assert kinds(found) == [("volume-out-of-range", "error", 0)]
    assert "0,500,4,1,0,5,1,0" in fixed(text, found)


def test_5_and_100_percent_are_fine() -> None:
    assert findings(RULE, osu_text(timing=["0,500,4,1,0,5,1,0", "1000,-100,4,1,0,100,0,0"])) == []
