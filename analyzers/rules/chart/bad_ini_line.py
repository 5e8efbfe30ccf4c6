"""song.ini line that says nothing.

Each line is a `key = value`, a `[section]`, a comment (`;` or `#`) or blank; any other is skipped. The last five are named.

Example: `charter Someone`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext, ini_related
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.osu import shorten

MOST_NAMED = 5

BAD_LINE = Template(
    "badIniLine",
    Severity.WARNING,
    "Line {number} of song.ini is no 'key = value': '{text}'.",
    "A line is neither a value, a section, a comment nor blank.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    ini = context.ini
    if ini is None:
        return
    for line in ini.bad_lines[-MOST_NAMED:]:
        yield BAD_LINE(
            at=context.section_place("Song"),
            number=ini.document.number_of(line) + 1,
            text=shorten(line.content),
            related=[ini_related(context.path, ini, line)],
        )


RULE = Rule("G305", "chart-bad-ini-line", Category.FILES, __doc__, (BAD_LINE,), check, standards=CLONE_HERO)
