from __future__ import annotations

import numpy as np

from models.bundled.fields import SNAPS
from models.bundled.rows import rows_of
from models.bundled.scenes import Beats
from models.bundled.ticks import ticks_between
from tests.models import maps


def beats(*stretches: tuple[float, float]) -> Beats:
    starts, lengths = (np.array(each, float) for each in zip(*stretches, strict=True))
    zeros = np.zeros(len(starts))
    return Beats(starts, lengths, zeros, zeros, zeros + 4)


def test_ticks_are_cut_off_to_whole_ms_as_the_editor_does() -> None:
    ticks = ticks_between(beats((10.0, 1_000 / 3)), 0, 700, (1, 2))
    assert ticks.time.tolist() == [10, 176, 343, 510, 676]
    assert np.allclose(ticks.exact, [10, 176.667, 343.333, 510, 676.667], atol=1e-3)
    assert [SNAPS[at] for at in ticks.snap.tolist()] == [1, 2, 1, 2, 1]


def test_a_new_red_line_begins_a_new_grid() -> None:
    ticks = ticks_between(beats((0, 500), (1_100, 400)), 0, 2_000, (1,))
    assert ticks.time.tolist() == [0, 500, 1_000, 1_100, 1_500, 1_900]


def test_of_a_chart_only_whole_ticks_count() -> None:
    ticks = ticks_between(beats((0, 480)), 0, 480, (1, 5, 7), resolution=35)
    assert len(ticks) == 1 + 5 + 7 - 1
    assert len(ticks_between(beats((0, 480)), 0, 480, (1, 5, 7), resolution=192)) == 2


def test_ticks_are_called_what_rows_call_a_note_there() -> None:
    scene = maps.drawn_scene(80)
    rows = rows_of(scene)
    ticks = ticks_between(scene.beats, 0, float(scene.time[-1]), (1, 2, 4))
    at = np.searchsorted(ticks.time, scene.time)
    assert (ticks.phase[at] == rows.phase).all()
    assert (ticks.bar[at] == rows.bar).all()
    assert (ticks.snap[at] + 1 == rows.values[:, 1]).all()
    assert (ticks.error[at] + 1 == rows.values[:, 2]).all()
