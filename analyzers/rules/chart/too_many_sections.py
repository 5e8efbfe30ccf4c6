"""More than 100 sections.

Clone Hero shows them all, but Guitar Hero III and its mods stop at 100, and a results screen of that length helps nobody.

Example: a section on each measure of a long song
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import EventKind
from formats.document import whole

MOST_SECTIONS = 100

TOO_MANY = Template(
    "tooManySections",
    Severity.HINT,
    "This is the 101st of {count} sections; Guitar Hero III stops at 100.",
    "The chart has more than 100 sections.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    sections = context.chart.events_of(EventKind.SECTION)
    if len(sections) > MOST_SECTIONS:
        first = sections[MOST_SECTIONS]
        yield TOO_MANY(at=whole(first.line), time=context.chart.time_at(first.tick), count=len(sections))


RULE = Rule("G121", "chart-too-many-sections", Category.CHART, __doc__, (TOO_MANY,), check, standards=CLONE_HERO)
