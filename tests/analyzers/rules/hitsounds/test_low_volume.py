import pytest

from analyzers.rule import Standard
from tests.builder import findings, kinds, osu_text

RULE = "hitsound-low-volume"
# 100 px per beat of 500 ms and a tick each half beat: edges at 1000, 1500, 2000.
SLIDER = "0,0,1000,2,0,L|100:0,2,100"


def line(volume: int, time: int = 0) -> str:
    return f"{time},500,4,1,0,{volume},1,0" if time == 0 else f"{time},-100,4,1,0,{volume},0,0"


@pytest.mark.parametrize(
    ("volume", "kind"), [(3, "low-volume-head"), (10, "low-volume-head"), (11, "quiet-head"), (20, "quiet-head"), (21, None)]
)
def test_the_limits_of_a_head_are_10_and_20_percent(volume: int, kind: str | None) -> None:
    found = findings(RULE, osu_text(["0,0,1000,1,0"], [line(volume)]))
    assert [each.kind for each in found] == ([kind] if kind else [])


def test_nothing_plays_below_5_percent() -> None:
    assert "at 5 %" in findings(RULE, osu_text(["0,0,1000,1,0"], [line(1)]))[0].message


def test_an_objects_own_volume_replaces_the_lines_but_not_on_sliders() -> None:
    assert findings(RULE, osu_text(["0,0,1000,1,0,0:0:0:80:"], [line(5)])) == []
    assert len(findings(RULE, osu_text(["0,0,1000,1,0,0:0:0:8:"]))) == 1
    assert findings(RULE, osu_text([SLIDER + ",0|0|0,0:0|0:0|0:0,0:0:0:8:"])) == []


def test_reverses_must_be_heard_and_tails_are_listed() -> None:
    found = findings(RULE, osu_text([SLIDER], [line(80), line(5, 1400)]))
    assert kinds(found) == [
        ("low-volume-reverse", "warning", 1500),
        ("low-volume-tail", "information", 2000),
    ]


def test_a_line_up_to_5_ms_late_counts() -> None:
    assert len(findings(RULE, osu_text(["0,0,1000,1,0"], [line(80), line(5, 1005)]))) == 1
    assert findings(RULE, osu_text(["0,0,1000,1,0"], [line(80), line(5, 1006)])) == []


def test_the_first_quiet_tick_of_a_slider_is_listed() -> None:
    text = osu_text(["0,0,1000,2,0,L|400:0,1,400"], [line(80), line(5, 1600), line(80, 2900)])
    assert kinds(findings(RULE, text)) == [("low-volume-tick", "information", 2000)]


def test_lazer_asks_for_more_than_20_percent() -> None:
    assert kinds(findings(RULE, osu_text(["0,0,0,1,0"], [line(20)]), standard=Standard.LAZER)) == [("low-active", "warning", 0)]
    assert kinds(findings(RULE, osu_text(["0,0,0,1,0"], [line(5)]), standard=Standard.LAZER)) == [("muted-active", "error", 0)]


def test_a_whole_map_of_quiet_objects_is_counted_once() -> None:
    text = osu_text([f"0,0,{1000 * number},1,0" for number in range(1, 60)], [line(10)])
    assert kinds(findings(RULE, text)) == [("many-low", "warning", 1000)]
