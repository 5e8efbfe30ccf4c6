"""After a fix the expected value stands there, other objects are as before, and nothing is applied unasked."""

from __future__ import annotations

import pytest

from analyzers.finding import Finding, Safety
from formats.beatmap import Beatmap
from formats.osu import Mode
from formats.spans import apply_edits
from models.bundled.drift import Against, Drift
from models.bundled.fields import Value
from tests.analyzers.surprising.maps import RED, chart, line_of_circles, mania_map, osu_map, taiko_map, with_object
from tests.analyzers.surprising.surprise import Expects, Suspicion, fields_of, fields_of_track, found, found_in_chart
from tests.builder import osu_text

SLIDER = "100,300,2250,6,2,L|200:300,1,50,2|8,0:0|0:0,0:0:0:0:"
TWICE = "100,300,2250,2,2,L|200:300,3,25,2|0|4|8,0:0|0:0|1:0|0:0,0:0:0:0:"
# An object may be as long as 2 beats behind the slider that stands at 2250.
ROOMY = [*line_of_circles()[:5], SLIDER, *line_of_circles(24)[12:]]
BUZZ = osu_map(with_object(5, TWICE))


def lines(text: str) -> list[str]:
    return text.splitlines()


def changed(text: str, finding: Finding, number: int = 0) -> tuple[str, list[str], list[str]]:
    """The text after a fix of the finding, and the lines that went and came."""
    fix = finding.fixes[number]
    assert fix.safety is Safety.UNSAFE
    assert len(finding.fixes) <= 3
    new = apply_edits(text, fix.edits)
    gone = [line for line in lines(text) if line not in lines(new)]
    come = [line for line in lines(new) if line not in lines(text)]
    return new, gone, come


def one(text: str, suspicion: Suspicion | None, expects: Expects | None = None) -> Finding:
    [finding] = found(text, suspicion, expects)
    return finding


@pytest.mark.parametrize(
    ("text", "mistake", "field", "row", "value", "line"),
    [
        (osu_map(), "new combo", "new_combo", 4, False, "260,200,2000,1,0,0:0:0:0:"),
        (osu_map(), "new combo", "new_combo", 5, True, "300,200,2250,5,0,0:0:0:0:"),
        (osu_map(), "hit sound", "hitsound", 5, "whistle+clap", "300,200,2250,1,10,0:0:0:0:"),
        (osu_map(ROOMY), "hit sound", "hitsound", 5, "normal", "100,300,2250,6,0,L|200:300,1,50,0|8,0:0|0:0,0:0:0:0:"),
        (osu_map(ROOMY), "length", "length", 5, "1", "100,300,2250,6,2,L|200:300,1,100,2|8,0:0|0:0,0:0:0:0:"),
        (osu_map(ROOMY), "repeats", "repeats", 5, 3, "100,300,2250,6,2,L|200:300,3,50,2|2|2|8,0:0|0:0|0:0|0:0,0:0:0:0:"),
        (BUZZ, "repeats", "repeats", 5, 2, "100,300,2250,2,2,L|200:300,2,25,2|0|8,0:0|0:0|0:0,0:0:0:0:"),
        (BUZZ, "repeats", "repeats", 5, 1, "100,300,2250,2,2,L|200:300,1,25,2|8,0:0|0:0,0:0:0:0:"),
        (taiko_map(), "kind", "kind", 5, "big kat", "256,192,2250,1,12,0:0:0:0:"),
        (taiko_map(), "kind", "kind", 4, "don", "256,192,2000,1,0,0:0:0:0:"),
        (mania_map(), "lane", "lane", 5, 3, "448,192,2250,1,0,0:0:0:0:"),
        (osu_map(mode=Mode.CATCH), "position", "shift", 5, -100, "160,200,2250,1,0,0:0:0:0:"),
    ],
)  # fmt: skip
def test_the_expected_value_comes(text: str, mistake: str, field: str, row: int, value: Value, line: str) -> None:
    finding = one(text, {(row, mistake): 0.95}, {(row, field): {value: 0.9}})
    new, gone, come = changed(text, finding)
    assert (len(gone), come) == (1, [line])
    assert fields_of(new, field)[row] == (value,)


