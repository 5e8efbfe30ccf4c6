from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.chart import Chart
from formats.osu import Mode
from models.bundled.fields import COLUMN, FIELDS, NAMES, RELATIVE, SIZES, Family
from models.bundled.rows import BRIDGE, OWN, SEEN, Rows, rows_of
from models.bundled.scenes import CONDITIONS, scored_family
from tests.builder import osu_text
from tests.chart_builder import chart_text
from tests.models.maps import RED_LINE, chart_rows, drawn_scene, rows, scene_of, told


def test_rhythm_is_counted_in_beats_and_snap_divisors() -> None:
    found = rows(["256,192,1000,1,0", "256,192,1125,1,0", "256,192,1500,1,0", "256,192,1667,1,0"])
    assert told(found, "gap") == [None, "1/4", "3/4", "1/3"]
    assert told(found, "snap") == [1, 4, 1, 3]
    assert told(found, "error") == [0, 0, 0, 0]


@pytest.mark.parametrize(("time", "error"), [(1135, 10), (1115, -10), (1126, 1), (1000, 0)])
def test_an_unsnapped_note_is_told_by_how_late_it_is(time: int, error: int) -> None:
    found = rows([f"256,192,{time},1,0"])
    assert told(found, "error") == [error]
    assert told(found, "snap") == ["off" if abs(error) > 2 else 4 if time > 1000 else 1]


def test_the_place_in_the_bar_of_what_is_off_the_grid_is_not_known() -> None:
    found = rows(["256,192,2000,1,0", "256,192,2250,1,0", "256,192,2775,1,0"])
    assert (found.phase - 1).tolist() == [0, 24, 48]
    assert (found.bar - 1).tolist() == [8, 8, 9]


def test_distance_and_turn_follow_the_movement() -> None:
    right_down_back = ["100,100,1000,1,0", "206,100,1500,1,0", "206,206,2000,1,0", "206,100,2500,1,0"]
    found = rows(right_down_back)
    assert told(found, "distance") == [None, 105, 105, 105]
    assert told(found, "angle") == [None, None, 90, -180]


def test_a_mirrored_map_turns_the_other_way() -> None:
    found = rows(["412,100,1000,1,0", "306,100,1500,1,0", "306,206,2000,1,0"])
    assert told(found, "angle") == [None, None, -90]


def test_a_note_on_the_note_before_has_no_direction() -> None:
    found = rows(["100,100,1000,1,0", "206,100,1500,1,0", "206,100,2000,1,0", "206,206,2500,1,0"])
    assert told(found, "angle") == [None, None, None, None]
    assert told(found, "distance") == [None, 105, 0, 105]


def test_a_slider_is_told_by_its_length_in_beats_and_its_shape() -> None:
    found = rows(["100,100,1000,2,0,L|250:100,1,150", "300,100,3000,2,0,B|300:120|300:120|300:200,3,50"])
    assert told(found, "kind") == ["slider", "slider"]
    assert told(found, "length") == ["3/2", "1/2"]
    assert told(found, "end_snap") == [2, 2]
    assert told(found, "repeats") == [1, 3]
    assert told(found, "curve") == ["linear", "bezier with red anchors"]


def test_the_next_note_is_measured_from_where_the_slider_is_left() -> None:
    once = rows(["100,100,1000,2,0,L|200:100,1,100", "305,100,2000,1,0"])
    there_and_back = rows(["100,100,1000,2,0,L|200:100,2,100", "205,100,3000,1,0"])
    assert told(once, "distance")[1] == 105
    assert told(there_and_back, "distance")[1] == 105


def test_a_slider_turns_against_the_movement_to_it() -> None:
    found = rows(["100,100,1000,1,0", "200,100,1500,2,0,L|200:200,1,100"])
    assert told(found, "slider_angle") == [None, 90]


def test_circles_have_neither_length_nor_repeats() -> None:
    found = rows(["100,100,1000,1,0"])
    for field in ("length", "end_snap", "repeats", "curve", "anchors", "tail_hitsound", "slider_angle", "lane", "modifier"):
        assert told(found, field) == [None]


def test_a_spinner_lasts_and_has_no_repeats() -> None:
    found = rows(["256,192,1000,12,0,2000"])
    assert (told(found, "kind"), told(found, "length"), told(found, "repeats")) == (["spinner"], ["2"], [None])


