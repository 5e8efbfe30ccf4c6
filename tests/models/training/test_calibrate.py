from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.bundled.calibration import Calibration
from models.bundled.fields import ANY, FIELDS, MISTAKES, Family
from models.bundled.onsets import Heard, Song
from models.bundled.rows import Rows
from models.training.calibrate import calibrated, fitted, spoilt_answers
from models.training.corpus import Piece, Split
from tests.models import tiny
from tests.models.maps import drawn_scene

Answers = tuple[NDArray[np.float16], NDArray[np.float32], NDArray[np.float32]]


def answered(
    seed: int = 1, bits: float = 0.0, count: int = 8_000
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """Logits that know a little, bits that know more where `bits` is not 0, and one mistake in twenty, all of the first kind."""
    dice = np.random.default_rng(seed)
    labels = np.zeros((count, len(MISTAKES)), bool)
    labels[:, 0] = labels[:, ANY] = dice.random(count) < 0.05
    logits = dice.normal(-3, 1, (count, len(MISTAKES)))
    logits[:, ANY] += labels[:, ANY]
    surprises = np.zeros((count, 2 * len(FIELDS)))
    surprises[:, 0] = dice.normal(0, 1, count) + bits * labels[:, ANY]
    return logits.astype(np.float32), surprises.astype(np.float32), labels


def found_at_5(score: NDArray[np.float32], wrong: NDArray[np.bool_]) -> float:
    return float(wrong[np.argsort(-score)[: len(score) // 20]].sum() / wrong.sum())


def test_what_the_bits_know_joins_the_suspicion() -> None:
    detector = fitted(*answered(bits=3.0))
    logits, surprises, labels = answered(seed=2, bits=3.0)
    score, _ = Calibration({Family.OSU: detector}).of(Family.OSU, logits, surprises)
    assert found_at_5(score, labels[:, ANY]) > found_at_5(logits[:, ANY], labels[:, ANY]) + 0.2


def test_suspicions_become_probabilities() -> None:
    calibration = Calibration({Family.OSU: fitted(*answered())})
    logits, surprises, labels = answered(seed=2)
    _, suspicion = calibration.of(Family.OSU, logits, surprises)
    assert suspicion[:, ANY].mean() == pytest.approx(labels[:, ANY].mean(), abs=0.01)
    suspected = suspicion[:, ANY] > 0.1
    assert labels[suspected, ANY].mean() == pytest.approx(suspicion[suspected, ANY].mean(), abs=0.05)


def test_few_mistakes_leave_the_networks_own_ranking() -> None:
    logits, surprises, labels = answered(count=300)
    score, _ = Calibration({Family.OSU: fitted(logits, surprises, labels)}).of(Family.OSU, logits, surprises)
    assert np.corrcoef(score, logits[:, ANY])[0, 1] > 0.9


def no_answers(rows: Rows, heard: Heard | None = None) -> Answers:  # noqa: ARG001  as the scorer
    shapes = (0, 2 * len(FIELDS), len(MISTAKES))
    chances, surprises, logits = (np.zeros((len(rows), size), np.float32) for size in shapes)
    return chances.astype(np.float16), surprises, logits


def piece(family: Family, count: int) -> Piece:
    return Piece("a.osu", "set", Split.TUNE, drawn_scene(count, family))


def test_only_families_with_enough_held_out_are_calibrated() -> None:
    pieces = [piece(Family.OSU, 1_500), piece(Family.TAIKO, 60)]
    assert set(calibrated(no_answers, pieces).detectors) == {Family.OSU}
    assert not calibrated(no_answers, []).detectors


def test_calibrating_twice_gives_the_same_card() -> None:
    pieces = [piece(Family.MANIA, 800)]
    one, again = (calibrated(tiny.scorer().answers, pieces, seed=3).card() for _ in range(2))
    assert one == again
    assert np.isfinite([one["MANIA"]["bias"], *one["MANIA"]["weight"]]).all()


def test_answers_stand_beside_the_labels_of_what_was_spoilt() -> None:
    asked: list[Rows] = []
    songs: list[Heard | None] = []

    def answers(rows: Rows, heard: Heard | None = None) -> Answers:
        asked.append(rows)
        songs.append(heard)
        return no_answers(rows)

    logits, _, labels = spoilt_answers(answers, [piece(Family.OSU, 300)], seed=1)
    assert len(logits) == len(labels) == sum(len(rows) for rows in asked)
    assert songs == [None] * len(asked)
    assert 10 < labels[:, ANY].sum() < 120
    assert len({rows.own.tobytes() for rows in asked}) == len(asked)


def test_the_detectors_learn_with_the_song_and_without_it() -> None:
    songs: list[bool] = []

    def answers(rows: Rows, heard: Heard | None = None) -> Answers:
        songs.append(heard is not None and len(heard.around) == len(rows) and bool(heard.around.any() and heard.ahead.any()))
        return no_answers(rows)

    song = np.random.default_rng(1).integers(0, 255, (9_000, 32)).astype(np.uint8)
    spoilt_answers(answers, [replace(piece(Family.OSU, 100), song=Song.of(song))], seed=1)
    assert set(songs) == {True, False}
