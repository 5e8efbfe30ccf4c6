"""Long run of sliders without a circle.

Easy and Normal difficulties should mix sliders and circles. More than six sliders in a row that last over five seconds
read as one monotonous stretch.

Example: eight sliders of one beat, one after the other
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Level, Rule, Template

MOST_SLIDERS = 6
LONGEST_MS = 5_000.0

SLIDER_ONLY = Template(
    "slider-only",
    Severity.INFORMATION,
    "{count} sliders in a row here last {length:.1f} s without a circle.",
    "More than 6 sliders in a row last more than 5 seconds on Easy or Normal.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level not in (Level.EASY, Level.NORMAL):
        return
    for only_sliders, members in groupby(context.notes, key=lambda note: note.is_slider):
        run = list(members) if only_sliders else []
        if len(run) <= MOST_SLIDERS or run[-1].end - run[0].time <= LONGEST_MS:
            continue
        yield SLIDER_ONLY(
            at=time_place(run[0]),
            time=run[0].time,
            end=run[-1].end,
            selection=context.selection(run[0], run[-1]),
            count=len(run),
            length=(run[-1].end - run[0].time) / 1000,
        )


RULE = Rule(
    "C207", "std-slider-only-section", Category.COMPOSE, __doc__, (SLIDER_ONLY,), check, modes=STD, by_level=True
)  # fmt: skip
