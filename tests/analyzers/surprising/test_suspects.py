from __future__ import annotations

import pytest

from analyzers.analysis import Choices
from analyzers.finding import Finding, Severity
from formats.osu import Mode
from models.bundled.fields import Value
from tests.analyzers.surprising.maps import RED, chart, line_of_circles, mania_map, osu_map, with_object
from tests.analyzers.surprising.surprise import Expects, Suspicion, found, found_in_chart


def told(findings: list[Finding]) -> list[tuple[str, float | None]]:
    return [(finding.name, finding.time_ms) for finding in findings]


def suspected(suspicion: Suspicion) -> list[tuple[str, float | None]]:
    return told(found(osu_map(), suspicion))


def test_a_calm_map_gives_no_remark() -> None:
    assert found(osu_map()) == []


def test_an_empty_map_gives_no_remark() -> None:
    assert found(osu_map([])) == []


def test_one_moved_object_is_told_at_the_object_alone() -> None:
    moved = {(5, "position"): 0.9, (6, "position"): 0.7, (7, "position"): 0.6, (4, "position"): 0.6}
    assert suspected(moved) == [("surprising-position", 2250)]


def test_objects_farther_apart_have_causes_of_their_own() -> None:
    assert suspected({(3, "position"): 0.9, (9, "position"): 0.9}) == [
        ("surprising-position", 1750),
        ("surprising-position", 3250),
    ]


def test_an_object_at_the_wrong_time_explains_the_spacing_around_it() -> None:
    assert suspected({(5, "time"): 0.95, (6, "position"): 0.6, (5, "position"): 0.7}) == [("surprising-rhythm", 2250)]


def test_two_different_slips_of_one_object_are_two_remarks() -> None:
    names = {name for name, _ in suspected({(5, "new combo"): 0.9, (5, "hit sound"): 0.9})}
    assert names == {"surprising-new-combo", "surprising-hit-sound"}


def test_new_combos_of_neighbours_are_told_apart() -> None:
    assert len(suspected({(5, "new combo"): 0.9, (6, "new combo"): 0.9})) == 2


def test_a_missing_note_is_told_once_for_both_of_its_neighbours() -> None:
    [finding] = found(osu_map(), {(5, "missing"): 0.8, (6, "missing"): 0.9})
    assert (finding.kind, finding.time_ms, finding.end_ms, finding.selection) == ("one-missing", 2250, 2500, "2,3")


def test_a_missing_note_is_told_without_what_it_does_to_the_objects_around_it() -> None:
    text = osu_map(with_object(5, "300,200,2250,2,0,L|340:200,1,50"), mode=Mode.CATCH)
    follows: Suspicion = {(5, "missing"): 0.95, (5, "repeats"): 0.8, (6, "position"): 0.8, (7, "missing"): 0.7, (6, "time"): 0.7}
    [finding] = found(text, follows, {(4, "kind"): {"slider": 0.99}})
    assert finding.kind == "one-missing"
    assert len(found(text, {(5, "missing"): 0.95, (9, "missing"): 0.8})) == 2


def test_a_note_missing_ahead_of_the_suspect_is_told_between_the_two() -> None:
    [finding] = found(osu_map(), {(5, "missing"): 0.9, (4, "missing"): 0.05})
    assert finding.selection == "1,2"


def test_a_chord_of_mania_is_one_remark() -> None:
    notes = [f"{64 + 128 * lane},192,{1000 + 250 * n},1,0,0:0:0:0:" for n in range(9) for lane in (0, 2)]
    text = mania_map().replace(mania_map().split("[HitObjects]\n")[1], "\n".join(notes) + "\n")
    assert told(found(text, {(8, "time"): 0.9, (9, "time"): 0.85})) == [("surprising-rhythm", 2000)]


def test_a_chord_of_a_chart_is_one_remark() -> None:
    text = chart([f"{768 + 96 * n} = N {lane} 0" for n in range(9) for lane in (0, 2)])
    assert len(found_in_chart(text, {(8, "length"): 0.9, (9, "length"): 0.9})) == 1


SOFTER = ("0,500,4,2,0,60,1,0", "2000,-100,4,2,0,10,0,0", "3500,-100,4,2,0,60,0,0")
AT_FIVE: Expects = {(4, "volume"): {60: 0.99}}


def test_a_stretch_under_one_line_is_told_at_its_first_object() -> None:
    softer: Expects = {(row, "volume"): {60: 0.99} for row in range(4, 9)}
    [finding] = found(osu_map(timing=SOFTER), None, softer)
    assert (finding.time_ms, finding.end_ms) == (2000, 3250)
    assert finding.message == "The volume is 10 % from this circle on; 60 % was expected (99 % sure)."


def test_the_end_of_a_stretch_that_is_told_says_nothing_more() -> None:
    both: Expects = {**AT_FIVE, (10, "volume"): {10: 0.99}}
    assert [finding.time_ms for finding in found(osu_map(timing=SOFTER), None, both)] == [2000]
    assert [finding.time_ms for finding in found(osu_map(timing=SOFTER), None, {(10, "volume"): {10: 0.99}})] == [3500]


