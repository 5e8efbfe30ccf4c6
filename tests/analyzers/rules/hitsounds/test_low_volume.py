import pytest

from analyzers.rule import Standard
from formats.osu import Mode
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
    assert findings(RULE, text, standard=Standard.LAZER) == []


def test_lazer_asks_for_more_than_20_percent() -> None:
    assert kinds(findings(RULE, osu_text(["0,0,0,1,0"], [line(20)]), standard=Standard.LAZER)) == [("low-active", "warning", 0)]
    assert kinds(findings(RULE, osu_text(["0,0,0,1,0"], [line(5)]), standard=Standard.LAZER)) == [("muted-active", "error", 0)]


def test_more_than_five_hits_in_a_row_are_told_once() -> None:
    quiet = [f"0,0,{1000 * number},1,0" for number in range(1, 7)]
    found = findings(RULE, osu_text(quiet, [line(10), line(5, 3500)]))
    assert kinds(found) == [("many-low", "warning", 1000)]
    assert found[0].message == "From here to 00:06:000, 6 hits play at 5 to 10 % and can hardly be heard."
    assert len(findings(RULE, osu_text(quiet[:5], [line(10)]))) == 5


def test_a_louder_hit_ends_a_row() -> None:
    text = osu_text([f"0,0,{1000 * number},1,0{',0:0:0:80:' * (number == 4)}" for number in range(1, 10)], [line(10)])
    assert len(findings(RULE, text)) == 8


def test_ends_that_are_silenced_all_over_are_counted() -> None:
    sliders = [f"0,0,{2000 * number},2,0,L|100:0,1,100" for number in range(1, 9)]
    lines = [each for number in range(1, 9) for each in (line(5, 2000 * number + 400), line(80, 2000 * number + 600))]
    found = findings(RULE, osu_text(sliders, [line(80), *lines]))
    assert kinds(found) == [("many-quiet", "information", 2500)]
    assert "8 ends of sliders and spinners play at 5 %." in found[0].message


def test_a_choice_for_the_whole_map_is_told_once() -> None:
    text = osu_text([f"0,0,{1000 * number},1,0{',0:0:0:80:' * (number % 2)}" for number in range(1, 60)], [line(10)])
    assert kinds(findings(RULE, text)) == [("many-low", "warning", 2000)]


def test_a_chord_is_as_loud_as_its_loudest_note() -> None:
    def chord(loud: int) -> str:
        return osu_text(["64,192,1000,1,0,0:0:0:8:", f"192,192,1000,1,0,0:0:0:{loud}:"], [line(80)], mode=Mode.MANIA)

    assert findings(RULE, chord(60)) == []
    assert len(findings(RULE, chord(8))) == 2