def test_new_combos_and_hit_sounds_are_the_objects_own() -> None:
    found = rows(["100,100,1000,5,8", "100,100,1500,1,6", "100,100,2000,2,2,L|200:100,1,100,2|4"])
    assert told(found, "new_combo") == [True, False, False]
    assert told(found, "hitsound") == ["clap", "whistle+finish", "whistle"]
    assert told(found, "tail_hitsound") == [None, None, "finish"]


def test_sample_sets_are_settled_from_the_timing_line() -> None:
    plain, own, added = "100,100,1500,1,0,0:0:0:0:", "100,100,2000,1,0,3:0:0:0:", "100,100,2500,1,8,0:0:0:0:"
    found = rows(["100,100,500,1,8,0:2:0:0:", plain, own, added], "1000,-100,4,2,0,100,0,0")
    assert told(found, "sample_set") == ["normal", "soft", "drum", "soft"]
    assert told(found, "addition_set") == ["soft", None, None, "soft"]


def test_volume_velocity_and_kiai_are_those_of_the_line_in_force() -> None:
    found = rows(["100,100,500,1,0", "100,100,1500,1,0"], "1000,-50,4,1,0,62,0,1")
    assert told(found, "volume") == [100, 60]
    assert told(found, "slider_velocity") == [1.0, 2.0]
    assert told(found, "kiai") == [False, True]


def test_taiko_has_colours_and_finishers() -> None:
    dons = [f"256,192,{1000 + 500 * number},1,{sound}" for number, sound in enumerate((0, 8, 2, 4, 12))]
    found = rows([*dons, "256,192,4000,2,0,L|356:192,1,100", "256,192,6000,12,0,7000"], mode=Mode.TAIKO)
    assert told(found, "kind") == ["don", "kat", "kat", "big don", "big kat", "drumroll", "denden"]
    assert told(found, "distance") == told(found, "hitsound") == told(found, "repeats") == [None] * 7


def test_mania_has_columns_and_chords_by_column() -> None:
    found = rows(["448,192,1000,1,0", "64,192,1000,1,0", "192,192,1500,128,0,2000:0:0:0:0:"], mode=Mode.MANIA)
    assert told(found, "lane") == [0, 3, 1]
    assert told(found, "gap") == [None, "0", "1"]
    assert told(found, "kind") == ["note", "note", "hold"]
    assert told(found, "length") == [None, None, "1"]


def test_catch_is_told_by_how_far_the_catcher_goes() -> None:
    found = rows(["100,100,1000,1,0", "200,300,1500,1,0", "100,0,2000,1,0"], mode=Mode.CATCH)
    assert told(found, "shift") == [None, 100, -100]
    assert told(found, "distance") == told(found, "angle") == [None] * 3


def test_frets_have_lanes_sustains_and_modifiers() -> None:
    found = chart_rows(["768 = N 0 0", "864 = N 1 0", "864 = N 5 0", "960 = N 2 192", "1536 = N 3 0", "1536 = N 6 0"])
    assert told(found, "lane") == [0, 1, 2, 3]
    assert told(found, "gap") == [None, "1/2", "1/2", "3"]
    assert told(found, "length") == ["0", "0", "1", "0"]
    assert told(found, "modifier") == ["none", "forced", "none", "tap"]
    assert told(found, "kind") == told(found, "volume") == told(found, "hitsound") == [None] * 4


def test_drums_have_cymbals() -> None:
    found = chart_rows(["768 = N 2 0", "768 = N 66 0", "960 = N 0 0", "960 = N 2 0"], "ExpertDrums")
    assert told(found, "lane") == [2, 0, 2]
    assert told(found, "modifier") == ["cymbal", "none", "none"]


def test_tracks_of_six_frets_are_not_scored() -> None:
    chart = Chart.from_text(chart_text(track="ExpertGHLGuitar"))
    assert [scored_family(track) for track in chart.tracks] == [None]


def test_fields_are_known_by_their_names_once() -> None:
    assert len(set(NAMES)) == len(FIELDS)
    assert all(len(set(field.values)) == field.size for field in FIELDS)


@pytest.mark.parametrize("family", [Family.OSU, Family.CATCH])
def test_from_behind_a_map_reads_like_the_map_played_backwards(family: Family) -> None:
    scene = drawn_scene(40, family)
    backwards = scene.taken(slice(None, None, -1))
    backwards = replace(backwards, time=-backwards.time, end=-backwards.end)
    forward, behind = rows_of(backwards), rows_of(scene)
    relative = [COLUMN[name] for name in RELATIVE]
    assert np.array_equal(behind.behind, forward.values[::-1, relative])
    assert np.array_equal(behind.seen_behind, forward.seen[::-1])


