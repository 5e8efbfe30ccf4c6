from analyzers.rule import Level
from tests.builder import findings, kinds, osu_text

RULE = "std-reverse-obscured"


def cover(px: int, time: int = 900, slides: int = 2) -> str:
    return osu_text([f"{200 + px},100,{time},1,0", f"100,100,1000,2,0,L|200:100,{slides},100"], general=["StackLeniency: 0"])


def test_a_circle_on_the_arrow_hides_it() -> None:
    assert kinds(findings(RULE, cover(0), level=Level.HARD)) == [("reverse-covered", "warning", 1000)]
    assert kinds(findings(RULE, cover(18), level=Level.HARD)) == [("reverse-partly-covered", "warning", 1000)]
    assert findings(RULE, cover(25), level=Level.HARD) == []


def test_a_circle_hit_before_the_arrow_appears_hides_nothing() -> None:
    assert kinds(findings(RULE, cover(0, time=301), level=Level.HARD)) == [("reverse-covered", "warning", 1000)]
    assert findings(RULE, cover(0, time=300), level=Level.HARD) == []


def test_a_slider_without_reverse_has_no_arrow() -> None:
    assert findings(RULE, cover(0, slides=1), level=Level.HARD) == []


def test_an_expert_player_needs_no_arrow() -> None:
    assert findings(RULE, cover(0), level=Level.EXPERT) == []
