"""What difficulties of a star rating are like: medians of the corpus' maps, between which is interpolated."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from analyzers.guideline import Ranges
from analyzers.level import level_named, level_of_stars
from analyzers.rule import Level
from analyzers.rules.catch import difficulty_range as catch
from analyzers.rules.mania.difficulty_limit import LIMITS
from analyzers.rules.std import difficulty_range as std
from analyzers.rules.taiko import difficulty_range as taiko
from formats.osu import Mode


@dataclass(frozen=True, slots=True)
class Usual:
    """`pace` moments with notes a second; the settings of [Difficulty]; `fastest` osu!pixels per ms from note to note; `together`
    notes of a chord at most; `divisor` the finest common snap; `speeds` how quick sliders are in calm parts and in kiai, as a
    multiple of their speed elsewhere."""

    stars: float
    pace: float
    circle_size: float
    approach_rate: float
    overall_difficulty: float
    hp_drain: float
    slider_multiplier: float
    fastest: float = 2.0
    together: int = 1
    divisor: int = 4
    speeds: tuple[float, float] = (1.0, 1.0)


_OSU = (
    Usual(1.5, 0.88, 3.0, 3.0, 2.0, 2.0, 1.1, 0.35, 1, 2),
    Usual(1.93, 1.34, 3.2, 3.7, 3.0, 2.7, 1.1, 0.45, 1, 2),
    Usual(2.43, 1.91, 3.5, 5.0, 4.0, 4.0, 1.2, 0.6),
    Usual(3.15, 2.55, 3.8, 7.0, 5.8, 4.8, 1.5, 0.9),
    Usual(3.77, 3.09, 4.0, 8.0, 6.5, 5.0, 1.6, 1.2, speeds=(0.9, 1.1)),
    Usual(4.74, 3.76, 4.0, 9.0, 8.0, 5.8, 1.7, 1.7, speeds=(0.8, 1.1)),
    Usual(5.64, 4.41, 4.0, 9.2, 8.5, 6.0, 1.8, 2.2, speeds=(0.8, 1.2)),
    Usual(6.78, 5.5, 4.0, 9.5, 9.0, 5.5, 1.8, 3.0, 1, 8, speeds=(0.8, 1.25)),
)
_TAIKO = (
    Usual(1.37, 1.72, 5.0, 5.0, 3.0, 7.3, 1.4, divisor=2),
    Usual(1.95, 2.49, 5.0, 5.0, 4.0, 6.5, 1.4, divisor=2),
    Usual(2.63, 3.44, 5.0, 5.0, 5.0, 6.0, 1.4),
    Usual(3.14, 3.94, 5.0, 5.0, 5.0, 5.0, 1.4),
    Usual(3.86, 5.02, 5.0, 5.0, 5.3, 5.0, 1.4),
    Usual(4.76, 6.3, 5.0, 5.0, 6.0, 6.0, 1.4),
    Usual(5.83, 7.07, 5.0, 5.0, 6.0, 5.0, 1.4, divisor=8),
)
_CATCH = (
    Usual(1.35, 1.63, 2.5, 6.0, 6.0, 3.0, 1.1, 0.3, 1, 2),
    Usual(1.74, 1.85, 2.8, 6.0, 6.0, 3.0, 1.3, 0.4, 1, 2),
    Usual(2.55, 2.3, 3.1, 7.0, 7.0, 4.0, 1.5, 0.6),
    Usual(3.14, 2.98, 3.5, 8.0, 8.0, 5.0, 1.6, 0.8),
    Usual(4.01, 3.36, 3.9, 8.2, 8.0, 6.0, 1.7, 1.1),
    Usual(4.62, 4.0, 4.0, 9.2, 9.2, 6.0, 1.9, 1.3),
    Usual(5.37, 4.5, 4.0, 9.3, 9.3, 6.5, 1.9, 1.6),
)
_MANIA = (
    Usual(1.38, 2.9, 4.0, 5.0, 6.8, 6.5, 1.4, together=2, divisor=2),
    Usual(1.94, 3.85, 4.0, 5.0, 7.0, 7.0, 1.4, together=2),
    Usual(2.5, 4.52, 4.0, 5.0, 7.0, 7.5, 1.4, together=2),
    Usual(3.16, 6.13, 4.0, 5.0, 7.8, 8.0, 1.4, together=3),
    Usual(4.0, 7.83, 4.0, 5.0, 8.0, 8.0, 1.4, together=3),
    Usual(4.62, 8.04, 4.0, 5.0, 8.0, 8.0, 1.4, together=3),
    Usual(5.82, 9.66, 4.0, 5.0, 8.0, 8.0, 1.4, together=4),
    Usual(7.41, 11.16, 4.0, 5.0, 8.0, 8.0, 1.4, together=4, divisor=8),
)
# The share of a map's notes that is of each kind, where they keep to one whatever the stars.
KIND_SHARES: Mapping[Mode, Mapping[str, float]] = {
    Mode.CATCH: {"circle": 0.47, "slider": 0.53},
    Mode.TAIKO: {"don": 0.48, "kat": 0.466, "big don": 0.033, "big kat": 0.015, "drumroll": 0.004, "denden": 0.002},
    Mode.MANIA: {"note": 0.91, "hold": 0.09},
}
_OF = {Mode.OSU: _OSU, Mode.TAIKO: _TAIKO, Mode.CATCH: _CATCH, Mode.MANIA: _MANIA}
_NUMBERS = ("pace", "circle_size", "approach_rate", "overall_difficulty", "hp_drain", "slider_multiplier", "fastest")
_SETTINGS = {
    "ApproachRate": "approach_rate", "OverallDifficulty": "overall_difficulty", "HPDrainRate": "hp_drain",
    "CircleSize": "circle_size",
}  # fmt: skip


def level_for(mode: Mode, stars: float, name: str, drain_time: float) -> Usual:
    """What is usual at so many stars, with settings in the guideline of the level that the name says, else the stars.

    `drain_time`: about how many ms are played.
    """
    found = usual(mode, stars)
    level = level_named(name, mode) or level_of_stars(stars)
    kept = {
        (field := _SETTINGS[key]): min(max(getattr(found, field), lowest), highest)
        for key, (lowest, highest) in _guideline(mode, level, drain_time).items()
    }
    return replace(found, **kept)


def _guideline(mode: Mode, level: Level, drain_time: float) -> Ranges:
    match mode:
        case Mode.OSU:
            return std.RANGES.get(level, {})
        case Mode.TAIKO if level in taiko.OVERALL_DIFFICULTY:
            return {key: (value, value) for key, value in taiko.suggested(level, drain_time).items()}
        case Mode.CATCH:
            return catch.RANGES.get(level, {})
        case Mode.MANIA if level in LIMITS:
            return dict.fromkeys(("OverallDifficulty", "HPDrainRate"), (-inf, LIMITS[level]))
        case _:
            return {}


def usual(mode: Mode, stars: float) -> Usual:
    """What a difficulty of so many stars usually has; held at the hardest and, in proportion, at the easiest that is known."""
    table = _OF[mode]
    at = bisect_right([each.stars for each in table], stars)
    if at == 0:
        low = table[0]
        return replace(low, stars=stars, pace=low.pace * max(stars / low.stars, 0.3))
    if at == len(table):
        high = table[-1]
        return replace(high, stars=stars, pace=high.pace * stars / high.stars)
    low, high = list(pairwise(table))[at - 1]
    share = (stars - low.stars) / (high.stars - low.stars)
    pace, *settings, fastest = (getattr(low, name) + share * (getattr(high, name) - getattr(low, name)) for name in _NUMBERS)
    circle_size, approach_rate, overall_difficulty, hp_drain, multiplier = (round(each, 1) for each in settings)
    return Usual(
        stars, pace, circle_size, approach_rate, overall_difficulty, hp_drain, multiplier, fastest, low.together, low.divisor,
        low.speeds,
    )  # fmt: skip
