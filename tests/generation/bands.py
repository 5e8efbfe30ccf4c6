"""Synthesised songs with a known beat: kick, snare, hi-hats and a chord a bar, as the bytes of an audio file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 22_050
# Hz of the roots of a chord each bar.
ROOTS = (110.0, 146.8, 130.8, 164.8)

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bars from `start_ms` to `end_ms`; `swing` is how much later (in beats) the off-beats come."""

    bpm: float
    start_ms: float
    end_ms: float
    meter: int = 4
    swing: float = 0.0


def band(stretches: Sequence[Stretch], seconds: float, rate: int = RATE) -> Samples:
    """Mono samples."""
    dice = np.random.default_rng(3)
    song = dice.normal(0, 0.002, int(rate * seconds)).astype(np.float32)
    for each in stretches:
        beat = 60_000 / each.bpm
        for number in range(int((each.end_ms - each.start_ms) / beat + 1e-6)):
            at = each.start_ms + number * beat
            place = number % each.meter
            _add(song, at, _kick(rate) if place == 0 or (place == 2 and each.meter == 4) else _snare(rate, dice), rate)
            _add(song, at, _hat(rate, dice), rate)
            _add(song, at + (0.5 + each.swing) * beat, _hat(rate, dice), rate)
            if place == 0:
                _add(song, at, _chord(rate, ROOTS[number // each.meter % 4], each.meter * beat), rate)
    return np.clip(song, -1, 1)


def _add(song: Samples, ms: float, sound: Samples, rate: int) -> None:
    start = round(ms * rate / 1000)
    if 0 <= start < len(song):
        song[start : start + len(sound)] += sound[: len(song) - start]


def _age(rate: int, seconds: float) -> NDArray[np.float64]:
    return np.arange(int(rate * seconds)) / rate


def _kick(rate: int) -> Samples:
    age = _age(rate, 0.15)
    kick: Samples = (0.5 * np.exp(-age * 25) * np.sin(2 * np.pi * 60 * age + 8 * np.exp(-age * 60))).astype(np.float32)
    return kick


def _snare(rate: int, dice: np.random.Generator) -> Samples:
    age = _age(rate, 0.12)
    return (0.25 * np.exp(-age * 35) * (dice.uniform(-1, 1, len(age)) + np.sin(2 * np.pi * 190 * age))).astype(np.float32)


def _hat(rate: int, dice: np.random.Generator) -> Samples:
    age = _age(rate, 0.04)
    noise = np.diff(dice.uniform(-1, 1, len(age) + 1))
    return (0.08 * np.exp(-age * 120) * noise).astype(np.float32)


def _chord(rate: int, root: float, ms: float) -> Samples:
    age = _age(rate, ms / 1000 * 0.95)
    tones = np.sin(2 * np.pi * root * np.outer((1, 1.26, 1.5, 2), age)).sum(axis=0)
    chord: Samples = (0.05 * np.minimum(age * 200, 1) * np.exp(-age * 1.5) * tones).astype(np.float32)
    return chord
