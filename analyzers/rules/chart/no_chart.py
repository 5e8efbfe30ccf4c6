"""song.ini without a chart.

The game needs `notes.chart` or `notes.mid` beside it.

Example: a folder with song.ini and song.ogg only
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import IniContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.document import whole

NO_CHART = Template(
    "noChart", Severity.ERROR, "This folder has no notes.chart or notes.mid.", "No .chart and no .mid lies beside song.ini."
)


def check(context: IniContext) -> Iterator[Issue]:
    if context.folder is not None and not context.folder.charts and context.chart is None:
        yield NO_CHART(at=whole(context.ini.header or context.ini.document.lines[0]))


RULE = Rule("G311", "chart-no-chart", Category.FILES, __doc__, (NO_CHART,), check, standards=CLONE_HERO, whole_set=True)
