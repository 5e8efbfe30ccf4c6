"""Roll lane without notes.

A roll or trill lane (`S 65`, `S 66`) eases the notes in it, so one without any does nothing.

Example: `1536 = S 65 192` behind the last note
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.document import whole

EMPTY = Template(
    "emptyFlexLane",
    Severity.WARNING,
    "This roll lane on {track} holds no note.",
    "A roll lane has no note between its start and its end.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        for stretch in track.roll_lanes:
            if track.has_note_in(stretch):
                continue
            start, end = context.times(stretch)
            deletion = tuple(delete_line(line) for line in stretch.lines)
            yield EMPTY(
                at=whole(stretch.lines[0]),
                time=start,
                end=end,
                track=track.label,
                repairs=[Repair("Delete the empty lane", Safety.SAFE, deletion)],
            )


RULE = Rule("G114", "chart-empty-lane", Category.CHART, __doc__, (EMPTY,), check, standards=CLONE_HERO)
