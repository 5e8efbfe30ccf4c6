"""Note whose time the model did not expect.

A note that stands off the grid although the notes around it are on theirs, and, where the song's audio is at hand, stretches in
which the notes do not keep time with the music: they were moved, or a red line was, or the offset or the tempo is off there.

Example: a circle 12 ms behind the 1/4 tick on which every other note of the bar stands
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

from analyzers.context import time_place
from analyzers.finding import Category, Severity
from analyzers.repairs import format_number
from analyzers.rule import Issue, Repair, Rule, Template
from analyzers.snapping import off_by
from analyzers.surprising.drifting import milliseconds, moved_along, moved_back, red_line_moved, tempo_set
from analyzers.surprising.retiming import is_off_grid, moved_to, moved_to_tick, on_grid
from analyzers.surprising.scored import EVERY_STANDARD, Scored, ScoredDifficulty, ScoredTrack, Suspect, percent, remark
from formats.chart_lines import tick_place
from formats.document import whole
from formats.timeline import Note
from formats.timestamps import format_time

if TYPE_CHECKING:
    from models.bundled.drift import Drift

# The divisors on which a note off the grid is taken to belong.
USUAL = (4, 3)
# Finer ones, on which a chart's note belongs only where it is so many times nearer to them.
FINER, FINER_WEIGHT = (8, 6), 3
# Stretches of which the audio is this sure are warnings.
SURE = 0.9

OFF = Template(
    "off-the-grid",
    Severity.INFORMATION,
    "This {what} is {off}; {chance} of the time it would be on the grid here.",
    "A note stands beside the tick, and the notes around it say that it should not.",
)
NOTES = Template(
    "notes-moved",
    Severity.INFORMATION,
    "From {since} to {until} the notes come about {shift} {side} the music and off the grid; move them back.",
    "A stretch of notes lies off what is heard in the song, and off the grid as well.",
)
SECTION = Template(
    "out-of-time",
    Severity.INFORMATION,
    "From {since} to {until} the notes come about {shift} {side} the music; check {what}.",
    "A stretch of notes lies off what is heard in the song, and the grid does too.",
)
RED_LINE = Template(
    "red-line-moved",
    Severity.INFORMATION,
    "From {since} to {until} the notes come about {shift} {side} the ticks of {what}; move the line, or the notes.",
    "All notes behind a red line lie off its grid alike.",
)
MAP = Template(
    "map-moved",
    Severity.INFORMATION,
    "The notes of the whole map come about {shift} {side} the music, as the other difficulties have it; check the offset.",
    "A difficulty lies off what is heard in the song, which the other difficulties of the set meet.",
)
TEMPO = Template(
    "tempo-off",
    Severity.INFORMATION,
    "The music keeps {heard} BPM, not the {bpm} BPM of {what}: at {until} it is {shift} {runs} the grid.",
    "The music runs away from the grid of a red line, by more the longer the line lasts.",
)
_DRIFTS = {"notes": NOTES, "section": SECTION, "red line": RED_LINE, "map": MAP, "tempo": TEMPO}


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
        chance=percent(on_grid(scored, suspect.row)),
    )


def _of_track(scored: ScoredTrack, suspect: Suspect) -> Issue:
    note, resolution = scored.notes[suspect.row], scored.chart.resolution
    near = _ticks_near(note.tick, resolution)
    return remark(
        scored,
        suspect,
        OFF,
        tick_place(note.line),
        expected=scored.expected(suspect.row, "snap"),
        repairs=[
            repair for tick in dict.fromkeys(tick for tick, _ in near) for repair in moved_to_tick(scored, suspect.row, tick)
        ],
        what=scored.what(suspect.row),
        off=_beside(scored, note.tick, *near[0]),
        chance=percent(on_grid(scored, suspect.row)),
    )


def _ticks_near(tick: int, resolution: int) -> list[tuple[int, int]]:
    """(tick, divisor) of the places on the grid near a tick, the likelier first: of finer grids only what is much nearer."""
    found: list[tuple[float, int, int]] = []
    for weight, divisors in ((1, USUAL), (FINER_WEIGHT, FINER)):
        for divisor in divisors:
            count = round(tick / resolution * divisor)
            place = round(count * resolution / divisor)
            found.append((weight * abs(place - tick), divisor // gcd(count, divisor), place))
    return [(place, divisor) for _, divisor, place in sorted(found) if place != tick] or [(tick, 1)]


def _beside(scored: ScoredTrack, tick: int, place: int, divisor: int) -> str:
    """`16 ticks early, 18.6 ms before the grid (1/4)`."""
    ticks, ms = tick - place, scored.track.time_at(tick) - scored.track.time_at(place)
    count = f"{abs(ticks)} tick{'' if abs(ticks) == 1 else 's'} {'late' if ticks > 0 else 'early'}"
    return f"{count}, {format_number(round(abs(ms), 1))} ms {'after' if ticks > 0 else 'before'} the grid (1/{divisor})"


def _drifting(scored: ScoredDifficulty, drift: Drift) -> Iterator[Issue]:
    notes = scored.timeline.between(drift.start_ms, drift.end_ms + 1)
    if not notes:
        return
    template, line = _DRIFTS[drift.against], drift.red_line_ms
    yield replace(
        template(
            whole(notes[0].line),
            notes[0].time,
            drift.end_ms,
            selection=scored.context.selection(notes[0]),
            repairs=_in_time(scored, drift, notes),
            since=format_time(drift.start_ms),
            until=format_time(drift.end_ms),
            shift=milliseconds(drift.shift_ms),
            side="after" if drift.shift_ms > 0 else "before",
            runs="ahead of" if drift.shift_ms > 0 else "behind",
            heard=_bpm(drift.beat_ms or scored.grid.beat_length_at(drift.start_ms)),
            bpm=_bpm(scored.grid.beat_length_at(drift.start_ms)),
            what="the offset and the tempo there" if line is None else f"the red line at {format_time(line)}",
        ),
        severity=Severity.WARNING if drift.confidence >= SURE else Severity.INFORMATION,
    )


def _in_time(scored: ScoredDifficulty, drift: Drift, notes: list[Note]) -> list[Repair]:
    """What can be moved: notes that left their ticks, a line that left its notes, a line with all its notes, a tempo."""
    match drift.against:
        case "notes":
            return moved_back(scored, drift, notes)
        case "red line":
            return red_line_moved(scored, drift)
        case "tempo":
            return tempo_set(scored, drift)
        case _:
            return moved_along(scored, drift)


def _bpm(beat_ms: float) -> str:
    return format_number(round(60_000 / beat_ms, 3))


RULE: Rule[Scored] = Rule(
    "U101", "surprising-timing", Category.SURPRISAL, __doc__, (OFF, *_DRIFTS.values()), check, standards=EVERY_STANDARD
)
