"""Chart that the game cannot read.

Clone Hero gives a chart up as a whole when it has no sections, when a section's name does not end on its line, when a `}`
stands ahead of any section, when `Resolution` is missing or 0, or when a tempo or a time signature is 0.

Example: `0 = B 0`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.document import whole

BAD_CHART = Template(
    "badChart",
    Severity.ERROR,
    "The game cannot read this chart: {reason}.",
    "The chart lacks what the game needs to read it, or holds a tempo or time signature of 0.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for line, reason in context.chart.refusals:
        yield BAD_CHART(at=whole(line), reason=reason)


RULE = Rule("G101", "chart-bad-chart", Category.CHART, __doc__, (BAD_CHART,), check, standards=CLONE_HERO)
