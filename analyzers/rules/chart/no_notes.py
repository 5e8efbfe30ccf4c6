"""Chart without notes.

No track holds a note and there are no vocal phrases, so there is nothing to play.

Example: `[ExpertSingle]` with nothing between its braces
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import TRACKS

NO_NOTES = Template(
    "noNotes", Severity.ERROR, "This chart has no notes.", "No track holds a note and no vocal phrase is written."
)


def check(context: ChartContext) -> Iterator[Issue]:
    if not context.tracks and not context.chart.vocal_phrases:
        yield NO_NOTES(at=context.section_place(*TRACKS, "Song"))


RULE = Rule("G102", "chart-no-notes", Category.CHART, __doc__, (NO_NOTES,), check, standards=CLONE_HERO)
