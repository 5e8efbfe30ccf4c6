"""Rules on notes, chords and sustains. At 125 BPM and 192 ticks per beat a tick lasts 2.5 ms."""

from __future__ import annotations

import pytest

from analyzers.finding import Safety
from tests.builder import kinds
from tests.chart_builder import chart_findings, chart_text, repaired, repaired_all


@pytest.mark.parametrize(("tick", "found"), [(399, 1), (400, 0)])
def test_the_first_second_is_left_free(tick: int, found: int) -> None:
    assert len(chart_findings("chart-leading-silence", chart_text([f"{tick} = N 0 0"]))) == found


@pytest.mark.parametrize(
    ("track", "notes", "what"),
    [
        ("HardSingle", (0, 4), "green with orange"),
        ("MediumSingle", (4,), "orange"),
        ("MediumSingle", (0, 3), "green with blue"),
        ("EasySingle", (3,), "blue"),
        ("EasyDoubleBass", (4,), "orange"),
        ("HardDrums", (32,), "double kick (2x)"),
        ("EasyDrums", (0, 1, 2), "two pads with a kick"),
        ("HardGHLGuitar", (0, 1, 3), "3-note chord of black and white"),
        ("MediumGHLGuitar", (0, 1, 2), "3-note chord"),
        ("MediumGHLGuitar", (0, 4), "chord of black and white other than a barre"),
        ("EasyGHLGuitar", (0, 2), "chord other than W1+W2 and W2+W3"),
    ],
)
def test_a_note_that_its_difficulty_should_not_have(track: str, notes: tuple[int, ...], what: str) -> None:
    text = chart_text([f"768 = N {number} 0" for number in notes], track=track)
    (finding,) = chart_findings("chart-forbidden-note", text)
    assert finding.message.endswith(f" should have no {what}.")
    assert (finding.kind, finding.time_ms) == ("difficultyForbiddenNote", 1920)


@pytest.mark.parametrize(
    ("track", "notes"),
    [
        ("ExpertSingle", (0, 4)),
        ("HardSingle", (0, 3)),
        ("MediumSingle", (3,)),
        ("EasySingle", (0, 2)),
        ("ExpertDrums", (32,)),
        ("MediumDrums", (0, 1, 2)),
        ("EasyDrums", (1, 2)),
        ("HardGHLGuitar", (0, 1, 2)),
        ("MediumGHLGuitar", (0, 3)),
        ("EasyGHLGuitar", (1, 2)),
    ],
)
def test_a_note_that_its_difficulty_may_have(track: str, notes: tuple[int, ...]) -> None:
    text = chart_text([f"768 = N {number} 0" for number in notes], track=track)
    assert chart_findings("chart-forbidden-note", text) == []


def test_forbidden_notes_beyond_the_fiftieth_are_counted() -> None:
    text = chart_text([f"{768 + 96 * number} = N 4 0" for number in range(60)], track="EasySingle")
    found = chart_findings("chart-forbidden-note", text)
    assert (len(found), found[-1].kind) == (51, "moreForbiddenNotes")
    assert "10 more notes" in found[-1].message


@pytest.mark.parametrize(
    ("track", "notes", "found"),
    [
        ("ExpertDrums", (1, 2, 3), 1),
        ("ExpertDrums", (0, 1, 2), 0),
        ("ExpertDrums", (3, 4, 5), 0),
        ("ExpertDrums", (2, 4, 5), 1),
        ("ExpertSingle", (0, 1, 2, 3, 4), 1),
        ("ExpertSingle", (0, 1, 2, 3), 0),
        ("ExpertSingle", (0, 1, 2, 3, 7), 0),
        ("ExpertGHLGuitar", (0, 1, 2, 3), 1),
        ("ExpertGHLGuitar", (1, 4, 0), 1),
        ("ExpertGHLGuitar", (2, 8, 3), 1),
        ("ExpertGHLGuitar", (0, 3, 4), 0),
    ],
)
def test_chords_that_nobody_can_play_are_errors(track: str, notes: tuple[int, ...], found: int) -> None:
    text = chart_text([f"768 = N {number} 0" for number in notes], track=track)
    assert kinds(chart_findings("chart-invalid-chord", text)) == [("invalidChord", "error", 1920)] * found


