"""Difficulty settings outside the guideline of their level.

The ranking criteria recommend ranges for approach rate, overall difficulty, health drain and circle size (the catcher's
width) per level. They are guidelines: a map may have its reasons.

Example: `CircleSize:4` on a Cup (at most 2.5)
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from analyzers.context import Context
from analyzers.finding import Category
from analyzers.guideline import OUT_OF_GUIDELINE, Ranges, outside
from analyzers.rule import CATCH, Issue, Level, Rule


def _ranges(pace: tuple[float, float], drain: tuple[float, float], size: tuple[float, float]) -> Ranges:
    return {"ApproachRate": pace, "OverallDifficulty": pace, "HPDrainRate": drain, "CircleSize": size}


RANGES = {
    Level.EASY: _ranges((-inf, 6), (2, 3), (-inf, 2.5)),
    Level.NORMAL: _ranges((-inf, 7), (3, 4), (-inf, 3)),
    Level.HARD: _ranges((-inf, 8), (4, 5), (-inf, 3.5)),
    Level.INSANE: _ranges((-inf, 9), (5, 6), (-inf, 4)),
    Level.EXPERT: _ranges((9, inf), (5, inf), (4, inf)),
}


def check(context: Context) -> Iterator[Issue]:
    return outside(context, RANGES)


RULE = Rule(
    "S401", "catch-difficulty-range", Category.SETTINGS, __doc__, (OUT_OF_GUIDELINE,), check, modes=CATCH, by_level=True
)  # fmt: skip
