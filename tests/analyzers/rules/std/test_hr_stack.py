from tests.builder import findings, kinds, osu_text

RULE = "std-hr-stack"


def pair(gap: int, leniency: float, px: int = 0) -> str:
    return osu_text(
        ["100,100,0,1,0", f"{100 + px},100,{gap},1,0"], general=[f"StackLeniency: {leniency:g}"]
    )  # AR 5: 1200 ms, with Hard Rock AR 7: 900 ms


def test_a_stack_that_only_the_longer_approach_reaches_is_noted() -> None:
    assert kinds(findings(RULE, pair(500, 0.5))) == [("overlaps-with-hard-rock", "information", 0)]


def test_a_stack_within_reach_of_both_is_fine() -> None:
    assert findings(RULE, pair(450, 0.5)) == []


def test_what_is_not_stacked_without_the_mod_is_meant_so() -> None:
    assert findings(RULE, pair(601, 0.5)) == []


def test_what_is_never_on_the_screen_together_covers_nothing() -> None:
    assert findings(RULE, pair(950, 0.9)) == []
