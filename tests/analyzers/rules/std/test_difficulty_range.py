from analyzers.rule import Level
from tests.builder import findings, fixed, osu_text

RULE = "std-difficulty-range"


def settings(**values: float) -> str:
    names = {"hp": "HPDrainRate", "cs": "CircleSize", "od": "OverallDifficulty", "ar": "ApproachRate"}
    return osu_text(difficulty=[f"{names[key]}:{value:g}" for key, value in values.items()])


def test_each_setting_outside_its_range_is_named() -> None:
    found = findings(RULE, settings(hp=4, cs=8, od=7, ar=7), level=Level.EXPERT)
    assert {finding.message.split(" is ")[0] for finding in found} == {"HP 4", "CS 8", "OD 7", "AR 7"}


def test_the_bounds_themselves_are_inside() -> None:
    assert findings(RULE, settings(hp=5, cs=7, od=7, ar=9.3), level=Level.INSANE) == []
    assert findings(RULE, settings(hp=8, cs=4, od=9, ar=7), level=Level.INSANE) == []


def test_the_fix_sets_the_nearest_allowed_value() -> None:
    text = settings(hp=5, cs=4, od=8, ar=9.6)
    repaired = fixed(text, findings(RULE, text, level=Level.INSANE))
    assert "ApproachRate:9.3\n" in repaired
    assert findings(RULE, repaired, level=Level.INSANE) == []


def test_an_ultra_may_have_anything_and_an_unknown_level_says_nothing() -> None:
    assert findings(RULE, settings(hp=10, cs=10, od=10, ar=10), level=Level.ULTRA) == []
    assert findings(RULE, settings(hp=10, cs=10, od=10, ar=10)) == []


def test_settings_that_the_map_leaves_out_are_not_judged() -> None:
    assert findings(RULE, osu_text(difficulty=[]), level=Level.EASY) == []
