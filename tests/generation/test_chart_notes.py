from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.chart import Chart
from formats.spans import apply_edits
from generation.chart_notes import track_edits
from generation.parts import Part
from models.bundled.scenes import LANE_AT, MODIFIER_AT, Scene, scene_of_track
from tests.chart_builder import chart_text

ALL = frozenset(Part)
# 125 BPM at 192 ticks a beat.
TICK = 2.5
GUITAR = (
    "0 = N 0 0",
    "192 = N 1 96",
    "192 = N 2 96",
    "192 = N 5 0",
    "384 = S 2 384",
    "384 = N 7 0",
    "400 = N 3 0",
    "400 = N 6 0",
    "960 = N 4 0",
)
DRUMS = ("0 = N 0 0", "192 = N 2 0", "192 = N 66 0", "192 = N 0 0", "384 = N 32 0", "384 = N 1 0", "384 = N 34 0", "960 = N 4 0")


def rows(like: Scene, *notes: tuple[int, int, int, int]) -> Scene:
    """(tick, lane, length in ticks, modifier) each."""
    ordered = sorted(notes)
    columns = np.full((len(ordered), like.columns.shape[1]), -1, np.int16)
    for at, (_, lane, _, modifier) in enumerate(ordered):
        columns[at, LANE_AT], columns[at, MODIFIER_AT] = lane, modifier
    time = np.array([tick * TICK for tick, *_ in ordered], float)
    end = np.array([(tick + length) * TICK for tick, _, length, _ in ordered], float)
    nothing = np.zeros(len(ordered))
    return replace(
        like, time=time, end=end, x=nothing, y=nothing, tail_x=nothing, tail_y=nothing, speed=nothing + 1, columns=columns
    )


def opened(notes: tuple[str, ...], track: str) -> tuple[Chart, Scene]:
    chart = Chart.from_text(chart_text(notes, track=track))
    return chart, scene_of_track(chart, chart.tracks[0])


def body(chart: Chart) -> list[str]:
    return [line.content.strip() for line in chart.tracks[0].section.lines[1:-1]]


def after(chart: Chart, first: int, stop: int, wanted: Scene, *, sourced: bool = False, anew: frozenset[Part] = ALL) -> Chart:
    track = chart.tracks[0]
    removed = track.notes[first:stop]
    edits = track_edits(chart, track, removed, wanted, removed if sourced else [None] * len(wanted), anew)
    return Chart.from_text(apply_edits(chart.document.text, edits))


FRETS = st.sets(st.sampled_from((0, 1, 2, 3, 4, 7)), min_size=1, max_size=3)


