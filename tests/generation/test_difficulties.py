from __future__ import annotations

import numpy as np
import pytest

from analyzers.finding import Category, Finding, Severity
from formats.beatmap import Beatmap
from formats.osu import Mode
from formats.spans import Span
from formats.timeline import Timeline
from generation.difficulties import LANE_GAP, course_of, forbidden, shares_of, thickened, with_combos, with_spinners
from models.bundled.scenes import BIG_DON, CIRCLE, COMBO_AT, KIND_AT, LANE_AT, SPINNER, Scene, scene_of_timeline
from models.bundled.ticks import ticks_between
from tests.builder import osu_text


def scene(objects: list[str], mode: Mode = Mode.OSU) -> Scene:
    return scene_of_timeline(Timeline(Beatmap.from_text(osu_text(objects, mode=mode))))


def circles(*times: int) -> list[str]:
    return [f"{100 + at % 300},192,{time},1,0" for at, time in enumerate(times)]


def combos(rows: Scene) -> list[float]:
    """ms at which combos begin."""
    combined = with_combos(rows)
    starts: list[float] = combined.time[combined.columns[:, COMBO_AT] == 1].tolist()
    return starts


def test_combos_begin_at_bars_and_at_every_second_one_where_notes_are_few() -> None:
    # A bar lasts 2,000 ms.
    assert combos(scene(circles(*range(0, 8000, 1000)))) == [0, 4000]
    assert combos(scene(circles(*range(0, 8000, 500)))) == [0, 2000, 4000, 6000]
    assert combos(scene(circles(*range(0, 4000, 125)))) == [0, 1000, 2000, 3000]


def test_a_combo_that_loses_its_first_note_begins_with_the_next() -> None:
    assert combos(scene(circles(0, 1000, 4500, 5000))) == [0, 4500]


def test_spinners_are_combos_of_their_own() -> None:
    assert combos(scene([*circles(0), "256,192,500,12,0,900", *circles(1200, 1500)])) == [0, 500, 1200]


def test_a_spinner_takes_the_place_of_what_lasts_into_it() -> None:
    objects = [*circles(0, 500), "100,100,1000,2,0,L|300:100,1,200", *circles(3000)]
    rows = with_spinners(scene(objects), [(1500.0, 2500.0)])
    assert rows.time.tolist() == [0, 500, 1500, 3000]
    assert rows.columns[:, KIND_AT].tolist() == [CIRCLE, CIRCLE, SPINNER, CIRCLE]
    assert rows.end.tolist()[2] == 2500


@pytest.mark.parametrize("share", [0.2, 0.9])
def test_columns_are_thickened_where_they_are_free(share: float) -> None:
    objects = [f"{64 + 128 * (at % 3)},192,{250 * at},1,0" for at in range(60)]
    objects[30] = f"448,192,{250 * 30},128,0,{250 * 34}:0:0:0:0:"
    before = scene(objects, Mode.MANIA)
    after = thickened(before, share, 2)
    assert len(before) < len(after) <= round((1 + share) * len(before))
    assert {*before.time.tolist()} == {*after.time.tolist()}
    for lane in range(4):
        mine = after.columns[:, LANE_AT] == lane
        assert np.all(after.time[mine][1:] - after.end[mine][:-1] >= LANE_GAP)
    assert np.unique(after.time, return_counts=True)[1].max() == 2


def test_the_course_rests_in_pauses_and_keeps_its_pace() -> None:
    ticks = ticks_between(scene(circles(0)).beats, 0.0, 20_000.0, (1, 2))
    course = course_of(ticks, 2.0, [(5000.0, 10_000.0)], [(0.0, 0.5), (10_000.0, 1.5)])
    at = dict(zip(ticks.time.tolist(), course.tolist(), strict=True))
    assert at[10_000.0] == at[5000.0]
    assert at[20_000.0] == pytest.approx(30.0)
    assert (at[20_000.0] - at[15_000.0]) / at[5000.0] == pytest.approx(3.0)


def test_an_error_is_about_the_note_that_begins_or_lasts_there() -> None:
    rows = scene(["100,100,1000,2,0,L|200:100,1,100", *circles(2000, 3000)])

    def error(time: float) -> Finding:
        return Finding("X1", "x", "x", Category.COMPOSE, Severity.ERROR, Span(0, 0), "x", time)

    assert forbidden(rows, [error(2000)]).tolist() == [False, True, False]
    assert forbidden(rows, [error(1500)]).tolist() == [True, False, False]
    assert not forbidden(rows, []).any()


def test_columns_are_struck_alike_and_finishers_are_rare() -> None:
    assert shares_of(Mode.MANIA, 4)["lane"].tolist() == [0.25] * 4
    assert "lane" not in shares_of(Mode.TAIKO, 0)
    for mode in (Mode.TAIKO, Mode.CATCH, Mode.MANIA):
        assert shares_of(mode, 0)["kind"].sum() == pytest.approx(1)
    assert 0 < shares_of(Mode.TAIKO, 0)["kind"][BIG_DON] < 0.1
    assert not shares_of(Mode.OSU, 0)
