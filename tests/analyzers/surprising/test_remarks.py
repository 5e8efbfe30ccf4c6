"""What the remarks say: in a mapper's words, with what was expected and how surely, and where."""

from __future__ import annotations

import pytest

from analyzers.analysis import Choices
from analyzers.finding import Expected, Finding, Severity
from formats.osu import Mode
from models.bundled.drift import Against, Drift
from tests.analyzers.surprising.maps import chart, line_of_circles, mania_map, osu_map, taiko_map, with_object
from tests.analyzers.surprising.surprise import Expects, Suspicion, found, found_in_chart
from tests.chart_builder import chart_text

SLIDER = "100,300,2250,2,0,L|200:300,2,50"


def one(text: str, suspicion: Suspicion | None, expects: Expects | None = None) -> Finding:
    [finding] = found(text, suspicion, expects)
    return finding


def test_a_new_combo_too_many() -> None:
    finding = one(osu_map(), {(4, "new combo"): 0.9}, {(4, "new_combo"): {False: 0.93}})
    assert finding.message == "This circle starts a new combo; 93 % of the time the combo would go on here."
    assert (finding.code, finding.time_ms, finding.selection) == ("U104", 2000, "1")
    assert finding.surprisal is not None
    assert finding.surprisal.expected == (Expected("no new combo", 0.93),)


def test_a_new_combo_missing() -> None:
    finding = one(osu_map(), {(5, "new combo"): 0.9}, {(5, "new_combo"): {True: 0.8}})
    assert finding.message == "This circle starts no new combo; 90 % of the time one would start here."


def test_a_jump_of_unusual_length() -> None:
    finding = one(osu_map(), {(5, "position"): 0.9}, {(5, "distance"): {115: 0.4, 125: 0.3, 195: 0.15}})
    assert finding.message == (
        "This circle is 40 px away from where the object before ends; 115 px was expected (70 %), or 195 px (15 %)."
    )


def test_a_turn_of_unusual_angle() -> None:
    finding = one(osu_map(), {(5, "position"): 0.9}, {(5, "angle"): {90: 0.8}})
    assert finding.message == "The movement to this circle goes straight on; 90° clockwise was expected (80 %)."


def test_a_slip_of_which_no_better_is_known() -> None:
    finding = one(osu_map(), {(5, "hit sound"): 0.9})
    assert finding.message == (
        "The hit sound of this circle is no addition; what stands around it makes that look like a slip (90 %)."
    )


def test_a_circle_between_the_ticks() -> None:
    text = osu_map(with_object(5, "300,200,2262,1,0,0:0:0:0:"))
    finding = one(text, {(5, "time"): 0.9}, {(5, "snap"): {2: 0.95, 4: 0.03}})
    assert finding.name == "surprising-timing"
    assert finding.message == "This circle is 12 ms after the nearest tick (1/2); 98 % of the time it would be on the grid here."


def test_a_circle_on_another_tick() -> None:
    text = osu_map(with_object(5, "300,200,2375,1,0,0:0:0:0:"))
    finding = one(text, {(5, "time"): 0.9}, {(5, "gap"): {"1/2": 0.71, "1": 0.2}})
    assert finding.message == "This circle comes 3/4 after the one before; 1/2 was expected (71 %), or 1 beat (20 %)."


def test_one_too_many_and_one_missing() -> None:
    assert one(osu_map(), {(5, "extra"): 0.8}).message == (
        "This circle seems to be one too many (80 %); without it the rhythm is as usual here."
    )
    assert one(osu_map(), {(5, "missing"): 0.8, (6, "missing"): 0.7}).message == (
        "A note seems to be missing (80 %) between this circle and the next, 1/2 later."
    )


def test_what_is_less_likely_than_not_only_may_be() -> None:
    low = Choices(min_surprisal=4.0)
    [missing] = found(osu_map(), {(5, "missing"): 0.3}, choices=low)
    assert missing.message == "A note may be missing (30 %) between this circle and the next, 1/2 later."
    [extra] = found(osu_map(), {(5, "extra"): 0.3}, choices=low)
    assert extra.message.startswith("This circle may be one too many (30 %); ")
    [sound] = found(osu_map(), {(5, "hit sound"): 0.3}, choices=low)
    assert sound.message.endswith("; what stands around it says that it may be a slip (30 %).")


def test_the_rhythm_is_told_as_the_map_has_it() -> None:
    text = osu_map(with_object(5, "300,200,2292,1,0,0:0:0:0:"))
    assert "comes 7/12 after the one before" in one(text, {(5, "time"): 0.9}, {(5, "gap"): {"1/2": 0.7}}).message
    far = osu_map([*line_of_circles(), "100,200,24750,1,0,0:0:0:0:"])
    assert "comes 40 beats after the one before" in one(far, {(16, "time"): 0.9}, {(16, "gap"): {"32": 0.7}}).message


