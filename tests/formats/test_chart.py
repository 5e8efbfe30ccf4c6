from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from formats.chart import CHART, Chart
from formats.chart_lines import EventKind, TrackNote, length_place, tick_place, value_place
from formats.chart_tracks import Attack, DrumType, Modifiers, NoteFlag
from formats.document import Document
from formats.spans import Edit, Span
from tests.chart_builder import chart_text

PIECES = st.sampled_from(
    [
        "[Song]", "[Expert", "[ExpertSingle] {", "[]", "{", "}", "  ", "Resolution = 192", 'Name = "a {b} [c]"', "768 = N 0 96",
        "768 = N 5 0", "x = N 1", "768 = S 2 192", "0 = TS 4 99", "0 = B 0", "1 = A -5", '9 = E "lyric a"', "9 = E solo", "=",
        "\0",
        "99999999999999999999 = N 0 0", "\udce9", "é", "[SyncTrack]", "[Events]", "[ExpertDrums]", "768 = N 32 0", "768 = N 66 0",
    ]
)  # fmt: skip
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\r\n", "\r", ""]))).map(
    lambda lines: "".join(line + end for line, end in lines)
)


def groups(notes: list[str], track: str = "ExpertSingle") -> list[tuple[int, tuple[int, ...], str]]:
    found = Chart.from_text(chart_text(notes, track=track)).tracks[0]
    return [(group.tick, group.lanes, group.attack.value) for group in found.groups]


@given(st.binary(max_size=300))
def test_any_bytes_come_back_unchanged(data: bytes) -> None:
    assert Chart.from_bytes(data).document.to_bytes() == data


@given(TEXTS)
def test_any_lines_are_read_and_every_track_is_built(text: str) -> None:
    chart = Chart.from_text(text)
    assert chart.document.text == text
    for track in chart.tracks:
        assert track.ticks == sorted(set(track.ticks))
    assert chart.refusals is not None
    assert chart.measures.misaligned is not None


@given(TEXTS, TEXTS, st.data())
def test_an_edited_chart_equals_one_read_anew(text: str, added: str, data: st.DataObject) -> None:
    before = Chart.from_text(text)
    _played(before)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    after = Chart(before.document.edit([Edit(Span(start, end), added)]), previous=before)
    assert _played(after) == _played(Chart.from_text(after.document.text))


def _played(chart: Chart) -> list[object]:
    return [
        (
            track.name,
            [
                (group.tick, group.time, group.attack, [(note.lane, note.length) for note in group.notes])
                for group in track.groups
            ],
            [record.tick for record in track.stray_flags],
            [record.tick for record in track.duplicates],
        )
        for track in chart.tracks
    ]


def test_an_edit_keeps_the_tracks_it_does_not_touch() -> None:
    text = chart_text(tracks={"HardSingle": ["768 = N 0 0"]})
    before = Chart.from_text(text)
    assert [len(track.groups) for track in before.tracks] == [2, 1]
    at = text.index("1152 = N 1") + len("1152 = N ")
    after = Chart(before.document.edit([Edit(Span(at, at + 1), "2")]), previous=before)
    assert after.tracks[1] is before.tracks[1]
    assert after.tracks[0] is not before.tracks[0]
    assert after.tracks[0].groups[0] is before.tracks[0].groups[0]
    assert after.tracks[0].groups[1].lanes == (2,)


def test_header_and_brace_may_share_a_line_or_stand_apart() -> None:
    chart = Chart.from_text("[Song]\n\n{\nResolution = 480\n}\n[ExpertSingle] {\n0 = N 0 0\n}\n")
    assert chart.resolution == 480
    assert len(chart.tracks[0].groups) == 1
    assert not any(line.problems for line in chart.document.lines)


def test_braces_and_brackets_within_a_value_close_nothing() -> None:
    chart = Chart.from_text(chart_text(song=['Name = "a } [b] {"', "Resolution = 192"]))
    assert chart.song.text("Name") == "a } [b] {"
    assert chart.resolution == 192


def test_only_the_outermost_quotes_are_taken_off() -> None:
    assert Chart.from_text(chart_text(song=['Name = "The "Best" Song"'])).song.text("Name") == 'The "Best" Song'


def test_the_last_of_two_sections_counts_and_both_stay() -> None:
    text = chart_text(["0 = N 0 0"]) + "[ExpertSingle]\n{\n  0 = N 3 0\n}\n"
    chart = Chart.from_text(text)
    assert chart.tracks[0].groups[0].lanes == (3,)
    assert [section.name for section in chart.sections].count("ExpertSingle") == 2
    assert chart.document.text == text


