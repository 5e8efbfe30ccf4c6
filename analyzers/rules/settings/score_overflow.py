"""Score or combo beyond what osu!stable can count.

The older game keeps a score in 31 bits and a combo in 16. A full combo with Hidden, Hard Rock, Double Time and Flashlight
that gives more than 2,147,483,647 points, or a combo above 65,535, turns over there, so the set can only be ranked for
osu!(lazer).

Example: a marathon of 20,000 objects
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import CATCH, STD, TAIKO, Issue, Rule, Template
from analyzers.score import perfect_play
from formats.document import whole

MOST_SCORE, MOST_COMBO = 2**31 - 1, 2**16 - 1
# With fewer notes and slider edges not even the highest multiplier reaches the limit.
FEWEST_HITS = 2_000

SCORE = Template(
    "score-overflow",
    Severity.ERROR,
    "A full combo with HDHRDTFL gives about {score:,} points, more than osu!stable can count (2,147,483,647).",
    "The ScoreV1 of a perfect play with all score mods exceeds 31 bits.",
)
COMBO = Template(
    "combo-overflow",
    Severity.ERROR,
    "A full combo is {combo:,}, more than osu!stable can count (65,535).",
    "The highest combo exceeds 16 bits.",
)


def check(context: Context) -> Iterator[Issue]:
    if len(context.notes) + sum(note.span_count for note in context.notes) < FEWEST_HITS:
        return
    score, combo = perfect_play(context.timeline)
    place = whole(context.beatmap.headers.get("HitObjects", context.first_line))
    if score > MOST_SCORE:
        yield SCORE(at=place, score=int(score))
    if combo > MOST_COMBO:
        yield COMBO(at=place, combo=combo)


RULE = Rule(
    "S106",
    "score-overflow",
    Category.SETTINGS,
    __doc__,
    (SCORE, COMBO),
    check,
    modes=STD | TAIKO | CATCH,
)
