"""Set too short for its lowest difficulty.

A short song can be mapped at all levels, so a set may only leave out the low ones when it is long: how long depends on
whether its lowest difficulty is a Hard, an Insane or an Expert. A difficulty counts from its first to its last object.
The hardest one counts without its breaks when they take 30 s or more, and may then be 30 s shorter.

Example: a set of [Insane] and [Extra] that lasts 2:10
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import same_mode
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.level import level_name
from analyzers.rule import Issue, Level, Rule, Template
from analyzers.thresholds import lowest_difficulty_drain
from formats.mapset import Difficulty

LONG_BREAKS = 30_000.0

TOO_SHORT = Template(
    "too-short",
    Severity.ERROR,
    "The {lowest} difficulty is {level}; that takes a song of at least {shortest} to play, and {which} has {length}.",
    "The lowest difficulty of a mode is Hard or above and the set is shorter than that level asks for.",
)


def check(context: Context) -> Iterator[Issue]:
    if not context.notes or context.level is None or context.level.rank < Level.HARD.rank:
        return
    alike = [each for each in same_mode(context) if each.timeline.notes]
    ranks = [level.rank if (level := context.level_of(each)) else -1 for each in alike]
    # A difficulty of unknown level may be the lowest; of two lowest the first by file name speaks.
    if -1 in ranks or alike[ranks.index(min(ranks))] is not context.difficulty:
        return
    # The thresholds end at Expert, and hold for what is above it.
    level = context.level if context.level is not Level.ULTRA else Level.EXPERT
    limit = lowest_difficulty_drain(context.mode, context.standard)[level]
    short = _shortest(alike, ranks, limit)
    if short is not None:
        difficulty, missing, time = short
        which = "this map" if difficulty is context.difficulty else f"[{difficulty.name}]"
        asked = missing + time
        yield TOO_SHORT(
            at=context.key_place(context.beatmap.metadata, "Version"),
            lowest="only" if len(alike) == 1 else "lowest",
            level=level_name(context.level, context.mode),
            shortest=_clock(asked),
            which=which,
            length=_clock(time),
        )


def _shortest(alike: list[Difficulty], ranks: list[int], limit: float) -> tuple[Difficulty, float, float] | None:
    """The difficulty that misses the limit by most, by how much, and how long it counts; times in ms."""
    hardest = alike[len(ranks) - 1 - ranks[::-1].index(max(ranks))]
    missing: list[tuple[float, float, Difficulty]] = []
    for difficulty in alike:
        time, wanted = difficulty.timeline.play_time, limit
        breaks = time - difficulty.timeline.drain_time
        if difficulty is hardest and breaks >= LONG_BREAKS:
            time, wanted = time - breaks, limit - LONG_BREAKS
        missing.append((wanted - time, time, difficulty))
    by, time, difficulty = max(missing, key=lambda each: each[0])
    return (difficulty, by, time) if by > 0 else None


def _clock(ms: float) -> str:
    """Cut off, so that a time just below a limit does not read like it."""
    seconds = int(ms // 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"


RULE = Rule(
    "D101",
    "spread-lowest-diff-drain",
    Category.SPREAD,
    __doc__,
    (TOO_SHORT,),
    check,
    by_level=True,
    whole_set=True,
)