def check(found: Rows) -> None:
    """Categories lie inside their fields, numbers are finite and all arrays are of one length."""
    count = len(found)
    assert (found.values >= 0).all() and (found.values <= np.array(SIZES)).all()
    assert (found.behind >= 0).all() and (found.behind <= [SIZES[COLUMN[name]] for name in RELATIVE]).all()
    assert ((found.phase >= 1) & (found.phase <= 49)).all() and ((found.bar >= 1) & (found.bar <= 32)).all()
    assert (found.own.shape, found.seen.shape, found.bridge.shape) == ((count, OWN), (count, SEEN), (count, BRIDGE))
    assert found.condition.shape == (CONDITIONS,)
    arrays = [getattr(found, field.name) for field in fields_of(found) if field.name != "family"]
    assert all(np.isfinite(array).all() for array in arrays)


CIRCLES = ("256,192,1000,1,0", "100,100,1500,5,2")
ODD = {
    "no red line": osu_text(CIRCLES, ()),
    "no tempo": osu_text(CIRCLES, ("0,NaN,4,1,0,100,1,0",)),
    "a beat of nothing": osu_text(CIRCLES, ("0,0,4,1,0,100,1,0",)),
    "a beat backwards": osu_text(CIRCLES, ("0,-500,0,1,0,100,1,0",)),
    "an endless beat": osu_text(CIRCLES, ("0,1e300,4,9,0,-5,1,0", "0,NaN,4,1,0,1000,0,0", "5,-1e-9,4,1,0,1000,0,0")),
    "no numbers": osu_text(("NaN,NaN,NaN,1,0", "256,192,1000,1,0")),
    "far away": osu_text(("1e9,-1e9,1000000000,1,0", "-2147483648,2147483647,-1000000000,1,0")),
    "an endless slider": osu_text(("0,0,1000,2,0,L|1000000:0,9000,1e9", "0,0,1000,2,255,B|0:0,-3,-100,9|9")),
    "no objects": osu_text(()),
    "one object": osu_text(CIRCLES[:1]),
    "nothing at all": "",
    "a wrong difficulty": osu_text(CIRCLES, difficulty=("CircleSize:NaN", "ApproachRate:1e9", "SliderMultiplier:0")),
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_maps_give_finite_numbers(text: str) -> None:
    check(rows_of(scene_of(text)))


@pytest.mark.parametrize("notes", [(), ("0 = N 0 0",), ("768 = N 0 99999999", "2147483647 = N 4 0")])
def test_odd_charts_give_finite_numbers(notes: tuple[str, ...]) -> None:
    check(chart_rows(notes))


NUMBERS = st.one_of(st.integers(-600, 10_000), st.sampled_from((-(10**9), 10**9, 0)))
SMALL = st.integers(-2, 40)
SHAPES = st.sampled_from(
    ("1,{s},{n}:3:0:0:", "5,{s}", "2,{s},L|200:100,{n},{e}", "2,{s},P|1:2|3:4,{n},{e},{s}|{s}", "12,{s},{e}")
)


@st.composite
def objects(draw: st.DrawFn) -> str:
    x, y, time, end = (draw(NUMBERS) for _ in range(4))
    return f"{x},{y},{time}," + draw(SHAPES).format(s=draw(st.integers(-1, 300)), n=draw(SMALL), e=end)


@st.composite
def lines(draw: st.DrawFn) -> str:
    beat, volume = draw(st.floats(-1e4, 1e4)), draw(st.integers(-10, 120))
    return f"{draw(NUMBERS)},{beat},{draw(SMALL)},{draw(SMALL)},0,{volume},{draw(st.integers(0, 1))},{draw(st.integers(0, 9))}"


@given(st.lists(objects(), max_size=12), st.lists(lines(), max_size=5), st.sampled_from(Mode))
def test_any_map_gives_categories_of_its_fields(notes: list[str], timing: list[str], mode: Mode) -> None:
    check(rows_of(scene_of(osu_text(notes, (RED_LINE, *timing), mode=mode))))
    check(rows_of(scene_of(osu_text(notes, timing, mode=mode))))
