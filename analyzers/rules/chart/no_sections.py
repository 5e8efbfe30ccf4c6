"""Chart without practice sections.

Sections divide the song in practice mode and in the results.

Example: no `E "section Intro"` in `[Events]`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import EventKind

NO_SECTIONS = Template(
    "noSections", Severity.INFORMATION, "This chart has no sections.", "[Events] holds no section (`section …` or `prc_…`)."
)


def check(context: ChartContext) -> Iterator[Issue]:
    if not context.chart.events_of(EventKind.SECTION):
        yield NO_SECTIONS(at=context.section_place("Events", "Song"))


RULE = Rule("G107", "chart-no-sections", Category.CHART, __doc__, (NO_SECTIONS,), check, standards=CLONE_HERO)