def test_a_circle_that_should_be_a_slider() -> None:
    finding = one(osu_map(), None, {(5, "kind"): {"slider": 0.99}})
    assert finding.message == "This is a circle; a slider was expected (99 %)."
    assert finding.severity is Severity.HINT


def test_sliders() -> None:
    text = osu_map(with_object(5, SLIDER))
    assert one(text, {(5, "length"): 0.9}, {(5, "length"): {"1": 0.7}}).message == (
        "Each span of this slider lasts 1/2; 1 beat was expected (70 %)."
    )
    assert one(text, {(5, "repeats"): 0.9}, {(5, "repeats"): {1: 0.7}}).message == (
        "This slider has 1 reverse; no reverse was expected (70 %)."
    )
    assert "sets off" in one(text, None, {(5, "slider_angle"): {0: 0.99}}).message


def test_the_shape_of_a_slider_with_anchors_between() -> None:
    text = osu_map(with_object(5, "100,300,2250,2,0,B|150:320|200:300,2,50"))
    assert one(text, None, {(5, "curve"): {"perfect": 0.99}}).message == ("This slider is a bezier; an arc was expected (99 %).")


@pytest.mark.parametrize("letter", "LBPC")
def test_a_slider_of_one_anchor_is_straight_by_any_name(letter: str) -> None:
    text = osu_map(with_object(5, f"100,300,2250,2,0,{letter}|200:300,2,50"))
    assert found(text, None, {(5, "curve"): {"bezier with red anchors": 0.99}}) == []


def test_hit_sounds() -> None:
    text = osu_map(with_object(5, "300,200,2250,1,8,0:0:0:0:"))
    assert one(text, {(5, "hit sound"): 0.9}, {(5, "hitsound"): {"whistle": 0.7}}).message == (
        "The hit sound of this circle is clap; whistle was expected (70 %)."
    )
    text = osu_map(with_object(5, "300,200,2250,1,8,1:0:0:0:"))
    assert one(text, None, {(5, "sample_set"): {"drum": 0.99}}).message == (
        "The sample set of this circle is normal; drum was expected (99 %)."
    )


def test_the_drums_of_taiko() -> None:
    finding = one(taiko_map(), {(5, "kind"): 0.9}, {(5, "kind"): {"kat": 0.7}})
    assert (finding.name, finding.message) == ("surprising-hit-sound", "This is a don; a kat was expected (70 %).")


def test_a_big_drum_where_a_small_one_was_expected() -> None:
    text = taiko_map().replace("2250,1,0", "2250,1,4")
    message = one(text, {(5, "kind"): 0.9}, {(5, "kind"): {"don": 0.7, "kat": 0.2}}).message
    assert message == "This is a big don; a small don was expected (70 %), or a kat (20 %)."


def test_columns_of_mania_select_time_and_column() -> None:
    finding = one(mania_map(), {(5, "lane"): 0.9}, {(5, "lane"): {3: 0.7}})
    assert finding.message == "This note stands in column 2; column 4 was expected (70 %)."
    assert finding.selection == "2250|1"


def test_fruits_that_lie_elsewhere() -> None:
    finding = one(osu_map(mode=Mode.CATCH), {(5, "position"): 0.9}, {(5, "shift"): {-100: 0.7}})
    assert finding.message == "This circle lies 40 px to the right of the one before; 100 px to the left was expected (70 %)."


FASTER = ("0,500,4,2,0,60,1,0", "2250,-50,4,2,0,60,0,0")


def test_scroll_speed() -> None:
    text = taiko_map().replace("0,500,4,2,0,60,1,0", "\n".join(FASTER))
    finding = one(text, None, {(5, "slider_velocity"): {1.0: 0.99}})
    assert finding.message == "The scroll speed is 2x from this don on; 1x was expected (99 %)."


def test_slider_velocity() -> None:
    text = osu_map(with_object(5, SLIDER), FASTER)
    finding = one(text, None, {(5, "slider_velocity"): {1.0: 0.99}})
    assert finding.message == "The slider velocity is 2x from this slider on; 1x was expected (99 %)."


def test_a_circle_has_no_slider_velocity() -> None:
    assert found(osu_map(timing=FASTER), None, {(5, "slider_velocity"): {1.0: 0.99}}) == []


def test_a_stretch_against_the_music_names_its_red_line() -> None:
    [finding] = found(osu_map(), drifts=[Drift(1900, 4000, 14.2, 0.8, Against.SECTION, 0.0)])
    assert finding.message == (
        "From 00:01:900 to 00:04:000 the notes come about 14 ms after the music; check the red line at 00:00:000."
    )
    assert (finding.time_ms, finding.end_ms, finding.severity) == (2000, 4000, Severity.INFORMATION)


