# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from models.bundled.fields import FIELDS, MISTAKES, SIZES, Family
from models.bundled.network import Scores
from models.training import loop
from models.training.corpus import Piece, Split, weights
from models.training.loop import Plan, Training, batch_of, draw, losses, measure, plan_card, train
from models.training.windows import Variety, Window, window_of
from tests.models import tiny
from tests.models.training.test_mistakes import lasting_scene

PLAN = Plan(shape=tiny.shape(), steps=4, batch=3, warm_up=2, save_every=2)


class Killed(Exception):
    """The process ended here."""


@pytest.fixture(autouse=True)
def on_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only there does torch promise the same digits."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def piece(number: int, family: Family = Family.OSU, split: Split = Split.TRAIN, count: int = 40) -> Piece:
    return Piece(f"{number}.osu", f"set {number}", split, lasting_scene(family, number, count))


PIECES = [piece(number, family) for number, family in enumerate((*Family, Family.OSU))]


def quiet(told: dict[str, float]) -> None:
    """Nobody looks at the metrics."""


def trained(out: Path, plan: Plan = PLAN, pieces: list[Piece] = PIECES) -> dict[str, Tensor]:
    return train(pieces, out, plan, quiet, threads=1).averaged().state_dict()


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return all(torch.equal(value, other[name]) for name, value in one.items())


def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    one, again = trained(tmp_path / "one"), trained(tmp_path / "again")
    assert same(one, again)
    assert not same(one, trained(tmp_path / "other", replace(PLAN, seed=2)))


@pytest.mark.parametrize("last", [2, 3])
def test_a_killed_run_goes_on_to_the_same_weights(last: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trained(tmp_path / "whole")
    take_step = Training.take_step

    def until_killed(training: Training, windows: list[Window]) -> tuple[float, float]:
        if training.step == last:
            raise Killed
        return take_step(training, windows)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Training, "take_step", until_killed)
        trained(tmp_path / "killed")
    steps: list[int] = []

    def recorded(training: Training, windows: list[Window]) -> tuple[float, float]:
        steps.append(training.step)
        return take_step(training, windows)

    monkeypatch.setattr(Training, "take_step", recorded)
    assert same(trained(tmp_path / "killed"), whole)
    assert steps == [2, 3]


def test_a_finished_run_is_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trained(tmp_path)
    monkeypatch.setattr(Training, "take_step", None)
    assert same(trained(tmp_path), whole)


def test_only_the_sets_to_learn_from_are_learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [piece(number, split=split) for number, split in enumerate(Split)]
    learned: set[str] = set()

    def drawn(pieces: list[Piece], chances: np.ndarray[tuple[int], np.dtype[np.float64]], plan: Plan, step: int) -> list[Window]:
        learned.update(each.name for each in pieces)
        return draw(pieces, chances, plan, step)

    monkeypatch.setattr(loop, "draw", drawn)
    trained(tmp_path, replace(PLAN, steps=1), pieces)
    assert learned == {"0.osu"}


def test_a_step_draws_the_same_whatever_ran_before() -> None:
    chances = weights(PIECES)
    one, again, next_one = (draw(PIECES, chances, PLAN, step) for step in (7, 7, 8))
    assert all(np.array_equal(a.rows.own, b.rows.own) for a, b in zip(one, again, strict=True))
    assert any(
        len(a.rows) != len(b.rows) or not np.array_equal(a.rows.own, b.rows.own) for a, b in zip(one, next_one, strict=True)
    )


def test_training_makes_what_it_learns_likelier(tmp_path: Path) -> None:
    told: list[dict[str, float]] = []
    plan = replace(PLAN, steps=50, batch=2, rate=1e-2, save_every=100)
    train([piece(1)], tmp_path, plan, told.append, threads=1)
    seen = {line["step"]: line["fields"] for line in told if "fields" in line}
    assert seen[50] < 0.9 * seen[25]


def test_the_rate_warms_up_and_falls_to_a_fiftieth() -> None:
    training = Training(replace(PLAN, steps=100, warm_up=10, rate=1.0), "cpu")
    rates: list[float] = []
    for training.step in (0, 9, 10, 55, 100):
        rates.append(training.rate())
    assert rates == pytest.approx([0.1, 1, 1, 0.51, 0.02])


def windows(*counts: int) -> list[Window]:
    pieces = [piece(number, count=count) for number, count in enumerate(counts)]
    return [
        window_of(each, np.random.default_rng(1), Variety(mistakes=1, spacing=(9, 9), one_sided=0, spans=0, forget=0))
        for each in pieces
    ]


def test_shorter_windows_are_filled_up_with_what_is_not_real() -> None:
    drawn = windows(30, 50)
    batch, labels, asked = batch_of(drawn)
    lengths = [len(window.rows) for window in drawn]
    assert batch.real.sum(1).tolist() == lengths
    assert batch.values.shape == (2, max(lengths), len(FIELDS))
    assert (batch.values.dtype, batch.own.dtype, batch.beat.dtype) == (torch.int64, torch.float32, torch.float32)
    assert not batch.values[0, lengths[0] :].any() and not labels[0, lengths[0] :].any() and not asked[0, lengths[0] :].any()
    assert np.array_equal(batch.values[0, : lengths[0]].numpy(), drawn[0].rows.values)


def test_a_wrong_note_is_not_to_be_predicted() -> None:
    batch, labels, asked = batch_of(windows(60))
    wrong = labels[..., -1] > 0
    assert wrong.any()
    scores = Scores(torch.zeros(*asked.shape, sum(SIZES)), torch.zeros(*asked.shape, len(MISTAKES)))
    fields, suspicion = losses(scores, batch, labels, asked)
    applies = (batch.values > 0) * asked[..., None]
    assert float(fields) == pytest.approx(float((applies * torch.tensor(SIZES).log()).sum() / asked.sum()), rel=1e-5)
    assert float(suspicion) == pytest.approx(len(MISTAKES) * np.log(2), rel=1e-5)
    louder = scores.logits.clone()
    louder[wrong] = torch.randn(int(wrong.sum()), sum(SIZES))
    assert torch.equal(losses(Scores(louder, scores.suspicion), batch, labels, asked)[0], fields)


def test_progress_is_measured_on_what_is_held_out() -> None:
    found = measure(tiny.network(), [piece(1, count=60), piece(2, Family.TAIKO, count=60)], windows=8)
    assert set(found) == {"osu_bits", "osu_found_at_5", "taiko_bits", "taiko_found_at_5"}
    assert all(np.isfinite(value) for value in found.values())
    assert 0 <= found["osu_found_at_5"] <= 1


def test_the_plan_is_told_with_its_fields() -> None:
    card = plan_card(PLAN)
    assert (card["steps"], card["seed"], card["fields"]) == (4, 1, [field.name for field in FIELDS])
