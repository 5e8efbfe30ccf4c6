# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.osu import Mode
from formats.timeline import Timeline
from models.bundled import graphs
from models.bundled.calibration import Calibration, Detector
from models.bundled.echoes import WIDTH
from models.bundled.fields import COLUMN, FIELDS, MISTAKES, SIZES, Family
from models.bundled.graphs import Graphs, archived, recalibrated, unarchived
from models.bundled.rows import rows_of
from models.bundled.scoring import REMEMBERED, Scorer
from models.errors import MaimodError, WeightsDamaged, WeightsMissing, WeightsOfAnotherVersion
from models.surprisal import Surprisal
from tests.builder import osu_text
from tests.chart_builder import chart_text
from tests.models import tiny
from tests.models.maps import drawn_scene

TINY = tiny.WEIGHTS.read_bytes()
STREAM = [f"{100 + 7 * (number % 40)},{100 + 50 * (number % 3)},{1000 + 125 * number},1,{number % 3}" for number in range(300)]


def timeline(objects: list[str], mode: Mode = Mode.OSU) -> Timeline:
    return Timeline(Beatmap.from_text(osu_text(objects, mode=mode)))


def same(one: Surprisal, other: Surprisal) -> bool:
    names = ("score", "suspicion", "bits", "entropy", "chances", "values")
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name != "values") for name in names)


def alike(one: Sequence[NDArray[Any]], other: Sequence[NDArray[Any]]) -> bool:
    return all(np.array_equal(*pair) for pair in zip(one, other, strict=True))


@pytest.fixture(scope="module")
def scored() -> Surprisal:
    return tiny.scorer().timeline(timeline(STREAM))


def test_every_field_that_applies_has_bits_and_entropy(scored: Surprisal) -> None:
    applies = scored.values >= 0
    assert len(scored) == 300
    assert np.array_equal(np.isfinite(scored.bits), applies)
    assert np.array_equal(np.isfinite(scored.entropy), applies)
    assert applies[:, COLUMN["gap"]].tolist() == [False] + [True] * 299
    assert not applies[:, COLUMN["lane"]].any()


def test_bits_are_those_of_the_chance_of_what_stands_there(scored: Surprisal) -> None:
    for field in ("gap", "new_combo", "hitsound"):
        chance = scored.probabilities(150, field)[int(scored.values[150, COLUMN[field]])]
        assert scored.bits[150, COLUMN[field]] == pytest.approx(-np.log2(float(chance)), abs=0.02)
        chances = scored.probabilities(150, field).astype(float)
        assert scored.entropy[150, COLUMN[field]] == pytest.approx(-(chances * np.log2(chances)).sum(), abs=0.02)


def test_chances_of_a_field_sum_to_one(scored: Surprisal) -> None:
    for field in FIELDS:
        table = scored.table(field.name)
        assert table.shape == (300, field.size)
        np.testing.assert_allclose(table.astype(np.float32).sum(axis=1), 1, atol=5e-3)


def test_alternatives_come_likeliest_first(scored: Surprisal) -> None:
    found = scored.alternatives(150, "gap", most=4)
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert found[0].value == FIELDS[0].values[int(scored.probabilities(150, "gap").argmax())]
    assert len(scored.alternatives(150, "new_combo")) == 2


def test_what_stands_there_is_told_as_the_field_has_it(scored: Surprisal) -> None:
    assert (scored.actual(150, "gap"), scored.actual(150, "kind"), scored.actual(150, "lane")) == ("1/4", "circle", None)
    assert (scored.applies(150, "gap"), scored.applies(150, "lane")) == (True, False)


def test_scoring_twice_gives_the_same_digits(scored: Surprisal) -> None:
    one = tiny.scorer()
    assert same(one.timeline(timeline(STREAM)), scored)
    assert same(one.timeline(timeline(STREAM)), scored)


def test_the_number_of_threads_changes_no_digit() -> None:
    rows = rows_of(drawn_scene(1_500))
    alone, together = tiny.scorer(1).answers(rows), tiny.scorer(3).answers(rows)
    assert alike(alone, together)


@pytest.mark.parametrize("edit", ["moved", "later", "left out"])
def test_scoring_after_an_edit_is_scoring_anew(edit: str) -> None:
    scene = drawn_scene(900)
    changed = scene.taken(np.delete(np.arange(900), 450) if edit == "left out" else np.arange(900))
    if edit == "moved":
        changed.x[450] = 3
    elif edit == "later":
        changed.time[450] += 62
    used = tiny.scorer()
    before = used.answers(rows_of(scene))
    again, fresh = used.answers(rows_of(changed)), tiny.scorer().answers(rows_of(changed))
    assert alike(again, fresh)
    assert not np.array_equal(before[1][440:445], again[1][440:445])


def test_an_unsighted_answer_is_not_taken_for_a_sighted_one() -> None:
    rows, used = rows_of(drawn_scene(100)), tiny.scorer()
    sighted, unsighted = used.answers(rows), used.answers(rows.unsighted())
    assert not np.array_equal(sighted[0], unsighted[0])
    assert np.array_equal(unsighted[0], tiny.scorer().answers(rows.unsighted())[0])


def test_an_empty_map_has_an_empty_answer() -> None:
    found = tiny.scorer().timeline(timeline([]))
    assert (len(found), found.score.shape, found.bits.shape) == (0, (0,), (0, len(FIELDS)))
    assert (found.chances.shape, found.suspicion.shape) == ((0, sum(SIZES)), (0, len(MISTAKES)))


