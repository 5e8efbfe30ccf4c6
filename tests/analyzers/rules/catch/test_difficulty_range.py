from analyzers.rule import Level
from formats.osu import Mode
from tests.builder import findings, osu_text

RULE = "catch-difficulty-range"


def settings(hp: float, cs: float, od: float, ar: float) -> str:
    lines = [f"HPDrainRate:{hp:g}", f"CircleSize:{cs:g}", f"OverallDifficulty:{od:g}", f"ApproachRate:{ar:g}"]
    return osu_text(difficulty=lines, mode=Mode.CATCH)


def test_a_cup_is_slow_and_wide() -> None:
    found = findings(RULE, settings(hp=5, cs=4, od=7, ar=6), level=Level.EASY)
    assert {finding.message for finding in found} == {
        "HP 5 is outside the guideline for Cup: 2 to 3.",
        "CS 4 is outside the guideline for Cup: at most 2.5.",
        "OD 7 is outside the guideline for Cup: at most 6.",
    }


def test_an_overdose_has_lower_bounds_alone() -> None:
    assert len(findings(RULE, settings(hp=4, cs=3, od=8, ar=8), level=Level.EXPERT)) == 4
    assert findings(RULE, settings(hp=9, cs=7, od=10, ar=10), level=Level.EXPERT) == []
