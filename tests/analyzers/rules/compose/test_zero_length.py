from analyzers.rule import Standard
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "zero-length"


def test_a_spinner_that_ends_where_it_starts_has_no_duration() -> None:
    text = osu_text(["256,192,5000,12,0,5000"])
    found = findings(RULE, text, standard=Standard.LAZER)
    assert kinds(found) == [("zero-length", "error", 5000)]
    assert fixed(text, found) == osu_text()


def test_a_long_note_of_1_ms_has_a_duration() -> None:
    assert findings(RULE, osu_text(["64,192,5000,128,0,5001:0:0:0:0:"], mode=Mode.MANIA), standard=Standard.LAZER) == []


def test_circles_need_no_duration() -> None:
    assert findings(RULE, osu_text(["64,192,5000,1,0"]), standard=Standard.LAZER) == []
