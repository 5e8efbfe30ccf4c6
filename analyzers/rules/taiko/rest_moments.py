"""Long stretch without a rest.

Players of a level need moments to rest their hands: Kantan 3 beats, Futsuu 2, Muzukashii 1.5 (or three rests of one beat
in a row), Oni 1. A stretch without such a rest should not last longer than 36 beats (Oni 20), at the most 44 (Oni 32).
Slow and fast songs are counted in double or half time.

Example: 50 beats of a Futsuu in which no two notes are 2 beats apart
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.level import level_name
from analyzers.rule import TAIKO, Issue, Level, Rule, Template
from analyzers.taiko_gaps import TOLERANCE_MS
from formats.osu import Mode
from formats.taiko import common_beats, gaps

# Beats by which times cut off to whole ms may make a stretch seem longer than it is.
TOLERANCE_BEATS = 0.02
# This many shorter rests in a row count as one rest.
SHORT_RESTS = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """In beats: a rest, a rest of which `SHORT_RESTS` in a row will do, and how long a stretch without one may last."""

    rest: float
    short_rest: float | None
    long: float
    too_long: float


PACES = {
    Level.EASY: Pace(3, None, 36, 44),
    Level.NORMAL: Pace(2, None, 36, 44),
    Level.HARD: Pace(1.5, 1, 36, 44),
    Level.INSANE: Pace(1, None, 20, 32),
}

LONG = Template(
    "long-stretch",
    Severity.INFORMATION,
    "{beats:.0f} beats without a rest of {rest}; {level} should have one after at most {limit:g}.",
    "A stretch without a rest lasts longer than 36 beats (Oni: 20).",
)
TOO_LONG = Template(
    "too-long-stretch",
    Severity.WARNING,
    "{beats:.0f} beats without a rest of {rest}; {level} should have one after at most {limit:g}.",
    "A stretch without a rest lasts longer than 44 beats (Oni: 32).",
)


def check(context: Context) -> Iterator[Issue]:
    pace = PACES.get(context.level) if context.level else None
    if pace is None or context.level is None:
        return
    for first, last, beats in _stretches(context, pace):
        if beats <= pace.long + TOLERANCE_BEATS:
            continue
        notes = context.notes
        yield (TOO_LONG if beats > pace.too_long + TOLERANCE_BEATS else LONG)(
            at=time_place(notes[first]), time=notes[first].time, end=notes[last].end,
            beats=beats,
            rest="1 beat" if pace.rest == 1 else f"{pace.rest:g} beats",
            level=level_name(context.level, Mode.TAIKO),
            limit=pace.long,
        )  # fmt: skip


def _stretches(context: Context, pace: Pace) -> Iterator[tuple[int, int, float]]:
    """(first note, last note, beats from head to head) between two rests."""
    notes, beats, rests = context.notes, common_beats(context.timeline), gaps(context.timeline)
    first, length, short = 0, 0.0, 0
    for number in range(1, len(notes)):
        beat, gap = beats[number - 1], rests[number] + TOLERANCE_MS
        short = short + 1 if pace.short_rest and gap >= pace.short_rest * beat else 0
        if gap < pace.rest * beat and short < SHORT_RESTS:
            length += (notes[number].time - notes[number - 1].time) / beat
            continue
        yield first, number - 1, length
        first, length, short = number, 0.0, 0
    if notes:
        yield first, len(notes) - 1, length


RULE = Rule(
    "C303", "taiko-rest-moments", Category.COMPOSE, __doc__, (LONG, TOO_LONG), check, modes=TAIKO, by_level=True
)  # fmt: skip