def test_an_open_section_ends_at_the_next_header_with_a_problem() -> None:
    chart = Chart.from_text("[Song]\n{\nResolution = 100\n[ExpertSingle]\n{\n0 = N 0 0\n}\n")
    assert chart.resolution == 100
    assert len(chart.tracks[0].groups) == 1
    (problem,) = [problem for line in chart.document.lines for problem in line.problems]
    assert problem.message == "Expected '}' before [ExpertSingle], as [Song] is still open"


def test_a_line_that_cannot_be_read_says_what_was_expected() -> None:
    chart = Chart.from_text(chart_text(["768 = N zero 0", "-5 = N 0 0", "nonsense"]))
    messages = [problem.message for line in chart.document.lines for problem in line.problems]
    assert messages == [
        "Expected a whole number from 0 to 2147483647 for the note, found 'zero'",
        "Expected a whole number from 0 to 2147483647 for the tick, found '-5'",
        "Expected 'tick = type value' in [ExpertSingle], found 'nonsense'",
    ]


def test_utf_16_and_a_byte_order_mark_survive() -> None:
    for codec in ("utf-16", "utf-8-sig"):
        data = chart_text().encode(codec)
        chart = Chart.from_bytes(data)
        assert chart.song.text("Name") == "Song"
        assert chart.document.to_bytes() == data


def test_ticks_become_ms_over_tempo_changes_and_back() -> None:
    chart = Chart.from_text(chart_text(sync=["0 = B 120000", "192 = B 60000", "576 = B 240000", "192 = A 500000"]))
    assert [chart.time_at(tick) for tick in (0, 96, 192, 384, 576, 768)] == [0, 250, 500, 1500, 2500, 2750]
    assert [chart.tempo_map.tick_at(time) for time in (-5, 0, 250, 499.99, 500, 2750)] == [0, 0, 96, 191, 192, 768]


def test_a_chart_without_tempo_plays_at_120_bpm() -> None:
    assert Chart.from_text(chart_text(sync=["192 = B 60000"])).time_at(384) == 500 + 1000


def test_measures_follow_the_time_signatures() -> None:
    measures = Chart.from_text(chart_text(sync=["0 = TS 7 3", "672 = TS 4", "1000 = TS 3"])).measures
    assert [signature.tick for signature in measures.misaligned] == [1000]
    assert measures.around(671) == (0, 672)
    assert measures.around(1000) == (672, 1440)


def test_notes_on_one_tick_are_a_chord_with_a_length_per_lane() -> None:
    track = Chart.from_text(chart_text(["768 = N 2 96", "768 = N 0 0", "768 = N 0 48"])).tracks[0]
    (group,) = track.groups
    assert [(note.lane, note.length) for note in group.notes] == [(0, 48), (2, 96)]
    assert (group.time, group.end) == (1920, 2160)
    assert [record.length for record in track.duplicates] == [0]


def test_a_near_single_note_of_another_fret_is_a_hopo() -> None:
    notes = ["0 = N 0 0", "65 = N 1 0", "131 = N 2 0", "140 = N 2 0", "150 = N 0 0", "150 = N 1 0", "160 = N 0 0"]
    assert [attack for _, _, attack in groups(notes)] == ["strum", "hopo", "strum", "strum", "strum", "hopo"]


def test_the_forced_flag_turns_a_note_round_and_tap_wins() -> None:
    notes = ["0 = N 0 0", "48 = N 1 0", "48 = N 5 0", "500 = N 2 0", "500 = N 5 0", "900 = N 3 0", "900 = N 5 0", "900 = N 6 0"]
    assert [attack for _, _, attack in groups(notes)] == ["strum", "strum", "hopo", "tap"]


def test_song_ini_sets_the_hopo_threshold_and_the_sustain_cutoff() -> None:
    chart = Chart.from_text(chart_text(["0 = N 0 20", "100 = N 1 40"]), Modifiers(hopo_frequency=100, sustain_cutoff=20))
    assert [(group.attack, group.notes[0].length) for group in chart.tracks[0].groups] == [(Attack.STRUM, 0), (Attack.HOPO, 40)]


def test_near_groups_snap_together_where_song_ini_says_so() -> None:
    chart = Chart.from_text(chart_text(["0 = N 0 0", "5 = N 1 0", "20 = N 2 0"]), Modifiers(chord_snap=10))
    assert [group.lanes for group in chart.tracks[0].groups] == [(0, 1), (2,)]


def test_flags_without_a_note_are_kept_apart() -> None:
    track = Chart.from_text(chart_text(["768 = N 5 0", "960 = N 0 0", "960 = N 6 0"])).tracks[0]
    assert [(record.tick, record.number) for record in track.stray_flags] == [(768, 5)]
    assert [group.tick for group in track.groups] == [960]


