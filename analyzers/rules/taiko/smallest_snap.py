"""Notes closer together than their level allows.

Kantan notes should be at least 1/2 of a beat apart, Futsuu 1/3, Muzukashii and Oni 1/6: anything faster is too complex for
the players whom the level is for. Slow and fast songs are counted in double or half time.

Example: two notes 1/4 of a beat apart on a Futsuu
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Severity
from analyzers.level import level_name
from analyzers.rule import TAIKO, Issue, Level, Rule, Template
from analyzers.taiko_gaps import TOLERANCE_MS, circle_gap
from formats.osu import Mode
from formats.taiko import common_beats

MOST_NAMED, MOST_RELATED = 10, 20
SMALLEST = {
    Level.EASY: Fraction(1, 2),
    Level.NORMAL: Fraction(1, 3),
    Level.HARD: Fraction(1, 6),
    Level.INSANE: Fraction(1, 6),
}

TOO_CLOSE = Template(
    "too-close",
    Severity.WARNING,
    "{count} notes are {gap:.0f} ms apart; {level} should not be faster than {snap} ({limit:.0f} ms).",
    "Notes are closer together than the level's smallest snap.",
)
SPREAD = Template(
    "too-close",
    Severity.WARNING,
    "In {places} places notes are closer together than {snap} of a beat, the smallest snap of {level}; here {gap:.0f} ms.",
    "Notes are closer together than the level's smallest snap in more than ten places.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in SMALLEST:
        return
    snap = SMALLEST[context.level]
    notes = context.notes
    groups = list(_groups(context, float(snap)))
    # So many are no slips: the map is harder than its level says, and one finding tells that better than a hundred.
    spread = len(groups) > MOST_NAMED
    for first, last, limit in groups[:1] if spread else groups:
        smallest = min(notes[number].time - notes[number - 1].time for number in range(first + 1, last + 1))
        yield (SPREAD if spread else TOO_CLOSE)(
            at=time_place(notes[first]), time=notes[first].time, end=notes[last].time, count=last - first + 1,
            gap=smallest, level=level_name(context.level, Mode.TAIKO), snap=f"{snap}", limit=limit, places=len(groups),
            related=[Related(context.path, notes[each].time, "here too") for each, _, _ in groups[1:MOST_RELATED] if spread],
        )  # fmt: skip


def _groups(context: Context, snap: float) -> Iterator[tuple[int, int, float]]:
    """(first, last, smallest gap allowed in ms) of every run of circles that are too close."""
    notes, beats = context.notes, common_beats(context.timeline)
    first: int | None = None
    for number in range(1, len(notes) + 1):
        gap = circle_gap(notes, number)
        # Two notes on one time are another fault.
        close = gap is not None and 0 < gap < snap * beats[number - 1] - TOLERANCE_MS
        if close and first is None:
            first = number - 1
        elif not close and first is not None:
            yield first, number - 1, snap * beats[first]
            first = None


RULE = Rule(
    "C304", "taiko-smallest-snap", Category.COMPOSE, __doc__, (TOO_CLOSE, SPREAD), check, modes=TAIKO, by_level=True
)  # fmt: skip
