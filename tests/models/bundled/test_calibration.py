from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.bundled.calibration import Calibration, Detector, inputs_of
from models.bundled.fields import ANY, FIELDS, MISTAKES, Family

KINDS, INPUTS = len(MISTAKES), len(MISTAKES) + len(FIELDS) + 2
MOST_BESIDE, MEAN_BESIDE = INPUTS - 2, INPUTS - 1


def detector(**weights: float) -> Detector:
    """It looks at the inputs of these numbers ("i11") alone."""
    weight = np.zeros(INPUTS, np.float32)
    for name, value in weights.items():
        weight[int(name[1:])] = value
    ones, nothing = np.ones(INPUTS, np.float32), np.zeros(INPUTS, np.float32)
    return Detector(nothing, ones, weight, 0.0, np.ones(KINDS, np.float32), np.zeros(KINDS, np.float32))


def logits_of(*suspicions: float) -> NDArray[np.float32]:
    logits = np.zeros((len(suspicions), KINDS), np.float32)
    logits[:, ANY] = suspicions
    return logits


def no_surprises(count: int) -> NDArray[np.float32]:
    return np.zeros((count, 2 * len(FIELDS)), np.float32)


def sigmoid(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def test_a_family_without_a_detector_is_ranked_by_the_network() -> None:
    logits = logits_of(-1, 2)
    score, suspicion = Calibration({Family.OSU: detector()}).of(Family.MANIA, logits, no_surprises(2))
    assert score.tolist() == [-1, 2]
    assert suspicion[1, ANY] == pytest.approx(sigmoid(2))
    assert suspicion[1, 0] == 0.5


def test_the_detector_weighs_its_inputs_from_their_mean() -> None:
    one = replace(detector(i11=2), mean=np.full(INPUTS, 1, np.float32), scale=np.full(INPUTS, 4, np.float32), bias=0.25)
    score, _ = Calibration({Family.OSU: one}).of(Family.OSU, logits_of(3, 1), no_surprises(2))
    assert score.tolist() == pytest.approx([1.25, 0.25])


def test_each_kind_has_its_own_slope_and_offset() -> None:
    slopes, offsets = np.ones(KINDS, np.float32), np.zeros(KINDS, np.float32)
    slopes[[0, ANY]], offsets[[0, ANY]] = (2, 3), (-1, 0.5)
    calibration = Calibration({Family.OSU: replace(detector(i11=1), slopes=slopes, offsets=offsets)})
    logits = logits_of(0.5)
    logits[0, 0] = 1.5
    _, suspicion = calibration.of(Family.OSU, logits, no_surprises(1))
    assert suspicion[0, [0, 1, ANY]].tolist() == pytest.approx([sigmoid(2), 0.5, sigmoid(2)], abs=1e-6)


def test_a_note_is_seen_beside_the_two_on_either_side() -> None:
    found = inputs_of(logits_of(0, 1, 5, 2, 3, 4), no_surprises(6))
    assert found.shape == (6, INPUTS)
    assert found[2, [MOST_BESIDE, MEAN_BESIDE]].tolist() == [3, 1.5]
    assert found[0, [MOST_BESIDE, MEAN_BESIDE]].tolist() == [5, (-6 - 6 + 1 + 5) / 4]


def test_bits_count_beyond_those_expected() -> None:
    surprises = no_surprises(1)
    surprises[0, [0, len(FIELDS), 1]] = 5, 3, 1e3
    found = inputs_of(logits_of(0), surprises)[0, KINDS : KINDS + 3]
    assert found.tolist() == pytest.approx([np.tanh(0.5), 1, 0], abs=1e-6)


def test_a_card_tells_all_of_a_calibration() -> None:
    dice = np.random.default_rng(1)
    mean, scale, weight, slopes, offsets = (
        dice.uniform(0.5, 2, size).astype(np.float32) for size in (INPUTS, INPUTS, INPUTS, KINDS, KINDS)
    )
    before = Calibration({Family.TAIKO: Detector(mean, scale, weight, 0.123456789, slopes, offsets)})
    after = Calibration.from_card(before.card())
    logits, surprises = logits_of(*dice.normal(size=9)), no_surprises(9)
    assert list(after.detectors) == [Family.TAIKO]
    assert Calibration.from_card(after.card()).card() == before.card()
    for one, other in zip(before.of(Family.TAIKO, logits, surprises), after.of(Family.TAIKO, logits, surprises), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)


def test_no_notes_give_no_scores() -> None:
    score, suspicion = Calibration({Family.OSU: detector(i11=1)}).of(Family.OSU, logits_of(), no_surprises(0))
    assert (score.shape, suspicion.shape) == ((0,), (0, KINDS))