def test_the_tail_of_a_slider_sounds_otherwise() -> None:
    text = osu_map(ROOMY)
    new, _, come = changed(text, one(text, None, {(5, "tail_hitsound"): {"finish": 0.99}}))
    assert come == ["100,300,2250,6,2,L|200:300,1,50,2|4,0:0|0:0,0:0:0:0:"]
    assert fields_of(new, "tail_hitsound")[5] == ("finish",)


def test_a_slider_without_edge_sounds_gets_them() -> None:
    text = osu_map(with_object(5, "100,300,2250,2,2,L|200:300,1,50"))
    new, _, come = changed(text, one(text, None, {(5, "tail_hitsound"): {"finish": 0.99}}))
    assert come == ["100,300,2250,2,2,L|200:300,1,50,2|4"]
    assert fields_of(new, "hitsound", "tail_hitsound")[5] == ("whistle", "finish")


@pytest.mark.parametrize("sample", ["", ",0:0:0:0:", ",2:0:0:70:bell.wav"])
def test_a_circle_gets_another_sample_set(sample: str) -> None:
    normal = ("0,500,4,2,0,60,1,0", "2200,-100,4,1,0,60,0,0", "2600,-100,4,2,0,60,0,0")
    text = osu_map(with_object(5, f"300,200,2250,1,0{sample}"), normal if "2:" not in sample else ("0,500,4,3,0,60,1,0",))
    new, _, come = changed(text, one(text, None, {(5, "sample_set"): {"drum": 0.99}}))
    assert come == ["300,200,2250,1,0" + (f",3{sample[2:]}" if sample else ",3:0:0:0:")]
    assert fields_of(new, "sample_set")[5] == ("drum",)


def test_a_jump_is_put_at_the_expected_distance() -> None:
    text = osu_map()
    finding = one(text, {(5, "position"): 0.9}, {(5, "distance"): {115: 0.8}})
    new, _, come = changed(text, finding)
    assert finding.fixes[0].title == "Move to 375|200, 115 px from the object before"
    assert come == ["375,200,2250,1,0,0:0:0:0:"]
    assert fields_of(new, "distance", "angle")[5] == (115, 0)


def test_a_turn_is_made_as_expected() -> None:
    text = osu_map()
    new, _, come = changed(text, one(text, {(5, "position"): 0.9}, {(5, "angle"): {90: 0.9}}))
    assert come == ["260,240,2250,1,0,0:0:0:0:"]
    assert fields_of(new, "distance", "angle")[5] == (36, 90)


def test_places_outside_the_playfield_are_not_offered() -> None:
    assert one(osu_map(), {(5, "position"): 0.9}, {(5, "distance"): {340: 0.9}}).fixes == ()


def test_a_slider_moves_with_all_its_points() -> None:
    text = osu_map([*line_of_circles()[:5], "300,200,2250,2,0,B|300:210|320:200|320:200|300:230,1,50", *line_of_circles(24)[12:]])
    new, _, come = changed(text, one(text, {(5, "position"): 0.9}, {(5, "distance"): {115: 0.9}}))
    assert come == ["375,200,2250,2,0,B|375:210|395:200|395:200|375:230,1,50"]
    assert fields_of(new, "length", "curve")[5] == fields_of(text, "length", "curve")[5]


def test_a_circle_between_the_ticks_comes_onto_them() -> None:
    text = osu_map(with_object(5, "300,200,2262,1,0,0:0:0:0:"))
    new, _, come = changed(text, one(text, {(5, "time"): 0.9}, {(5, "snap"): {2: 0.95}}))
    assert come == ["300,200,2250,1,0,0:0:0:0:"]
    assert fields_of(new, "snap", "error")[5] == (2, 0)


def test_a_circle_on_the_wrong_tick_comes_to_the_expected_ones() -> None:
    text = osu_map(with_object(5, "300,200,2375,1,0,0:0:0:0:"))
    finding = one(text, {(5, "time"): 0.9}, {(5, "gap"): {"1/2": 0.6, "1/4": 0.2, "1": 0.15}})
    assert [fix.title for fix in finding.fixes] == ["Move to 1/2 at 00:02:250", "Move to 1/4 at 00:02:125"]
    for number, gap in enumerate(("1/2", "1/4")):
        new, _, _ = changed(text, finding, number)
        assert fields_of(new, "gap")[5] == (gap,)


def test_an_extra_note_is_deleted() -> None:
    text = osu_map()
    new, gone, come = changed(text, one(text, {(5, "extra"): 0.9}))
    assert (gone, come) == (["300,200,2250,1,0,0:0:0:0:"], [])
    assert len(Beatmap.from_text(new).hit_objects) == 15


