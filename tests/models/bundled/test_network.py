# pyright: reportUnknownMemberType=false
from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor

from models.bundled.fields import BARS, COLUMN, FIELDS, MISTAKES, PHASES, SIZES, Family
from models.bundled.network import Batch, Network, Scores, by_field, surprises
from models.bundled.rows import Rows, rows_of
from models.bundled.scenes import KIND_AT, LANE_AT, NONE, RAW, REPEATS_AT, SLIDER, Scene
from models.bundled.scoring import NATS_TO_BITS
from models.bundled.windows import Stretch, inputs_of
from tests.models import tiny
from tests.models.maps import KEYS, drawn_scene

LENGTH = 24


@pytest.fixture(scope="module")
def network() -> Network:
    return tiny.network()


def batch_of(rows: Rows) -> Batch:
    inputs = inputs_of(rows, Stretch(0, 0, len(rows), len(rows)), None)
    tensors: dict[str, Tensor] = {name: torch.from_numpy(array.copy()) for name, array in inputs.items()}
    return Batch(**tensors, real=torch.ones(1, len(rows)))


@torch.no_grad()
def asked(network: Network, rows: Rows) -> Scores:
    scores: Scores = network(batch_of(rows))
    return scores


def with_another(scene: Scene, note: int, shift: float) -> Scene:
    """The scene with another note in the place of that one: at another moment and place, and of other categories."""
    changed = scene.taken(np.arange(len(scene)))
    for array in (changed.time, changed.end, changed.x, changed.y, changed.tail_y):
        array[note] += shift
    changed.end[note] += 70
    changed.tail_x[note] += 90 + shift
    changed.speed[note] = 2
    for at, name in enumerate(RAW):
        category = changed.columns[note, at]
        if category != NONE:
            changed.columns[note, at] = (category + 1) % (KEYS if at == LANE_AT else FIELDS[COLUMN[name]].size)
    if scene.family is Family.OSU:
        changed.columns[note, KIND_AT], changed.columns[note, REPEATS_AT] = SLIDER, 0
    return changed


def close(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, rtol=0, atol=2e-5)


@settings(max_examples=40)
@given(
    st.sampled_from(Family),
    st.integers(0, 1000),
    st.integers(0, LENGTH - 1),
    st.floats(-60, 60).filter(lambda shift: abs(shift) > 3),
)
def test_what_is_said_of_a_note_is_not_derived_from_it(family: Family, seed: int, note: int, shift: float) -> None:
    network, scene = tiny.network(), drawn_scene(LENGTH, family, seed)
    before, after = (asked(network, rows_of(each)) for each in (scene, with_another(scene, note, shift)))
    gap = slice(0, SIZES[0])
    assert close(before.logits[0, note, gap], after.logits[0, note, gap])
    others = np.delete(np.arange(LENGTH), note)
    assert not close(before.logits[0, others, gap], after.logits[0, others, gap])
    assert not close(before.suspicion[0, note], after.suspicion[0, note])


def contexts(network: Network, rows: Rows) -> Tensor:
    """What the heads see of the surroundings of each note, (L, D)."""
    seen: list[Tensor] = []
    handle = network.head_norm.register_forward_hook(lambda module, inputs, output: seen.append(inputs[0]))  # noqa: ARG005
    asked(network, rows)
    handle.remove()
    return seen[0][0]


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("note", [0, 9, LENGTH - 1])
def test_the_heads_see_the_surroundings_alone(network: Network, family: Family, note: int) -> None:
    scene = drawn_scene(LENGTH, family)
    before, after = (contexts(network, rows_of(each)) for each in (scene, with_another(scene, note, 40)))
    changed = (before - after).abs().amax(1) > 2e-5
    assert not changed[note]
    assert changed.sum() >= LENGTH // 2


@pytest.mark.parametrize("column", range(len(FIELDS)))
def test_a_field_does_not_depend_on_what_is_decoded_later(network: Network, column: int) -> None:
    batch = batch_of(rows_of(drawn_scene(LENGTH)))
    values = batch.values.clone()
    values[0, 7, column] = (values[0, 7, column] + 1) % (SIZES[column] + 1)
    with torch.no_grad():
        before, after = (network(each).logits[0, 7] for each in (batch, batch._replace(values=values)))
    same = [close(*pair) for pair in zip(by_field(before), by_field(after), strict=True)]
    assert same == [number <= column for number in range(len(FIELDS))]


def test_the_place_in_the_bar_is_known_once_the_time_is(network: Network) -> None:
    batch = batch_of(rows_of(drawn_scene(LENGTH)))
    phase, bar, audio = batch.phase.clone(), batch.bar.clone(), batch.audio.clone()
    phase[0, 7], bar[0, 7] = phase[0, 7] % PHASES + 1, bar[0, 7] % BARS + 1
    audio[0, 7] += 1
    with torch.no_grad():
        before, after = (network(each).logits[0, 7] for each in (batch, batch._replace(phase=phase, bar=bar, audio=audio)))
    same = [close(*pair) for pair in zip(by_field(before), by_field(after), strict=True)]
    assert same == [field.name in ("gap", "snap", "error") for field in FIELDS]


