"""Section without its closing brace.

The last section of the file must end with a line `}`, or games lose all that it holds.

Example: a file that ends in the middle of `[ExpertSingle]`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import insert_after
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.document import whole

UNCLOSED = Template(
    "sectionUnclosed",
    Severity.WARNING,
    "The section [{name}] is not closed: no '}}' follows.",
    "The last section has no line `}`.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    last = context.chart.sections[-1] if context.chart.sections else None
    if last is None or last.closing is not None:
        return
    lines = context.document.lines
    repair = Repair("Close the section", Safety.SAFE, (insert_after(context.document, lines[-1], "}"),))
    opened = lines[-1].after[:1] == "{"
    yield UNCLOSED(at=whole(last.header), name=last.name, repairs=[repair] if opened else ())


RULE = Rule("G134", "chart-section-unclosed", Category.CHART, __doc__, (UNCLOSED,), check, standards=CLONE_HERO)
