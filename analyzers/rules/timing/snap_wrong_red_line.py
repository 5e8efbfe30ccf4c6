"""Object on the grid of the red line before the one it belongs to.

Shortly before a red line that is off the old grid (the last 50 ms, or 1/8 of a beat where that is longer), an object that still
follows the old grid usually belongs to the new one: it was placed before the red line was moved. Objects that are off the old
grid as well are told by `object-unsnapped`.

Example: 120 BPM from 0 ms, a red line at 175 ms, and a circle at 125 ms: on 1/4 of the first, off every tick of the second
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import Issue, Repair, Rule, Template
from analyzers.snapping import UNSNAPPED_MS, milliseconds, move_note, ticks_near
from formats.timeline import Note
from formats.timestamps import format_time
from formats.timing import Snap

NEAR_MS = 50.0
NEAR_BEATS = 1 / 8
# An object farther than this from every tick of the new grid was not shifted off one: it ends the old rhythm.
SHIFT_BEATS = 1 / 16

WRONG_LINE = Template(
    "snapped-to-previous-line",
    Severity.WARNING,
    "This {noun}, {before} ms before the red line at {red}, follows the timing before it; by that red line it is {off} ms off.",
    "An object just before a red line that is off the old grid lies on the old grid and not on the new one.",
)


def check(context: Context) -> Iterator[Issue]:
    grid = context.grid
    for number in range(1, len(grid.red_times)):
        time = grid.red_times[number]
        beat = grid.beat_length_at(grid.red_times[number - 1])
        reach = max(NEAR_MS, beat * NEAR_BEATS)
        notes = context.timeline.between(max(time - reach, grid.red_times[number - 1]), time)
        if not notes or abs(grid.snap(time, red=number - 1).error) < UNSNAPPED_MS:
            continue
        for note in notes:
            old, new = grid.snap(note.time, red=number - 1), grid.snap(note.time, red=number)
            if abs(old.error) < UNSNAPPED_MS <= abs(new.error) <= beat * SHIFT_BEATS:
                yield _issue(context, note, number, new)


def _issue(context: Context, note: Note, number: int, new: Snap) -> Issue:
    time = context.grid.red_times[number]
    return WRONG_LINE(
        time_place(note),
        note.time,
        selection=context.selection(note),
        repairs=_repairs(context, note, number),
        noun=note.noun,
        red=format_time(time),
        before=milliseconds(time - note.time),
        off=milliseconds(new.error),
    )


def _repairs(context: Context, note: Note, number: int) -> list[Repair]:
    onto_line = Snap(int(context.grid.red_times[number]), 1, note.time - context.grid.red_times[number], 0.0)
    found: dict[str, Repair] = {}
    for tick in (ticks_near(context.grid, note.time, number)[0], onto_line):
        for repair in move_note(context.timeline, note, [tick]):
            found.setdefault(repair.title, Repair(repair.title, Safety.UNSAFE, repair.changes))
    return list(found.values())


RULE = Rule("T102", "snap-wrong-red-line", Category.TIMING, __doc__, (WRONG_LINE,), check)