def test_mania_answers_in_the_order_of_its_notes() -> None:
    objects = ["448,192,1000,1,0", "64,192,1000,1,0", "192,192,1500,1,0"]
    found = tiny.scorer().timeline(timeline(objects, Mode.MANIA))
    assert [found.actual(note, "lane") for note in range(3)] == [0, 3, 1]
    assert [note.lane for note in found.notes] == [0, 3, 1]


def test_only_tracks_of_five_frets_and_drums_are_scored() -> None:
    chart = Chart.from_text(chart_text(tracks={"ExpertDrums": ("768 = N 0 0",), "ExpertGHLGuitar": ("768 = N 0 0",)}))
    found = {track.name: tiny.scorer().track(chart, track) for track in chart.tracks}
    assert {name: one and len(one) for name, one in found.items()} == {
        "ExpertSingle": 2,
        "ExpertDrums": 1,
        "ExpertGHLGuitar": None,
    }


def test_a_song_is_heard_where_its_notes_sound() -> None:
    song = np.zeros((4_000, 32), np.uint8)
    song[100::50] = song[101::50] = 200
    silent, heard = (tiny.scorer().timeline(timeline(STREAM), each) for each in (None, song))
    assert np.array_equal(silent.values, heard.values)
    assert not np.array_equal(silent.bits, heard.bits, equal_nan=True)


CURE = "name another file as the model, or none for the shipped one"


def test_missing_weights_say_where_they_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "none.zip"
    with pytest.raises(WeightsMissing) as caught:
        Scorer.load(str(path))
    assert str(caught.value) == f"the weights of the surprisal model are missing at {path}: {CURE}"


@pytest.mark.parametrize("content", [b"", b"no graph", TINY[: len(TINY) // 2]])
def test_damaged_weights_say_so(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(content)
    with pytest.raises(WeightsDamaged) as caught:
        Scorer.load(str(path))
    assert str(caught.value) == f"the weights of the surprisal model at {path} are damaged: {CURE}"


def with_card(**changes: object) -> bytes:
    parts, card = unarchived(TINY)
    return archived(parts, {**card, **changes})


@pytest.mark.parametrize("changes", [{"version": 0}, {"version": None}, {"fields": [["gap", 3]]}])
def test_weights_for_other_fields_say_so(changes: dict[str, object]) -> None:
    with pytest.raises(WeightsOfAnotherVersion) as caught:
        Graphs(with_card(**changes), where="old.zip")
    wanted = "the weights of the surprisal model at old.zip were made for another version of maimod: install maimod again"
    assert str(caught.value) == wanted


def test_an_archive_of_something_else_is_damaged() -> None:
    parts, card = unarchived(TINY)
    for archive in (archived({"towers": b""}, card), archived({**parts, "heads": b"no graph"}, card), archived({}, {})):
        with pytest.raises((WeightsDamaged, WeightsOfAnotherVersion)):
            Graphs(archive)


@pytest.mark.parametrize("card", [b"no JSON", b"[]", b"{}", b"\xff"])
def test_a_card_that_cannot_be_understood_is_one_sentence(card: bytes) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("towers.onnx", "heads.onnx", "judge.onnx"):
            file.writestr(name, b"")
        file.writestr("card.json", card)
    with pytest.raises(WeightsDamaged, match=r"^the weights of the surprisal model at here are damaged: install maimod again$"):
        Graphs(archive.getvalue(), where="here")


def test_an_archive_that_unpacks_to_too_much_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "LARGEST", 1_000)
    with pytest.raises(WeightsDamaged):
        Graphs(TINY)


def test_what_is_wrong_with_weights_is_told_as_one_kind_of_error() -> None:
    assert all(issubclass(error, MaimodError) for error in (WeightsMissing, WeightsDamaged, WeightsOfAnotherVersion))


def test_the_weights_carry_their_name_and_calibration() -> None:
    inputs = len(MISTAKES) + len(FIELDS) + 2
    nothing, ones = np.zeros(inputs, np.float32), np.ones(len(MISTAKES), np.float32)
    calibration = Calibration({Family.OSU: Detector(nothing, nothing + 1, nothing, 1.5, ones, 0 * ones)})
    found = Scorer(Graphs(recalibrated(with_card(name="mine"), calibration)))
    assert found.name == "mine"
    assert found.calibration.card() == calibration.card()
    assert found.timeline(timeline(STREAM[:5])).score.tolist() == [1.5] * 5


def test_large_weights_are_kept_in_half_precision() -> None:
    weights = [weight for graph in unarchived(TINY)[0].values() for weight in onnx.load_from_string(graph).graph.initializer]
    large = [weight for weight in weights if np.prod(weight.dims) >= 256 and weight.data_type != onnx.TensorProto.INT64]
    assert large
    assert {weight.data_type for weight in large} == {onnx.TensorProto.FLOAT16}


def test_the_weights_tell_nothing_of_the_machine_that_trained_them() -> None:
    for graph in unarchived(TINY)[0].values():
        assert not any(node.metadata_props or node.doc_string for node in onnx.load_from_string(graph).graph.node)
        assert b"site-packages" not in graph


def test_fifty_thousand_notes_are_scored_in_bounded_memory() -> None:
    """Beside the answers themselves, which are 1.3 kB a note and stand in windows first, no more than a few windows."""
    scene = drawn_scene(50_000, Family.TAIKO)
    rows, used = rows_of(scene, np.zeros((50_000, WIDTH), np.float32)), tiny.scorer()
    tracemalloc.start()
    chances, surprises, suspicion = used.answers(rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    answers = chances.nbytes + surprises.nbytes + suspicion.nbytes
    assert peak < 2 * answers + (50 << 20)
    assert max(len(used._read), len(used._judged)) <= REMEMBERED  # pyright: ignore[reportPrivateUsage]
    assert chances.dtype == np.float16
