"""Chart that is not named notes.chart or notes.mid.

Clone Hero prefers those names; some versions and other games read no other.

Example: `song.chart`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext, beside, suffix_of
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

WRONG_NAME = Template(
    "invalidChart",
    Severity.WARNING,
    "'{name}' is not named 'notes.{suffix}'.",
    "A chart of the folder has another name than the game looks for.",
)

NAMES = ("notes.chart", "notes.mid")


def check(context: ChartContext) -> Iterator[Issue]:
    if context.folder is None:
        return
    own = beside(context.path, "")
    mine = context.path[len(own) :]
    # Each misnamed chart says so itself; the one with the right name says it of all.
    for name in context.folder.charts if mine in NAMES else [mine]:
        if name not in NAMES:
            yield WRONG_NAME(at=context.section_place("Song"), name=name, suffix=suffix_of(name).lower())


RULE = Rule("G312", "chart-invalid-chart", Category.FILES, __doc__, (WRONG_NAME,), check, standards=CLONE_HERO, whole_set=True)
