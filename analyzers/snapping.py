"""Ticks near a time, how to speak of them, and the changes that move an object or a line onto one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from analyzers.context import end_place, time_place
from analyzers.finding import Safety
from analyzers.repairs import format_number, replace_field
from analyzers.rule import Change, Repair
from formats.document import Place, field
from formats.osu import TimingPoint
from formats.timeline import Note, NoteKind, Timeline
from formats.timestamps import format_time
from formats.timing import DIVISORS, TICK_PRECISION, Snap, TimingGrid

# Divisors that a move may take unasked; 1/5, 1/7 and 1/9 are meant on purpose or not at all.
COMMON_DIVISORS = frozenset({1, 2, 3, 4, 6, 8, 12, 16})
# Up to here a time is taken for rounding, not for a choice.
ROUNDING_MS = 2.0
# A second tick as near as this (ms farther than the nearest) leaves open which one was meant.
CLEAR_LEAD_MS = 2.0
# Off by this much or more, in ms, the ranking criteria and osu!lazer call a time unsnapped; by less than `SLIGHT_MS`, snapped.
UNSNAPPED_MS, SLIGHT_MS = 2.0, 1.0
# An object as near (ms) to a tick is on it, and is on it again when its red line has moved.
ON_TICK_MS = 2.0


def ticks_near(grid: TimingGrid, time: float, red: int | None = None) -> list[Snap]:
    """The nearest tick of each divisor, each tick once, the nearest first."""
    ticks: dict[int, Snap] = {}
    for divisor in DIVISORS:
        snap = grid.snap(time, (divisor,), red)
        ticks.setdefault(snap.time, snap)
    return sorted(ticks.values(), key=lambda snap: (abs(snap.error), snap.divisor))


def clearly_nearest(ticks: list[Snap]) -> bool:
    """True where only one tick can have been meant: close, on a common divisor, and far ahead of the next."""
    first = ticks[0]
    if abs(first.error) > ROUNDING_MS or first.divisor not in COMMON_DIVISORS:
        return False
    return len(ticks) == 1 or abs(ticks[1].error) >= abs(first.error) + CLEAR_LEAD_MS


def off_by(error: float, divisor: int) -> str:
    """`3 ms after the nearest tick (1/4)`."""
    return f"{milliseconds(error)} ms {'after' if error > 0 else 'before'} the nearest tick (1/{divisor})"


def milliseconds(value: float) -> str:
    return format_number(round(abs(value), 2))


def move_note(timeline: Timeline, note: Note, ticks: list[Snap]) -> list[Repair]:
    """The fix that moves the head of `note` to the first of `ticks`, green lines at its very time along with it.

    None for a slider that would move at another speed there: its length was chosen for this one.
    """
    tick = ticks[0]
    if tick.time == note.time:
        return []
    grid = timeline.grid
    changes = [replace_field(note.line, 2, format_number(tick.time - grid.offset))]
    changes += _move_greens(grid, note.time, tick.time)
    safe = clearly_nearest(ticks) and not _line_between(grid, note.time, tick.time)
    if note.kind is NoteKind.SLIDER:
        if _speed(grid, note.time) != _speed(grid, tick.time):
            return []
        end = grid.snap(note.end + tick.time - note.time)
        if abs(end.error) >= SLIGHT_MS and abs(end.error) > abs(note.snaps[-1].error):
            stretched = stretch_slider(note, note.snaps[-1].exact, tick.time)
            if stretched is None:
                return []
            changes.append(stretched)
            safe = False
    return [Repair(_move_title(tick), Safety.SAFE if safe else Safety.UNSAFE, tuple(changes))]


def _speed(grid: TimingGrid, time: float) -> tuple[float, float]:
    return grid.beat_length_at(time), grid.slider_velocity_at(time)


def stretch_slider(note: Note, end: float, head: float | None = None) -> Change | None:
    """The length with which the slider (from `head`, else from where it is) ends at `end`; None where it has no field for one."""
    length = (end - (note.time if head is None else head)) / note.span_count * note.velocity
    if note.object.length is None or length < 1:
        return None
    return replace_field(note.line, 7, format_number(round(length, 10)))


def move_lines(timeline: Timeline, time: float, ticks: list[Snap]) -> list[Repair]:
    """The fix that moves all green lines at `time` to the first of `ticks`; none where a red line stands beside them.

    None either where a green line stands at the tick already (two at one time are an error of their own), or where the
    lines would pass a red line, which their slider velocity then outlives.
    """
    grid, tick = timeline.grid, ticks[0]
    changes = _move_greens(grid, time, tick.time)
    if not changes or tick.time == time or any(not point.uninherited for point in grid.points_at_offset(tick.time)):
        return []
    if _passes_red(grid, time, tick.time):
        return []
    safe = clearly_nearest(ticks) and not _line_between(grid, time, tick.time) and not _note_between(timeline, time, tick.time)
    return [Repair(_move_title(tick), Safety.SAFE if safe else Safety.UNSAFE, tuple(changes))]


def move_line(point: TimingPoint, time: float, grid: TimingGrid) -> Change:
    return replace_field(point.line, 0, format_number(time - grid.offset))


def kept_in_bar(timeline: Timeline, at: int, start: float, beat: float) -> Iterator[tuple[Place, float, int]]:
    """What stands behind red line number `at`, up to the next one: objects, green lines and breaks.

    Each with its place in the text, its time and the one (ms) at which it keeps its place in the bar when the line is at `start`
    and a beat lasts `beat` ms.
    """
    grid = timeline.grid
    old, old_beat = grid.red_times[at], grid.beat_length_at(grid.red_times[at])
    for place, time in _behind_lines(timeline):
        if grid.red_index(time) != at:
            continue
        snap = grid.snap(time, red=at)
        if abs(snap.error) <= ON_TICK_MS:
            yield place, time, int(start + (snap.exact - old) / old_beat * beat + TICK_PRECISION)
        else:
            yield place, time, round(start + (time - old) / old_beat * beat)


def _behind_lines(timeline: Timeline) -> Iterator[tuple[Place, float]]:
    """All that keeps its place in the bar, with its time."""
    grid = timeline.grid
    for note in timeline.notes:
        yield time_place(note), note.time
        if note.kind in (NoteKind.SPINNER, NoteKind.HOLD) and note.end > note.time:
            yield end_place(note), note.end
    for point in grid.green:
        time = grid.time_of(point)
        if not any(other.uninherited for other in grid.points_at_offset(time)):
            yield time_place(point), time
    for pause in timeline.beatmap.breaks:
        yield field(pause.line, 1), pause.start + grid.offset
        yield field(pause.line, 2), pause.end + grid.offset


def _move_title(tick: Snap) -> str:
    return f"Move to 1/{tick.divisor} at {format_time(tick.time)}"


def _move_greens(grid: TimingGrid, old: float, new: float) -> list[Change]:
    points = grid.points_at_offset(old)
    if any(point.uninherited for point in points):
        return []
    return [move_line(point, new, grid) for point in points]


def _passes_red(grid: TimingGrid, one: float, other: float) -> bool:
    """True where a red line stands in `(low, high]` of the two times and the lines at `one` set another speed than it."""
    low, high = min(one, other), max(one, other)
    between = bisect_right(grid.red_times, high) > bisect_right(grid.red_times, low)
    return between and any(point.slider_velocity != 1 for point in grid.points_at_offset(one))


def _line_between(grid: TimingGrid, one: float, other: float) -> bool:
    """True where a line stands between the two times, or already at the second of them."""
    low, high = min(one, other), max(one, other)
    times = grid.times
    at = bisect_left(times, low)
    return any(low <= time <= high and time != one for time in times[at : at + 50])


def _note_between(timeline: Timeline, one: float, other: float) -> bool:
    """True where an object starts in the time that a line gives up or takes in."""
    return bool(timeline.between(min(one, other), max(one, other)))
