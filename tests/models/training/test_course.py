# pyright: reportUnknownMemberType=false
from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from models.bundled.calibration import Calibration
from models.bundled.network import Network
from models.bundled.onsets import Song
from models.bundled.rows import rows_of
from models.bundled.scoring import Scorer
from models.training import course
from models.training.corpus import Piece, Split
from models.training.course import data_card
from models.training.export import halved
from models.training.loop import Plan
from server.commands.train import command
from tests.builder import osu_text
from tests.models import tiny
from tests.models.bundled.test_network import own_answers
from tests.models.maps import drawn_scene

# By the hash of its key the song of this number is held out for calibration, the others are not.
HELD_OUT = 15


def put_map(folder: Path, number: int) -> None:
    """A map of 40 circles, each a beat later than in the map of the number before."""
    places = [(97 * note % 512, 61 * note % 384, 250 * note + 500 * number) for note in range(40)]
    objects = [f"{x},{y},{time},{5 if time % 2000 == 0 else 1},0" for x, y, time in places]
    metadata = (f"Title:Song {number}", "Artist:Band", "Version:Hard")
    (folder / f"{number}.osu").write_text(osu_text(objects, metadata=metadata), encoding="utf-8")


def test_maimod_train_writes_weights_that_score_a_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder of maps to ONNX Runtime; it exports once, which takes half a minute."""
    maps, out = tmp_path / "maps", tmp_path / "out"
    maps.mkdir()
    for number in range(10, 16):
        put_map(maps, number)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr("models.training.loop.Plan", partial(Plan, shape=tiny.shape(), batch=2))
    tuned: list[Piece] = []

    def calibrated(answers: object, pieces: list[Piece], seed: int) -> Calibration:  # noqa: ARG001  as the real one
        tuned.extend(pieces)
        return Calibration({})

    monkeypatch.setattr(course, "calibrated", calibrated)
    result = CliRunner().invoke(
        command, [str(maps), "--out", str(out), "--steps", "4", "--no-audio", "--name", "mine", "--threads", "1"]
    )
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, f"{out / 'weights.zip'} is written.")
    assert [(piece.name, piece.split) for piece in tuned] == [(f"{HELD_OUT}.osu", Split.TUNE)]

    metrics = [json.loads(line) for line in (out / "metrics.jsonl").read_text("utf-8").splitlines()]
    assert metrics[-1]["step"] == 4
    assert metrics[-1]["osu_bits"] > 0
    card = json.loads((out / "card.json").read_text("utf-8"))
    assert card["data"] == {"osu": {"pieces": 5, "notes": 200, "sets": 5, "with_song": 0}}
    assert card["plan"]["steps"] == 4

    scorer, rows = Scorer.load(str(out / "weights.zip")), rows_of(drawn_scene(50))
    assert scorer.name == "mine"
    network = Network(tiny.shape()).eval()
    network.load_state_dict(torch.load(out / "training.pt", weights_only=True)["average"])
    own = own_answers(halved(network), rows)
    for number, answer in enumerate(scorer.answers(rows)):
        np.testing.assert_allclose(np.asarray(answer, np.float32), own[number], atol=1e-3)


def test_a_folder_without_maps_is_told(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    result = CliRunner().invoke(command, [str(tmp_path / "maps"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "holds no map with enough notes to learn from" in result.output
    assert not (tmp_path / "out").exists()


def test_the_card_counts_what_was_learned_from() -> None:
    song = np.zeros((10, 32), np.uint8)
    pieces = [
        Piece("a", "one", Split.TRAIN, drawn_scene(30), Song.of(song)),
        Piece("b", "one", Split.TRAIN, drawn_scene(40)),
        Piece("c", "two", Split.TUNE, drawn_scene(50)),
        Piece("d", "three", Split.VALID, drawn_scene(60)),
    ]
    assert data_card(pieces) == {"osu": {"pieces": 2, "notes": 70, "sets": 1, "with_song": 1}}


def test_halved_weights_are_what_half_precision_holds() -> None:
    network = halved(Network(tiny.shape()))
    assert all(torch.equal(value, value.half().float()) for value in network.parameters())
