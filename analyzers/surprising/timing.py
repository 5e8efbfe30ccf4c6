"""Note whose time the model did not expect.

A note that stands off the grid although the notes around it are on theirs, and stretches in which the notes do not keep time
with the music (where the song's audio is at hand): the offset or the tempo is off there.

Example: a circle 12 ms behind the 1/4 tick on which every other note of the bar stands
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.context import time_place
from analyzers.finding import Category, Severity
from analyzers.repairs import format_number
from analyzers.rule import Issue, Rule, Template
from analyzers.snapping import milliseconds, off_by
from analyzers.surprising.retiming import is_off_grid, moved_to, moved_to_tick
from analyzers.surprising.scored import EVERY_STANDARD, Scored, ScoredDifficulty, ScoredTrack, Suspect, percent, remark
from formats.chart_lines import tick_place
from formats.document import whole
from formats.timestamps import format_time
from models.bundled.fields import OFF_GRID

if TYPE_CHECKING:
    from models.bundled.drift import Drift

# The divisors on which a note off the grid is taken to belong.
USUAL = (4, 3)
# Stretches of which the audio is this sure are warnings.
SURE = 0.9

OFF = Template(
    "off-the-grid",
    Severity.INFORMATION,
    "This {what} is {off}; {chance} of the time it would be on the grid here.",
    "A note stands beside the tick, and the notes around it say that it should not.",
)
DRIFT = Template(
    "drift",
    Severity.INFORMATION,
    "From {since} to {until} the notes come about {shift} ms {side} the music; check the {what} there.",
    "Over a stretch the notes come before or after what is heard in the song.",
)


def check(scored: Scored) -> Iterator[Issue]:
    for suspect in scored.suspected("time"):
        if not is_off_grid(scored, suspect.row):
            continue
        if isinstance(scored, ScoredTrack):
            yield _of_track(scored, suspect)
        elif isinstance(scored, ScoredDifficulty):
            yield _of_note(scored, suspect)
    if isinstance(scored, ScoredDifficulty):
        for drift in scored.drifts:
            yield from _drifting(scored, drift)


def _of_note(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    note, grid = scored.notes[suspect.row], scored.grid
    usual = sorted((grid.snap(note.time, (divisor,)) for divisor in USUAL), key=lambda snap: abs(snap.error))
    near = {snap.time: snap for snap in (*usual, grid.snap(note.time))}
    return remark(
        scored,
        suspect,
        OFF,
        time_place(note),
        expected=scored.expected(suspect.row, "snap"),
        repairs=[repair for snap in near.values() for repair in moved_to(scored, suspect.row, snap)],
        what=scored.what(suspect.row),
        off=off_by(usual[0].error, usual[0].divisor),
        chance=_on_grid(scored, suspect.row),
    )


def _of_track(scored: ScoredTrack, suspect: Suspect) -> Issue:
    note, resolution = scored.notes[suspect.row], scored.chart.resolution
    ticks = {round(round(note.tick / resolution * divisor) * resolution / divisor) for divisor in USUAL}
    near = sorted(ticks, key=lambda tick: abs(tick - note.tick))
    off = scored.track.time_at(note.tick) - scored.track.time_at(near[0])
    return remark(
        scored,
        suspect,
        OFF,
        tick_place(note.line),
        expected=scored.expected(suspect.row, "snap"),
        repairs=[repair for tick in near for repair in moved_to_tick(scored, suspect.row, tick)],
        what=scored.what(suspect.row),
        off=f"{milliseconds(off)} ms {'after' if off > 0 else 'before'} the nearest tick",
        chance=_on_grid(scored, suspect.row),
    )


def _on_grid(scored: Scored, row: int) -> str:
    return percent(1 - scored.chance_of(row, "snap", OFF_GRID))


def _drifting(scored: ScoredDifficulty, drift: Drift) -> Iterator[Issue]:
    notes = scored.timeline.between(drift.start_ms, drift.end_ms + 1)
    if not notes:
        return
    issue = DRIFT(
        whole(notes[0].line),
        notes[0].time,
        drift.end_ms,
        selection=scored.context.selection(notes[0]),
        since=format_time(drift.start_ms),
        until=format_time(drift.end_ms),
        shift=format_number(round(abs(drift.shift_ms))),
        side="after" if drift.shift_ms > 0 else "before",
        what="offset and tempo" if drift.red_line_ms is None else f"red line at {format_time(drift.red_line_ms)}",
    )
    yield replace(issue, severity=Severity.WARNING if drift.confidence >= SURE else Severity.INFORMATION)


RULE: Rule[Scored] = Rule("U101", "surprising-timing", Category.SURPRISAL, __doc__, (OFF, DRIFT), check, standards=EVERY_STANDARD)