def test_a_slider_becomes_the_expected_circle() -> None:
    text = osu_map(ROOMY)
    new, _, come = changed(text, one(text, None, {(5, "kind"): {"circle": 0.99}}))
    assert come == ["100,300,2250,5,2,0:0:0:0:"]
    assert fields_of(new, "kind")[5] == ("circle",)


def test_a_long_note_becomes_a_plain_one_or_ends_elsewhere() -> None:
    text = osu_text(
        [*(f"64,192,{1000 + 250 * n},1,0,0:0:0:0:" for n in range(5)), "192,192,2250,128,0,2500:0:0:0:70:"],
        (RED,),
        mode=Mode.MANIA,
    )
    new, _, come = changed(text, one(text, {(5, "kind"): 0.95}, {(5, "kind"): {"note": 0.9}}))
    assert (come, fields_of(new, "kind")[5]) == (["192,192,2250,1,0,0:0:0:70:"], ("note",))
    new, _, come = changed(text, one(text, {(5, "length"): 0.95}, {(5, "length"): {"1": 0.9}}))
    assert (come, fields_of(new, "length")[5]) == (["192,192,2250,128,0,2750:0:0:0:70:"], ("1",))


def test_no_length_reaches_into_the_next_object() -> None:
    text = osu_map(with_object(5, SLIDER))
    assert one(text, {(5, "length"): 0.95}, {(5, "length"): {"1": 0.9}}).fixes == ()


def test_a_column_that_is_taken_is_not_offered() -> None:
    text = mania_map().replace("192,192,2250,1,0", "192,192,2250,1,0,0:0:0:0:\n448,192,2250,1,0")
    assert one(text, {(5, "lane"): 0.95}, {(5, "lane"): {3: 0.9}}).fixes == ()


DONS = [f"256,192,{1000 + 250 * n},1,0,0:0:0:0:" for n in range(16)]
LOUD = ("0,500,4,2,0,60,1,0", "2000,-100,4,2,0,10,0,0", "2600,-80,4,2,0,10,0,0", "3500,-100,4,2,0,60,0,0")


def test_the_lines_of_a_stretch_get_the_expected_volume() -> None:
    text = osu_map(timing=LOUD)
    finding = one(text, None, {(row, "volume"): {60: 0.99} for row in range(4, 10)})
    new, gone, come = changed(text, finding)
    assert come == ["2000,-100,4,2,0,60,0,0", "2600,-80,4,2,0,60,0,0"]
    assert (len(gone), {value for (value,) in fields_of(new, "volume")}) == (2, {60})


def test_a_red_lines_tempo_stays_when_the_speed_changes() -> None:
    text = osu_text(DONS, ("0,500,4,2,0,60,1,0", "0,-50,4,2,0,60,0,0", "2000,500,4,2,0,60,1,0"), mode=Mode.TAIKO)
    new, gone, come = changed(text, one(text, None, {(4, "slider_velocity"): {2.0: 0.99}}))
    assert (gone, come) == ([], ["2000,-50,4,2,0,60,0,0"])
    assert {speed for (speed,) in fields_of(new, "slider_velocity")} == {2.0}


def test_sliders_end_when_they_did_at_another_speed() -> None:
    objects = [*line_of_circles()[:5], "100,300,2250,2,0,L|300:300,1,100", *line_of_circles(18)[7:]]
    text = osu_map(objects, ("0,500,4,2,0,60,1,0", "2200,-50,4,2,0,60,0,0"))
    new, _, come = changed(text, one(text, None, {(5, "slider_velocity"): {1.0: 0.99}}))
    assert come == ["2200,-100,4,2,0,60,0,0", "100,300,2250,2,0,L|300:300,1,50"]
    assert fields_of(new, "length", "slider_velocity")[5] == (fields_of(text, "length")[5][0], 1.0)


def test_the_line_that_sets_kiai_is_edited() -> None:
    text = osu_text(line_of_circles(40), (RED, "6000,-100,4,2,0,60,0,1", "7250,-100,4,2,0,60,0,0"))
    new, gone, come = changed(text, one(text, None, {(20, "kiai"): {False: 0.99}, (25, "kiai"): {True: 0.99}}))
    assert (gone, come) == (["6000,-100,4,2,0,60,0,1"], ["6000,-100,4,2,0,60,0,0"])
    assert not any(kiai for (kiai,) in fields_of(new, "kiai"))