@pytest.mark.parametrize("family", Family)
def test_an_unsighted_network_knows_nothing_of_what_follows(network: Network, family: Family) -> None:
    scene, note = drawn_scene(LENGTH, family), 11
    changed = scene
    for later in range(note + 1, LENGTH):
        changed = with_another(changed, later, 30.0)
    before, after = (asked(network, rows_of(each).unsighted()).logits[0] for each in (scene, changed))
    assert close(before[: note + 1], after[: note + 1])
    sighted = [asked(network, rows_of(each)).logits[0, note] for each in (scene, changed)]
    assert not close(*sighted)


@pytest.mark.parametrize("family", Family)
def test_a_note_of_an_open_span_sees_what_stands_before_it_and_around_the_span_alone(network: Network, family: Family) -> None:
    scene, note, (first, stop) = drawn_scene(LENGTH, family), 8, (6, 15)
    changed = scene
    for later in range(note + 1, stop):
        changed = with_another(changed, later, 30.0)
    before, after = (contexts(network, rows_of(each, spans=((first, stop),))) for each in (scene, changed))
    assert (before[first : note + 1] - after[first : note + 1]).abs().max() < 2e-5
    assert not close(before[note + 2], after[note + 2])
    assert not close(before[first - 1], after[first - 1])
    behind = contexts(network, rows_of(with_another(scene, stop + 1, 40), spans=((first, stop),)))
    assert not close(before[note], behind[note])


def test_the_note_after_an_open_span_is_asked_for_as_its_end() -> None:
    rows = rows_of(drawn_scene(LENGTH), spans=((6, 15),))
    assert rows.after[5:17].tolist() == [6, *[15] * 10, 17]
    assert rows.bridge[5:17, 10].tolist() == [0, *[1] * 10, 0]


def test_the_song_ahead_of_a_note_is_known_to_all_its_fields(network: Network) -> None:
    batch = batch_of(rows_of(drawn_scene(LENGTH)))
    ahead = batch.ahead.clone()
    ahead[0, 7] += 1
    with torch.no_grad():
        before, after = (network(each).logits[0] for each in (batch, batch._replace(ahead=ahead)))
    assert not any(close(*pair) for pair in zip(by_field(before[7]), by_field(after[7]), strict=True))
    assert close(before[8], after[8])


def test_padding_says_nothing(network: Network) -> None:
    batch = batch_of(rows_of(drawn_scene(LENGTH)))
    short = Batch(*(part if part.ndim == 1 or name == "condition" else part[:, :9] for name, part in batch._asdict().items()))
    short = short._replace(after=torch.where(short.after < 9, short.after, 0))
    padded = batch._replace(real=(torch.arange(LENGTH) < 9).float()[None])
    with torch.no_grad():
        alone, beside = network(short).logits[0], network(padded).logits[0]
    # The last note sees a note of padding where the short window sees its end.
    assert close(alone[:8], beside[:8])


def test_surprises_are_nats_and_entropies_of_each_field() -> None:
    logits = torch.zeros(1, 2, sum(SIZES))
    values = torch.zeros(1, 2, len(FIELDS), dtype=torch.int64)
    values[0, 0] = 1
    found = surprises(logits, values)[0]
    expected = torch.tensor(SIZES).log().tile(2)
    assert close(found[0], expected)
    assert not found[1].any()


def own_answers(network: Network, rows: Rows) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """What torch itself says: chances, surprises in bits, suspicion logits."""
    batch = batch_of(rows)
    with torch.no_grad():
        scores: Scores = network(batch)
        chances = torch.cat([part.softmax(-1) for part in by_field(scores.logits)], -1)
        bits = surprises(scores.logits, batch.values) * NATS_TO_BITS
    return chances[0].numpy(), bits[0].numpy(), scores.suspicion[0].numpy()


@pytest.mark.parametrize("count", [1, 2, 33, 264])
@pytest.mark.parametrize("family", [Family.OSU, Family.MANIA, Family.DRUMS])
def test_torch_and_the_exported_graph_agree(network: Network, family: Family, count: int) -> None:
    """Where this fails after a change of the network: `python -m tests.models.tiny`."""
    rows = rows_of(drawn_scene(count, family))
    exported, own = tiny.scorer().answers(rows), own_answers(network, rows)
    assert [array.shape for array in exported] == [(count, sum(SIZES)), (count, 2 * len(FIELDS)), (count, len(MISTAKES))]
    for number in range(3):
        np.testing.assert_allclose(np.asarray(exported[number], np.float32), own[number], atol=1e-3)