@pytest.mark.parametrize("field", ["volume", "kiai", "slider_velocity", "sample_set"])
def test_where_nothing_changes_nothing_is_told(field: str) -> None:
    values: dict[str, Value] = {"volume": 30, "kiai": True, "slider_velocity": 2.0, "sample_set": "drum"}
    assert found(osu_map(timing=SOFTER), None, {(row, field): {values[field]: 0.99} for row in (0, 3, 5, 9)}) == []


def test_a_volume_beside_the_expected_one_is_not_told() -> None:
    text = osu_map(timing=(RED, "2000,-100,4,2,0,70,0,0"))
    assert found(text, None, {(4, "volume"): {75: 0.99}}) == []
    assert len(found(text, None, {(4, "volume"): {80: 0.99}})) == 1


def test_kiai_that_was_likely_enough_is_not_told() -> None:
    text = osu_map(timing=(RED, "2000,-100,4,2,0,60,0,1"))
    low = Choices(select=("surprising-kiai",), min_surprisal=0.0)
    assert found(text, None, {(4, "kiai"): {False: 0.4}}, choices=low) == []
    assert len(found(text, None, {(4, "kiai"): {False: 0.9}}, choices=low)) == 1


def test_small_maps_have_no_habit_of_volume() -> None:
    assert found(osu_map(line_of_circles(15), SOFTER), None, AT_FIVE) == []


def test_what_another_difficulty_does_as_well_is_meant() -> None:
    text = osu_map(timing=SOFTER)
    assert found(text, None, AT_FIVE, others=[osu_map(timing=(RED, "2003,-50,4,1,0,10,0,1"))]) == []
    for other in ("2003,-100,4,2,0,20,0,0", "2250,-100,4,2,0,10,0,0"):
        assert len(found(text, None, AT_FIVE, others=[osu_map(timing=(RED, other))])) == 1


def test_kiai_and_speed_are_compared_with_the_set_too() -> None:
    text = osu_map(timing=(RED, "2000,-100,4,2,0,60,0,1"))
    on: Expects = {(4, "kiai"): {False: 0.99}}
    assert [finding.kind for finding in found(text, None, on, others=[osu_map(timing=SOFTER)])] == ["kiai"]
    assert found(text, None, on, others=[text]) == []


def test_a_remark_on_volume_has_to_be_rarer() -> None:
    [finding] = found(osu_map(timing=SOFTER), None, AT_FIVE)
    [other] = found(osu_map(with_object(5, "300,200,2250,1,0,3:0:0:0:")), None, {(5, "sample_set"): {"soft": 0.99}})
    assert finding.surprisal and other.surprisal
    assert 0.9 < other.surprisal.bits - finding.surprisal.bits < 1.1


def test_what_is_shown_is_moved_by_the_users_bits() -> None:
    doubtful = {(5, "new combo"): 0.2}
    assert not found(osu_map(), doubtful)
    assert found(osu_map(), doubtful, choices=Choices(min_surprisal=5.0))
    assert not found(osu_map(), {(5, "new combo"): 0.9}, choices=Choices(min_surprisal=40.0))


def test_only_chosen_rules_speak() -> None:
    slips = {(5, "new combo"): 0.9, (5, "hit sound"): 0.9}
    assert told(found(osu_map(), slips, choices=Choices(select=("surprising-new-combo",)))) == [("surprising-new-combo", 2250)]
    assert told(found(osu_map(), slips, choices=Choices(ignore=("U104",)))) == [("surprising-hit-sound", 2250)]


def test_the_surer_the_graver() -> None:
    low = Choices(min_surprisal=4.0)
    grades = [found(osu_map(), {(5, "position"): chance}, choices=low)[0].severity for chance in (0.2, 0.5, 0.95)]
    assert grades == [Severity.HINT, Severity.INFORMATION, Severity.WARNING]


def test_a_slip_can_only_be_where_its_field_is() -> None:
    assert found(osu_map(), {(5, "length"): 0.99, (6, "repeats"): 0.99, (0, "position"): 0.99}) == []


def test_what_the_detector_was_not_taught_says_nothing() -> None:
    assert found(osu_map(), {(5, "lane"): 0.99, (6, "modifier"): 0.99}) == []


def test_findings_come_in_text_order_with_their_bits() -> None:
    findings = found(osu_map(), {(9, "position"): 0.9, (2, "new combo"): 0.9, (5, "time"): 0.9})
    assert [finding.time_ms for finding in findings] == [1500, 2250, 3250]
    assert all(finding.surprisal and finding.surprisal.bits > 9 for finding in findings)


def test_what_a_map_does_again_and_again_is_its_habit_and_no_hint() -> None:
    slips: Suspicion = {(row, "hit sound"): 0.39 for row in range(2, 16, 2)}
    assert suspected(dict(list(slips.items())[:3])) != []
    assert suspected(slips) == []


def test_a_habit_does_not_hide_what_is_likely_wrong() -> None:
    slips: Suspicion = {(row, "hit sound"): 0.39 for row in range(2, 16, 2)} | {(9, "hit sound"): 0.95}
    assert suspected(slips) == [("surprising-hit-sound", 3250)]
