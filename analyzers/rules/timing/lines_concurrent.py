"""Timing lines that contradict each other at one offset.

Of two red or two green lines at one offset only one can be in force: the later in the file. A red and a green line may stand
together, but where they disagree on kiai, volume or samples only the green one holds, and the red one misleads.

Example: `2000,-50,4,2,0,100,0,0` followed by `2000,-80,4,2,0,100,0,0`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzers.context import Context, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import Issue, Repair, Rule, Template
from analyzers.timing_lines import default_sample_set, samples, set_fields
from formats.document import whole
from formats.osu import TimingPoint

CONCURRENT = Template(
    "concurrent-lines",
    Severity.ERROR,
    "Two {colour} lines stand at this offset; the later in the file wins.",
    "Two red or two green lines have the same offset.",
)
CONFLICTING = Template(
    "conflicting-settings",
    Severity.INFORMATION,
    "The red and the green line at this offset disagree on {what}; the green one holds.",
    "A red and a green line at one offset differ in kiai, volume, sample set or custom sample index.",
)


def check(context: Context) -> Iterator[Issue]:
    points, times = context.grid.points, context.grid.times
    first = 0
    for number in range(1, len(points) + 1):
        if number < len(points) and times[number] == times[first]:
            continue
        if number - first > 1:
            yield from _at_one_offset(context, points[first:number], times[first])
        first = number


def _at_one_offset(context: Context, points: Sequence[TimingPoint], time: float) -> Iterator[Issue]:
    winners: dict[bool, TimingPoint] = {}
    for point in reversed(points):
        winner = winners.setdefault(point.uninherited, point)
        if winner is not point:
            colour = "red" if point.uninherited else "green"
            yield CONCURRENT(whole(point.line), time, repairs=[_drop(point, winner)], colour=colour)
    if len(winners) == 2:
        yield from _conflict(context, winners[True], winners[False], time)


def _drop(point: TimingPoint, winner: TimingPoint) -> Repair:
    if _values(point) == _values(winner):
        return Repair("Delete the first of the two equal lines", Safety.SAFE, (delete_line(point.line),))
    return Repair("Delete this line and keep the one that wins", Safety.UNSAFE, (delete_line(point.line),))


def _values(point: TimingPoint) -> tuple[object, ...]:
    return point.beat_length, point.meter, point.sample_set, point.sample_index, point.volume, point.effects


def _conflict(context: Context, red: TimingPoint, green: TimingPoint, time: float) -> Iterator[Issue]:
    default = default_sample_set(context.beatmap)
    hidden, held = samples(red, default), samples(green, default)
    pairs = {
        "kiai": (red.kiai, green.kiai),
        "the volume": (hidden.volume, held.volume),
        "the sample set": (hidden.sample_set, held.sample_set),
        "the custom sample index": (hidden.index, held.index),
    }
    *others, last = [name for name, (lost, won) in pairs.items() if lost != won] or [""]
    if last:
        what = f"{', '.join(others)} and {last}" if others else last
        yield CONFLICTING(time_place(red), time, repairs=[_copy(red, green)], what=what)


def _copy(red: TimingPoint, green: TimingPoint) -> Repair:
    effects = red.effects & ~1 | green.effects & 1
    values = {3: green.sample_set, 4: green.sample_index, 5: green.volume, 7: effects}
    changes = set_fields(red, {index: str(value) for index, value in values.items()})
    return Repair("Copy kiai and samples from the green line", Safety.UNSAFE, changes)


RULE = Rule("T106", "timing-lines-concurrent", Category.TIMING, __doc__, (CONCURRENT, CONFLICTING), check)
