"""Mania map with fewer than four keys.

osu!mania difficulties need at least four columns.

Example: `CircleSize:3`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import LAZER, MANIA, Issue, Rule, Template

FEWEST_KEYS = 4

TOO_FEW = Template(
    "too-few-keys",
    Severity.ERROR,
    "This difficulty has {keys:g} keys, at least {least} are needed.",
    "The circle size of a mania map, its number of columns, is below 4.",
)


def check(context: Context) -> Iterator[Issue]:
    keys = context.beatmap.circle_size
    if keys < FEWEST_KEYS:
        place = context.key_place(context.beatmap.difficulty, "CircleSize")
        yield TOO_FEW(place, keys=keys, least=FEWEST_KEYS)


RULE = Rule("S501", "mania-key-count", Category.SETTINGS, __doc__, (TOO_FEW,), check, modes=MANIA, standards=LAZER)
