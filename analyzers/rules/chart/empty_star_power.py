"""Star power phrase without notes.

Nothing can be played to earn it. A phrase ends before its last tick: a note on that tick is not part of it.

Example: `768 = S 2 192` with notes at 192 and 960 only
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from analyzers.stretches import without_notes

EMPTY = Template(
    "emptyStarPower",
    Severity.WARNING,
    "This star power phrase on {track} holds no note.",
    "A star power phrase has no note between its start and its end.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    return without_notes(context, lambda track: track.star_power, EMPTY, "phrase")


RULE = Rule("G111", "chart-empty-star-power", Category.CHART, __doc__, (EMPTY,), check, standards=CLONE_HERO)