@pytest.mark.parametrize(("gap", "found"), [(1, 1), (6, 1), (7, 0)])
def test_notes_up_to_15_ms_apart_are_broken(gap: int, found: int) -> None:
    text = chart_text(["768 = N 0 0", f"{768 + gap} = N 1 0"])
    expected = [("brokenNote", "warning", 1920 + gap * 2.5)] * found
    assert kinds(chart_findings("chart-broken-note", text)) == expected


def test_an_open_note_beside_a_fretted_one_is_no_broken_chord() -> None:
    assert chart_findings("chart-broken-note", chart_text(["768 = N 0 0", "772 = N 7 0"])) == []
    assert len(chart_findings("chart-broken-note", chart_text(["768 = N 7 0", "772 = N 7 0"]))) == 1


def test_four_groups_in_a_row_are_a_roll() -> None:
    roll = [f"{768 + 4 * number} = N 1 0" for number in range(4)]
    assert chart_findings("chart-broken-note", chart_text(roll, track="ExpertDrums")) == []
    assert len(chart_findings("chart-broken-note", chart_text(roll[:3], track="ExpertDrums"))) == 2


def test_a_broken_chord_is_joined_on_its_first_tick() -> None:
    notes = ["768 = N 0 0", "770 = E solo", "774 = N 0 0", "774 = N 1 96", "774 = N 5 0", "1152 = E soloend", "1152 = N 2 0"]
    joined = ["768 = N 0 0", "768 = N 1 96", "770 = E solo", "1152 = E soloend", "1152 = N 2 0"]
    text = chart_text(notes)
    assert chart_findings("chart-broken-note", text)[0].fixes == ()
    text, wanted = (chart_text([line for line in lines if "solo" not in line]) for lines in (notes, joined))
    assert repaired("chart-broken-note", text) == wanted
    assert chart_findings("chart-broken-note", text)[0].fixes[0].safety is Safety.UNSAFE


def test_a_broken_drum_chord_takes_its_marks_along() -> None:
    text = chart_text(["768 = N 1 0", "772 = N 2 0", "772 = N 66 0"], track="ExpertDrums")
    wanted = chart_text(["768 = N 1 0", "768 = N 2 0", "768 = N 66 0"], track="ExpertDrums")
    assert repaired("chart-broken-note", text) == wanted


def test_a_chord_that_nobody_could_play_is_not_joined() -> None:
    text = chart_text(["768 = N 1 0", "768 = N 2 0", "772 = N 3 0"], track="ExpertDrums")
    assert chart_findings("chart-broken-note", text)[0].fixes == ()


@pytest.mark.parametrize(("start", "found"), [(863, 0), (864, 1), (879, 1), (880, 0)])
def test_a_note_needs_40_ms_behind_a_sustain(start: int, found: int) -> None:
    text = chart_text(["768 = N 0 96", f"{start} = N 1 0"])
    assert kinds(chart_findings("chart-sustain-gap", text)) == [("badSustainGap", "warning", start * 2.5)] * found


def test_open_sustains_and_drums_need_no_gap() -> None:
    notes = ["768 = N 7 96", "864 = N 1 0"]
    assert chart_findings("chart-sustain-gap", chart_text(notes)) == []
    assert chart_findings("chart-sustain-gap", chart_text(["768 = N 1 96", "864 = N 2 0"], track="ExpertDrums")) == []


def test_a_sustain_is_trimmed_to_leave_its_gap() -> None:
    text = chart_text(["  768  =  N 0 96 ", "768 = N 2 90", "864 = N 1 0"], newline="\r\n")
    wanted = chart_text(["  768  =  N 0 80 ", "768 = N 2 80", "864 = N 1 0"], newline="\r\n")
    assert repaired("chart-sustain-gap", text) == wanted
    assert chart_findings("chart-sustain-gap", text)[0].fixes[0].safety is Safety.SAFE


def test_a_sustain_that_would_become_too_short_goes() -> None:
    text = chart_text(["768 = N 0 48", "816 = N 1 0"])
    assert repaired("chart-sustain-gap", text) == chart_text(["768 = N 0 0", "816 = N 1 0"])


def test_a_sustain_that_whole_ticks_make_too_short_goes() -> None:
    text = chart_text(["768 = N 0 45", "822 = N 0 0"], sync=["0 = B 120000"])
    assert repaired("chart-sustain-gap", text) == text.replace("N 0 45", "N 0 0")


