"""Note that stands twice on one tick.

The game plays one of them, so the other line does nothing; where their lengths differ, the longest is played.

Example: `768 = N 0 0` twice
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.document import whole

TWICE = Template(
    "duplicateNote",
    Severity.WARNING,
    "This note stands twice on its tick in {track}; the game plays it once.",
    "Two lines of a track have the same tick and the same note.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        for record in track.duplicates:
            yield TWICE(
                at=whole(record.line),
                time=track.time_at(record.tick),
                track=track.label,
                repairs=[Repair("Delete the doubled note", Safety.SAFE, (delete_line(record.line),))],
            )


RULE = Rule("G126", "chart-duplicate-note", Category.CHART, __doc__, (TWICE,), check, standards=CLONE_HERO)
