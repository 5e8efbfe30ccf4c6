from analyzers.rule import Level, Standard
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "catch-spinner-gap"


def around(before: int, after: int) -> str:
    objects = ["256,192,0,1,0", f"256,192,{before},12,0,{before + 1000}", f"256,192,{before + 1000 + after},1,0"]
    return osu_text(objects, mode=Mode.CATCH)


def test_a_cup_wants_250_ms_on_both_sides() -> None:
    assert findings(RULE, around(250, 250), level=Level.EASY) == []
    assert kinds(findings(RULE, around(249, 249), level=Level.EASY)) == [
        ("gap-before", "error", 249),
        ("gap-after", "error", 249),
    ]


def test_an_overdose_wants_62_ms_before_and_125_behind() -> None:
    assert findings(RULE, around(62, 125), level=Level.EXPERT) == []
    assert len(findings(RULE, around(61, 124), level=Level.EXPERT)) == 2


def test_the_criteria_name_nothing_above_an_overdose_but_lazer_does() -> None:
    assert findings(RULE, around(10, 10), level=Level.ULTRA) == []
    assert len(findings(RULE, around(10, 10), level=Level.ULTRA, standard=Standard.LAZER)) == 2


def test_spinners_may_follow_each_other() -> None:
    text = osu_text(["256,192,0,12,0,100", "256,192,101,12,0,200"], mode=Mode.CATCH)
    assert findings(RULE, text, level=Level.EASY) == []


def test_the_fix_ends_the_spinner_on_a_tick_that_leaves_the_gap() -> None:
    text = around(500, 100)
    repaired = fixed(text, findings(RULE, text, level=Level.EASY))
    assert "256,192,500,12,0,1250\n" in repaired
    assert findings(RULE, repaired, level=Level.EASY) == []
