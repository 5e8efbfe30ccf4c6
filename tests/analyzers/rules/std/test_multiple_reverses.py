from analyzers.rule import Level
from tests.builder import findings, kinds, osu_text

RULE = "std-multiple-reverses"


def slider(slides: int, span_ms: int) -> str:
    return osu_text([f"100,100,0,2,0,L|400:100,{slides},{span_ms / 5:g}"])


def test_two_quick_reverses_are_too_much_for_an_easy() -> None:
    assert kinds(findings(RULE, slider(3, 245), level=Level.EASY)) == [("span-too-short", "error", 0)]
    assert kinds(findings(RULE, slider(3, 330), level=Level.EASY)) == [("span-short", "warning", 0)]
    assert findings(RULE, slider(3, 335), level=Level.EASY) == []


def test_a_normal_bears_half_of_that() -> None:
    assert kinds(findings(RULE, slider(4, 120), level=Level.NORMAL)) == [("span-too-short", "error", 0)]
    assert findings(RULE, slider(4, 170), level=Level.NORMAL) == []


def test_one_reverse_is_always_fine() -> None:
    assert findings(RULE, slider(2, 50), level=Level.EASY) == []