def test_a_trimmed_extended_sustain_leaves_its_gap_to_the_notes_inside() -> None:
    text = chart_text(["768 = N 0 192", "950 = N 2 0", "960 = N 1 0"])
    assert repaired("chart-sustain-gap", text) == chart_text(["768 = N 0 166", "950 = N 2 0", "960 = N 1 0"])


@pytest.mark.parametrize(("length", "found"), [(39, 1), (40, 0), (0, 0)])
def test_a_sustain_lasts_100_ms_or_none(length: int, found: int) -> None:
    text = chart_text([f"768 = N 0 {length}", "1152 = N 1 0"])
    assert kinds(chart_findings("chart-baby-sustain", text)) == [("babySustain", "warning", 1920)] * found


def test_each_short_sustain_of_a_chord_is_taken_away() -> None:
    text = chart_text(["768 = N 0 20", "768 = N 1 20", "1152 = N 2 0"])
    assert len(chart_findings("chart-baby-sustain", text)) == 2
    assert repaired_all("chart-baby-sustain", text) == chart_text(["768 = N 0 0", "768 = N 1 0", "1152 = N 2 0"])


def test_a_short_sustain_into_an_open_hopo_is_let_off() -> None:
    assert chart_findings("chart-baby-sustain", chart_text(["768 = N 0 39", "800 = N 7 0"])) == []
    assert len(chart_findings("chart-baby-sustain", chart_text(["768 = N 0 39", "800 = N 7 0", "800 = N 5 0"]))) == 1
    assert chart_findings("chart-baby-sustain", chart_text(["768 = N 0 39"], track="ExpertDrums")) == []


def test_song_ini_may_cut_short_sustains_off_by_itself() -> None:
    assert chart_findings("chart-baby-sustain", chart_text(["768 = N 0 39"]), ini="[song]\nsustain_cutoff_threshold = 39\n") == []


def test_a_sustain_into_its_own_fret_ends_before_it() -> None:
    text = chart_text(["768 = N 0 384", "960 = N 0 0", "1300 = N 1 0"])
    assert kinds(chart_findings("chart-sustain-overlap", text)) == [("sustainOverlap", "warning", 1920)]
    assert chart_findings("chart-sustain-gap", text) == []
    assert repaired("chart-sustain-overlap", text) == chart_text(["768 = N 0 176", "960 = N 0 0", "1300 = N 1 0"])


def test_the_shorter_of_two_equal_notes_goes() -> None:
    text = chart_text(["768 = N 0 0", "768 = N 1 0", "768 = N 0 96"])
    assert kinds(chart_findings("chart-duplicate-note", text)) == [("duplicateNote", "warning", 1920)]
    assert repaired("chart-duplicate-note", text) == chart_text(["768 = N 1 0", "768 = N 0 96"])


def test_a_kick_and_a_double_kick_are_no_duplicates() -> None:
    assert chart_findings("chart-duplicate-note", chart_text(["768 = N 0 0", "768 = N 32 0"], track="ExpertDrums")) == []


def test_a_lone_forced_mark_may_go_or_become_an_open_note() -> None:
    text = chart_text(["768 = N 0 0", "960 = N 5 0"])
    assert kinds(chart_findings("chart-stray-flag", text)) == [("strayFlag", "warning", 2400)]
    assert repaired("chart-stray-flag", text, 0) == chart_text(["768 = N 0 0"])
    assert repaired("chart-stray-flag", text, 1) == chart_text(["768 = N 0 0", "960 = N 7 0"])


def test_a_cymbal_mark_needs_its_own_pad() -> None:
    (finding,) = chart_findings("chart-stray-flag", chart_text(["768 = N 1 0", "768 = N 66 0"], track="ExpertDrums"))
    assert finding.message == "This cymbal mark on Expert Drums has no note on its tick."


def test_open_chords_and_open_taps_are_hinted_at_once_per_track() -> None:
    notes = ["768 = N 7 0", "768 = N 0 0", "960 = N 7 0", "960 = N 1 0", "1152 = N 7 0", "1152 = N 6 0"]
    found = chart_findings("chart-open-notes", chart_text(notes))
    assert kinds(found) == [("openChord", "hint", 1920), ("openTap", "hint", 2880)]
    assert found[0].message.startswith("2 chords of Expert Guitar")
