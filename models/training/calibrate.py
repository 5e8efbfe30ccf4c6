"""Fits the small detectors that rank notes: on maps held out from training, with known mistakes put into them."""

# torch's own annotations leave the types of much unknown.
# pyright: reportUnknownMemberType=false
from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from models.bundled.calibration import Calibration, Detector, inputs_of
from models.bundled.fields import ANY, MISTAKES, Family
from models.bundled.onsets import Heard
from models.bundled.rows import Rows, rows_of
from models.training.corpus import Piece
from models.training.mistakes import with_mistakes

Floats = NDArray[np.float32]
Answers = Callable[[Rows, Heard | None], tuple[NDArray[np.float16], Floats, Floats]]
# Notes from one mistake to the next, and how many spoilt copies of each map are looked at.
SPACING, COPIES = 40.0, 6
# Families with fewer notes held out are ranked by the network alone.
FEWEST_MISTAKES = 100
# How strongly few mistakes hold the detector to the network's own suspicion: the penalty is this over their number.
CAUTION = 3.0


def calibrated(answers: Answers, pieces: Sequence[Piece], seed: int = 1) -> Calibration:
    """Detectors for every family of which enough is held out."""
    found: dict[Family, Detector] = {}
    for family in Family:
        members = [piece for piece in pieces if piece.scene.family is family]
        logits, surprises, labels = spoilt_answers(answers, members, seed)
        if labels[:, ANY].sum() >= FEWEST_MISTAKES:
            found[family] = fitted(logits, surprises, labels)
    return Calibration(found)


def spoilt_answers(answers: Answers, pieces: Sequence[Piece], seed: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """(suspicion logits (M, K), bits and entropies (M, 2 F), labels (M, K)) of all notes of spoilt copies."""
    parts: list[tuple[Floats, Floats, NDArray[np.bool_]]] = []
    for number, piece in enumerate(pieces):
        rng = np.random.default_rng((seed, number))
        for copy in range(COPIES):
            scene, labels, _ = with_mistakes(piece.scene, SPACING, rng)
            # Most users have the song, some have not: the detector has to hold for both.
            heard = None
            if piece.song is not None and copy % 2:
                heard = piece.song.heard(scene.time, scene.beat_lengths, piece.delay)
            _, surprises, logits = answers(rows_of(scene), heard)
            parts.append((logits, surprises, labels))
    if not parts:
        return np.zeros((0, len(MISTAKES)), np.float32), np.zeros((0, 0), np.float32), np.zeros((0, len(MISTAKES)), bool)
    logits, surprises, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    return logits, surprises, labels


def fitted(logits: Floats, surprises: Floats, labels: NDArray[np.bool_]) -> Detector:
    """Logistic regression of "any mistake" on the detector's inputs, then a slope and an offset for each kind."""
    inputs = inputs_of(logits, surprises)
    mean, scale = inputs.mean(axis=0), inputs.std(axis=0) + 1e-3
    x, y = torch.from_numpy((inputs - mean) / scale), torch.from_numpy(labels[:, ANY].astype(np.float32))
    start = torch.zeros(x.shape[1])
    start[ANY] = float(scale[ANY])
    weight, bias = _logistic(x, y, start, float(mean[ANY]))
    score = (x @ weight + bias).numpy()
    joined = np.concatenate((logits[:, :ANY], score[:, None]), axis=1)
    slopes, offsets = np.ones(len(MISTAKES), np.float32), np.zeros(len(MISTAKES), np.float32)
    for kind in range(len(MISTAKES)):
        if labels[:, kind].sum() >= FEWEST_MISTAKES / 5:
            one = torch.from_numpy(np.ascontiguousarray(joined[:, kind : kind + 1]))
            slope, offset = _logistic(one, torch.from_numpy(labels[:, kind].astype(np.float32)), torch.ones(1), 0.0)
            slopes[kind], offsets[kind] = float(slope[0]), float(offset)
    return Detector(mean, scale, weight.numpy(), float(bias), slopes, offsets)


def _logistic(x: Tensor, y: Tensor, start: Tensor, bias_start: float) -> tuple[Tensor, Tensor]:
    """Weights (inputs,) and bias of the most likely logistic model that stays near `start`."""
    weight, bias = start.clone().requires_grad_(), torch.tensor(bias_start, requires_grad=True)
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")
    penalty = CAUTION / max(float(y.sum()), 1.0)

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(x @ weight + bias, y) + penalty * ((weight - start) ** 2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return weight.detach(), bias.detach()
