"""Object just before a line that should have changed its speed.

A slider up to 5 ms before a line that changes slider velocity or BPM still moves at the old speed, though it was surely meant to
move at the new one. In osu!taiko this holds for every object, as all of them scroll. Only objects on a tick (within 1 ms) and
changes of more than 1 in slider velocity × BPM count.

Example: a slider at 2000 ms and `2003,-50,4,2,0,100,0,0` (the line comes 3 ms too late)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import format_number, replace_field
from analyzers.rule import CATCH, STD, TAIKO, Issue, Repair, Rule, Template
from analyzers.snapping import milliseconds, move_line
from formats.osu import Mode
from formats.timeline import Note, NoteKind
from formats.timestamps import format_time

REACH_MS = 5.0
ON_TICK_MS = 1.0
# In beats per minute × slider velocity.
LEAST_CHANGE = 1.0

JUST_BEFORE = Template(
    "object-just-before-line",
    Severity.WARNING,
    "This {noun} starts {ms} ms before the line at {line}, so it keeps {old} BPM×SV instead of taking {new}.",
    "An object on a tick starts up to 5 ms before a line that changes slider velocity × BPM by more than 1.",
)


def check(context: Context) -> Iterator[Issue]:
    grid, taiko = context.grid, context.mode is Mode.TAIKO
    old, last = None, len(grid.times) - 1
    for number, time in enumerate(grid.times):
        if number < last and grid.times[number + 1] == time:
            continue
        new = grid.slider_velocity_at(time) * 60_000 / grid.beat_length_at(time)
        if old is not None and abs(new - old) > LEAST_CHANGE:
            for note in _just_before(context, time):
                if (taiko or note.kind is NoteKind.SLIDER) and abs(note.snaps[0].error) <= ON_TICK_MS:
                    yield _issue(context, note, time, old, new)
        old = new


def _just_before(context: Context, time: float) -> list[Note]:
    timeline = context.timeline
    return timeline.notes[bisect_left(timeline.times, time - REACH_MS) : bisect_left(timeline.times, time)]


def _issue(context: Context, note: Note, line: float, old: float, new: float) -> Issue:
    return JUST_BEFORE(
        time_place(note),
        note.time,
        selection=context.selection(note),
        repairs=_repairs(context, note, line, new / old),
        noun=note.kind.value,
        ms=milliseconds(line - note.time),
        line=format_time(line),
        old=format_number(round(old, 1)),
        new=format_number(round(new, 1)),
    )


def _repairs(context: Context, note: Note, line: float, ratio: float) -> list[Repair]:
    """All lines of that offset go to the object, unless one is red: that would change the timing.

    A slider that was fitted to the old speed and would no longer end on its tick is scaled to the new one as well.
    """
    grid = context.grid
    points = grid.points_at_offset(line)
    if any(point.uninherited for point in points) or grid.points_at_offset(note.time):
        return []
    changes = [move_line(point, note.time, grid) for point in points]
    title, safety = f"Move the line to the {note.kind.value} at {format_time(note.time)}", Safety.SAFE
    if note.kind is NoteKind.SLIDER and abs(note.snaps[-1].error) < ON_TICK_MS <= abs(_end_error(note, ratio)):
        if note.object.length is None:
            return []
        changes.append(replace_field(note.line, 7, format_number(round(note.object.length * ratio, 10))))
        title, safety = f"{title} and scale its length to the new speed", Safety.UNSAFE
    return [Repair(title, safety, tuple(changes))]


def _end_error(note: Note, ratio: float) -> float:
    """How far off its tick the slider would end at `ratio` times its speed."""
    return note.grid.snap(note.time + note.duration / ratio).error


RULE = Rule(
    "T104", "timing-line-proximity", Category.TIMING, __doc__, (JUST_BEFORE,), check, modes=STD | TAIKO | CATCH
)  # fmt: skip
