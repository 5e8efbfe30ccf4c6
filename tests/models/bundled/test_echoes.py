from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.bundled import echoes as module
from models.bundled.echoes import ASPECTS, MOST, WIDTH, echoes
from models.bundled.fields import Family
from models.bundled.rows import beats_of
from models.bundled.scenes import LANE_AT, MODIFIER_AT, SOUND_AT, Scene
from tests.models.maps import BEAT, drawn_scene

BAR = 8  # notes
KIND, SOUND = 0, 3  # where each aspect's share of differing places stands; its share of missing ones follows


def repeated(bars: int = 16, family: Family = Family.OSU) -> Scene:
    """A bar drawn by chance, again and again, with a note on every half of a beat."""
    bar = drawn_scene(BAR, family)
    scene = bar.taken(np.tile(np.arange(BAR), bars))
    scene.time[:] = scene.end[:] = 1_000 + BEAT / 2 * np.arange(len(scene))
    return scene


def of(scene: Scene) -> NDArray[np.float32]:
    return echoes(scene, beats_of(scene))


def test_a_note_unlike_the_same_note_of_other_bars_is_pointed_at() -> None:
    scene = repeated()
    scene.columns[37, SOUND_AT] = 7
    found = of(scene)[:, SOUND]
    assert found.argmax() == 37
    assert found[37] > 0.9
    assert np.delete(found, 37).max() < 0.3


def test_a_bar_that_is_always_the_same_gives_no_doubt() -> None:
    found = of(repeated())
    assert found[:, KIND].max() < 1e-6
    assert found[:, SOUND].max() < 0.15
    assert (found[BAR:-BAR, KIND + 2] > 1).all()


def test_a_note_left_out_of_one_bar_is_missed_beside_the_gap() -> None:
    scene = repeated()
    found = of(scene.taken(np.delete(np.arange(len(scene)), 37)))[:, -1]
    assert set(np.argsort(-found)[:2].tolist()) == {36, 37}


def test_a_note_that_other_bars_lack_is_absent_there() -> None:
    scene = repeated()
    between = scene.taken(np.array([37]))
    between.time[:] += BEAT / 4
    joined = scene.taken(np.insert(np.arange(len(scene)), 38, 37))
    joined.time[38] = between.time[0]
    assert of(joined)[:, KIND + 1].argmax() == 38


@pytest.mark.parametrize("family", [Family.MANIA, Family.FRETS, Family.DRUMS])
def test_a_chord_is_compared_as_a_whole(family: Family) -> None:
    scene = repeated(family=family)
    doubled = scene.taken(np.repeat(np.arange(len(scene)), 2))
    doubled.columns[::2, LANE_AT], doubled.columns[1::2, LANE_AT] = 0, 1
    doubled.columns[75, LANE_AT] = 2
    found = of(doubled)[:, KIND]
    assert set(np.flatnonzero(found > 0.9).tolist()) == {74, 75}


def test_charts_are_compared_by_their_modifiers_too() -> None:
    scene = repeated(family=Family.FRETS)
    scene.columns[37, MODIFIER_AT] = (scene.columns[37, MODIFIER_AT] + 1) % 3
    assert of(scene)[:, 6].argmax() == 37


@given(st.sampled_from(Family), st.integers(0, 50), st.integers(0, 120), st.integers(0, 120))
def test_what_is_said_of_a_part_is_what_is_said_of_it_within_the_whole(family: Family, seed: int, one: int, other: int) -> None:
    start, stop = sorted((one, other))
    scene = drawn_scene(120, family, seed)
    beat = beats_of(scene)
    part = echoes(scene, beat, start, stop)
    assert part.shape == (stop - start, WIDTH)
    np.testing.assert_allclose(part, echoes(scene, beat)[start:stop], atol=1e-6)


@pytest.mark.parametrize("count", [0, 1, 2, 11])
def test_a_few_notes_have_no_echo(count: int) -> None:
    found = of(drawn_scene(count))
    assert found.shape == (count, 3 * ASPECTS + 1)
    assert not found.any()


def test_a_note_never_speaks_for_itself() -> None:
    """How well two places agree is told by the notes around them alone."""
    scene, changed = repeated(), repeated()
    changed.columns[37, SOUND_AT] = 7
    assert np.array_equal(of(scene)[37, 5], of(changed)[37, 5])


def test_fifty_thousand_notes_are_laid_over_few_lags_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    weights = module._weights  # pyright: ignore[reportPrivateUsage]

    def counted(same: NDArray[np.bool_]) -> NDArray[np.float64]:
        looked_at.append(same.size)
        return weights(same)

    monkeypatch.setattr(module, "MOST", MOST >> 4)
    monkeypatch.setattr(module, "_weights", counted)
    assert np.isfinite(of(drawn_scene(50_000, Family.TAIKO))).all()
    assert max(looked_at) <= module.TOGETHER
    assert sum(looked_at) <= MOST >> 4
