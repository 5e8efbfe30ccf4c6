"""Rules on what the file holds at all: sections, tracks, order."""

from __future__ import annotations

import pytest

from tests.builder import kinds
from tests.chart_builder import SONG, chart_findings, chart_text, repaired, repaired_all


@pytest.mark.parametrize(
    "text",
    [
        "this is not a chart\n",
        chart_text(song=["Resolution = 0"]),
        chart_text(song=['Name = "Song"']),
        chart_text(sync=["0 = TS 4", "0 = B 0"]),
        chart_text(sync=["0 = TS 0", "0 = B 120000"]),
        chart_text().replace("[Events]", "[Events\n]"),
        "}\n" + chart_text(),
    ],
)
def test_a_chart_that_the_game_refuses_is_an_error(text: str) -> None:
    assert kinds(chart_findings("chart-bad-chart", text)) == [("badChart", "error", None)]


def test_a_refused_chart_hears_of_nothing_else() -> None:
    assert chart_findings("chart-default-tempo", chart_text(sync=["0 = TS 4", "0 = B 0"])) == []
    assert chart_findings("chart-no-sections", "this is not a chart\n") == []


def test_a_sound_chart_is_not_refused() -> None:
    assert chart_findings("chart-bad-chart", chart_text()) == []


def test_a_chart_needs_a_note_or_a_vocal_phrase() -> None:
    assert kinds(chart_findings("chart-no-notes", chart_text([]))) == [("noNotes", "error", None)]
    vocals = ['768 = E "phrase_start"', '960 = E "phrase_end"']
    assert chart_findings("chart-no-notes", chart_text([], events=vocals)) == []


def test_an_instrument_without_expert_is_named_with_what_it_has() -> None:
    text = chart_text(track="HardSingle", tracks={"EasySingle": ["768 = N 0 0"], "ExpertDrums": ["768 = N 1 0"]})
    (finding,) = chart_findings("chart-no-expert", text)
    assert finding.message == "Guitar has Hard and Easy but no Expert."


def test_an_empty_expert_track_is_no_expert() -> None:
    text = chart_text([], tracks={"HardSingle": ["768 = N 0 0"]})
    assert len(chart_findings("chart-no-expert", text)) == 1


def test_a_copy_of_expert_with_more_than_20_notes_is_not_reduced() -> None:
    notes = [f"{768 + 96 * number} = N {number % 4} 0" for number in range(21)]
    copy = chart_text(notes, tracks={"HardSingle": notes})
    assert kinds(chart_findings("chart-difficulty-not-reduced", copy)) == [("difficultyNotReduced", "warning", None)]
    assert chart_findings("chart-difficulty-not-reduced", chart_text(notes[:20], tracks={"HardSingle": notes[:20]})) == []
    forced = [*notes, "864 = N 5 0"]
    assert chart_findings("chart-difficulty-not-reduced", chart_text(notes, tracks={"HardSingle": forced})) == []


def test_a_misspelt_track_is_told_its_right_name() -> None:
    text = chart_text(track="Expertsingle")
    (finding,) = chart_findings("chart-unknown-track", text)
    assert finding.message == "The game does not know [Expertsingle] and skips it; its name for this is probably [ExpertSingle]."
    assert "[ExpertSingle]\n{" in repaired("chart-unknown-track", text)


def test_a_misspelt_track_is_not_renamed_to_one_that_is_there() -> None:
    text = chart_text(tracks={"Expertsingle": ["768 = N 0 0"]})
    assert chart_findings("chart-unknown-track", text)[0].fixes == ()


def test_an_old_track_is_only_mentioned() -> None:
    text = chart_text(tracks={"ExpertSingleBass": ["768 = N 0 0"], "GH4Stuff": []})
    assert [kind for kind, *_ in kinds(chart_findings("chart-unknown-track", text))] == ["unreadTrack", "unreadTrack"]


