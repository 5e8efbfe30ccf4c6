from __future__ import annotations

import numpy as np
import pytest

from models.bundled.fields import SIZES, Family
from models.bundled.graphs import Graphs, archived, unarchived
from models.bundled.onnx_weights import weights_of
from models.bundled.onsets import unheard
from models.bundled.rows import rows_of
from models.bundled.stepping import TIMED, Reading, Steps, Unlike, note_of
from models.bundled.windows import Stretch, inputs_of
from tests.models import maps, tiny


@pytest.fixture(scope="module")
def graphs() -> Graphs:
    return Graphs(tiny.WEIGHTS.read_bytes())


@pytest.fixture(scope="module")
def steps(graphs: Graphs) -> Steps:
    return Steps(graphs, tiny.WEIGHTS.read_bytes())


@pytest.mark.parametrize("family", list(Family))
def test_notes_read_one_by_one_say_what_the_graph_says_of_all_of_them(graphs: Graphs, steps: Steps, family: Family) -> None:
    rows = rows_of(maps.drawn_scene(60, family))
    count = len(rows)
    inputs = inputs_of(rows, Stretch(0, 0, count, count), None)
    left = graphs.towers(inputs)[0][0]
    note = note_of(rows, unheard(count).around)
    reading = Reading(steps, int(family), rows.condition)
    states = [reading.read(note.part(slice(0, 40)).along(0))[0]]
    reading = reading.spread(np.zeros(2, np.intp))
    states += [reading.read(note.part(np.array((at, at))).along(1))[1] for at in range(40, count)]
    assert np.allclose(np.concatenate(states), left[1:], atol=2e-3)
    assert np.allclose(steps.start, left[0], atol=1e-5)


def test_fields_decoded_one_after_another_have_the_graph_s_chances(graphs: Graphs, steps: Steps) -> None:
    rows = rows_of(maps.drawn_scene(50), spans=((10, 20),))
    inputs = inputs_of(rows, Stretch(0, 0, 50, 50), None)
    left, right, *notes = graphs.towers(inputs)
    after = right[:, rows.after]
    around = {"before": left[:, :-1], "after": after, "note_ahead": notes[0], "note_behind": notes[1]}
    chances = graphs.heads({**inputs, **around})[0][0]
    whole = steps.whole(int(rows.family), rows.condition)
    bridges = rows.bridge_gap.astype(np.int64), rows.bridge
    asked = steps.asked(int(rows.family), whole, left[0, :-1], after[0], *bridges, unheard(50).ahead)
    known, begun = np.zeros((50, 8), np.float32), 0
    for number, size in enumerate(SIZES):
        if number == TIMED:
            known = known + steps.timed(rows.phase.astype(np.int64), rows.bar.astype(np.int64), unheard(50).around)
        weights = np.exp(steps.logits(asked, number, known))
        assert np.allclose(weights / weights.sum(axis=1, keepdims=True), chances[:, begun : begun + size], atol=2e-3)
        known = known + steps.decoded(number, rows.values[:, number].astype(np.int64))
        begun += size


def test_graphs_that_are_built_otherwise_are_refused(graphs: Graphs) -> None:
    parts, card = unarchived(tiny.WEIGHTS.read_bytes())
    with pytest.raises(Unlike):
        Steps(graphs, archived({**parts, "heads": parts["towers"]}, card))


def test_weights_that_are_not_those_of_the_graphs_are_refused(graphs: Graphs) -> None:
    parts, card = unarchived(tiny.WEIGHTS.read_bytes())
    values = weights_of(parts["heads"]).named["decoded.table.weight"].astype(np.float16).tobytes()
    assert parts["heads"].count(values) == 1
    with pytest.raises(Unlike):
        Steps(graphs, archived({**parts, "heads": parts["heads"].replace(values, bytes(len(values)))}, card))
