"""Stack that falls apart with Hard Rock.

Hard Rock shortens the approach time, so the same stack leniency reaches less far: objects that are stacked without the mod
may lie exactly on one another with it, and the later one is hidden until the first is hit.

Example: two circles at one place 400 ms apart at AR 6 and a stack leniency of 0.5
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import hypot

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Rule, Template
from formats.beatmap import Beatmap, difficulty_range
from formats.stacking import Stacking

HARD_ROCK_AR, HARD_ROCK_CS, HIGHEST = 1.4, 1.3, 10.0
# Share of the radius by which two objects may miss each other and still cover each other.
COVERING_SHARE = 1 / 14

PERFECT_OVERLAP = Template(
    "overlaps-with-hard-rock",
    Severity.INFORMATION,
    "With Hard Rock these objects are no longer stacked, they lie on one another.",
    "Two objects in a row are stacked without mods and at most a fourteenth of the radius apart with Hard Rock.",
)


def check(context: Context) -> Iterator[Issue]:
    notes, heights = context.notes, context.stacking.heights
    preempt, radius = hard_rock(context.beatmap)
    reach = preempt * context.beatmap.stack_leniency
    pairs = [
        number
        for number, (before, after) in enumerate(pairwise(notes))
        # What follows within reach stays stacked, what is not on the screen together cannot cover each other.
        if heights[number] != heights[number + 1] and reach - 1 < after.time - before.end < preempt
    ]
    hard = Stacking(context.timeline, preempt=preempt, radius=radius) if pairs else None
    for number in pairs:
        before, after = notes[number], notes[number + 1]
        apart = _distance(context.stacking, number) > context.beatmap.radius * COVERING_SHARE
        if apart and hard and _distance(hard, number) <= radius * COVERING_SHARE:
            yield PERFECT_OVERLAP(
                at=time_place(after), time=before.time, end=after.time, selection=context.selection(before, after)
            )


def hard_rock(beatmap: Beatmap) -> tuple[float, float]:
    """Approach time in ms and circle radius in osu!pixels with Hard Rock."""
    approach = min(beatmap.approach_rate * HARD_ROCK_AR, HIGHEST)
    size = min(beatmap.circle_size * HARD_ROCK_CS, HIGHEST)
    return difficulty_range(approach, 1800, 1200, 450), 54.4 - 4.48 * max(size, 0.0)


def _distance(stacking: Stacking, number: int) -> float:
    """From the end of note `number` to the head of the next, in osu!pixels."""
    x, y = stacking.end_position(number)
    to_x, to_y = stacking.position(number + 1)
    return hypot(to_x - x, to_y - y)


RULE = Rule("D202", "std-hr-stack", Category.SPREAD, __doc__, (PERFECT_OVERLAP,), check, modes=STD, local=True)
