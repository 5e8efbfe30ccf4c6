from analyzers.rule import Level
from tests.builder import findings, fixed, kinds, osu_text

RULE = "std-stack-leniency"


def pair(gap: int, leniency: float, px: int = 0) -> str:
    objects = ["100,100,0,1,0", f"{100 + px},100,{gap},1,0"]
    return osu_text(objects, general=[f"StackLeniency: {leniency:g}"])


def test_the_leniency_must_reach_over_the_gap() -> None:
    assert kinds(findings(RULE, pair(300, 0.2), level=Level.EASY)) == [("leniency-too-low", "error", 0)]
    assert findings(RULE, pair(300, 0.3), level=Level.EASY) == []


def test_the_fix_raises_it_as_far_as_needed() -> None:
    text = pair(300, 0.1)
    repaired = fixed(text, findings(RULE, text, level=Level.EASY))
    assert "StackLeniency: 0.3\n" in repaired
    assert findings(RULE, repaired, level=Level.EASY) == []


def test_slower_objects_may_overlap() -> None:
    assert findings(RULE, pair(376, 0.1), level=Level.EASY) == []
    assert findings(RULE, pair(188, 0.1), level=Level.HARD) == []


def test_on_an_insane_it_is_a_warning() -> None:
    assert kinds(findings(RULE, pair(90, 0), level=Level.INSANE)) == [("leniency-low", "warning", 0)]


def test_a_pixel_beside_is_a_failed_stack_only_where_the_game_does_not_stack() -> None:
    assert kinds(findings(RULE, pair(300, 0.1, px=1), level=Level.EASY)) == [("failed-stack", "error", 0)]
    assert findings(RULE, pair(300, 0.7, px=1), level=Level.EASY) == []
    assert findings(RULE, pair(300, 0.1, px=4), level=Level.EASY) == []


def test_an_expert_may_overlap() -> None:
    assert findings(RULE, pair(80, 0), level=Level.EXPERT) == []
