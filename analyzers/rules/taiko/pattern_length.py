"""Pattern of one snap that is longer than its level allows.

The ranking criteria limit how many notes may follow each other at one snap, so that players of a level can keep up:
Kantan seven at 1/1 and two at 1/2, Futsuu five at 1/2 (seven when the set has a Kantan) and two at 1/3, Muzukashii five at
1/4 and four at 1/6, Oni nine at 1/4, four at 1/6 and two at 1/8. Slow and fast songs are counted in double or half time.
The longest pattern of each snap is named, together with how many others are too long.

Example: six notes 1/4 apart on a Muzukashii
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Severity
from analyzers.level import level_name
from analyzers.rule import TAIKO, Issue, Level, Rule, Template
from analyzers.taiko_gaps import TOLERANCE_MS, circle_gap
from formats.osu import Mode
from formats.taiko import common_beats

# Snap in beats: the most notes in a row.
Limits = Mapping[Fraction, int]
LIMITS: Mapping[Level, Limits] = {
    Level.EASY: {Fraction(1): 7, Fraction(1, 2): 2},
    Level.NORMAL: {Fraction(1, 2): 5, Fraction(1, 3): 2},
    Level.HARD: {Fraction(1, 4): 5, Fraction(1, 6): 4},
    Level.INSANE: {Fraction(1, 4): 9, Fraction(1, 6): 4, Fraction(1, 8): 2},
}
HALVES_ABOVE_KANTAN = 7
MOST_RELATED = 20

TOO_LONG = Template(
    "too-long",
    Severity.WARNING,
    "{count} notes in a row at {snap}; {level} should have at most {most} ({patterns} in all).",
    "More notes follow each other at one snap than the level's guideline allows.",
)
AT_LIMIT = Template(
    "at-limit",
    Severity.INFORMATION,
    "{count} notes in a row at {snap}, the most that {level} should have ({patterns} in all).",
    "As many notes follow each other at one snap as the level's guideline allows.",
)


@dataclass(frozen=True, slots=True)
class Run:
    """Circles `first` to `last` (numbers in the timeline), one `snap` apart."""

    first: int
    last: int
    snap: Fraction

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def check(context: Context) -> Iterator[Issue]:
    limits = _limits(context)
    longest: dict[Fraction, list[Run]] = {snap: [] for snap in limits}
    for run in _runs(context, list(limits)) if limits else ():
        if run.count >= limits[run.snap]:
            longest[run.snap].append(run)
    for snap, runs in longest.items():
        if runs:
            yield _issue(context, runs, limits[snap])


def _limits(context: Context) -> Limits:
    if context.level is None:
        return {}
    limits = LIMITS.get(context.level, {})
    taiko = [other for other in context.others if other.beatmap.mode is Mode.TAIKO]
    if context.level is Level.NORMAL and any(context.level_of(other) is Level.EASY for other in taiko):
        return {**limits, Fraction(1, 2): HALVES_ABOVE_KANTAN}
    return limits


def _runs(context: Context, snaps: list[Fraction]) -> Iterator[Run]:
    notes, beats = context.notes, common_beats(context.timeline)
    sizes = [(float(snap), snap) for snap in snaps]
    first, current = 0, None
    for number in range(1, len(notes) + 1):
        snap, gap = None, circle_gap(notes, number)
        if gap is not None:
            beat = beats[number - 1]
            snap = next((each for size, each in sizes if abs(gap - beat * size) <= TOLERANCE_MS), None)
        if snap != current:
            if current is not None:
                yield Run(first, number - 1, current)
            first, current = number - 1, snap


def _issue(context: Context, runs: list[Run], most: int) -> Issue:
    notes = context.notes
    run = max(runs, key=lambda each: each.count)
    too_long = [each for each in runs if each.count > most]
    others = [each for each in too_long or runs if each is not run]
    return (TOO_LONG if too_long else AT_LIMIT)(
        at=time_place(notes[run.first]),
        time=notes[run.first].time,
        end=notes[run.last].time,
        count=run.count,
        snap=f"{run.snap.numerator}/{run.snap.denominator}",
        most=most,
        level=level_name(context.level or Level.INSANE, Mode.TAIKO),
        patterns=f"{len(others) + 1} such pattern{'s' * bool(others)}",
        related=[
            Related(context.path, notes[each.first].time, f"{each.count} notes in a row")
            for each in others[:MOST_RELATED]
            if too_long
        ],
    )


RULE = Rule(
    "C302", "taiko-pattern-length", Category.COMPOSE, __doc__, (TOO_LONG, AT_LIMIT), check, modes=TAIKO, by_level=True,
    whole_set=True,
)  # fmt: skip