def test_the_first_of_two_sections_is_told_that_it_is_skipped() -> None:
    text = chart_text() + "[ExpertSingle]\n{\n  0 = N 3 0\n}\n"
    (finding,) = chart_findings("chart-duplicate-section", text)
    assert text[finding.span.start : finding.span.end] == "[ExpertSingle]"
    assert finding.span.start == text.index("[ExpertSingle]")


def test_an_open_last_section_is_closed() -> None:
    text = chart_text().removesuffix("}\n")
    assert repaired("chart-section-unclosed", text) == chart_text()
    assert chart_findings("chart-section-unclosed", chart_text()) == []


def test_lines_out_of_order_are_sorted_and_equal_ticks_keep_theirs() -> None:
    text = chart_text(["1152 = N 1 0", "768 = N 2 0", "768 = N 5 0", "1536 = N 0 0", "1200 = S 2 96"], newline="\r\n")
    (finding,) = chart_findings("chart-unsorted", text)
    assert (finding.time_ms, "as in 1 more of the section" in finding.message) == (1920, True)
    expected = ["768 = N 2 0", "768 = N 5 0", "1152 = N 1 0", "1200 = S 2 96", "1536 = N 0 0"]
    assert repaired("chart-unsorted", text) == chart_text(expected, newline="\r\n")


def test_a_chart_without_sections_is_told_so() -> None:
    assert kinds(chart_findings("chart-no-sections", chart_text(events=[]))) == [("noSections", "information", None)]
    assert chart_findings("chart-no-sections", chart_text(events=['0 = E "prc_intro"'])) == []


def test_the_101st_section_is_one_too_many() -> None:
    events = [f'{number} = E "section {number}"' for number in range(101)]
    (finding,) = chart_findings("chart-too-many-sections", chart_text(events=events))
    assert finding.time_ms == 250
    assert chart_findings("chart-too-many-sections", chart_text(events=events[:100])) == []


def test_a_section_behind_the_last_note_is_hinted_at() -> None:
    events = ['768 = E "section A"', '1152 = E "section B"', '1153 = E "section C"']
    assert kinds(chart_findings("chart-section-outside-notes", chart_text(events=events))) == [
        ("sectionOutsideNotes", "hint", 2882.5)
    ]


def test_notes_and_sections_behind_the_written_length_are_counted() -> None:
    text = chart_text(
        ["768 = N 0 0", "2000 = N 1 0", "2100 = N 1 0"], song=[*SONG, "Length = 3"], events=['2400 = E "section End"']
    )
    found = chart_findings("chart-after-song-end", text)
    assert sorted(kinds(found)) == [("noteAfterEnd", "warning", 5000), ("sectionAfterEnd", "warning", 6000)]
    assert chart_findings("chart-after-song-end", text, ini="[song]\nsong_length = 60000\n") == []


def test_an_end_event_before_the_last_note_moves_behind_its_sustain() -> None:
    text = chart_text(["768 = N 0 0", "1152 = N 1 96"], events=['768 = E "section A"', '1000 = E "end"', '1100 = E "section B"'])
    assert kinds(chart_findings("chart-end-event", text)) == [("badEndEvent", "warning", 2500)]
    moved = chart_text(["768 = N 0 0", "1152 = N 1 96"], events=['768 = E "section A"', '1100 = E "section B"', '1248 = E "end"'])
    assert repaired("chart-end-event", text) == moved


def test_a_second_end_event_goes() -> None:
    text = chart_text(events=['1152 = E "end"', '1536 = E "end"'])
    assert kinds(chart_findings("chart-end-event", text)) == [("badEndEvent", "warning", 3840)]
    assert repaired("chart-end-event", text) == chart_text(events=['1152 = E "end"'])


def test_several_faulty_end_events_are_all_put_right() -> None:
    text = chart_text(events=['768 = E "end"', '800 = E "end"', '1200 = E "end"'])
    assert repaired_all("chart-end-event", text) == chart_text(events=['1152 = E "end"'])
