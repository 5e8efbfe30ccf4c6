from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from formats.song_ini import SongIni


@given(st.binary(max_size=200))
def test_any_bytes_come_back_unchanged(data: bytes) -> None:
    ini = SongIni.from_bytes(data)
    assert ini.document.to_bytes() == data
    assert ini.modifiers is not None


def test_keys_count_in_any_case_and_the_last_wins() -> None:
    ini = SongIni.from_text("[SONG]\nName = a\nNAME=b\n[other]\nname = c\n")
    assert ini.text("name") == "b"


def test_an_old_name_stands_in_for_a_missing_value() -> None:
    assert SongIni.from_text("[song]\nfrets = Old\n").text("charter") == "Old"
    assert SongIni.from_text("[song]\ncharter =\nfrets = Old\n").text("charter") == "Old"
    assert SongIni.from_text("[song]\ncharter = New\nfrets = Old\n").text("charter") == "New"


def test_style_tags_are_no_part_of_a_name() -> None:
    assert SongIni.from_text("[song]\ncharter = <color=#FF0000>Red</color> <3\n").text("charter") == "Red <3"


def test_comments_and_blank_lines_are_no_bad_lines() -> None:
    ini = SongIni.from_text("; a\n# b\n\n[song]\nname = x\nnonsense\n[broken\n")
    assert [line.content for line in ini.bad_lines] == ["nonsense", "[broken"]
    assert ini.document.lines[5].problems[0].message == "Expected 'key = value' in song.ini, found 'nonsense'"


def test_a_number_may_be_followed_by_text_and_minus_one_is_none() -> None:
    ini = SongIni.from_text("[song]\ndiff_guitar = 2.5x\ndiff_bass = -1\ndiff_drums = hard\n")
    assert [ini.number(key) for key in ("diff_guitar", "diff_bass", "diff_drums", "diff_keys")] == [2.5, None, None, None]


def test_modifiers_are_read_with_their_aliases() -> None:
    lines = ("[song]", "hopofreq = 81", "eighthnote_hopo = True", "sustain_cutoff_threshold = -1", "pro_drums = 1", "delay = 20")
    ini = SongIni.from_text("\n".join(lines))
    modifiers = ini.modifiers
    assert (modifiers.hopo_frequency, modifiers.eighthnote_hopo, modifiers.sustain_cutoff) == (81, True, 0)
    assert (modifiers.pro_drums, modifiers.five_lane_drums, ini.delay) == (True, False, 20)
