"""Scroll speed on Easy and across changes of tempo."""

from analyzers.rule import Level
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RED = "0,500,4,1,0,100,1,0"
NOTES = [f"64,192,{time},1,0,0:0:0:0:" for time in range(1000, 60_000, 1000)]


def mania(*timing: str) -> str:
    return osu_text(NOTES, [RED, *timing], mode=Mode.MANIA)


def test_an_easy_keeps_its_scroll_speed() -> None:
    text = mania("20000,-80,4,1,0,100,0,0", "22000,-70,4,1,0,100,0,0", "24000,-100,4,1,0,100,0,0")
    found = findings("mania-easy-sv", text, level=Level.EASY)
    assert kinds(found) == [("changed-speed", "error", 20_000)]
    assert findings("mania-easy-sv", fixed(text, found), level=Level.EASY) == []
    assert findings("mania-easy-sv", text, level=Level.NORMAL) == []


def test_an_easy_may_be_two_percent_off() -> None:
    assert findings("mania-easy-sv", mania("20000,-101,4,1,0,100,0,0"), level=Level.EASY) == []


def test_a_change_of_tempo_wants_a_green_line_on_it() -> None:
    text = mania("40000,250,4,1,0,100,1,1")
    found = findings("mania-unnormalised-bpm", text)
    assert kinds(found) == [("red-without-green", "warning", 40_000)]
    mended = fixed(text, found)
    assert "40000,-200,4,1,0,100,0,1" in mended
    assert findings("mania-unnormalised-bpm", mended) == []


def test_a_green_line_behind_its_red_line_is_an_error() -> None:
    text = mania("40000,250,4,1,0,100,1,0", "40250,-200,4,1,0,100,0,0")
    found = findings("mania-unnormalised-bpm", text)
    assert kinds(found) == [("green-not-on-red", "error", 40_250)]
    assert findings("mania-unnormalised-bpm", fixed(text, found)) == []


def test_a_green_line_of_another_value_is_a_warning() -> None:
    text = mania("40000,250,4,1,0,100,1,0", "40000,-150,4,1,0,100,0,0")
    found = findings("mania-unnormalised-bpm", text)
    assert kinds(found) == [("unnormalised-value", "warning", 40_000)]
    assert findings("mania-unnormalised-bpm", fixed(text, found)) == []


def test_many_changes_of_tempo_are_one_finding() -> None:
    text = mania(*(f"{40_000 + number * 500},250,4,1,0,100,1,0" for number in range(8)))
    found = findings("mania-unnormalised-bpm", text)
    assert len(found) == 1
    assert findings("mania-unnormalised-bpm", fixed(text, found)) == []


def test_one_tempo_needs_nothing() -> None:
    assert findings("mania-unnormalised-bpm", mania("20000,500,4,1,0,100,1,0", "30000,-50,4,1,0,100,0,0")) == []
