"""Several .ini files beside one chart.

Only song.ini is read; a second one is a leftover that will be edited by mistake.

Example: `song.ini` and `song (1).ini`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

SEVERAL = Template(
    "multipleIniFiles",
    Severity.ERROR,
    "This folder has {count} .ini files: {names}.",
    "The folder has more than one .ini file.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    found = context.folder.settings if context.folder is not None else []
    if len(found) > 1:
        yield SEVERAL(at=context.section_place("Song"), count=len(found), names=", ".join(found))


RULE = Rule("G303", "chart-multiple-ini-files", Category.FILES, __doc__, (SEVERAL,), check, standards=CLONE_HERO, whole_set=True)
