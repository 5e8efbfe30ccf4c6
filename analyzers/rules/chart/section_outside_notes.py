"""Section behind the last note.

Nothing can be practised there, and the results list a section without notes.

Example: `E "section End"` behind the last note
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import EventKind
from formats.document import whole

OUTSIDE = Template(
    "sectionOutsideNotes",
    Severity.HINT,
    "The section '{name}' starts behind the last note.",
    "A section begins behind the last note of all tracks.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    end = max((track.end_tick for track in context.tracks), default=None)
    if end is None:
        return
    for section in context.chart.events_of(EventKind.SECTION):
        if section.tick > end:
            yield OUTSIDE(at=whole(section.line), time=context.chart.time_at(section.tick), name=section.name)


RULE = Rule("G130", "chart-section-outside-notes", Category.CHART, __doc__, (OUTSIDE,), check, standards=CLONE_HERO)
