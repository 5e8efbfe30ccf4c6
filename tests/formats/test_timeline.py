import pytest

from formats.beatmap import Beatmap
from formats.document import Document, field
from formats.osu import OSU, Additions, Mode
from formats.spans import Edit
from formats.timeline import MOST_REVERSES, EdgeKind, Note, NoteKind, Timeline
from tests.builder import osu_text

# At the builder's 120 BPM and SV 1 a slider of 100 osu!pixels lasts a beat, 500 ms.
SLIDER = "100,100,1000,2,0,L|200:100,{slides},{length}"


def timeline(*objects: str, **sections: object) -> Timeline:
    return Timeline(Beatmap.from_text(osu_text(objects, **sections)))  # type: ignore[arg-type]


def slider(slides: object = 1, length: object = 100, **sections: object) -> Note:
    (note,) = timeline(SLIDER.format(slides=slides, length=length), **sections).notes
    return note


def test_notes_stand_in_time_order_and_file_order_where_equal() -> None:
    notes = timeline("1,0,2000,1,0", "2,0,1000,1,0", "3,0,1000,1,0").notes
    assert [note.x for note in notes] == [2, 3, 1]


@pytest.mark.parametrize(("slides", "end"), [(1, 1500), (3, 2500), (0, 1500), (-5, 1500)])
def test_a_slider_lasts_as_long_as_its_slides(slides: int, end: float) -> None:
    assert slider(slides).end == end


@pytest.mark.parametrize(("beat_length", "end"), [("-50", 1250), ("-200", 2000), ("-1", 1050), ("-9999", 6000), ("NaN", 1500)])
def test_a_green_line_makes_sliders_quicker_or_slower_within_limits(beat_length: str, end: float) -> None:
    assert slider(timing=["0,500,4,1,0,100,1,0", f"0,{beat_length},4,1,0,100,0,0"]).end == end


def test_the_slider_velocity_at_the_head_decides_for_the_whole_slider() -> None:
    assert slider(timing=["0,500,4,1,0,100,1,0", "1001,-50,4,1,0,100,0,0"]).end == 1500


@pytest.mark.parametrize("length", ["0", "-10"])
def test_a_slider_without_a_length_has_that_of_its_curve(length: str) -> None:
    assert slider(1, length).end == 1500
    (note,) = timeline("100,100,1000,2,0,L|200:100,1").notes
    assert note.end == 1500


def test_a_slider_that_ends_on_two_equal_points_is_not_stretched() -> None:
    (note,) = timeline("100,100,1000,2,0,L|200:100|200:100,1,400").notes
    assert (note.end, note.end_position) == (1500, (200, 100))


def test_a_slider_without_a_curve_ends_where_it_starts() -> None:
    (note,) = timeline("100,100,1000,2,0,L,1,100").notes
    assert (note.end, note.end_position) == (1000, (100, 100))


def test_the_ball_goes_back_and_forth() -> None:
    note = slider(2)
    assert [note.position_at(time)[0] for time in (0, 1000, 1250, 1500, 1750, 9999)] == [100, 100, 150, 200, 150, 100]
    assert note.end_position == (100, 100)


def test_edges_have_their_own_sounds_and_fall_back_to_the_objects() -> None:
    (note,) = timeline("100,100,1000,2,2,L|200:100,2,100,8|4,0:0|2:3,1:0:0:0:").notes
    assert [(edge.kind, edge.time, edge.x) for edge in note.edges] == [
        (EdgeKind.HEAD, 1000, 100),
        (EdgeKind.REVERSE, 1500, 200),
        (EdgeKind.TAIL, 2000, 100),
    ]
    assert [edge.sound for edge in note.edges] == [Additions.CLAP, Additions.FINISH, Additions.WHISTLE]
    assert [(edge.normal_set, edge.addition_set) for edge in note.edges] == [(1, 0), (2, 3), (1, 0)]


def test_a_spinner_has_a_head_and_an_end_in_the_middle_of_the_playfield() -> None:
    (note,) = timeline("0,0,1000,12,0,3000").notes
    assert [(edge.kind, edge.time) for edge in note.edges] == [(EdgeKind.HEAD, 1000), (EdgeKind.TAIL, 3000)]
    assert (note.x, note.y) == (256, 192)


def test_nothing_ends_before_it_starts() -> None:
    assert [note.duration for note in timeline("0,0,1000,12,0,500", "0,0,1000,128,0,-5").notes] == [0, 0]


@pytest.mark.parametrize(("rate", "ticks"), [(1, [1500.0]), (2, [1250.0, 1500.0, 1750.0]), (0.5, [])])
def test_ticks_lie_between_head_and_tail(rate: float, ticks: list[float]) -> None:
    assert list(slider(1, 200, difficulty=["SliderMultiplier:1", f"SliderTickRate:{rate}"]).ticks) == ticks


