"""Fixes for notes that do not keep time with the music: the notes are moved back, or the red line that they follow no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzers.context import end_place, time_place
from analyzers.repairs import format_number, replace_field
from analyzers.rule import Change, Repair
from analyzers.snapping import kept_in_bar, move_line
from analyzers.surprising.scored import ScoredDifficulty, unsafe
from formats.timeline import Note, NoteKind
from formats.timestamps import format_time

if TYPE_CHECKING:
    from models.bundled.drift import Drift

# A tick this near (ms) to where a moved note comes is where it belongs.
BACK_ON_TICK_MS = 4.0
# The share of a section's notes that must be out of time before its red line is moved with all of them.
WHOLE_SECTION = 0.8
# More notes than this are no slip that an editor's undo makes good.
MOST_NOTES = 1_000


def moved_back(scored: ScoredDifficulty, drift: Drift, notes: list[Note]) -> list[Repair]:
    """The fix that takes the shift of the notes back, each to its tick where one is near."""
    changes = [change for note in notes for change in _moved(scored, note, -drift.shift_ms)]
    if not changes or len(notes) > MOST_NOTES:
        return []
    whose = "this object" if len(notes) == 1 else f"these {len(notes)} objects"
    return [unsafe(f"Move {whose} {in_time(-drift.shift_ms)}", *changes)]


def _moved(scored: ScoredDifficulty, note: Note, by: float) -> Iterator[Change]:
    yield Change(time_place(note), _tick(scored, note.time + by))
    if note.kind in (NoteKind.SPINNER, NoteKind.HOLD) and note.end > note.time:
        yield Change(end_place(note), _tick(scored, note.end + by))


def _tick(scored: ScoredDifficulty, time: float) -> str:
    snap = scored.grid.snap(time, (4, 3))
    return format_number((snap.time if abs(snap.error) <= BACK_ON_TICK_MS else round(time)) - scored.grid.offset)


def red_line_moved(scored: ScoredDifficulty, drift: Drift) -> list[Repair]:
    """The fix that moves the red line, and green lines beside it, to where the notes are."""
    grid, old = scored.grid, drift.red_line_ms
    points = grid.points_at_offset(old) if old is not None else []
    if old is None or not points:
        return []
    new = round(old + drift.shift_ms)
    title = f"Move the red line {in_time(new - old)}, to {format_time(new)}"
    return [unsafe(title, *(move_line(point, new, grid) for point in points))]


def tempo_set(scored: ScoredDifficulty, drift: Drift) -> list[Repair]:
    """The fixes that give the red line the tempo that is heard: with its notes left where they are, and moved along."""
    at = _red_line(scored, drift)
    if at < 0 or drift.beat_ms is None:
        return []
    grid = scored.grid
    bpm = format_number(round(60_000 / drift.beat_ms, 3))
    length = replace_field(grid.red[at].line, 1, format_number(round(drift.beat_ms, 12)))
    title = f"Set the red line at {format_time(grid.red_times[at])} to {bpm} BPM"
    return [
        unsafe(f"{title}; objects stay where they are", length),
        unsafe(f"{title} and move the objects behind it along", length, *_along(scored, at, grid.red_times[at], drift.beat_ms)),
    ]


def moved_along(scored: ScoredDifficulty, drift: Drift) -> list[Repair]:
    """The fix that moves a red line into time with the music, and all that stands behind it along."""
    at = _red_line(scored, drift)
    if at < 0 or not _is_whole(scored, at, drift):
        return []
    grid = scored.grid
    old = grid.red_times[at]
    new = round(old - drift.shift_ms)
    changes = [move_line(point, new, grid) for point in grid.points_at_offset(old)]
    title = f"Move the red line {in_time(new - old)}, to {format_time(new)}, and the objects behind it along"
    return [unsafe(title, *changes, *_along(scored, at, new, grid.beat_length_at(old)))]


def _is_whole(scored: ScoredDifficulty, at: int, drift: Drift) -> bool:
    """Whether the drift is of nearly all notes behind the red line, and of none elsewhere."""
    inside = [note.time for note in scored.timeline.notes if scored.grid.red_index(note.time) == at]
    off = [note.time for note in scored.timeline.between(drift.start_ms, drift.end_ms + 1)]
    return len(off) >= WHOLE_SECTION * len(inside) and all(scored.grid.red_index(time) == at for time in off)


def _red_line(scored: ScoredDifficulty, drift: Drift) -> int:
    times = scored.grid.red_times
    return times.index(drift.red_line_ms) if drift.red_line_ms in times else -1


def _along(scored: ScoredDifficulty, at: int, start: float, beat: float) -> Iterator[Change]:
    """As `kept_in_bar`, where that changes something."""
    for place, time, moved in kept_in_bar(scored.timeline, at, start, beat):
        if moved != time:
            yield Change(place, format_number(moved - scored.grid.offset))


def in_time(by: float) -> str:
    """`15 ms earlier`."""
    return f"{milliseconds(by)} {'later' if by > 0 else 'earlier'}"


def milliseconds(by: float) -> str:
    return f"{round(abs(by))} ms"