def test_drum_marks_go_to_their_own_pad() -> None:
    notes = ["0 = N 32 0", "0 = N 2 0", "0 = N 3 0", "0 = N 66 0", "0 = N 36 0", "0 = N 40 0"]
    chart = Chart.from_text(chart_text(notes, track="ExpertDrums"))
    (group,) = chart.tracks[0].groups
    assert chart.drum_type is DrumType.FOUR_LANE_PRO
    assert [(note.lane, note.flags) for note in group.notes] == [
        (0, NoteFlag.DOUBLE_KICK),
        (2, NoteFlag.CYMBAL),
        (3, NoteFlag.ACCENT),
    ]
    assert [record.number for record in chart.tracks[0].stray_flags] == [40]


def test_five_lane_drums_are_told_by_their_green() -> None:
    chart = Chart.from_text(chart_text(["0 = N 5 0", "96 = N 4 0"], track="ExpertDrums"))
    assert chart.drum_type is DrumType.FIVE_LANE
    assert [group.notes[0].flags for group in chart.tracks[0].groups] == [NoteFlag.NONE, NoteFlag.CYMBAL]


def test_six_frets_have_a_third_black_lane() -> None:
    assert groups(["0 = N 8 0", "0 = N 2 0"], "ExpertGHLGuitar") == [(0, (2, 8), "strum")]


def test_a_solo_includes_the_tick_of_its_end() -> None:
    notes = ["0 = E solo", '192 = E "soloend"', "192 = E solo", "384 = E soloend", "500 = E soloend"]
    track = Chart.from_text(chart_text(notes)).tracks[0]
    assert [(solo.tick, solo.end_tick) for solo in track.solos] == [(0, 193), (192, 385)]
    assert [event.tick for event in track.unpaired_solos] == [500]


def test_stretches_are_read_by_their_number() -> None:
    notes = ["0 = S 2 96", "0 = S 2 192", "96 = S 64 96", "96 = S 66 0"]
    track = Chart.from_text(chart_text(notes, track="ExpertDrums")).tracks[0]
    assert [(phrase.tick, phrase.end_tick) for phrase in track.star_power] == [(0, 192)]
    assert [(fill.tick, fill.end_tick) for fill in track.drum_fills] == [(96, 193)]
    assert [(lane.tick, lane.end_tick) for lane in track.roll_lanes] == [(96, 97)]


def test_events_are_told_by_their_text() -> None:
    texts = ["section A", "[section B]", "prc_c", "lyric Hel-", " lyric", "phrase_start", "phrase_end", "[end]", "coda", "crowd"]
    events = Chart.from_text(chart_text(events=[f'{tick} = E "{text}"' for tick, text in enumerate(texts)])).events
    assert [event.kind for event in events] == [
        EventKind.SECTION, EventKind.SECTION, EventKind.SECTION, EventKind.LYRIC, EventKind.LYRIC, EventKind.PHRASE_START,
        EventKind.PHRASE_END, EventKind.END, EventKind.CODA, EventKind.OTHER,
    ]  # fmt: skip
    assert [event.name for event in events[:4]] == ["A", "B", "c", "Hel-"]


def test_a_lyric_without_its_last_quote_is_still_one() -> None:
    (event,) = Chart.from_text(chart_text(events=['0 = E "lyric la'])).events
    assert (event.kind, event.name) == (EventKind.LYRIC, "la")


def test_places_point_at_the_fields_of_a_line() -> None:
    document = Document.from_text("[ExpertSingle]\n{\n  768 = N 10 96\n\t768 =  N 1\n}\n", CHART)
    full, short = document.lines[2], document.lines[3]
    assert [place(full).text for place in (tick_place, value_place, length_place)] == ["768", "10", "96"]
    assert (length_place(short).start, length_place(short).text) == (len("\t768 =  N 1"), "")
    assert isinstance(short.record, TrackNote)


def test_a_refused_chart_says_why() -> None:
    def reasons(text: str) -> list[str]:
        return [reason for _, reason in Chart.from_text(text).refusals]

    assert reasons("not a chart") == ["it has no [Section]"]
    assert reasons(chart_text(song=[])) == ["[Song] has no Resolution"]
    assert reasons(chart_text(song=["Resolution = 0"])) == ["its Resolution is 0"]
    assert reasons(chart_text(sync=["0 = B 0"])) == ["a tempo of 0 BPM stands here"]
    assert reasons(chart_text(sync=["0 = TS 0"])) == ["a time signature of 0 stands here"]
    assert reasons("}\n" + chart_text()) == ["a '}' stands here before any section's name"]
    assert reasons(chart_text().replace("[Song]", "[Song\n]")) == ["the name of this section has no ']' on its line"]
    assert reasons(chart_text()) == []


def test_a_wall_of_hostile_lines_is_read_in_bounded_time() -> None:
    lines = [f"{number} = N {number % 9} 999999999" for number in range(20_000)]
    chart = Chart.from_text(chart_text(lines, sync=[f"{number} = TS 1 31" for number in range(5_000)]))
    assert len(chart.tracks[0].groups) > 10_000
    assert chart.measures.around(3)[0] == 3