@st.composite
def fret_notes(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    found: list[tuple[int, int, int, int]] = []
    for tick in sorted(draw(st.sets(st.integers(4, 19), max_size=8))):
        modifier, length = draw(st.integers(0, 2)), draw(st.sampled_from((0, 0, 24)))
        found += [(48 * tick, lane, length, modifier) for lane in draw(FRETS)]
    return found


@st.composite
def drum_notes(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    found: list[tuple[int, int, int, int]] = []
    for tick in sorted(draw(st.sets(st.integers(4, 19), max_size=8))):
        for lane in draw(st.sets(st.integers(0, 4), min_size=1, max_size=3)):
            bits = draw(st.integers(0, 7)) & (7 if lane in (2, 3, 4) else 6) if lane else 8 * draw(st.integers(0, 1))
            found.append((48 * tick, lane, 0, 2 + bits if bits else 0))
    return found


@settings(deadline=None, max_examples=60)
@given(fret_notes())
def test_fret_rows_come_back_from_the_text(notes: list[tuple[int, int, int, int]]) -> None:
    chart, before = opened(GUITAR, "ExpertSingle")
    wanted = rows(before, *notes)
    found = scene_of_track(changed := after(chart, 1, 5, wanted), changed.tracks[0])
    assert_same(found, before, wanted, 1, 5)
    assert "384 = S 2 384" in body(changed)
    assert body(changed)[0] == GUITAR[0] and body(changed)[-1] == GUITAR[-1]


@settings(deadline=None, max_examples=60)
@given(drum_notes())
def test_drum_rows_come_back_from_the_text(notes: list[tuple[int, int, int, int]]) -> None:
    # A cymbal behind the section keeps the chart one of pro drums.
    chart, before = opened((*DRUMS, "960 = N 68 0"), "ExpertDrums")
    wanted = rows(before, *notes)
    changed = after(chart, 1, 5, wanted)
    assert_same(scene_of_track(changed, changed.tracks[0]), before, wanted, 1, 5)


def assert_same(found: Scene, before: Scene, wanted: Scene, first: int, stop: int) -> None:
    for name in ("time", "end", "columns"):
        old, new = getattr(before, name), getattr(wanted, name)
        assert np.array_equal(getattr(found, name), np.concatenate((old[:first], new, old[stop:]))), name


def test_writing_notes_as_they_are_is_no_edit() -> None:
    for notes, track in ((GUITAR, "ExpertSingle"), (DRUMS, "ExpertDrums")):
        chart, before = opened(notes, track)
        assert body(after(chart, 0, len(before), before, sourced=True)) == list(notes)
        assert body(after(chart, 0, len(before), before)) == list(notes)


def test_only_the_parts_that_are_anew_change() -> None:
    chart, before = opened(GUITAR, "ExpertSingle")
    wanted = rows(before, (384, 2, 48, 2))
    only = {part: body(after(chart, 3, 4, wanted, sourced=True, anew=frozenset((part,))))[4:-3] for part in Part}
    assert only[Part.POSITIONS] == ["384 = N 2 0", "384 = S 2 384"]
    assert only[Part.RHYTHM] == ["384 = S 2 384", "384 = N 7 48"]
    assert only[Part.FLAGS] == ["384 = N 6 0", "384 = S 2 384", "384 = N 7 0"]
    assert only[Part.HITSOUNDS] == ["384 = S 2 384", "384 = N 7 0"]


def test_notes_that_join_a_chord_leave_its_flags() -> None:
    chart, before = opened(GUITAR, "ExpertSingle")
    changed = after(chart, 1, 1, rows(before, (192, 4, 96, 0)))
    assert body(changed)[1:5] == ["192 = N 1 96", "192 = N 2 96", "192 = N 4 96", "192 = N 5 0"]


def test_lines_stay_in_the_order_of_time_where_those_of_a_tick_stand_in_any_order() -> None:
    chart, scene = opened(("0 = N 0 0", "192 = S 2 96", "192 = N 2 0", "192 = N 0 0", "960 = N 4 0"), "ExpertSingle")
    written = after(chart, 3, 3, rows(scene, (192, 1, 0, 0), (384, 1, 0, 0)))
    ticks = [int(line.split(" = ")[0]) for line in body(written)]
    assert ticks == sorted(ticks)
    assert {"192 = N 1 0", "384 = N 1 0"} <= set(body(written))


def test_plain_drums_stay_plain() -> None:
    chart, before = opened(("0 = N 0 0", "960 = N 4 0"), "ExpertDrums")
    changed = after(chart, 1, 1, rows(before, (192, 2, 0, 3), (384, 3, 0, 4)))
    assert body(changed) == ["0 = N 0 0", "192 = N 2 0", "384 = N 3 0", "384 = N 36 0", "960 = N 4 0"]


def test_an_empty_track_is_written_between_its_braces() -> None:
    chart = Chart.from_text(chart_text(("0 = N 0 0",), track="ExpertSingle"))
    emptied = after(chart, 0, 1, rows(scene_of_track(chart, chart.tracks[0])))
    assert body(emptied) == []
    again = after(emptied, 0, 0, rows(scene_of_track(emptied, emptied.tracks[0]), (0, 3, 0, 0)))
    assert body(again) == ["0 = N 3 0"]


def test_a_track_that_is_changed_says_so_once_and_where() -> None:
    chart, scene = opened(GUITAR, "ExpertSingle")
    track = chart.tracks[0]

    def written(chart: Chart, first: int, stop: int, wanted: Scene) -> Chart:
        track = chart.tracks[0]
        removed = track.notes[first:stop]
        edits = track_edits(chart, track, removed, wanted, [None] * len(wanted), ALL, "maimod")
        return Chart.from_text(apply_edits(chart.document.text, edits))

    assert track_edits(chart, track, track.notes, scene, track.notes, ALL, "maimod") == ()
    once = written(chart, 1, 3, rows(scene, (192, 3, 0, 0), (240, 4, 0, 0)))
    assert body(once)[:4] == ["0 = N 0 0", "192 = N 3 0", "192 = E maimod", "240 = N 4 0"]
    assert [line.text for line in once.document.lines if "maimod" not in line.text][-3:] == [
        line.text for line in chart.document.lines
    ][-3:]
    twice = written(once, 0, 1, rows(scene, (0, 3, 0, 0)))
    assert [line for line in body(twice) if "maimod" in line] == ["192 = E maimod"]
    other = written(chart, 1, 3, rows(scene))
    assert "192 = E maimod" in body(other)
