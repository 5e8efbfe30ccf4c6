"""Timing line that changes nothing.

Lines that do nothing hide those that do. A green line is unused when it sets what was in force already, or when it changes slider
velocity or samples and no object plays there: heads, ends, reverses and objects that sound on into its section all count, as do
objects up to 5 ms ahead of it; kiai always counts, in osu!taiko and osu!mania slider velocity too. A red line is unused when it
stands on a downbeat of the red line before it with the same BPM and meter: then it changes nothing, or only what a green line
could change. Two uses remain that are told as warnings: it restarts the cymbals of the Nightcore mod (they repeat every four
measures) or, outside osu!taiko and osu!mania, it hides a bar line. A line whose values are all repeated by the next green line is
judged together with it.

Example: `8000,500,4,2,0,100,1,0` where `0,500,4,2,0,100,1,0` is in force
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from math import inf

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import Issue, Repair, Rule, Template
from analyzers.timing_lines import default_sample_set, samples, set_fields, speed
from formats.document import whole
from formats.osu import Mode, TimingPoint
from formats.timeline import NoteKind
from formats.timing import MIN_BEAT_LENGTH, SAMPLE_LENIENCY

CYMBAL_MEASURES = 4
# A red line this near (ms) to a downbeat is on it; farther off, it corrects the timing.
DOWNBEAT_MS = 1.0
SAME_BEAT_MS = 0.001
SPEED_TOLERANCE = 1e-6

RED_NOTHING = Template(
    "red-changes-nothing",
    Severity.ERROR,
    "This red line changes nothing.",
    "A red line on a downbeat repeats BPM and meter, restarts no cymbals, and no object uses what else it sets.",
)
RED_AS_GREEN = Template(
    "red-changes-only-what-green-can",
    Severity.ERROR,
    "This red line changes only what a green line can change.",
    "A red line on a downbeat repeats BPM and meter; kiai, samples or slider velocity are all that it changes.",
)
RED_NIGHTCORE = Template(
    "red-only-resets-nightcore",
    Severity.WARNING,
    "This red line only restarts the Nightcore mod's cymbals; make sure that it is meant to.",
    "A red line repeats BPM and meter on a downbeat that is no multiple of four measures from the red line before.",
)
RED_NIGHTCORE_AS_GREEN = Template(
    "red-resets-nightcore-else-green",
    Severity.WARNING,
    "This red line only restarts the Nightcore mod's cymbals and changes what a green line can; make sure that it is meant to.",
    "Such a red line restarts the cymbals and changes kiai, samples or slider velocity.",
)
RED_BARLINE = Template(
    "red-only-omits-barline",
    Severity.WARNING,
    "This red line only hides a bar line, which this mode does not show.",
    "A red line repeats BPM and meter on a downbeat and omits its bar line, outside osu!taiko and osu!mania.",
)
RED_BARLINE_AS_GREEN = Template(
    "red-omits-barline-else-green",
    Severity.WARNING,
    "This red line only hides a bar line, which this mode does not show, and changes what a green line can.",
    "Such a red line hides its bar line and changes kiai, samples or slider velocity.",
)
GREEN_SAME = Template(
    "green-same-values",
    Severity.INFORMATION,
    "This green line sets what is in force already.",
    "A green line repeats slider velocity, samples, volume and kiai of the line before it.",
)
GREEN_SPEED = Template(
    "green-sv-affects-nothing",
    Severity.INFORMATION,
    "This green line changes the slider velocity, but no slider starts before the next line.",
    "A green line changes only the slider velocity and no slider in its section uses it.",
)
GREEN_SAMPLES = Template(
    "green-samples-affect-nothing",
    Severity.INFORMATION,
    "This green line changes volume or samples, but nothing sounds before the next line.",
    "A green line changes only volume or samples and no object in its section uses them.",
)
GREEN_BOTH = Template(
    "green-sv-and-samples-affect-nothing",
    Severity.INFORMATION,
    "This green line changes slider velocity and samples, but no object before the next line uses them.",
    "A green line changes slider velocity and volume or samples, and no object in its section uses them.",
)
TEMPLATES = (
    RED_NOTHING, RED_AS_GREEN, RED_NIGHTCORE, RED_NIGHTCORE_AS_GREEN, RED_BARLINE, RED_BARLINE_AS_GREEN,
    GREEN_SAME, GREEN_SPEED, GREEN_SAMPLES, GREEN_BOTH,
)  # fmt: skip


class _Lines:
    """The lines of a map in order, each with the time to which what it sets is in force."""

    def __init__(self, context: Context) -> None:
        self.points = context.grid.points
        self.times = context.grid.times
        self.scrolls = context.mode in (Mode.TAIKO, Mode.MANIA)
        default = default_sample_set(context.beatmap)
        self.samples = [samples(point, default) for point in self.points]
        self.speeds = [speed(point) for point in self.points]
        self._notes = context.notes
        self._heads = context.timeline.times

    @cached_property
    def _latest_ends(self) -> list[float]:
        """For each note the latest end of all up to it."""
        return list(accumulate([note.end for note in self._notes], max))

    @cached_property
    def _sliders(self) -> list[float]:
        return [note.time for note in self._notes if note.kind is NoteKind.SLIDER]

    def same(self, one: int, other: int) -> bool:
        return (
            self.points[one].kiai == self.points[other].kiai
            and self.samples[one] == self.samples[other]
            and not self.speed_differs(one, other)
        )

    def speed_differs(self, one: int, other: int) -> bool:
        # NaN, which turns slider ticks off, equals nothing: such a line is never called unused.
        return not abs(self.speeds[one] - self.speeds[other]) <= SPEED_TOLERANCE

    def end_of(self, number: int) -> float:
        """Where the line's section ends: at the next offset that sets something else."""
        for following in range(number + 1, len(self.points)):
            if self.times[following] == self.times[number]:
                continue
            if self.points[following].uninherited or not self.same(number, following):
                return self.times[following]
        return inf

    def speed_used(self, start: float, end: float) -> bool:
        if self.scrolls:
            return True
        at = bisect_left(self._sliders, start - SAMPLE_LENIENCY)
        return at < len(self._sliders) and self._sliders[at] < end

    def samples_used(self, start: float, end: float) -> bool:
        """True where an object starts in the section, or starts before it and sounds into it."""
        at = bisect_left(self._heads, start - SAMPLE_LENIENCY)
        if at < len(self._heads) and self._heads[at] < end:
            return True
        return at > 0 and self._latest_ends[at - 1] >= start - SAMPLE_LENIENCY


