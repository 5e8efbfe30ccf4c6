"""Slider too short for an Easy.

A slider that is over in less than 125 ms asks an Easy player to press and let go faster than a slow stream. The ranking
criteria count the whole slider, osu!lazer a single span of it.

Example: `100,100,1000,2,0,L|120:100,1,20` (100 ms at 120 BPM and 100 px per beat)
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, end_place
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Level, Rule, Standard, Template

SHORTEST_MS = 125.0

SHORT = Template(
    "too-short",
    Severity.WARNING,
    "This slider lasts {length:.0f} ms, too short for an Easy (at least {limit:.0f} ms).",
    "A slider of an Easy lasts less than 125 ms.",
)
SHORT_SPAN = Template(
    "span-too-short",
    Severity.ERROR,
    "A span of this slider lasts {length:.0f} ms, too short for an Easy (at least {limit:.0f} ms).",
    "A span of a slider of an Easy lasts less than 125 ms (osu!lazer).",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is not Level.EASY:
        return
    by_span = context.standard is Standard.LAZER
    for note in context.notes:
        length = note.span_duration if by_span else note.duration
        if note.is_slider and length < SHORTEST_MS:
            template = SHORT_SPAN if by_span else SHORT
            yield template(
                at=end_place(note), time=note.time, end=note.end, selection=context.selection(note),
                length=length, limit=SHORTEST_MS,
            )  # fmt: skip


RULE = Rule("D204", "std-short-slider", Category.SPREAD, __doc__, (SHORT, SHORT_SPAN), check, modes=STD, by_level=True)
