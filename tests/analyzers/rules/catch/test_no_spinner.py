from formats.osu import Mode
from tests.builder import findings, kinds, osu_text

RULE = "catch-no-spinner"


def test_a_difficulty_without_spinner_is_noted_once() -> None:
    text = osu_text(["100,192,0,1,0", "100,192,500,1,0"], mode=Mode.CATCH)
    assert kinds(findings(RULE, text)) == [("no-spinner", "information", None)]


def test_one_spinner_is_enough() -> None:
    assert findings(RULE, osu_text(["100,192,0,1,0", "256,192,500,12,0,1500"], mode=Mode.CATCH)) == []


def test_a_map_that_is_not_begun_says_nothing() -> None:
    assert findings(RULE, osu_text([], mode=Mode.CATCH)) == []