def check(context: Context) -> Iterator[Issue]:
    if len(context.grid.points) < 2:
        return
    lines = _Lines(context)
    points, times = lines.points, lines.times
    red = 0 if points[0].uninherited else -1
    for number in range(1, len(points)):
        overridden = number + 1 < len(points) and times[number + 1] == times[number]
        if not points[number].uninherited:
            # Of lines at one offset the last in the file counts; the others are told by timing-lines-concurrent.
            if not overridden and (template := _green_fault(lines, number)):
                yield template(whole(points[number].line), times[number], repairs=_green_repairs(template, points[number]))
            continue
        if red >= 0 and times[red] < times[number] and (template := _red_fault(lines, red, number)):
            yield template(whole(points[number].line), times[number], repairs=_red_repairs(template, points[number]))
        red = number


def _green_fault(lines: _Lines, number: int) -> Template | None:
    if lines.points[number].kiai != lines.points[number - 1].kiai:
        return None
    speed_differs, samples_differ = lines.speed_differs(number, number - 1), lines.samples[number] != lines.samples[number - 1]
    if not speed_differs and not samples_differ:
        return GREEN_SAME
    start, end = lines.times[number], lines.end_of(number)
    if (speed_differs and lines.speed_used(start, end)) or (samples_differ and lines.samples_used(start, end)):
        return None
    return GREEN_BOTH if speed_differs and samples_differ else GREEN_SPEED if speed_differs else GREEN_SAMPLES


def _red_fault(lines: _Lines, red: int, number: int) -> Template | None:
    before, point = lines.points[red], lines.points[number]
    measures = _measures(before, point)
    if measures is None or (lines.scrolls and point.omits_barline):
        return None
    used = _red_used(lines, number)
    if point.omits_barline:
        return RED_BARLINE_AS_GREEN if used else RED_BARLINE
    if measures % CYMBAL_MEASURES:
        return RED_NIGHTCORE_AS_GREEN if used else RED_NIGHTCORE
    return RED_AS_GREEN if used else RED_NOTHING


def _measures(before: TimingPoint, point: TimingPoint) -> int | None:
    """How many measures of `before` lead to `point`; None where they do not come out even or the timing changes."""
    if before.meter != point.meter or abs(before.beat_length - point.beat_length) > SAME_BEAT_MS:
        return None
    if before.beat_length < MIN_BEAT_LENGTH or before.meter < 1:
        # No tempo but a trick of the game's: such a line is there for what it does to scrolling or slider lengths.
        return None
    measure = before.beat_length * before.meter
    count = round((point.time - before.time) / measure)
    return count if count and abs(before.time + count * measure - point.time) < DOWNBEAT_MS else None


def _red_used(lines: _Lines, number: int) -> bool:
    """True where kiai, samples or the return to slider velocity 1 that come with the red line are used."""
    times = lines.times
    if number + 1 < len(times) and times[number + 1] == times[number]:
        return False
    before = bisect_left(times, times[number]) - 1
    if lines.points[before].kiai != lines.points[number].kiai:
        return True
    start, end = times[number], lines.end_of(number)
    if lines.speed_differs(number, before) and lines.speed_used(start, end):
        return True
    return lines.samples[number] != lines.samples[before] and lines.samples_used(start, end)


def _green_repairs(template: Template, point: TimingPoint) -> list[Repair]:
    safety = Safety.SAFE if template is GREEN_SAME else Safety.UNSAFE
    return [Repair("Delete this green line", safety, (delete_line(point.line),))]


def _red_repairs(template: Template, point: TimingPoint) -> list[Repair]:
    if template in (RED_AS_GREEN, RED_NIGHTCORE_AS_GREEN, RED_BARLINE_AS_GREEN):
        changes = set_fields(point, {1: "-100", 6: "0", 7: str(point.effects & ~8)})
        return [Repair("Replace this red line by a green one", Safety.UNSAFE, changes)]
    return [Repair("Delete this red line", Safety.UNSAFE, (delete_line(point.line),))]


RULE = Rule("T110", "timing-line-unused", Category.TIMING, __doc__, TEMPLATES, check)
