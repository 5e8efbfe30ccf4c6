"""Solo without notes.

A solo is scored by its notes, so one without any does nothing. A note on the tick of `soloend` counts.

Example: `1536 = E solo` and `1920 = E soloend` behind the last note
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.document import whole

EMPTY = Template(
    "emptySoloSection",
    Severity.WARNING,
    "This solo on {track} holds no note.",
    "A solo has no note between its start and its end.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        for stretch in track.solos:
            if track.has_note_in(stretch):
                continue
            start, end = context.times(stretch)
            deletion = tuple(delete_line(line) for line in stretch.lines)
            yield EMPTY(
                at=whole(stretch.lines[0]),
                time=start,
                end=end,
                track=track.label,
                repairs=[Repair("Delete the empty solo", Safety.SAFE, deletion)],
            )


RULE = Rule("G112", "chart-empty-solo", Category.CHART, __doc__, (EMPTY,), check, standards=CLONE_HERO)
