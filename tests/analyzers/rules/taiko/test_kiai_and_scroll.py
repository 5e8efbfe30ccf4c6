"""Kiai flashes and differences, scroll speed on low levels."""

from collections.abc import Sequence

import pytest

from analyzers.rule import Level
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RED = "0,400,4,1,0,100,1,0"


def taiko(*timing: str, objects: Sequence[str] = ()) -> str:
    notes = objects or [f"256,192,{time},1,0,0:0:0:0:" for time in range(1000, 30_000, 1000)]
    return osu_text(notes, [RED, *timing], mode=Mode.TAIKO)


@pytest.mark.parametrize(("length", "severity"), [(134, "warning"), (200, "information"), (201, None)])
def test_kiai_of_half_a_beat_flashes(length: int, severity: str | None) -> None:
    found = findings("taiko-kiai-flash", taiko("1000,-100,4,1,0,100,0,1", f"{1000 + length},-100,4,1,0,100,0,0"))
    assert kinds(found) == ([("kiai-flash", severity, 1000)] if severity else [])


def test_kiai_that_differs_is_named_and_copied_from_the_others() -> None:
    usual = taiko("4000,-100,4,1,0,100,0,1", "8000,-100,4,1,0,100,0,0")
    other = taiko("4000,-100,4,1,0,100,0,1", "10000,-50,4,1,0,70,0,0")
    found = findings("taiko-kiai-consistency", other, usual, usual)
    assert kinds(found) == [("missing-toggle", "information", 8000), ("extra-toggle", "information", 10000)]
    mended = fixed(other, found[:1])
    assert "8000,-100,4,1,0,100,0,0" in mended
    assert findings("taiko-kiai-consistency", mended, usual, usual) == []


def test_a_toggle_two_ms_off_is_the_same() -> None:
    usual = taiko("4000,-100,4,1,0,100,0,1", "8000,-100,4,1,0,100,0,0")
    assert findings("taiko-kiai-consistency", taiko("4002,-100,4,1,0,100,0,1", "8000,-100,4,1,0,100,0,0"), usual, usual) == []


def test_difficulties_of_another_song_are_not_compared() -> None:
    usual = taiko("4000,-100,4,1,0,100,0,1", "8000,-100,4,1,0,100,0,0")
    elsewhere = usual.replace("audio.mp3", "other.mp3")
    assert findings("taiko-kiai-consistency", taiko(), elsewhere, elsewhere) == []


def test_a_kantan_keeps_its_scroll_speed() -> None:
    text = taiko("20000,-80,4,1,0,100,0,0", "22000,-100,4,1,0,100,0,0")
    assert kinds(findings("taiko-low-diff-scroll", text, level=Level.EASY)) == [("scroll-speed", "warning", 20000)]
    assert findings("taiko-low-diff-scroll", text, level=Level.HARD) == []


def test_a_change_of_tempo_that_is_made_up_for_is_fine() -> None:
    text = taiko("20000,200,4,1,0,100,1,0", "20000,-200,4,1,0,100,0,0")
    assert findings("taiko-low-diff-scroll", text, level=Level.NORMAL) == []


def test_a_section_without_notes_and_bar_lines_does_not_matter() -> None:
    text = taiko("20100,-80,4,1,0,100,0,0", "20700,-100,4,1,0,100,0,0")
    assert findings("taiko-low-diff-scroll", text, level=Level.NORMAL) == []