def test_notes_that_were_moved_come_back() -> None:
    objects = line_of_circles()
    objects[4:8] = [line.replace(f",{2000 + 250 * n},", f",{2015 + 250 * n},") for n, line in enumerate(objects[4:8])]
    text = osu_map(objects)
    [finding] = found(text, drifts=[Drift(2015, 2765, 14.0, 0.9, Against.NOTES)])
    new, _, come = changed(text, finding)
    assert (finding.fixes[0].title, come) == ("Move these 4 objects 14 ms earlier", line_of_circles()[4:8])
    assert new == osu_map()


def test_a_red_line_comes_to_its_notes() -> None:
    text = osu_map(timing=("12,500,4,2,0,60,1,0",))
    [finding] = found(text, drifts=[Drift(1000, 5000, -12.0, 0.9, Against.RED_LINE, 12.0)])
    new, _, come = changed(text, finding)
    assert (finding.fixes[0].title, come) == ("Move the red line 12 ms earlier, to 00:00:000", ["0,500,4,2,0,60,1,0"])
    assert new == osu_map()


@pytest.mark.parametrize(
    ("mistake", "field", "value", "come"),
    [
        ("lane", "lane", 3, ["  1248 = N 3 0"]),
        ("length", "length", "1/2", ["  1248 = N 0 96"]),
        ("time", "gap", "3/8", ["  1224 = N 0 0"]),
        ("modifier", "modifier", "tap", ["  1248 = N 6 0"]),
        ("modifier", "modifier", "forced", ["  1248 = N 5 0"]),
        ("extra", "gap", "1/2", []),
    ],
)
def test_notes_of_charts_become_as_expected(mistake: str, field: str, value: Value, come: list[str]) -> None:
    text = chart()
    [finding] = found_in_chart(text, {(5, mistake): 0.95}, {(5, field): {value: 0.9}} if mistake != "extra" else None)
    new, gone, added = changed(text, finding)
    assert (added, len(gone)) == (come, mistake != "modifier")
    if mistake != "extra":
        assert fields_of_track(new, field)[5] == (value,)


def test_flags_go_and_change() -> None:
    text = chart([f"{768 + 96 * n} = N {n % 5} 0" for n in range(6)] + ["1248 = N 6 0"])
    [finding] = found_in_chart(text, {(5, "modifier"): 0.95}, {(5, "modifier"): {"none": 0.6, "forced": 0.3}})
    assert [fix.title for fix in finding.fixes] == ["Take the flags away", "Make it forced"]
    for number, value in enumerate(("none", "forced")):
        assert fields_of_track(changed(text, finding, number)[0], "modifier")[5] == (value,)


DRUMS = [*(f"{768 + 96 * n} = N {n % 4} 0" for n in range(6)), "960 = N 66 0", "1344 = N 2 0", "1344 = N 66 0"]


def test_a_cymbal_becomes_a_tom() -> None:
    text = chart(DRUMS, "ExpertDrums")
    [finding] = found_in_chart(text, {(2, "modifier"): 0.95}, {(2, "modifier"): {"none": 0.9}})
    new, gone, _ = changed(text, finding)
    assert (gone, fields_of_track(new, "modifier")[2]) == (["  960 = N 66 0"], ("none",))


def test_a_drums_flags_come_along_to_another_drum() -> None:
    text = chart(DRUMS, "ExpertDrums")
    [finding] = found_in_chart(text, {(2, "lane"): 0.95}, {(2, "lane"): {3: 0.6, 0: 0.3}})
    new, _, come = changed(text, finding)
    assert (come, fields_of_track(new, "lane", "modifier")[2]) == (["  960 = N 3 0", "  960 = N 67 0"], (3, "cymbal"))
    new, gone, come = changed(text, finding, 1)
    assert (gone, come, fields_of_track(new, "lane", "modifier")[2]) == (
        ["  960 = N 2 0", "  960 = N 66 0"],
        ["  960 = N 0 0"],
        (0, "none"),
    )


def test_a_sustain_never_reaches_the_next_note() -> None:
    [finding] = found_in_chart(chart(), {(5, "length"): 0.95}, {(5, "length"): {"1": 0.9}})
    assert finding.fixes == ()
