"""Star power phrase without notes.

Nothing can be played to earn it. A phrase ends before its last tick: a note on that tick is not part of it.

Example: `768 = S 2 192` with notes at 192 and 960 only
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.document import whole

EMPTY = Template(
    "emptyStarPower",
    Severity.WARNING,
    "This star power phrase on {track} holds no note.",
    "A star power phrase has no note between its start and its end.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        for stretch in track.star_power:
            if track.has_note_in(stretch):
                continue
            start, end = context.times(stretch)
            deletion = tuple(delete_line(line) for line in stretch.lines)
            yield EMPTY(
                at=whole(stretch.lines[0]),
                time=start,
                end=end,
                track=track.label,
                repairs=[Repair("Delete the empty phrase", Safety.SAFE, deletion)],
            )


RULE = Rule("G111", "chart-empty-star-power", Category.CHART, __doc__, (EMPTY,), check, standards=CLONE_HERO)
