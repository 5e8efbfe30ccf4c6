from analyzers.rule import Standard
from tests.builder import findings, kinds, osu_text

RULE = "drain-time-short"


def test_29_999_ms_are_too_short() -> None:
    found = findings(RULE, osu_text(["0,0,0,1,0", "0,0,29999,1,0"]))
    assert kinds(found) == [("too-short", "error", None)]
    assert "29.9 s" in found[0].message


def test_30_seconds_will_do() -> None:
    assert findings(RULE, osu_text(["0,0,0,1,0", "0,0,30000,1,0"])) == []


def test_a_break_takes_the_gap_around_it() -> None:
    objects = ["0,0,0,1,0", "0,0,10000,1,0", "0,0,15000,1,0", "0,0,34000,1,0"]
    text = osu_text(objects, events=["2,10200,13000"])
    assert len(findings(RULE, text)) == 1, "5 s of gap leave 29 s"
    assert findings(RULE, text, standard=Standard.LAZER) == [], "2.8 s of break leave 31.2 s"


def test_two_breaks_in_one_gap_count_once() -> None:
    objects = ["0,0,0,1,0", "0,0,10000,1,0", "0,0,15000,1,0", "0,0,36000,1,0"]
    assert findings(RULE, osu_text(objects, events=["2,10200,11000", "2,11200,13000"])) == []


def test_an_empty_difficulty_has_no_drain_time() -> None:
    assert len(findings(RULE, osu_text())) == 1
