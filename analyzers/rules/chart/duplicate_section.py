"""Section that stands twice.

Games read only one of two sections of the same name: Clone Hero the last. What the others hold is lost.

Example: two `[ExpertSingle]`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.document import whole

TWICE = Template(
    "duplicateSection",
    Severity.WARNING,
    "The section [{name}] stands again further down, so the game skips this one.",
    "A section's name occurs more than once.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for section in context.chart.sections:
        if context.chart.section(section.name) is not section:
            yield TWICE(at=whole(section.header), name=section.name)


RULE = Rule("G133", "chart-duplicate-section", Category.CHART, __doc__, (TWICE,), check, standards=CLONE_HERO)
