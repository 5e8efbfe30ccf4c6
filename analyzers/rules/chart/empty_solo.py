"""Solo without notes.

A solo is scored by its notes, so one without any does nothing. A note on the tick of `soloend` counts.

Example: `1536 = E solo` and `1920 = E soloend` behind the last note
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from analyzers.stretches import without_notes

EMPTY = Template(
    "emptySoloSection",
    Severity.WARNING,
    "This solo on {track} holds no note.",
    "A solo has no note between its start and its end.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    return without_notes(context, lambda track: track.solos, EMPTY, "solo")


RULE = Rule("G112", "chart-empty-solo", Category.CHART, __doc__, (EMPTY,), check, standards=CLONE_HERO)
