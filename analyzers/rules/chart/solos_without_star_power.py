"""Solos on a track without star power.

When such a chart is converted to .mid, games take two or more solos for star power phrases, as old .mid files used the same
marker for both.

Example: two `solo` … `soloend` pairs and no `S 2` line
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.document import whole

FEWEST_SOLOS = 2

MISTAKEN = Template(
    "solosWithoutStarPower",
    Severity.HINT,
    "{track} has {count} solos and no star power; converted to .mid, games would take the solos for star power.",
    "A track has two or more solos and no star power.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        if len(track.solos) >= FEWEST_SOLOS and not track.star_power:
            first = track.solos[0]
            start, _ = context.times(first)
            yield MISTAKEN(at=whole(first.lines[0]), time=start, track=track.label, count=len(track.solos))


RULE = Rule("G122", "chart-solos-without-star-power", Category.CHART, __doc__, (MISTAKEN,), check, standards=CLONE_HERO)
