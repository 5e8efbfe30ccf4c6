"""Pattern length, rests, smallest snap, spinners and finishers."""

from collections.abc import Sequence

import pytest

from analyzers.finding import Finding
from analyzers.rule import Level
from formats.osu import Mode
from tests.builder import findings, kinds, osu_text

DON, KAT, FINISH = 0, 8, 4
# 150 BPM needs no scaling: 400 ms per beat.
TIMING = ("0,400,4,1,0,100,1,0",)


def taiko(objects: Sequence[str], timing: Sequence[str] = TIMING) -> str:
    return osu_text(objects, timing, mode=Mode.TAIKO)


def notes(*times: float, sound: int = DON) -> list[str]:
    return [f"256,192,{time:.0f},1,{sound},0:0:0:0:" for time in times]


def run(count: int, gap: float, start: float = 1000) -> list[str]:
    return notes(*(start + number * gap for number in range(count)))


def said(rule: str, objects: Sequence[str], level: Level, *siblings: str) -> list[Finding]:
    return findings(rule, taiko(objects), *siblings, level=level)


@pytest.mark.parametrize(("count", "severity"), [(4, None), (5, "information"), (6, "warning")])
def test_muzukashii_has_at_most_five_notes_at_1_4(count: int, severity: str | None) -> None:
    found = said("taiko-pattern-length", run(count, 100), Level.HARD)
    assert [finding.severity.value for finding in found] == ([severity] if severity else [])


def test_futsuu_may_have_seven_notes_at_1_2_beside_a_kantan() -> None:
    text, kantan = taiko(run(6, 200)), taiko(run(1, 400))
    alone = findings("taiko-pattern-length", text, level=Level.NORMAL)
    beside = findings("taiko-pattern-length", text, kantan, levels=[Level.NORMAL, Level.EASY], level=Level.NORMAL)
    assert (len(alone), beside) == (1, [])


def test_the_longest_pattern_is_named_and_the_others_are_listed() -> None:
    (found,) = said("taiko-pattern-length", run(6, 100) + run(8, 100, 5000), Level.HARD)
    assert found.time_ms == 5000
    assert [related.time_ms for related in found.related] == [1000]


def test_slow_songs_are_counted_in_double_time() -> None:
    # 1/4 at 75 BPM is 1/2 of the 150 BPM that it is counted as.
    slow = taiko(run(6, 200), ("0,800,4,1,0,100,1,0",))
    assert findings("taiko-pattern-length", slow, level=Level.HARD) == []


def test_without_a_level_nothing_is_said() -> None:
    assert findings("taiko-pattern-length", taiko(run(20, 100))) == []


@pytest.mark.parametrize(("beats", "severity"), [(20, None), (22, "information"), (33, "warning")])
def test_oni_rests_after_20_beats(beats: int, severity: str | None) -> None:
    found = said("taiko-rest-moments", run(beats * 2 + 1, 200), Level.INSANE)
    assert [finding.severity.value for finding in found] == ([severity] if severity else [])


def test_times_cut_off_to_whole_ms_make_no_stretch_longer() -> None:
    at_180 = [int(1000.9 + number * 500 / 3) for number in range(41)]
    text = taiko(notes(*at_180), ("1000,333.333333333333,4,1,0,100,1,0",))
    assert findings("taiko-rest-moments", text, level=Level.INSANE) == []


def test_three_rests_of_one_beat_are_a_rest_on_muzukashii() -> None:
    half = run(40, 200)
    rests = notes(1000 + 39 * 200 + 400, 1000 + 39 * 200 + 800, 1000 + 39 * 200 + 1200)
    again = run(40, 200, 1000 + 39 * 200 + 1400)
    assert said("taiko-rest-moments", half + rests + again, Level.HARD) == []
    assert len(said("taiko-rest-moments", half + rests[:2] + run(40, 200, 1000 + 39 * 200 + 1000), Level.HARD)) == 1


def test_futsuu_is_not_faster_than_1_3() -> None:
    assert said("taiko-smallest-snap", notes(1000, 1133, 2000), Level.NORMAL) == []
    found = said("taiko-smallest-snap", notes(1000, 1100, 1200, 2000), Level.NORMAL)
    assert kinds(found) == [("too-close", "warning", 1000)]
    assert found[0].end_ms == 1200


def test_the_last_group_of_close_notes_counts() -> None:
    assert len(said("taiko-smallest-snap", notes(1000, 2000, 2050), Level.INSANE)) == 1


def test_many_close_groups_are_one_finding() -> None:
    groups = [note for start in range(1000, 30_000, 1000) for note in notes(start, start + 50)]
    (found,) = said("taiko-smallest-snap", groups, Level.INSANE)
    assert "29 places" in found.message


def test_a_spinner_leaves_half_a_beat_after_the_note_before() -> None:
    spinner = ["256,192,1150,12,0,3000,0:0:0:0:"]
    assert len(said("taiko-spinner-readability", notes(1000) + spinner, Level.HARD)) == 1
    assert said("taiko-spinner-readability", notes(1000) + spinner, Level.INSANE) == []
    assert said("taiko-spinner-readability", notes(950) + spinner, Level.HARD) == []


def finisher(level: Level, before: tuple[int, int] | None, after: tuple[int, int] | None) -> list[str]:
    """Kinds for a big don at 2000 with (ms, sound) of its neighbours."""
    objects = notes(2000 - before[0], sound=before[1]) if before else []
    objects += notes(2000, sound=FINISH)
    objects += notes(2000 + after[0], sound=after[1]) if after else []
    return [finding.kind for finding in said("taiko-finisher", objects, level)]


def test_muzukashii_has_no_finisher_in_1_4() -> None:
    assert finisher(Level.HARD, (100, KAT), None) == ["in-pattern"]
    assert finisher(Level.HARD, (133, KAT), None) == ["in-quick-pattern"]
    assert finisher(Level.HARD, (200, KAT), (200, DON)) == []


def test_oni_ends_a_1_4_pattern_with_a_finisher_of_another_colour() -> None:
    assert finisher(Level.INSANE, (100, KAT), (400, DON)) == []
    assert finisher(Level.INSANE, (100, DON), (400, DON)) == ["same-colour"]
    assert finisher(Level.INSANE, (100, KAT), (100, KAT)) == ["not-last"]
    assert finisher(Level.INSANE, (66, KAT), None) == ["in-pattern"]


def test_inner_oni_is_warned_only() -> None:
    assert finisher(Level.EXPERT, (133, KAT), (133, KAT)) == []
    assert finisher(Level.EXPERT, (133, DON), None) == ["should-change-colour"]
    assert finisher(Level.ULTRA, None, (100, DON)) == ["should-be-last"]


def test_a_stream_of_finishers_is_one_finding() -> None:
    objects = notes(*range(1000, 2000, 100), sound=FINISH)
    assert len(said("taiko-finisher", objects, Level.INSANE)) == 1
