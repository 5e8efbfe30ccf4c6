"""Hyperdashes in a row on different snaps.

On a Rain hyperdashes that follow each other should take the same time. Where one takes longer than the next, players
cannot tell how far the catcher carries.

Example: a hyperdash of 167 ms and right after it one of 125 ms
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.hyperdashes import runs
from analyzers.rule import CATCH, Issue, Level, Rule, Template

# ms by which two gaps of one snap may differ.
SAME_SNAP = 4

DIFFERENT = Template(
    "different-snaps",
    Severity.WARNING,
    "Two hyperdashes in a row take {first} and {second} ms; on a Rain they should have the same snap.",
    "Hyperdashes that follow each other on a Rain differ by more than 4 ms.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is not Level.INSANE:
        return
    for run in runs(context):
        for first, second in pairwise(run):
            if abs(first.gap - second.gap) > SAME_SNAP:
                yield DIFFERENT(
                    at=time_place(first.source.note), time=first.source.time, end=second.target.time,
                    selection=context.selection(first.source.note), first=first.gap, second=second.gap,
                )  # fmt: skip


RULE = Rule(
    "C409", "catch-rain-hyperdash-snap-consistency", Category.COMPOSE, __doc__, (DIFFERENT,), check,
    modes=CATCH, by_level=True,
)  # fmt: skip
