"""Recall in the top 2 % and 5 %, counted within a map or a track; and the n-gram that is measured by it."""

from __future__ import annotations

import json
import sys
from math import isclose, log2
from pathlib import Path

import numpy as np
import pytest

from benchmarks.corpus import opted_out
from benchmarks.detection.ngram import Model, answered, field_bits, train
from benchmarks.detection.score import answers_of, places_of, scored, table_of
from benchmarks.detection.tokens import passages_of
from benchmarks.detection.witten_bell import bits, trained
from formats.osu import Mode
from tests.builder import osu_text
from tests.chart_builder import chart_text

HUNDRED = [{"line": line, "score": float(-line)} for line in range(1, 101)]


def row(*lines: int, kind: str = "colour", mode: str = "taiko", **more: object) -> dict[str, object]:
    return {"file": "a.osu", "mode": mode, "kind": kind, "lines": list(lines), **more}


@pytest.mark.parametrize(("line", "top2", "top5"), [(1, 1, 1), (2, 1, 1), (3, 0, 1), (5, 0, 1), (6, 0, 0), (400, 0, 0)])
def test_of_a_hundred_notes_two_and_five_places_count(line: int, top2: int, top5: int) -> None:
    one = scored([row(line)], {"a.osu": HUNDRED})[0]
    assert (one.n, one.top2, one.top5) == (1, top2, top5)


def test_the_best_line_of_a_mistake_counts() -> None:
    assert [place for _, place, _ in places_of([row(90, 4)], HUNDRED)] == [3]


def test_a_track_is_ranked_by_itself() -> None:
    ((_, place, count),) = places_of([row(61, within=[61, 80])], HUNDRED)
    assert (place, count) == (0, 20)


def test_a_short_map_has_one_place_at_least() -> None:
    one = scored([row(1)], {"a.osu": HUNDRED[:10]})[0]
    assert one.top2 == one.top5 == 1


def test_a_file_without_an_answer_is_not_found() -> None:
    assert scored([row(1)], {})[0].top5 == 0


def test_kinds_modes_and_everything_are_summed() -> None:
    truth = [row(1), row(50, kind="snap"), row(2, mode="mania")]
    recalls = {(each.mode, each.kind): (each.n, each.top5) for each in scored(truth, {"a.osu": HUNDRED})}
    assert recalls == {
        ("taiko", "colour"): (1, 1),
        ("taiko", "snap"): (1, 0),
        ("taiko", "all"): (2, 1),
        ("mania", "colour"): (1, 1),
        ("mania", "all"): (1, 1),
        ("all", "all"): (3, 2),
    }
    assert "0.667" in table_of(scored(truth, {"a.osu": HUNDRED})).splitlines()[-1]


def test_the_command_is_called_with_batches_of_files(tmp_path: Path) -> None:
    tool = tmp_path / "tool.py"
    says = "[{'path': path, 'notes': [{'line': len(sys.argv) - 1}]} for path in sys.argv[1:]]"
    tool.write_text(f"import json, sys\nprint(json.dumps({{'files': {says}}}))", encoding="utf-8")
    answers = answers_of(f"{sys.executable} {tool}", tmp_path, ["a.osu", "b.osu", "c.osu"], 2)
    assert answers == {"a.osu": [{"line": 2}], "b.osu": [{"line": 2}], "c.osu": [{"line": 1}]}


def test_witten_bell_weighs_what_was_seen_against_the_shorter_context() -> None:
    columns = {"x": np.array([0, 1, 0, 1, 0, 2], np.int64)}
    arrays = trained([columns], "x", [("x", 1)])
    # Of 3 values one more is kept for what was never seen: 1/4 each; then counts 3, 2, 1 of 6 with 3 types.
    shorter = (2 + 3 * 0.25) / (6 + 3)
    after_0 = (2 + 2 * shorter) / (3 + 2)
    found = bits(arrays, {"x": np.array([0, 1], np.int64)}, "x", [("x", 1)])
    assert isclose(found[1], -log2(after_0))


def test_the_probabilities_of_all_values_are_one() -> None:
    columns = {"x": np.array([0, 1, 0, 1, 0, 2, 2, 1], np.int64)}
    arrays = trained([columns], "x", [("x", 1)])
    each = [2 ** -bits(arrays, {"x": np.array([0, value], np.int64)}, "x", [("x", 1)])[1] for value in (0, 1, 2, 9)]
    assert isclose(sum(each), 1)


def test_the_ngram_finds_the_note_that_breaks_the_pattern(tmp_path: Path) -> None:
    lines = [f"256,192,{1000 + 250 * i},1,{8 * (i % 2)},0:0:0:0:" for i in range(200)]
    (tmp_path / "train.osu").write_text(osu_text(lines, mode=Mode.TAIKO), encoding="utf-8")
    train([tmp_path / "train.osu"], tmp_path / "model")
    lines[100] = lines[100].replace(",1,0,", ",1,8,")
    path = tmp_path / "odd.osu"
    path.write_text(osu_text(lines, mode=Mode.TAIKO), encoding="utf-8")
    notes = json.loads(json.dumps(answered(path, Model(tmp_path / "model"))))["notes"]
    worst = sorted(notes, key=lambda note: -note["score"])[:3]
    assert path.read_text(encoding="utf-8").split("\n").index(lines[100]) + 1 in [note["line"] for note in worst]
    assert len(notes) == 200


def test_every_note_line_of_a_chart_has_its_entry_and_flags_have_none(tmp_path: Path) -> None:
    notes = ["768 = N 0 0", "768 = N 1 0", "768 = N 5 0", "960 = N 2 0"]
    path = tmp_path / "notes.chart"
    path.write_text(chart_text(notes), encoding="utf-8")
    train([path], tmp_path / "model")
    found = json.loads(json.dumps(answered(path, Model(tmp_path / "model"))))["notes"]
    text = [line.strip() for line in path.read_text(encoding="utf-8").split("\n")]
    assert [text[note["line"] - 1] for note in found] == [notes[0], notes[1], notes[3]]


def test_every_mode_has_the_fields_that_its_chains_name(tmp_path: Path) -> None:
    line = {Mode.MANIA: "64,192,{},128,0,{}:0:0:0:0:"}
    for mode in Mode:
        lines = [line.get(mode, "64,192,{},1,0,0:0:0:0:").format(1000 + 500 * i, 1200 + 500 * i) for i in range(30)]
        path = tmp_path / f"{mode.value}.osu"
        path.write_text(osu_text(lines, mode=mode), encoding="utf-8")
        train([path], tmp_path / "model")
        (passage,) = passages_of(path.name, path.read_bytes())
        by_field = field_bits(Model(tmp_path / "model").of(passage.style), passage)
        assert all(np.isfinite(each).all() and len(each) == 30 for each in by_field.values())


def test_a_map_that_asks_not_to_be_trained_on_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "map.osu"
    path.write_text(osu_text(["256,192,1000,1,0"], metadata=("Tags:robots: disallow",), mode=Mode.TAIKO), encoding="utf-8")
    train([path], tmp_path / "model")
    assert opted_out(path.read_bytes())
    assert list((tmp_path / "model").iterdir()) == []
