"""Solo without a start or an end.

A solo runs from `solo` to `soloend`. One without the other does nothing.

Example: `768 = E soloend` without an `E solo` before it
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.document import whole

UNPAIRED = Template(
    "soloUnpaired",
    Severity.WARNING,
    "This {event} on {track} has no {other} {where} it.",
    "A solo starts without an end, or ends without a start.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        for event in track.unpaired_solos:
            start = event.text == "solo"
            yield UNPAIRED(
                at=whole(event.line),
                time=track.time_at(event.tick),
                event=event.text,
                track=track.label,
                other="soloend" if start else "solo",
                where="behind" if start else "before",
                repairs=[Repair("Delete the lone event", Safety.UNSAFE, (delete_line(event.line),))],
            )


RULE = Rule("G135", "chart-solo-unpaired", Category.CHART, __doc__, (UNPAIRED,), check, standards=CLONE_HERO)
