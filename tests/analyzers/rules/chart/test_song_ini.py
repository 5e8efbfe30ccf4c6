"""Rules on song.ini: told at the chart, and at their own place where song.ini is open itself."""

from __future__ import annotations

import pytest

from analyzers.finding import Safety
from formats.spans import apply_edits
from tests.builder import kinds
from tests.chart_builder import INI, chart_findings, chart_text, ini_findings


def fixed(rule: str, ini: str, text: str | None = None) -> str:
    before = ini_findings(rule, ini, text)
    after = apply_edits(ini, before[0].fixes[0].edits)
    assert len(ini_findings(rule, after, text)) < len(before)
    return after


@pytest.mark.parametrize("key", ["name", "artist", "album", "genre", "year", "charter", "diff_guitar"])
def test_a_missing_value_is_told_at_the_chart(key: str) -> None:
    ini = "\n".join(line for line in INI.splitlines() if not line.startswith(key))
    found = chart_findings("chart-missing-value", chart_text(), ini=ini)
    assert kinds(found) == [("missingValue", "warning", None)]
    assert f"'{key}'" in found[0].message
    assert (found[0].fixes, found[0].related[0].path) == ((), "song.ini")


def test_a_complete_song_ini_misses_nothing() -> None:
    assert chart_findings("chart-missing-value", chart_text(), ini=INI) == []


def test_zero_a_default_and_a_word_are_no_values() -> None:
    for old, new in (("2020", "0"), ("name = Song", "name = Unknown Name"), ("diff_guitar = 3", "diff_guitar = hard")):
        assert len(chart_findings("chart-missing-value", chart_text(), ini=INI.replace(old, new))) == 1


def test_a_value_that_says_nothing_is_told_as_what_it_is() -> None:
    (unknown,) = chart_findings("chart-missing-value", chart_text(), ini=INI.replace("artist = Band", "artist = Unknown Artist"))
    assert unknown.message == "The song.ini has 'Unknown Artist' as its 'artist', which is as good as none."
    (word,) = chart_findings("chart-missing-value", chart_text(), ini=INI.replace("diff_guitar = 3", "diff_guitar = hard"))
    assert word.message.startswith("The song.ini has 'hard' as its 'diff_guitar', which is as good as none, though ")
    (empty,) = ini_findings("chart-missing-value", INI.replace("name = Song", "name ="))
    assert empty.message == "The song.ini has no 'name'."


def test_a_rating_is_wanted_for_each_charted_instrument() -> None:
    text = chart_text(tracks={"ExpertDrums": ["768 = N 1 0"], "ExpertKeyboard": []})
    (finding,) = chart_findings("chart-missing-value", text, ini=INI)
    assert finding.message == "The song.ini has no 'diff_drums', though Drums is charted."


def test_a_missing_name_is_taken_from_the_chart() -> None:
    ini = INI.replace("name = Song\n", "").replace("\n", "\r\n")
    text = chart_text(song=['Name = "The Song"', "Resolution = 192"])
    assert fixed("chart-missing-value", ini, text) == ini + "name = The Song\r\n"
    assert ini_findings("chart-missing-value", ini, text)[0].fixes[0].safety is Safety.UNSAFE


def test_an_empty_value_is_filled_in_on_its_line() -> None:
    ini = INI.replace("name = Song", "name =")
    assert fixed("chart-missing-value", ini, chart_text()) == INI


def test_the_place_in_song_ini_is_the_line_of_the_key() -> None:
    ini = INI.replace("year = 2020", "year = 0")
    (finding,) = ini_findings("chart-missing-value", ini)
    assert ini[finding.span.start : finding.span.end] == "year = 0"


def test_a_fraction_is_rounded() -> None:
    ini = INI.replace("diff_guitar = 3", "diff_guitar = 2.5")
    assert kinds(chart_findings("chart-invalid-value", chart_text(), ini=ini)) == [("invalidValue", "warning", None)]
    assert fixed("chart-invalid-value", ini, chart_text()) == INI.replace("diff_guitar = 3", "diff_guitar = 2")


@pytest.mark.parametrize(("value", "found"), [("104", 1), ("103", 0), ("116", 0), ("0", 0)])
def test_the_multiplier_note_is_one_of_two(value: str, found: int) -> None:
    assert len(chart_findings("chart-invalid-value", chart_text(), ini=f"{INI}multiplier_note = {value}\n")) == found


def test_drums_are_pro_or_five_lane() -> None:
    ini = f"{INI}pro_drums = True\nfive_lane_drums = 1\n"
    assert len(chart_findings("chart-invalid-value", chart_text(), ini=ini)) == 1
    assert fixed("chart-invalid-value", ini) == f"{INI}pro_drums = True\n"


def test_a_rating_without_its_instrument_is_deleted() -> None:
    ini = f"{INI}diff_drums = 4\ndiff_bass = -1\n"
    assert kinds(chart_findings("chart-extra-value", chart_text(), ini=ini)) == [("extraValue", "warning", None)]
    assert fixed("chart-extra-value", ini, chart_text()) == f"{INI}diff_bass = -1\n"


def test_a_song_ini_without_song_section_gets_one() -> None:
    ini = "name = Song\n"
    assert kinds(chart_findings("chart-invalid-metadata", chart_text(), ini=ini)) == [("invalidMetadata", "error", None)]
    assert fixed("chart-invalid-metadata", ini) == "[song]\nname = Song\n"
    assert ini_findings("chart-invalid-metadata", "[Other]\nname = Song\n")[0].fixes == ()


def test_the_last_five_bad_lines_are_named_with_their_numbers() -> None:
    ini = INI + "".join(f"bad line {number}\n" for number in range(7)) + "; comment\n# comment\n"
    found = chart_findings("chart-bad-ini-line", chart_text(), ini=ini)
    assert len(found) == 5
    assert found[0].message == "Line 11 of song.ini is no 'key = value': 'bad line 2'."


def test_an_empty_song_ini_is_none() -> None:
    assert kinds(chart_findings("chart-no-metadata", chart_text(), ini="")) == [("noMetadata", "error", None)]
    assert chart_findings("chart-invalid-metadata", chart_text(), ini="") == []
