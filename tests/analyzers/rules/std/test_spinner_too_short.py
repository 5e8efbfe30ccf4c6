from analyzers.rule import Level
from tests.builder import DIFFICULTY, findings, fixed, kinds, osu_text

RULE = "std-spinner-too-short"


def spinner(end: int, *behind: str, od: int = 5) -> str:
    settings = [line if "Overall" not in line else f"OverallDifficulty:{od}" for line in DIFFICULTY]
    return osu_text([f"256,192,1000,12,0,{end},0:0:0:0:", *behind], difficulty=settings)


def test_at_od_5_it_takes_450_ms_at_least_and_500_ms_to_be_sure() -> None:
    assert kinds(findings(RULE, spinner(1449))) == [("too-short", "error", 1000)]
    assert kinds(findings(RULE, spinner(1450))) == [("very-short", "warning", 1000)]
    assert findings(RULE, spinner(1500)) == []


def test_the_limits_follow_the_overall_difficulty() -> None:
    assert kinds(findings(RULE, spinner(1534, od=10))) == [("too-short", "error", 1000)]
    assert findings(RULE, spinner(1391, od=0)) == []


def test_the_fix_ends_it_on_the_first_tick_that_is_long_enough() -> None:
    text = spinner(1300)
    repaired = fixed(text, findings(RULE, text))
    assert "12,0,1500," in repaired
    assert findings(RULE, repaired) == []


def test_there_is_no_fix_where_the_next_object_would_follow_too_soon() -> None:
    (found,) = findings(RULE, spinner(1300, "256,192,2000,1,0"), level=Level.EASY)
    assert found.fixes == ()
