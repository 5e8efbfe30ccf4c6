"""Too many hyperdashes in a row.

A Platter may have two hyperdashes in a row at a basic snap (250 ms or more) and one at a higher snap; a Rain four at a
basic snap (125 ms or more), two on drops and repeats of juice streams, and one at a higher snap.

Example: three fruits in a row with hyperdashes of 300 ms on a Platter
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.hyperdashes import SNAPS, Hyperdash, runs
from analyzers.level import level_name
from analyzers.rule import CATCH, Issue, Level, Rule, Template
from formats.osu import Mode

BASIC, HIGHER, SLIDER = "at a basic snap", "at a higher snap", "on juice streams"
MOST = {
    Level.HARD: {BASIC: 2, HIGHER: 1},
    Level.INSANE: {BASIC: 4, HIGHER: 1, SLIDER: 2},
}

TOO_MANY = Template(
    "too-many-in-a-row",
    Severity.ERROR,
    "{count} hyperdashes in a row {kind}; a {level} may have at most {limit}.",
    "More hyperdashes of one kind follow each other than a Platter or a Rain may have.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in MOST:
        return
    limits, (_, basic) = MOST[context.level], SNAPS[context.level]
    tests: dict[str, Callable[[Hyperdash], bool]] = {
        BASIC: lambda dash: dash.gap >= basic,
        HIGHER: lambda dash: dash.gap < basic,
        SLIDER: lambda dash: dash.in_slider,
    }
    for run in runs(context):
        for kind, limit in limits.items():
            for row in _rows(run, tests[kind]) if len(run) > limit else ():
                if len(row) > limit:
                    yield TOO_MANY(
                        at=time_place(row[0].source.note), time=row[0].source.time, end=row[-1].target.time,
                        selection=context.selection(row[0].source.note, row[-1].target.note), count=len(row), kind=kind,
                        limit=limit, level=level_name(context.level, Mode.CATCH),
                    )  # fmt: skip


def _rows(run: list[Hyperdash], belongs: Callable[[Hyperdash], bool]) -> list[list[Hyperdash]]:
    return [list(members) for same, members in groupby(run, key=belongs) if same]


RULE = Rule(
    "C401", "catch-consecutive-hyperdash", Category.COMPOSE, __doc__, (TOO_MANY,), check, modes=CATCH, by_level=True
)  # fmt: skip
