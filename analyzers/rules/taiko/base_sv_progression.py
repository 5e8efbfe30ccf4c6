"""Base slider velocity that goes up and down from difficulty to difficulty.

From the easiest taiko difficulty to the hardest the base slider velocity should either not fall or not rise, so that
players who move on meet no surprise. With three difficulties or more, whichever direction fits better is taken as meant,
and the difficulties that break it are named.

Example: slider velocities of 1.4, 1.1, 1.2 and 1.4 from Kantan to Oni: the Futsuu breaks the rise
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analyzers.consensus import same_mode
from analyzers.context import Context
from analyzers.finding import Category, Related, Severity
from analyzers.repairs import format_number
from analyzers.rule import TAIKO, Issue, Level, Rule, Template
from formats.mapset import Difficulty

FEWEST = 3

BREAKS = Template(
    "sv-progression",
    Severity.WARNING,
    "The base slider velocity {here} is {relation} than the {there} of {name}, though it {trend} with the difficulty otherwise.",
    "The slider velocity falls from one level to the next where it rises in the rest of the set, or the reverse.",
)


def check(context: Context) -> Iterator[Issue]:
    levels = _by_level(context)
    if sum(len(members) for members in levels) < FEWEST:
        return
    falls, rises = _breaks(levels, 1), _breaks(levels, -1)
    rising = len(falls) <= len(rises)
    for difficulty, before in falls if rising else rises:
        if difficulty is not context.difficulty:
            continue
        here, there = (format_number(each.beatmap.slider_multiplier) for each in (difficulty, before))
        yield BREAKS(
            at=context.key_place(context.beatmap.difficulty, "SliderMultiplier"),
            here=here,
            there=there,
            name=before.name,
            relation="lower" if rising else "higher",
            trend="rises" if rising else "falls",
            related=[Related(before.path, None, f"slider velocity {there} in {before.name}")],
        )


def _by_level(context: Context) -> list[list[Difficulty]]:
    """The taiko difficulties whose level is known, the easiest level first."""
    known = [(level.rank, each) for each in same_mode(context) if (level := context.level_of(each)) is not None]
    return [members for rank in range(len(Level)) if (members := [each for level, each in known if level == rank])]


def _breaks(levels: list[list[Difficulty]], sign: int) -> list[tuple[Difficulty, Difficulty]]:
    """(difficulty, one of the level below) wherever the value falls (`sign` 1) or rises (−1).

    Difficulties of one level (guests) have no order among them: one is named only where it is beyond all of the level below.
    """
    broken: list[tuple[Difficulty, Difficulty]] = []
    for below, above in pairwise(levels):
        nearest = min(below, key=lambda each: sign * each.beatmap.slider_multiplier)
        limit = sign * nearest.beatmap.slider_multiplier
        broken += [(each, nearest) for each in above if sign * each.beatmap.slider_multiplier < limit]
    return broken


RULE = Rule(
    "S301", "taiko-base-sv-progression", Category.SETTINGS, __doc__, (BREAKS,), check, modes=TAIKO, by_level=True,
    whole_set=True,
)  # fmt: skip
