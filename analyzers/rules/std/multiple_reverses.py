"""Quick slider with several reverses on a low difficulty.

A slider that turns round twice or more hides how often it does so. At short spans new players cannot count the turns:
below 250 ms a span on Easy and 125 ms on Normal they should not have to, below 333 and 167 ms it deserves a look.

Example: `100,100,1000,2,0,L|150:100,3,50` with spans of 200 ms on an Easy
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.level import level_name
from analyzers.rule import STD, Issue, Level, Rule, Template
from formats.document import field

# Level: ms per span that are too short, ms per span that deserve a look.
LIMITS = {Level.EASY: (250.0, 333.0), Level.NORMAL: (125.0, 167.0)}
FEWEST_SPANS = 3

TOO_SHORT = Template(
    "span-too-short",
    Severity.ERROR,
    "This slider reverses {reverses} times at {span:.0f} ms per span, too quick for {level} (at least {limit:.0f} ms).",
    "A slider with two or more reverses has spans below 250 ms on Easy or 125 ms on Normal.",
)
SHORT = Template(
    "span-short",
    Severity.WARNING,
    "This slider reverses {reverses} times at {span:.0f} ms per span, quick for {level} (better {limit:.0f} ms).",
    "A slider with two or more reverses has spans below 333 ms on Easy or 167 ms on Normal.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in LIMITS:
        return
    worst, poor = LIMITS[context.level]
    for note in context.notes:
        if note.span_count < FEWEST_SPANS or note.span_duration >= poor:
            continue
        template, limit = (TOO_SHORT, worst) if note.span_duration < worst else (SHORT, poor)
        yield template(
            at=field(note.line, 6),
            time=note.time,
            end=note.end,
            selection=context.selection(note),
            reverses=note.span_count - 1,
            span=note.span_duration,
            level=level_name(context.level),
            limit=limit,
        )


RULE = Rule("D203", "std-multiple-reverses", Category.SPREAD, __doc__, (TOO_SHORT, SHORT), check, modes=STD, by_level=True)
