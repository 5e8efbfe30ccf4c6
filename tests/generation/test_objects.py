from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.osu import Mode
from formats.spans import apply_edits
from formats.timeline import Timeline
from generation.objects import section_edits
from generation.parts import Part
from models.bundled.fields import ANCHORS, COLUMN, REPEATS, VOLUMES
from models.bundled.scenes import (
    BIG_DON,
    BIG_KAT,
    BIG_ROLL,
    CIRCLE,
    DENDEN,
    DON,
    HOLD,
    KAT,
    NOTE,
    ROLL,
    SLIDER,
    SPINNER,
    Scene,
    joined,
    ordered_notes,
)  # fmt: skip
from tests.builder import osu_text
from tests.generation.scenes import ALL, categories, empty, lines, notes, objects, rewritten, row, scene, timeline_of

RED = "0,500,4,2,1,80,1,0"
CIRCLES = [f"{100 + 10 * (at % 20)},{150 + 5 * (at % 9)},{1000 + 500 * at},1,{at % 4 * 2},0:0:0:0:" for at in range(30)]
SECTION = (4000.0, 8000.0)


def plain(*green: str, mode: Mode = Mode.OSU, objects: Sequence[str] = CIRCLES) -> Timeline:
    return timeline_of(osu_text(objects, (RED, *green), mode=mode))


def section(timeline: Timeline) -> tuple[int, int]:
    times = [note.time for note in ordered_notes(timeline)]
    return int(np.searchsorted(times, SECTION[0])), int(np.searchsorted(times, SECTION[1]))


def replaced(timeline: Timeline, rows: Scene) -> Timeline:
    first, stop = section(timeline)
    return rewritten(timeline, ordered_notes(timeline)[first:stop], rows)


COMMON = {"volume": 16, "kiai": 0}


def circle(like: Scene, time: float, x: float = 200, y: float = 200, **columns: int) -> Scene:
    sounds = {"hitsound": 0, "sample_set": 1, "new_combo": 0, "kind": CIRCLE}
    return row(like, time, x=x, y=y, **{**COMMON, **sounds, **columns})


@st.composite
def std_rows(draw: st.DrawFn, like: Scene) -> Scene:
    """Notes one after another on 1/4 ticks of the section, with whatever sounds, velocities, volumes and kiai."""
    found: list[Scene] = []
    time = SECTION[0]
    while time < SECTION[1] - 1000 and len(found) < 12:
        time += 125 * draw(st.integers(1, 4))
        kind = draw(st.sampled_from((CIRCLE, CIRCLE, SLIDER, SLIDER, SPINNER)))
        columns = {
            "kind": kind,
            "new_combo": draw(st.integers(0, 1)),
            "hitsound": draw(st.integers(0, 7)),
            "sample_set": draw(st.integers(0, 2)),
            "volume": draw(st.sampled_from((16, 16, 10))),
            "kiai": draw(st.sampled_from((0, 0, 0, 1))),
        }
        columns["addition_set"] = draw(st.integers(0, 2)) if columns["hitsound"] else -1
        x, y = (256, 192) if kind == SPINNER else (draw(st.integers(0, 512)), draw(st.integers(0, 384)))
        end, speed = time, draw(st.sampled_from((1.0, 1.0, 1.5)))
        if kind != CIRCLE:
            end = time + 125 * draw(st.integers(1, 3)) * (4 if kind == SPINNER else 1)
        if kind == SLIDER:
            columns |= {
                "repeats": draw(st.integers(0, 1)),
                "curve": draw(st.integers(0, 3)),
                "anchors": draw(st.integers(1, len(ANCHORS) - 1)),
                "tail_hitsound": draw(st.integers(0, 7)),
                "tail_x": x + draw(st.integers(-60, 60)),
                "tail_y": y + draw(st.integers(-60, 60)),
            }
        spans = REPEATS[columns["repeats"]] if kind == SLIDER else 1
        if time + (end - time) * spans >= SECTION[1]:
            break
        found.append(row(like, time, end, x, y, speed, **columns))
        time += (end - time) * spans
    return joined(found) if found else empty(like)


# What a place without room may change.
SHAPED = {"distance", "angle", "slider_angle", "curve", "anchors"}


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_rows_come_back_from_the_text_and_nothing_else_changes(data: st.DataObject) -> None:
    timeline = plain("3500,-80,4,1,1,60,0,0", "6000,-120,4,2,1,80,0,1", "9000,-100,4,2,1,50,0,0")
    before = scene(timeline)
    first, stop = section(timeline)
    rows = data.draw(std_rows(before))
    after = replaced(timeline, rows)
    found = scene(after)
    assert len(found) == len(before) - (stop - first) + len(rows)
    outside = np.r_[:first, first + len(rows) : len(found)]
    old = np.r_[:first, stop : len(before)]
    assert np.array_equal(found.columns[outside], before.columns[old])
    assert np.array_equal(found.speed[outside], before.speed[old])
    assert objects(after)[:first] == objects(timeline)[:first]
    assert objects(after)[first + len(rows) :] == objects(timeline)[stop:]
    assert {*lines(timeline)} - {*lines(after)} <= {"6000,-120,4,2,1,80,0,1"}, "a line outside the section was changed"
    inside = slice(first, first + len(rows))
    got, wanted = categories(found)[inside], categories(joined([before.taken(slice(0, first)), rows]))[first:]
    for name, column in COLUMN.items():
        same = got[:, column] == wanted[:, column]
        if name == "slider_velocity":
            same |= rows.columns[:, 0] != SLIDER
        if name not in SHAPED:
            assert same.all(), name
    assert all(abs(note.snaps[-1].error) <= 1e-6 for note in after.notes)


