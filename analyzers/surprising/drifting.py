"""Fixes for notes that do not keep time with the music: the notes are moved back, or the red line that they follow no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzers.context import end_place, time_place
from analyzers.repairs import format_number
from analyzers.rule import Change, Repair
from analyzers.snapping import move_line
from analyzers.surprising.scored import ScoredDifficulty, unsafe
from formats.timeline import Note, NoteKind
from formats.timestamps import format_time

if TYPE_CHECKING:
    from models.bundled.drift import Drift

# A tick this near (ms) to where a moved note comes is where it belongs.
BACK_ON_TICK_MS = 4.0
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


def in_time(by: float) -> str:
    """`15 ms earlier`."""
    return f"{milliseconds(by)} {'later' if by > 0 else 'earlier'}"


def milliseconds(by: float) -> str:
    return f"{round(abs(by))} ms"
