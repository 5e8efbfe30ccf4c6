from analyzers.rule import Level
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "catch-max-combo"


def combo(count: int) -> str:
    return osu_text([f"256,192,{number * 500},1,0" for number in range(count)], mode=Mode.CATCH)


def test_a_cup_has_eight_to_a_combo() -> None:
    assert findings(RULE, combo(8), level=Level.EASY) == []
    assert kinds(findings(RULE, combo(9), level=Level.EASY)) == [("combo-long", "information", 0)]
    assert kinds(findings(RULE, combo(13), level=Level.EASY)) == [("combo-very-long", "warning", 0)]


def test_an_overdose_has_no_limit() -> None:
    assert findings(RULE, combo(100), level=Level.EXPERT) == []


def test_the_fix_starts_new_combos_on_measures_until_all_are_short_enough() -> None:
    text = combo(30)
    repaired = fixed(text, findings(RULE, text, level=Level.NORMAL))
    assert "256,192,4000,5,0" in repaired
    assert "256,192,4500,1,0" in repaired
    assert findings(RULE, repaired, level=Level.NORMAL) == []
