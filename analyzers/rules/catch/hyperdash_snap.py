"""Hyperdash too quick for its level.

From a hyperdash to its target a Platter must leave at least 125 ms and a Rain at least 62 ms.

Example: a hyperdash over 83 ms (1/4 at 180 BPM) on a Platter
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.hyperdashes import SNAPS, hyperdashes
from analyzers.level import level_name
from analyzers.rule import CATCH, Issue, Rule, Template
from formats.osu import Mode

TOO_QUICK = Template(
    "hyperdash-too-quick",
    Severity.ERROR,
    "This hyperdash reaches the next object in {gap} ms; {level} wants at least {limit} ms.",
    "A hyperdash is shorter than 125 ms on a Platter or 62 ms on a Rain.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in SNAPS:
        return
    limit, _ = SNAPS[context.level]
    for dash in hyperdashes(context):
        if dash.gap < limit:
            yield TOO_QUICK(
                at=time_place(dash.source.note), time=dash.source.time, end=dash.target.time,
                selection=context.selection(dash.source.note), gap=dash.gap, limit=limit,
                level=level_name(context.level, Mode.CATCH),
            )  # fmt: skip


RULE = Rule("C405", "catch-hyperdash-snap", Category.COMPOSE, __doc__, (TOO_QUICK,), check, modes=CATCH, by_level=True)
