"""Several charts in one folder.

The game plays one of them: notes.mid before notes.chart before any other name.

Example: `notes.chart` and `notes.mid`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

SEVERAL = Template(
    "multipleChart", Severity.WARNING, "This folder has {count} charts: {names}.", "More than one .chart or .mid in a folder."
)
MOST_NAMED = 5


def check(context: ChartContext) -> Iterator[Issue]:
    found = context.folder.charts if context.folder is not None else []
    if len(found) > 1:
        names = ", ".join(found[:MOST_NAMED]) + (" …" if len(found) > MOST_NAMED else "")
        yield SEVERAL(at=context.section_place("Song"), count=len(found), names=names)


RULE = Rule("G313", "chart-multiple-chart", Category.FILES, __doc__, (SEVERAL,), check, standards=CLONE_HERO, whole_set=True)