def test_rewriting_notes_as_they_are_is_no_edit() -> None:
    slider = "100,100,4000,6,2,B|150:150|150:150|200:100,2,120.5,2|0|8,0:0|1:2|0:0,0:0:0:0:"
    timeline = plain("4000,-87,4,3,1,35,0,1", objects=[*CIRCLES[:5], slider, "256,192,5000,12,4,6000,0:0:0:0:", *CIRCLES[14:]])
    assert section_edits(timeline, timeline.notes, scene(timeline), timeline.notes, ALL) == ()


def test_a_note_with_a_source_changes_only_in_the_parts_that_are_anew() -> None:
    timeline = plain()
    first, _ = section(timeline)
    source = timeline.notes[first]
    wanted = circle(scene(timeline), 4250, 300, 77, hitsound=4, addition_set=1, new_combo=1)

    def line(*parts: Part) -> str:
        return objects(rewritten(timeline, [source], wanted, [source], frozenset(parts)))[first]

    assert line() == CIRCLES[first]
    assert line(Part.POSITIONS) == "300,77,4000,1,4,0:0:0:0:"
    assert line(Part.HITSOUNDS) == "160,180,4000,1,8,0:0:0:0:"
    assert line(Part.COMBOS) == "160,180,4000,5,4,0:0:0:0:"
    assert line(Part.RHYTHM) == "160,180,4250,1,4,0:0:0:0:"


def test_a_slider_that_moves_keeps_its_shape_and_length() -> None:
    slider = "100,100,4000,2,0,P|120:140|160:150,1,90,2|8,0:0|0:0,0:0:0:0:"
    timeline = plain(objects=[*CIRCLES[:3], slider, *CIRCLES[10:]])
    before = scene(timeline).taken(slice(3, 4))
    moved = row(before, 4000, float(before.end[0]), 130, 90, tail_x=int(before.tail_x[0]) + 30, tail_y=int(before.tail_y[0]) - 10)
    moved.columns[:] = before.columns
    after = rewritten(timeline, [timeline.notes[3]], moved, [timeline.notes[3]], frozenset((Part.POSITIONS,)))
    assert objects(after)[3] == "130,90,4000,2,0,P|150:130|190:140,1,90,2|8,0:0|0:0,0:0:0:0:"


def test_another_velocity_volume_and_set_come_with_one_green_line_and_go_with_another() -> None:
    timeline = plain()
    like = scene(timeline)
    wants = {"kind": SLIDER, "repeats": 0, "curve": 0, "anchors": 0, "hitsound": 0, "tail_hitsound": 0, "new_combo": 0}
    rows = joined([
        row(like, time, time + 250, 200, 200, 1.5, tail_x=275, tail_y=200, sample_set=2, volume=12, kiai=1, **wants)
        for time in (4000.0, 4500.0, 5000.0, 5500.0)
    ])  # fmt: skip
    after = replaced(timeline, rows)
    assert lines(after) == [RED, "4000,-66.666666666667,4,3,1,60,0,1", "8000,-100,4,2,1,80,0,0"]
    assert objects(after)[6] == "200,200,4000,2,0,L|275:200,1,75"


def test_one_note_of_another_set_carries_it_itself() -> None:
    timeline = plain()
    after = replaced(timeline, circle(scene(timeline), 5000, sample_set=2, hitsound=1, addition_set=0))
    assert lines(after) == [RED]
    assert objects(after)[6] == "200,200,5000,1,2,3:1:0:0:"


def test_where_notes_name_their_sets_new_ones_do_so_too() -> None:
    timeline = plain(objects=[text.replace("0:0:0:0:", "3:0:0:0:") for text in CIRCLES])
    rows = joined([circle(scene(timeline), time, sample_set=2) for time in (4000.0, 4500.0, 5000.0, 5500.0)])
    after = replaced(timeline, rows)
    assert lines(after) == [RED]
    assert {text.split(",")[5] for text in objects(after)[6:10]} == {"3:0:0:0:"}


def test_a_line_up_to_five_ms_behind_a_note_is_the_one_that_is_changed() -> None:
    timeline = plain("5003,-100,4,2,1,40,0,0")
    after = replaced(timeline, circle(scene(timeline), 5000, volume=VOLUMES.index(70)))
    assert lines(after) == [RED, "5003,-100,4,2,1,70,0,0", "8000,-100,4,2,1,40,0,0"]


