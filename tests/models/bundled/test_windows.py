from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from models.bundled.echoes import WIDTH
from models.bundled.fields import Family
from models.bundled.onsets import AHEAD, Heard
from models.bundled.rows import Rows, rows_of
from models.bundled.windows import CONTEXT, MOST, WHOLE, inputs_of, key_of, stretches
from tests.models.maps import drawn_scene

COUNTS = (1, 2, WHOLE - 1, WHOLE, WHOLE + 1, MOST + WHOLE, 2_000)


@pytest.mark.parametrize("count", COUNTS)
def test_every_note_is_scored_once_in_order(count: int) -> None:
    cut = stretches(rows_of(drawn_scene(count)))
    assert (cut[0].start, cut[-1].stop) == (0, count)
    assert all(one.stop == other.start for one, other in pairwise(cut))
    assert all(one.start < one.stop for one in cut)


@pytest.mark.parametrize("count", COUNTS)
def test_no_window_is_larger_than_the_network_has_seen(count: int) -> None:
    cut = stretches(rows_of(drawn_scene(count)))
    assert max(window.last - window.first for window in cut) <= WHOLE
    assert count > WHOLE or len(cut) == 1


def test_a_window_reads_notes_on_both_sides() -> None:
    cut = stretches(rows_of(drawn_scene(2_000)))
    assert all(window.first == max(window.start - CONTEXT, 0) for window in cut)
    assert all(window.last == min(window.stop + CONTEXT, 2_000) for window in cut)


def keys(rows: Rows) -> list[bytes]:
    return [key_of(inputs, list(inputs)) for inputs in (inputs_of(rows, window, None) for window in stretches(rows))]


def fresh(before: Rows, after: Rows) -> int:
    return len(set(keys(after)) - set(keys(before)))


@pytest.mark.parametrize("family", [Family.OSU, Family.CATCH])
def test_moving_an_object_changes_the_windows_that_read_it(family: Family) -> None:
    scene, changed = drawn_scene(2_000, family), drawn_scene(2_000, family)
    changed.x[1_000] = changed.tail_x[1_000] = 256
    assert 1 <= fresh(rows_of(scene), rows_of(changed)) <= 2


@pytest.mark.parametrize("kind", ["later", "left out", "added"])
@pytest.mark.parametrize("family", [Family.OSU, Family.MANIA])
def test_an_edit_changes_few_windows_but_for_what_other_bars_say(family: Family, kind: str) -> None:
    scene, order = drawn_scene(2_000, family), np.arange(2_000)
    kept = {"later": order, "left out": np.delete(order, 1_000), "added": np.insert(order, 1_000, 999)}
    changed = scene.taken(kept[kind])
    if kind != "left out":
        changed.time[1_000] += 31
    before, after = (rows_of(each, np.zeros((len(each), WIDTH), np.float32)) for each in (scene, changed))
    # The edit stands in two windows at most, and the cuts after it may move until they meet those from before.
    assert 1 <= fresh(before, after) <= 4


def test_windows_that_start_alike_and_end_differently_have_other_keys() -> None:
    one, other = drawn_scene(40), drawn_scene(40)
    other.x[39] += 1
    assert keys(rows_of(one)) != keys(rows_of(other))
    assert keys(rows_of(one)) == keys(rows_of(drawn_scene(40)))


def test_a_window_without_a_song_hears_silence() -> None:
    rows = rows_of(drawn_scene(40))
    window = stretches(rows)[0]
    assert not inputs_of(rows, window, None)["audio"].any()
    random = np.random.default_rng(1)
    heard = Heard(random.random((40, 256), np.float32), random.random((40, AHEAD), np.float32))
    inputs = inputs_of(rows, window, heard)
    assert np.array_equal(inputs["audio"][0], heard.around) and np.array_equal(inputs["ahead"][0], heard.ahead)
