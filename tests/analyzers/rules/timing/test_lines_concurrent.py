from analyzers.finding import Safety
from tests.builder import findings, fixed, kinds, osu_text

RULE = "timing-lines-concurrent"
RED = "0,500,4,1,0,100,1,0"


def test_of_two_green_lines_the_first_goes() -> None:
    text = osu_text(timing=[RED, "2000,-50,4,1,0,100,0,0", "2000,-80,4,1,0,100,0,0"])
    found = findings(RULE, text)
    assert kinds(found) == [("concurrent-lines", "error", 2000)]
    assert found[0].fixes[0].safety is Safety.UNSAFE
    assert fixed(text, found) == osu_text(timing=[RED, "2000,-80,4,1,0,100,0,0"])


def test_equal_lines_are_thinned_safely() -> None:
    text = osu_text(timing=[RED, RED, RED])
    found = findings(RULE, text)
    assert [finding.fixes[0].safety for finding in found] == [Safety.SAFE] * 2
    assert fixed(text, found) == osu_text(timing=[RED])


def test_a_red_and_a_green_line_that_agree_are_fine() -> None:
    assert findings(RULE, osu_text(timing=["0,500,4,1,2,60,1,0", "0,-80,4,1,2,60,0,0"])) == []


def test_a_red_line_takes_over_what_the_green_one_says() -> None:
    text = osu_text(timing=[RED, "2000,400,4,1,0,100,1,8", "2000,-80,4,2,3,60,0,1"])
    found = findings(RULE, text)
    assert kinds(found) == [("conflicting-settings", "information", 2000)]
    assert "disagree on kiai, the volume, the sample set and the custom sample index" in found[0].message
    assert "2000,400,4,2,3,60,1,9" in fixed(text, found)
    assert findings(RULE, fixed(text, found)) == []


def test_the_default_sample_set_is_the_one_of_the_map() -> None:
    assert findings(RULE, osu_text(timing=["0,500,4,0,0,100,1,0", "0,-80,4,2,0,100,0,0"], general=["SampleSet: Soft"])) == []


def test_a_red_line_of_few_fields_is_written_in_full() -> None:
    text = osu_text(timing=["0,500", "0,-80,4,1,0,60,0,0"])
    assert "0,500,4,1,0,60,1,0" in fixed(text, findings(RULE, text))
