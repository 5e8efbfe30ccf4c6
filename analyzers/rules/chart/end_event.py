"""Misplaced end event.

`end` stops the song, so it belongs behind the last note, and only once: the game takes the first and ignores the rest.

Example: `1000 = E "end"` with a note at tick 1152
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.chart_repairs import set_tick
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.chart_lines import EventKind, GlobalEvent, tick_place
from formats.document import whole
from formats.timestamps import format_time

BEFORE_LAST_NOTE = Template(
    "badEndEvent",
    Severity.WARNING,
    "This end event {fault}.",
    "An `end` stands before the last note, or a second one stands anywhere.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    chart = context.chart
    ends = chart.events_of(EventKind.END)
    for extra in ends[1:]:
        yield BEFORE_LAST_NOTE(
            at=whole(extra.line),
            time=chart.time_at(extra.tick),
            fault=f"is ignored, as the song already ends at {format_time(chart.time_at(ends[0].tick))}",
            repairs=[Repair("Delete the extra end event", Safety.SAFE, (delete_line(extra.line),))],
        )
    last = chart.last_tick
    if ends and last and ends[0].tick < last:
        yield BEFORE_LAST_NOTE(
            at=tick_place(ends[0].line),
            time=chart.time_at(ends[0].tick),
            fault=f"stands before the last note at {format_time(chart.time_at(last))}",
            repairs=_behind_last_note(context, ends[0], ends[1:]),
        )


def _behind_last_note(context: ChartContext, end: GlobalEvent, extra: list[GlobalEvent]) -> list[Repair]:
    section = context.chart.section("Events")
    if section is None:
        return []
    tick = max(track.end_tick for track in context.tracks)
    title = "Move behind the last note and delete the others" if extra else "Move behind the last note"
    return [Repair(title, Safety.SAFE, set_tick(context.document, section, [end], tick, extra))]


RULE = Rule("G108", "chart-end-event", Category.CHART, __doc__, (BEFORE_LAST_NOTE,), check, standards=CLONE_HERO)
