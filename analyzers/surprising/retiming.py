"""Notes moved in time, taken away or joined by others, as fixes: nothing passes a neighbour."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from fractions import Fraction

from analyzers.chart_repairs import set_tick
from analyzers.finding import Safety
from analyzers.repairs import delete_line
from analyzers.rule import Change, Repair
from analyzers.snapping import move_note
from analyzers.surprising.scored import MOST_FIXES, Scored, ScoredDifficulty, ScoredTrack
from analyzers.surprising.track_flags import records_at
from formats.chart_lines import MAX_TICK
from formats.timeline import Note
from formats.timestamps import format_time
from formats.timing import Snap
from models.bundled.fields import OFF_GRID

# A tick farther than this (ms) from where a rhythm leads is not what was meant.
NEAR_TICK_MS = 3.0
# No object lasts longer than this.
LONGEST_MS = 60_000.0
# Off its tick by more than this (ms) a note was not rounded, it was placed so.
NOT_ROUNDED_MS = 1.5
# Snap divisors of charts' common rhythms: what stands on a finer tick may be off one of these by so many ticks.
COARSE_SNAPS = (1, 2, 4, 3, 8, 6)


def is_off_grid(scored: Scored, row: int) -> bool:
    """Whether a note at the wrong time is off by ms, not by ticks."""
    if isinstance(scored, ScoredDifficulty) and abs(scored.notes[row].snaps[0].error) > NOT_ROUNDED_MS:
        return True
    if isinstance(scored, ScoredTrack) and scored.actual(row, "snap") not in COARSE_SNAPS:
        return on_grid(scored, row) >= 0.5
    return scored.actual(row, "snap") == OFF_GRID


def on_grid(scored: Scored, row: int) -> float:
    """How probable the model held it that the note stands on the grid; of a chart's that it stands on a coarse tick."""
    if isinstance(scored, ScoredTrack) and scored.actual(row, "snap") != OFF_GRID:
        return sum(scored.chance_of(row, "snap", snap) for snap in COARSE_SNAPS)
    return 1 - scored.chance_of(row, "snap", OFF_GRID)


def moved_to(scored: ScoredDifficulty, row: int, snap: Snap) -> list[Repair]:
    """The fix that moves the object to a tick, where that lies between its neighbours."""
    note = scored.notes[row]
    if snap.time == note.time or not _between_neighbours(scored, note, snap.time):
        return []
    return [replace(repair, safety=Safety.UNSAFE) for repair in move_note(scored.timeline, note, [snap])]


def _between_neighbours(scored: ScoredDifficulty, note: Note, time: float) -> bool:
    """Whether the object passes no other on its way; in mania it may join those of other columns."""
    low, high = min(time, note.time), max(time, note.time)
    passed = scored.timeline.between(low, high)
    # Later than those that it is struck with it would come after them, not after the one before.
    if any(other is not note and other.time > time for other in passed) or (time > note.time and passed != [note]):
        return False
    return is_free(scored, note, note.lane, time, time + note.duration)


def is_free(scored: ScoredDifficulty, note: Note, lane: int, start: float, end: float) -> bool:
    """Whether no other object is struck or held in the lane (outside mania: anywhere) from `start` to `end`."""
    near = scored.timeline.notes[bisect_left(scored.times, start - LONGEST_MS) : bisect_right(scored.times, end)]
    return all(other.end < start for other in near if other.lane == lane and other is not note)


def other_rhythms(scored: ScoredDifficulty, row: int) -> list[Repair]:
    """Fixes that move the object to where the likelier rhythms lead, counted from the one before."""
    if not row:
        return []
    before, beat = scored.notes[row - 1].time, scored.beat(row)
    found: dict[str, Repair] = {}
    for gap in scored.likelier(row, "gap"):
        time = before + float(Fraction(str(gap.value))) * beat
        snap = scored.grid.snap(time)
        if abs(snap.exact - time) <= NEAR_TICK_MS:
            found.update({repair.title: repair for repair in moved_to(scored, row, snap)})
    return list(found.values())[:MOST_FIXES]


def taken_away(scored: ScoredDifficulty, row: int) -> list[Repair]:
    """The fix that deletes the object; a new combo that it starts is left to the mapper."""
    note = scored.notes[row]
    return [Repair(f"Delete the {scored.what(row)} at {format_time(note.time)}", Safety.UNSAFE, (delete_line(note.line),))]


def moved_to_tick(scored: ScoredTrack, row: int, tick: int) -> list[Repair]:
    """The fix that moves the note or chord, its flags with it, to a tick between its neighbours."""
    group, ticks = scored.group(row), scored.track.ticks
    at = bisect_left(ticks, group.tick)
    low, high = ticks[at - 1] if at else -1, ticks[at + 1] if at + 1 < len(ticks) else MAX_TICK
    held = max(note.length for note in group.notes) if tick > group.tick else 0
    if tick == group.tick or not low < tick <= tick + held <= high or tick == high:
        return []
    if at and any(note.tick + note.length > tick for note in scored.track.groups[at - 1].notes):
        return []
    changes = set_tick(scored.document, scored.track.section, records_at(scored.track, group.tick), tick)
    return [Repair(f"Move to {format_time(scored.track.time_at(tick))}", Safety.UNSAFE, tuple(changes))]


def other_rhythms_of_track(scored: ScoredTrack, row: int) -> list[Repair]:
    """The same for a note or chord of a chart, of which `row` is the first: whole ticks."""
    if not row:
        return []
    before = scored.notes[row - 1].tick
    repairs: list[Repair] = []
    for gap in scored.likelier(row, "gap"):
        repairs += moved_to_tick(scored, row, before + round(Fraction(str(gap.value)) * scored.chart.resolution))
    return repairs[:MOST_FIXES]


def taken_from_track(scored: ScoredTrack, row: int) -> list[Repair]:
    """The fix that deletes the note; with the last note of its tick go the flags."""
    note, group = scored.notes[row], scored.group(row)
    gone = scored.track.records_of(note) if group.is_chord else records_at(scored.track, group.tick)
    changes: tuple[Change, ...] = tuple(delete_line(record.line) for record in gone)
    return [Repair(f"Delete the {scored.stands(row, 'lane')} at {format_time(note.time)}", Safety.UNSAFE, changes)]
