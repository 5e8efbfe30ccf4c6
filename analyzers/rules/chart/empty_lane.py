"""Roll lane without notes.

A roll or trill lane (`S 65`, `S 66`) eases the notes in it, so one without any does nothing.

Example: `1536 = S 65 192` behind the last note
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from analyzers.stretches import without_notes

EMPTY = Template(
    "emptyFlexLane",
    Severity.WARNING,
    "This roll lane on {track} holds no note.",
    "A roll lane has no note between its start and its end.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    return without_notes(context, lambda track: track.roll_lanes, EMPTY, "lane")


RULE = Rule("G114", "chart-empty-lane", Category.CHART, __doc__, (EMPTY,), check, standards=CLONE_HERO)
