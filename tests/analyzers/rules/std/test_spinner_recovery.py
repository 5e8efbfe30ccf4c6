from analyzers.rule import Level
from tests.builder import findings, kinds, osu_text

RULE = "std-spinner-recovery"
SLOW = ("0,500,4,1,0,100,1,0",)
AT_180 = ("0,333.333333333333,4,1,0,100,1,0",)
AT_240 = ("0,250,4,1,0,100,1,0",)


def spinner(end: int, after: int, timing: tuple[str, ...] = AT_180) -> str:
    return osu_text([f"256,192,0,12,0,{end},0:0:0:0:", f"100,100,{after},1,0"], timing)


def test_an_easy_wants_a_second_of_spinner_and_a_second_of_rest() -> None:
    assert kinds(findings(RULE, spinner(999, 2500, SLOW), level=Level.EASY)) == [("length-too-short", "error", 0)]
    assert kinds(findings(RULE, spinner(1500, 2499, SLOW), level=Level.EASY)) == [("recovery-too-short", "error", 1500)]
    assert kinds(findings(RULE, spinner(1000, 2200, SLOW), level=Level.EASY)) == [("length-short", "warning", 0)]


def test_up_to_a_fifth_above_the_limit_is_worth_a_look() -> None:
    assert kinds(findings(RULE, spinner(1199, 2699, SLOW), level=Level.EASY)) == [("length-short", "warning", 0)]
    assert findings(RULE, spinner(1200, 2400), level=Level.EASY) == []


def test_a_fast_song_is_judged_by_its_beats() -> None:
    assert kinds(findings(RULE, spinner(800, 3000), level=Level.EASY)) != []
    assert findings(RULE, spinner(900, 3000, AT_240), level=Level.EASY) == []


def test_whole_beats_may_be_cut_off_to_a_ms_less() -> None:
    # Three beats at 182 BPM end at 989.01 ms, which the editor stores as 989.
    at_182 = ("0,329.67032967033,4,1,0,100,1,0",)
    assert kinds(findings(RULE, spinner(989, 3000, at_182), level=Level.EASY)) == [("length-short", "warning", 0)]
    assert kinds(findings(RULE, spinner(988, 3000, at_182), level=Level.EASY)) == [("length-too-short", "error", 0)]


def test_a_slow_song_is_judged_by_the_clock() -> None:
    assert findings(RULE, spinner(1200, 2400, SLOW), level=Level.EASY) == []


def test_harder_or_unknown_levels_are_let_be() -> None:
    assert findings(RULE, spinner(100, 110), level=Level.INSANE) == []
    assert findings(RULE, spinner(100, 110)) == []
