"""Quick hyperdash on a Platter that is followed by a turn.

After a hyperdash at a higher snap (125 to 249 ms) a Platter's player is best led on in the same direction. Turning back at
once is hard to control at that speed.

Example: a hyperdash of 167 ms to the right, then a fruit far to the left
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.hyperdashes import SNAPS, Hyperdash
from analyzers.rule import CATCH, Issue, Level, Rule, Template
from formats.catch import half_catcher_width

ANTIFLOW = Template(
    "turn-after-hyperdash",
    Severity.WARNING,
    "This hyperdash of {gap} ms is followed by a turn back after {next_gap:.0f} ms, hard to control on a Platter.",
    "A hyperdash of 125 to 249 ms on a Platter is followed by a movement in the other direction.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is not Level.HARD:
        return
    quickest, basic = SNAPS[Level.HARD]
    plate = half_catcher_width(context.beatmap.circle_size)
    for (source, target), (_, after) in pairwise(pairwise(context.catch_objects)):
        if not source.hyper or not quickest <= Hyperdash(source, target).gap < basic:
            continue
        there, back = target.x - source.x, after.x - target.x
        # What still falls on the plate asks for no movement, and after a basic gap there is time to turn.
        if there * back < 0 and abs(back) > plate and after.time - target.time < basic:
            yield ANTIFLOW(
                at=time_place(source.note), time=source.time, end=after.time,
                selection=context.selection(source.note), gap=Hyperdash(source, target).gap,
                next_gap=after.time - target.time,
            )  # fmt: skip


RULE = Rule(
    "C408", "catch-platter-higher-snap-antiflow", Category.COMPOSE, __doc__, (ANTIFLOW,), check, modes=CATCH, by_level=True
)  # fmt: skip
