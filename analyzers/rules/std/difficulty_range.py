"""Difficulty settings outside the guideline of their level.

The ranking criteria recommend ranges for approach rate, overall difficulty, health drain and circle size per level. They
are guidelines: a map may have its reasons.

Example: `ApproachRate:9` on a Normal (4 to 6)
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from analyzers.context import Context
from analyzers.finding import Category
from analyzers.guideline import OUT_OF_GUIDELINE, Ranges, outside
from analyzers.rule import STD, Issue, Level, Rule


def _ranges(
    approach: tuple[float, float], overall: tuple[float, float], drain: tuple[float, float], largest_size: float
) -> Ranges:
    return {
        "ApproachRate": approach,
        "OverallDifficulty": overall,
        "HPDrainRate": drain,
        "CircleSize": (-inf, largest_size),
    }


RANGES = {
    Level.EASY: _ranges((-inf, 5), (1, 3), (1, 3), 4),
    Level.NORMAL: _ranges((4, 6), (3, 5), (3, 5), 5),
    Level.HARD: _ranges((6, 8), (5, 7), (4, 6), 6),
    Level.INSANE: _ranges((7, 9.3), (7, 9), (5, 8), 7),
    Level.EXPERT: _ranges((8, inf), (8, inf), (5, inf), 7),
}


def check(context: Context) -> Iterator[Issue]:
    return outside(context, RANGES)


RULE = Rule(
    "S201", "std-difficulty-range", Category.SETTINGS, __doc__, (OUT_OF_GUIDELINE,), check, modes=STD, by_level=True
)  # fmt: skip
