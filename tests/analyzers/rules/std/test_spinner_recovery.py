from analyzers.rule import Level
from tests.builder import findings, kinds, osu_text

RULE = "std-spinner-recovery"
SLOW = ("0,500,4,1,0,100,1,0",)
AT_180 = ("0,333.333333333333,4,1,0,100,1,0",)
AT_240 = ("0,250,4,1,0,100,1,0",)


def spinner(end: int, after: int, timing: tuple[str, ...] = AT_180) -> str:
    return osu_text([f"256,192,0,12,0,{end},0:0:0:0:", f"100,100,{after},1,0"], timing)


def test_an_easy_wants_a_second_of_spinner_and_a_second_of_rest() -> None:
    assert kinds(findings(RULE, spinner(998, 2500), level=Level.EASY)) == [("length-too-short", "error", 0)]
    assert kinds(findings(RULE, spinner(1500, 2498), level=Level.EASY)) == [("recovery-too-short", "error", 1500)]


def test_up_to_a_fifth_above_the_limit_is_worth_a_look() -> None:
    assert kinds(findings(RULE, spinner(1198, 2699), level=Level.EASY)) == [("length-short", "warning", 0)]
    assert findings(RULE, spinner(1200, 2400), level=Level.EASY) == []


def test_a_fast_song_is_judged_by_its_beats() -> None:
    assert kinds(findings(RULE, spinner(800, 3000), level=Level.EASY)) != []
    assert findings(RULE, spinner(900, 3000, AT_240), level=Level.EASY) == []


def test_a_slow_song_is_judged_by_the_clock() -> None:
    assert findings(RULE, spinner(1200, 2400, SLOW), level=Level.EASY) == []


def test_harder_or_unknown_levels_are_let_be() -> None:
    assert findings(RULE, spinner(100, 110), level=Level.INSANE) == []
    assert findings(RULE, spinner(100, 110)) == []