def test_the_old_state_is_put_back_at_a_note_that_stays_within_the_section() -> None:
    timeline = plain()
    kept = [note for note in timeline.notes if note.time == 6000]
    gone = [note for note in timeline.notes if SECTION[0] <= note.time < SECTION[1] and note not in kept]
    like = scene(timeline)
    rows = joined([circle(like, time, volume=VOLUMES.index(30)) for time in (5500.0, 6500.0)])
    after = rewritten(timeline, gone, rows)
    assert [line.split(",")[0] + "," + line.split(",")[5] for line in lines(after)[1:]] == [
        "5500,30",
        "6000,80",
        "6500,30",
        "8000,80",
    ]


TAIKO_LINES = {
    DON: "256,192,5000,1,0,0:0:0:0:",
    KAT: "256,192,5000,1,8,0:0:0:0:",
    BIG_DON: "256,192,5000,1,4,0:0:0:0:",
    BIG_KAT: "256,192,5000,1,12,0:0:0:0:",
    ROLL: "256,192,5000,2,0,L|357:192,1,100",
    BIG_ROLL: "256,192,5000,2,4,L|357:192,1,100",
    DENDEN: "256,192,5000,8,0,5500,0:0:0:0:",
}


@pytest.mark.parametrize("kind", TAIKO_LINES)
def test_taiko_notes_are_written_by_their_sounds(kind: int) -> None:
    timeline = plain(mode=Mode.TAIKO)
    lasts = kind in (ROLL, BIG_ROLL, DENDEN)
    after = replaced(
        timeline, row(scene(timeline), 5000, 5500 if lasts else 5000, kind=kind, repeats=0 if lasts else -1, **COMMON)
    )
    assert objects(after)[6] == TAIKO_LINES[kind]
    assert scene(after).columns[6, 0] == kind


def test_a_don_becomes_a_kat_and_keeps_its_line() -> None:
    timeline = plain(mode=Mode.TAIKO, objects=["100,50,1000,5,4,1:0:0:30:a.wav", *CIRCLES[1:]])
    wanted = row(scene(timeline), 1000, kind=BIG_KAT, **COMMON)
    after = rewritten(timeline, timeline.notes[:1], wanted, timeline.notes[:1], frozenset((Part.HITSOUNDS, Part.POSITIONS)))
    assert objects(after)[0].split(",")[3:] == ["5", "12", "1:0:0:30:a.wav"]


def test_mania_notes_stand_in_the_middle_of_their_column() -> None:
    timeline = plain(mode=Mode.MANIA)
    like, sounds = scene(timeline), {"hitsound": 0, "sample_set": 1, **COMMON}
    rows = joined([
        row(like, 5000, kind=NOTE, lane=0, **sounds), row(like, 5000, kind=NOTE, lane=3, **sounds),
        row(like, 5125, 5500, kind=HOLD, lane=1, **sounds),
    ])  # fmt: skip
    after = replaced(timeline, rows)
    assert objects(after)[6:9] == ["64,192,5000,1,0,0:0:0:0:", "448,192,5000,1,0,0:0:0:0:", "192,192,5125,128,0,5500:0:0:0:0:"]
    assert [note.lane for note in notes(after)[6:9]] == [0, 3, 1]


def test_a_map_without_a_last_line_ending_and_without_notes_is_written_too() -> None:
    text = osu_text([], (RED,)).rstrip("\n")
    timeline = timeline_of(text)
    edits = section_edits(timeline, [], circle(scene(timeline), 1000), [None], ALL)
    assert apply_edits(text, edits) == text + "\n200,200,1000,1,0,0:0:0:0:"


def test_lines_of_old_versions_hold_no_sample_and_are_24_ms_early() -> None:
    timeline = timeline_of(osu_text(["64,64,1000,1,0"], ("0,500",), version=3))
    after = rewritten(timeline, [], circle(scene(timeline), 2024, sample_set=0, volume=20))
    assert objects(after) == ["64,64,1000,1,0", "200,200,2000,1,0"]


def test_windows_line_endings_stay() -> None:
    text = osu_text(CIRCLES, (RED,)).replace("\n", "\r\n")
    timeline = timeline_of(text)
    first, stop = section(timeline)
    edits = section_edits(timeline, timeline.notes[first:stop], circle(scene(timeline), 5000, volume=4), [None], ALL)
    after = apply_edits(text, edits)
    assert after.count("\r\n") == after.count("\n")


def test_a_slider_longer_than_the_playfield_holds_becomes_a_circle() -> None:
    timeline = plain()
    straight = {"kind": SLIDER, "repeats": 0, "curve": 0, "anchors": 0, "tail_x": 300, "tail_y": 200}
    silent = {"new_combo": 0, "hitsound": 0, "tail_hitsound": 0, "sample_set": 1}
    endless = row(scene(timeline), 4000, 7900, 200, 200, 10.0, **straight, **silent, **COMMON)
    after = replaced(timeline, endless)
    assert objects(after)[6] == "200,200,4000,1,0,0:0:0:0:"
