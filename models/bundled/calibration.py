"""From the network's answers to a rank and to probabilities: a small detector for each family, fitted to injected mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import ANY, FIELDS, Family

Floats = NDArray[np.float32]
ARRAYS = ("mean", "scale", "weight", "slopes", "offsets")


@dataclass(frozen=True, slots=True)
class Detector:
    """A logistic layer for one family. `mean`, `scale`, `weight` (inputs,); `slopes`, `offsets` (len(MISTAKES),) are Platt's."""

    mean: Floats
    scale: Floats
    weight: Floats
    bias: float
    slopes: Floats
    offsets: Floats

    @classmethod
    def from_card(cls, values: dict[str, Any]) -> Detector:
        arrays = {name: np.array(values[name], np.float32) for name in ARRAYS}
        return cls(bias=float(values["bias"]), **arrays)

    def card(self) -> dict[str, Any]:
        """What `from_card` reads: numbers to five digits after the point."""
        arrays: dict[str, Floats] = {name: getattr(self, name) for name in ARRAYS}
        return {**{name: np.round(array, 5).tolist() for name, array in arrays.items()}, "bias": round(self.bias, 5)}


@dataclass(frozen=True, slots=True)
class Calibration:
    """The detectors by family; a family without one is ranked by the network's own suspicion."""

    detectors: dict[Family, Detector]

    @classmethod
    def from_card(cls, card: dict[str, Any]) -> Calibration:
        return cls({Family[name]: Detector.from_card(values) for name, values in card.items()})

    def card(self) -> dict[str, Any]:
        """What `from_card` reads."""
        return {family.name: detector.card() for family, detector in self.detectors.items()}

    def of(self, family: Family, logits: Floats, surprises: Floats) -> tuple[Floats, Floats]:
        """(score (N,), suspicion (N, len(MISTAKES)) as probabilities) of suspicion logits and bits and entropies (N, 2 F)."""
        detector = self.detectors.get(family)
        if detector is None:
            return logits[:, ANY], _sigmoid(logits)
        inputs = (inputs_of(logits, surprises) - detector.mean) / detector.scale
        score: Floats = (inputs @ detector.weight + np.float32(detector.bias)).astype(np.float32, copy=False)
        joined: Floats = np.concatenate((logits[:, :ANY], score[:, None]), axis=1)
        return score, _sigmoid(joined * detector.slopes + detector.offsets)


def inputs_of(logits: Floats, surprises: Floats) -> Floats:
    """(N, inputs): the network's suspicions, each field's bits beyond the expected, and how the neighbours fare.

    A mistake disturbs its neighbours too; against theirs its own suspicion tells which of them is the culprit.
    """
    fields = len(FIELDS)
    beyond = np.tanh((surprises[:, :fields] - surprises[:, fields:]) / 4)
    suspicion = logits[:, ANY]
    padded = np.pad(suspicion, 2, constant_values=-6.0)
    around = np.stack([padded[:-4], padded[1:-3], padded[3:-1], padded[4:]], axis=1)
    return np.concatenate((logits, beyond, around.max(axis=1, keepdims=True), around.mean(axis=1, keepdims=True)), axis=1).astype(
        np.float32
    )


def _sigmoid(x: Floats) -> Floats:
    chances: Floats = (1 / (1 + np.exp(-x.clip(-30, 30)))).astype(np.float32)
    return chances
