from analyzers.rule import Standard
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "difficulty-settings-abnormal"


def text(*difficulty: str, mode: Mode = Mode.OSU) -> str:
    return osu_text(difficulty=difficulty, mode=mode)


def test_a_second_decimal_is_rounded() -> None:
    own = text("ApproachRate:9.25", "CircleSize:4.2")
    found = findings(RULE, own)
    assert kinds(found) == [("more-than-one-decimal", "error", None)]
    assert fixed(own, found) == text("ApproachRate:9.2", "CircleSize:4.2")


def test_a_float_of_an_old_editor_has_one_decimal() -> None:
    assert findings(RULE, text("OverallDifficulty:5.19999980926514")) == []


def test_values_beyond_0_to_10_are_cut_off() -> None:
    own = text("ApproachRate:-1", "HPDrainRate:10.5")
    found = findings(RULE, own)
    assert kinds(found) == [("out-of-range", "warning", None)] * 2
    assert fixed(own, found) == text("ApproachRate:0", "HPDrainRate:10")


def test_settings_that_the_mode_does_not_use_are_let_be() -> None:
    assert findings(RULE, text("CircleSize:5.55", "ApproachRate:5.55", mode=Mode.TAIKO)) == []


def test_a_mania_map_has_4_to_18_keys() -> None:
    assert [len(findings(RULE, text(f"CircleSize:{keys}", mode=Mode.MANIA))) for keys in (3, 4, 18, 19)] == [1, 0, 0, 1]
    assert findings(RULE, text("CircleSize:3", mode=Mode.MANIA), standard=Standard.LAZER) == []
