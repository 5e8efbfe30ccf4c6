"""Bar lines: hidden, doubled, passed over by a change of speed, and omitted in one difficulty only."""

from collections.abc import Sequence

import pytest

from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

NOTE = "256,192,1000,1,0,0:0:0:0:"


def taiko(timing: Sequence[str], *objects: str) -> str:
    return osu_text(objects or (NOTE,), timing, mode=Mode.TAIKO)


RED = "0,500,4,1,0,100,1,0"


def test_a_last_note_one_ms_early_hides_its_bar_line_and_is_moved_onto_it() -> None:
    text = taiko([RED], "256,192,5999,1,0,0:0:0:0:")
    found = findings("taiko-last-note-barline", text)
    assert kinds(found) == [("hides-barline", "error", 5999)]
    assert findings("taiko-last-note-barline", fixed(text, found)) == []


def test_a_spinner_end_one_ms_early_is_less_grave() -> None:
    text = taiko([RED], "256,192,4000,12,0,5999,0:0:0:0:")
    found = findings("taiko-last-note-barline", text)
    assert kinds(found) == [("end-hides-barline", "information", 4000)]
    assert ",6000,0:0:0:0:" in fixed(text, found)


@pytest.mark.parametrize("time", [6000, 5998, 5750])
def test_a_last_note_on_a_bar_line_or_elsewhere_is_fine(time: int) -> None:
    assert findings("taiko-last-note-barline", taiko([RED], f"256,192,{time},1,0,0:0:0:0:")) == []


def test_a_note_cut_off_to_whole_ms_is_a_hint() -> None:
    text = taiko(["0,333.4,4,1,0,100,1,0"], "256,192,1333,1,0,0:0:0:0:")
    assert kinds(findings("taiko-last-note-barline", text)) == [("rounded", "hint", 1333)]


def test_a_red_line_in_the_first_half_of_a_measure_is_an_error_until_it_omits_its_bar_line() -> None:
    text = taiko([RED, "5000,500,4,1,0,100,1,0"])
    found = findings("taiko-close-barlines", text)
    assert kinds(found) == [("close-barline", "error", 5000)]
    assert findings("taiko-close-barlines", fixed(text, found)) == []


def test_a_red_line_in_the_second_half_is_a_warning_and_on_the_measure_fine() -> None:
    assert kinds(findings("taiko-close-barlines", taiko([RED, "5500,500,4,1,0,100,1,0"]))) == [("close-barline", "warning", 5500)]
    assert findings("taiko-close-barlines", taiko([RED, "6000,500,4,1,0,100,1,0"])) == []


def test_a_measure_short_by_a_few_ms_is_whole() -> None:
    assert findings("taiko-close-barlines", taiko([RED, "5990,495,4,1,0,100,1,0"])) == []


def test_bar_lines_that_coincide_but_for_rounding_are_doubled() -> None:
    text = taiko(["0,499.95,4,1,0,100,1,0", "2000,500,4,1,0,100,1,0"])
    assert kinds(findings("taiko-close-barlines", text)) == [("doubled-barline", "warning", 2000)]


def test_a_green_line_behind_a_bar_line_is_moved_onto_it_with_the_lines_beside_it() -> None:
    text = taiko([RED, "4003,-50,4,1,0,100,0,0"], NOTE, "256,192,9000,1,0,0:0:0:0:")
    found = findings("taiko-barline-sv", text)
    assert kinds(found) == [("unaffected-barline", "warning", 4003)]
    assert "\n4000,-50,4,1,0,100,0,0" in fixed(text, found)
    assert findings("taiko-barline-sv", fixed(text, found)) == []


@pytest.mark.parametrize("green", ["4000,-50,4,1,0,100,0,0", "4006,-50,4,1,0,100,0,0", "4003,-100,4,1,0,50,0,0"])
def test_a_green_line_on_the_bar_line_far_from_it_or_of_the_same_speed_is_fine(green: str) -> None:
    assert findings("taiko-barline-sv", taiko([RED, green], NOTE, "256,192,9000,1,0,0:0:0:0:")) == []


def test_the_difficulty_that_omits_a_bar_line_alone_is_named_and_shows_it_again() -> None:
    shown = taiko([RED, "2000,500,4,1,0,100,1,0"])
    omitted = taiko([RED, "2000,500,4,1,0,100,1,8"])
    found = findings("taiko-omit-barline-consistency", omitted, shown, shown)
    assert kinds(found) == [("omit-mismatch", "error", 2000)]
    assert findings("taiko-omit-barline-consistency", fixed(omitted, found), shown, shown) == []
    assert findings("taiko-omit-barline-consistency", shown, shown, omitted) == []


def test_an_omitted_bar_line_in_another_mode_is_none_of_taikos_business() -> None:
    omitted = osu_text([NOTE], [RED, "2000,500,4,1,0,100,1,8"])
    shown = taiko([RED, "2000,500,4,1,0,100,1,0"])
    assert findings("taiko-omit-barline-consistency", shown, omitted, omitted) == []
