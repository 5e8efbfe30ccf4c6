"""Kiai that starts or ends off the grid.

The flash and the fountain come with the music when the line that turns kiai on lies on a tick. A start 10 ms or more beside one
(5 ms in osu!taiko, where kiai is seen at once) is a warning, any other start or end 1 ms or more beside one a remark.

Example: a line at 2012 ms with kiai where the beat is at 2000 ms
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template
from analyzers.snapping import SLIGHT_MS, move_lines, off_by, ticks_near
from formats.osu import Mode, TimingPoint

START_MS, TAIKO_START_MS = 10.0, 5.0

START = Template(
    "kiai-start-unsnapped",
    Severity.WARNING,
    "Kiai starts {off}.",
    "A line turns kiai on 10 ms or more (osu!taiko: 5 ms or more) off every tick.",
)
START_SLIGHTLY = Template(
    "kiai-start-slightly-unsnapped",
    Severity.INFORMATION,
    "Kiai starts {off}.",
    "A line turns kiai on 1 ms or more off every tick.",
)
END = Template(
    "kiai-end-unsnapped",
    Severity.INFORMATION,
    "Kiai ends {off}.",
    "A line turns kiai off 1 ms or more off every tick.",
)


def check(context: Context) -> Iterator[Issue]:
    worst = TAIKO_START_MS if context.mode is Mode.TAIKO else START_MS
    for point, starts in _toggles(context):
        if point.uninherited:
            # A red line starts a grid of its own.
            continue
        time = context.grid.time_of(point)
        snap = context.grid.snap(time)
        error = abs(snap.error)
        if error >= SLIGHT_MS:
            template = END if not starts else START if error >= worst else START_SLIGHTLY
            repairs = move_lines(context.timeline, time, ticks_near(context.grid, time))
            yield template(time_place(point), time, repairs=repairs, off=off_by(snap.error, snap.divisor))


def _toggles(context: Context) -> Iterator[tuple[TimingPoint, bool]]:
    """The lines that turn kiai on (True) or off; of lines at one offset the last in the file speaks."""
    grid, kiai = context.grid, False
    for number, point in enumerate(grid.points):
        overridden = number + 1 < len(grid.points) and grid.times[number + 1] == grid.times[number]
        if not overridden and point.kiai != kiai:
            kiai = point.kiai
            yield point, kiai


RULE = Rule("T103", "kiai-unsnapped", Category.TIMING, __doc__, (START, START_SLIGHTLY, END), check)
