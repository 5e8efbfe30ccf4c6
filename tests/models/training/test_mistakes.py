from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.bundled.fields import ANY, MISTAKES, Family
from models.bundled.scenes import HOLD, KIND_AT, MODIFIER_AT, REPEATS_AT, ROWS, SLIDER, TAIL_AT, Scene
from models.training.mistakes import KIND, OF_FAMILY, with_mistakes
from tests.models.maps import BEAT, drawn_scene

COUNT = 400
MISSING, EXTRA = KIND["missing"], KIND["extra"]


def lasting_scene(family: Family, seed: int = 1, count: int = COUNT) -> Scene:
    """A drawn scene with pauses, in which every fourth note lasts as far as there is room, with cymbals for drums."""
    scene = drawn_scene(count, family, seed)
    pauses = np.zeros(count)
    pauses[2::12] = 2 * BEAT
    scene.time[:] += pauses.cumsum()
    scene.end[:] = scene.time
    held = np.arange(1, count - 1, 4)
    held = held[(np.diff(scene.time)[held] >= BEAT / 2) | (family is Family.MANIA)]
    if family is Family.DRUMS:
        scene.columns[::2, MODIFIER_AT] = 3
    elif family is not Family.TAIKO:
        scene.end[held] += 62
    if family is Family.MANIA:
        scene.columns[held, KIND_AT] = HOLD
    if family in (Family.OSU, Family.CATCH):
        scene.columns[held, KIND_AT], scene.columns[held, REPEATS_AT], scene.columns[held, TAIL_AT] = SLIDER, 0, 1
        scene.tail_x[held] += 62
    return scene


Spoilt = tuple[Scene, Scene, NDArray[np.bool_], NDArray[np.intp]]


def spoilt(family: Family, seed: int) -> Spoilt:
    scene = lasting_scene(family, seed)
    return (scene, *with_mistakes(scene, 12.0, np.random.default_rng(seed)))


def differing(before: Scene, after: Scene, was: NDArray[np.intp]) -> NDArray[np.bool_]:
    """(N',) rows that were not in the map, or not like this."""
    changed = was < 0
    for name in ROWS:
        one, other = getattr(before, name)[was.clip(0)], getattr(after, name)
        changed |= (one != other).reshape(len(was), -1).any(axis=1)
    return changed


CASES = [(family, seed) for family in Family for seed in (1, 2, 3)]


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_what_was_changed_is_labelled_and_nothing_else(family: Family, seed: int) -> None:
    before, after, labels, was = spoilt(family, seed)
    own = np.delete(labels, (MISSING, ANY), axis=1).any(axis=1)
    assert 5 < own.sum() < COUNT / 4
    assert np.array_equal(differing(before, after, was), own)


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_a_missing_note_is_labelled_beside_its_gap(family: Family, seed: int) -> None:
    _, _, labels, was = spoilt(family, seed)
    left_out = np.setdiff1d(np.arange(COUNT), was)
    beside = [np.flatnonzero(np.abs(was - note) == 1) for note in left_out.tolist()]
    assert all(labels[rows, MISSING].any() for rows in beside)
    assert labels[:, MISSING].sum() <= 2 * len(left_out)


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_extras_are_the_rows_that_were_not_there(family: Family, seed: int) -> None:
    _, after, labels, was = spoilt(family, seed)
    assert np.array_equal(labels[:, EXTRA], was < 0)
    assert (np.diff(after.time) >= 0).all()


@pytest.mark.parametrize("family", Family)
def test_a_family_is_taught_each_of_its_mistakes(family: Family) -> None:
    found = np.any([spoilt(family, seed)[2].any(axis=0) for seed in range(12)], axis=0)
    assert {MISTAKES[number] for number in np.flatnonzero(found)} == {name for name, _ in OF_FAMILY[family]} | {"any"}


@pytest.mark.parametrize("family", Family)
def test_any_says_that_there_is_one(family: Family) -> None:
    labels = spoilt(family, 1)[2]
    assert np.array_equal(labels[:, ANY], labels[:, :ANY].any(axis=1))


@pytest.mark.parametrize("family", Family)
def test_the_map_itself_stays_as_it_was(family: Family) -> None:
    before, untouched = spoilt(family, 1)[0], lasting_scene(family)
    assert all(np.array_equal(getattr(before, name), getattr(untouched, name)) for name in ROWS)


def test_the_same_seed_makes_the_same_mistakes() -> None:
    one, again, other = (spoilt(Family.OSU, seed) for seed in (1, 1, 2))
    assert np.array_equal(one[2], again[2])
    assert np.array_equal(one[1].time, again[1].time)
    assert not np.array_equal(one[2][:100], other[2][:100])


@pytest.mark.parametrize("family", [Family.OSU, Family.TAIKO, Family.CATCH])
def test_a_moved_note_keeps_clear_of_the_others(family: Family) -> None:
    for seed in range(5):
        before, after, labels, was = spoilt(family, seed)
        moved = np.flatnonzero(labels[:, KIND["time"]])
        assert len(moved)
        assert (np.diff(after.time)[np.concatenate((moved - 1, moved))] > 0).all()
        assert (after.time[moved] != before.time[was[moved]]).all()


@pytest.mark.parametrize("count", [0, 1, 5])
def test_fragments_have_no_mistakes(count: int) -> None:
    scene = drawn_scene(count)
    after, labels, was = with_mistakes(scene, 3.0, np.random.default_rng(1))
    assert not labels.any()
    assert was.tolist() == list(range(len(after))) == list(range(count))