def test_a_map_out_of_time_against_its_set() -> None:
    [finding] = found(osu_map(), drifts=[Drift(0, 9000, -9.6, 0.95, Against.MAP)])
    assert "whole map come about 10 ms before the music" in finding.message
    assert finding.severity is Severity.WARNING


def test_a_drift_without_notes_says_nothing() -> None:
    assert found(osu_map(), drifts=[Drift(90_000, 99_000, 14, 0.9, Against.NOTES)]) == []


@pytest.mark.parametrize(
    ("suspicion", "expects", "name", "message"),
    [
        ({(5, "lane"): 0.9}, {(5, "lane"): {3: 0.7}}, "surprising-lane", "is the green fret; the blue fret was expected (70 %)."),
        ({(5, "length"): 0.9}, {(5, "length"): {"1/2": 0.7}}, "surprising-sustain", "is not held; 1/2 was expected (70 %)."),
        (
            {(5, "modifier"): 0.9},
            {(5, "modifier"): {"tap": 0.7}},
            "surprising-modifier",
            "is a plain note; a tap note was expected (70 %).",
        ),
        (
            {(5, "time"): 0.9},
            {(5, "gap"): {"1": 0.7}},
            "surprising-rhythm",
            "comes 1/2 after the one before; 1 beat was expected (70 %).",
        ),
    ],
)
def test_notes_of_charts(suspicion: Suspicion, expects: Expects, name: str, message: str) -> None:
    [finding] = found_in_chart(chart(), suspicion, expects)
    assert (finding.name, finding.message) == (name, f"This note on Expert Guitar {message}")


def test_a_chart_note_between_the_ticks() -> None:
    text = chart([f"{768 + 96 * n + 5 * (n == 5)} = N {n % 5} 0" for n in range(16)])
    [finding] = found_in_chart(text, {(5, "time"): 0.9}, {(5, "snap"): {2: 0.9}})
    assert finding.message == (
        "This note on Expert Guitar is 5 ticks late, 12.5 ms after the grid (1/2); 90 % of the time it would be on the grid here."
    )


def test_a_chart_note_that_is_off_by_ticks_of_a_fine_grid() -> None:
    text = chart([f"{768 + 96 * n - 16 * (n == 5)} = N {n % 5} 0" for n in range(16)])
    [finding] = found_in_chart(text, {(5, "time"): 0.9}, {(5, "snap"): {2: 0.9}, (5, "gap"): {"1/2": 0.9}})
    assert finding.message == (
        "This note on Expert Guitar is 16 ticks early, 40 ms before the grid (1/2); "
        "90 % of the time it would be on the grid here."
    )
    assert found_in_chart(text, {(5, "time"): 0.9}, {(5, "gap"): {"1/2": 0.9}})[0].name == "surprising-rhythm"


def test_a_chord_is_not_told_that_it_could_be_part_of_the_one_before() -> None:
    text = chart([f"{768 + 96 * n} = N {lane} 0" for n in range(9) for lane in (0, 2)])
    [finding] = found_in_chart(text, {(8, "time"): 0.9}, {(8, "gap"): {"0": 0.8, "1": 0.15}})
    assert finding.message == "This chord on Expert Guitar comes 1/2 after the one before; 1 beat was expected (75 %)."


@pytest.mark.parametrize(("flag", "said"), [(5, "is forced"), (6, "is a tap note")])
def test_flags_of_a_note(flag: int, said: str) -> None:
    text = chart([f"{768 + 96 * n} = N {n % 5} 0" for n in range(6)] + [f"1248 = N {flag} 0"])
    [finding] = found_in_chart(text, {(5, "modifier"): 0.95}, {(5, "modifier"): {"none": 0.8}})
    assert finding.message == f"This note on Expert Guitar {said}; a plain note was expected (80 %)."


def test_six_fret_tracks_are_left_out() -> None:
    assert found_in_chart(chart_text(track="ExpertGHLGuitar"), {(0, "time"): 0.9}) == []


def test_one_note_of_a_chord_is_named_by_its_fret() -> None:
    text = chart([f"{768 + 96 * n} = N {lane} 0" for n in range(9) for lane in (0, 2)])
    [extra] = found_in_chart(text, {(9, "extra"): 0.9})
    assert extra.message.startswith("This yellow fret on Expert Guitar seems to be one too many (90 %)")
    [lane] = found_in_chart(text, {(9, "lane"): 0.9}, {(9, "lane"): {1: 0.8}})
    assert lane.message == "This note on Expert Guitar is the yellow fret; the red fret was expected (80 %)."
