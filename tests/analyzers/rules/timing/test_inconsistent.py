from analyzers.rule import Standard
from tests.builder import findings, fixed, kinds, osu_text

RULE = "timing-inconsistent"
FIRST = "1000,500,4,1,0,100,1,0"
SECOND = "2000,400,4,1,0,100,1,0"


def named(name: str, *timing: str) -> str:
    return osu_text(timing=timing, metadata=["Title:Song", f"Version:{name}"])


EASY, NORMAL = named("Easy", FIRST, SECOND), named("Normal", FIRST, SECOND)


def test_one_timing_in_all_difficulties_is_fine() -> None:
    assert findings(RULE, named("Hard", FIRST, SECOND), EASY, NORMAL) == []
    assert findings(RULE, named("Hard", FIRST)) == []


def test_a_red_line_too_many_goes() -> None:
    text = named("Hard", FIRST, "1500,500,4,1,0,100,1,0", SECOND)
    found = findings(RULE, text, EASY, NORMAL)
    assert kinds(found) == [("extra", "error", 1500)]
    assert "[Easy]" in found[0].message
    assert found[0].related[0].path == "1.osu"
    assert fixed(text, found) == named("Hard", FIRST, SECOND)


def test_a_missing_red_line_is_copied_in() -> None:
    text = named("Hard", FIRST)
    found = findings(RULE, text, EASY, NORMAL)
    assert kinds(found) == [("missing", "error", 2000)]
    assert fixed(text, found) == named("Hard", FIRST, SECOND)


def test_another_meter_or_bpm_is_copied_over() -> None:
    text = named("Hard", "1000,500,3,1,0,100,1,0", "2000,410,4,1,0,100,1,0")
    found = findings(RULE, text, EASY, NORMAL)
    assert kinds(found) == [("meter-mismatch", "error", 1000), ("bpm-mismatch", "error", 2000)]
    assert "146.341, in [Easy] it is 150" in found[1].message
    assert fixed(text, found) == named("Hard", FIRST, SECOND)


def test_a_tempo_that_differs_by_rounding_is_the_same() -> None:
    assert findings(RULE, named("Hard", FIRST, "2000,400.0005,4,1,0,100,1,0"), EASY, NORMAL) == []
    assert len(findings(RULE, named("Hard", FIRST, "2000,400.005,4,1,0,100,1,0"), EASY, NORMAL)) == 1
    assert findings(RULE, named("Hard", FIRST, "2000,400.005,4,1,0,100,1,0"), EASY, NORMAL, standard=Standard.LAZER) == []


def test_decimals_of_an_offset_are_a_remark() -> None:
    text = named("Hard", FIRST, "2000.5,400,4,1,0,100,1,0")
    found = findings(RULE, text, EASY, NORMAL)
    assert kinds(found) == [("decimal-offset", "information", 2000.5)]
    assert "0.5 ms after that of [Easy]" in found[0].message
    assert fixed(text, found) == named("Hard", FIRST, SECOND)


def test_lazer_tells_of_decimals_on_both_sides() -> None:
    other = named("Normal", FIRST, "2000.5,400,4,1,0,100,1,0")
    assert kinds(findings(RULE, EASY, other, standard=Standard.LAZER)) == [("decimal-offset", "information", 2000)]
    assert findings(RULE, EASY, other) == []


def test_of_two_that_disagree_the_first_is_the_reference() -> None:
    assert findings(RULE, EASY, named("Hard", FIRST)) == []
    assert len(findings(RULE, named("Hard", FIRST), EASY)) == 0, "the first by file name sets the timing"


def test_another_song_of_the_set_has_another_timing() -> None:
    other = EASY.replace("audio.mp3", "other.mp3")
    assert findings(RULE, named("Hard", FIRST), other, other) == []