def test_ticks_mirror_on_the_way_back_and_stay_10_ms_off_the_end() -> None:
    assert list(slider(2, 150).ticks) == [1500, 2000]
    assert list(slider(1, 101).ticks) == []


@pytest.mark.parametrize(("version", "ticks"), [(7, 3), (8, 1)])
def test_before_version_8_slider_velocity_does_not_spread_the_ticks(version: int, ticks: int) -> None:
    fast = slider(1, 400, version=version, timing=["0,500,4,1,0,100,1,0", "0,-50,4,1,0,100,0,0"])
    assert len(fast.ticks) == ticks


def test_a_line_without_a_number_makes_a_slider_without_ticks() -> None:
    assert slider(1, 400, timing=["0,500,4,1,0,100,1,0", "0,NaN,4,1,0,100,0,0"]).ticks == ()


def test_endless_reverses_cost_neither_time_nor_memory() -> None:
    note = slider(9000, 1)
    assert len(note.edges) == MOST_REVERSES + 2
    assert note.edges[-1].time == note.end
    assert len(slider(9000, 100_000).ticks) == 0


@pytest.mark.parametrize(("version", "place"), [(14, (100, 200)), (128, (100.75, 200.5))])
def test_places_are_whole_osu_pixels_until_version_128(version: int, place: tuple[float, float]) -> None:
    (note,) = timeline("100.75,200.5,0,1,0", version=version).notes
    assert (note.x, note.y) == place


def test_times_of_the_first_versions_are_played_24_ms_later() -> None:
    old = timeline("0,0,1000,1,0", "0,0,2000,12,0,3000", version=4)
    assert [(note.time, note.end) for note in old.notes] == [(1024, 1024), (2024, 3024)]
    assert old.grid.red_times == [24]


def test_a_mania_lane_follows_from_x() -> None:
    keys = timeline(*(f"{x},0,0,1,0" for x in (-9, 0, 127, 128, 511, 512)), mode=Mode.MANIA, difficulty=["CircleSize:4"])
    assert [note.lane for note in keys.notes] == [0, 0, 0, 1, 3, 3]
    assert timeline("64,0,0,1,0").notes[0].lane == -1


def combos(*types: int, **sections: object) -> list[tuple[int, int]]:
    objects = [f"0,0,{number * 1000},{kind},0,{number * 1000 + 500}:0" for number, kind in enumerate(types)]
    line = timeline(
        *[text.removesuffix(":0") if kind & 8 else text for text, kind in zip(objects, types, strict=True)], **sections
    )
    return list(zip(line.combo_number, line.combo_colour, strict=True))


def test_the_first_object_starts_a_combo_on_the_second_colour() -> None:
    assert combos(1, 1, 5) == [(1, 1), (2, 1), (1, 2)]


def test_a_new_combo_may_skip_colours() -> None:
    assert combos(5, 37, 1) == [(1, 1), (1, 4), (2, 4)]
    assert combos(5, 33) == [(1, 1), (2, 1)]


def test_the_object_after_a_spinner_starts_a_combo() -> None:
    assert combos(1, 12, 1, 1) == [(1, 1), (1, 1), (1, 2), (2, 2)]


def test_the_object_after_a_break_starts_a_combo() -> None:
    assert combos(1, 1, 1, events=["2,1200,1900"]) == [(1, 1), (2, 1), (1, 2)]


def test_drain_time_leaves_out_the_breaks() -> None:
    line = timeline("0,0,1000,1,0", "0,0,9000,1,0", events=["2,2000,5000"])
    assert (line.play_time, line.drain_time) == (8000, 5000)


def test_an_empty_map_has_no_time_at_all() -> None:
    assert (timeline().start, timeline().end, timeline().drain_time) == (0, 0, 0)


def test_notes_live_on_when_another_line_is_edited() -> None:
    document = Document.from_text(osu_text(["1,0,1000,1,0", "2,0,2000,1,0"]), OSU)
    before = Timeline(Beatmap(document))
    moved = document.edit([Edit(document.span(field(document.lines[-1], 2)), "3000")])
    after = Timeline(Beatmap(moved), before)
    assert after.notes[0] is before.notes[0]
    assert after.notes[1].time == 3000


def test_a_change_of_tempo_makes_all_notes_anew() -> None:
    document = Document.from_text(osu_text([SLIDER.format(slides=1, length=100)]), OSU)
    before = Timeline(Beatmap(document))
    (red,) = Beatmap(document).timing_points
    after = Timeline(Beatmap(document.edit([Edit(document.span(field(red.line, 1)), "250")])), before)
    assert (before.notes[0].end, after.notes[0].end) == (1500, 1250)


def test_notes_are_found_by_time() -> None:
    line = timeline("1,0,1000,1,0", "2,0,2000,1,0", "3,0,3000,1,0")
    assert [note.x for note in line.between(1000, 3000)] == [1, 2]
    assert line.notes[0].kind is NoteKind.CIRCLE
