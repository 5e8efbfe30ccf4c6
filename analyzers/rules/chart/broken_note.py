"""Notes so close that they were meant as one chord.

Two groups at most 15 ms apart cannot be heard apart: most often one chord whose notes were placed on different ticks. An
open note right beside a fretted one is let off, as that is how open chords used to be written, and so is a roll of four
groups or more.

Example: `768 = N 0 0` and `769 = N 1 0`
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from analyzers.chart_context import ChartContext
from analyzers.chart_repairs import ROUNDING_MS, set_tick
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.chart_lines import FORCED, TAP, TrackKind, TrackNote
from formats.chart_tracks import NoteGroup, Track
from formats.document import whole
from formats.timestamps import format_time

CLOSEST_MS = 15.0
# So many such gaps in a row are a roll or a buzz.
SHORTEST_ROLL = 3
# A track with more of them was not written by hand, and no fix is wanted note by note.
MOST_REPAIRED = 100
ALL_FRETS = 0b11111
MOST_PADS = 2

BROKEN = Template(
    "brokenNote",
    Severity.WARNING,
    "This note on {track} comes {gap:.3g} ms after the one before it; they were probably meant as one chord.",
    "Two notes of a track are more than 0 and at most 15 ms apart.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        for number, (before, group) in enumerate(_broken(track)):
            yield BROKEN(
                at=whole(group.line),
                time=group.time,
                track=track.label,
                gap=group.time - before.time,
                repairs=_join(context, track, before, group) if number < MOST_REPAIRED else (),
            )


def _broken(track: Track) -> Iterator[tuple[NoteGroup, NoteGroup]]:
    run: list[tuple[NoteGroup, NoteGroup]] = []
    for pair in pairwise(track.groups):
        if pair[1].time - pair[0].time <= CLOSEST_MS + ROUNDING_MS:
            run.append(pair)
        elif run:
            yield from _of_run(run)
            run = []
    yield from _of_run(run)


def _of_run(run: list[tuple[NoteGroup, NoteGroup]]) -> Iterator[tuple[NoteGroup, NoteGroup]]:
    """The pairs of a run; none of a roll, which was written note by note and is no chord gone wrong."""
    if len(run) < SHORTEST_ROLL:
        yield from (pair for pair in run if pair[0].is_open == pair[1].is_open)


def _join(context: ChartContext, track: Track, before: NoteGroup, group: NoteGroup) -> list[Repair]:
    """All lines of the later tick go to the earlier one: notes that it lacks and their marks, the rest is deleted."""
    if track.modifiers.chord_snap or not _can_join(track, before, group):
        return []
    known = {note.record.number for note in before.notes} | _OWN_FLAGS[track.kind]
    records = _at(track, group.tick)
    moved = [record for record in records if record.number not in known]
    dropped = [record for record in records if record.number in known]
    title = f"Join with the note at {format_time(before.time)}"
    if not moved:
        return [Repair(title, Safety.UNSAFE, tuple(delete_line(record.line) for record in dropped))]
    return [Repair(title, Safety.UNSAFE, set_tick(context.document, track.section, moved, before.tick, dropped))]


# Forced and tap of the later note go with it: the earlier one decides how the chord is hit.
_OWN_FLAGS = {TrackKind.FIVE_FRET: {FORCED, TAP}, TrackKind.SIX_FRET: {FORCED, TAP}, TrackKind.DRUMS: set[int]()}


def _at(track: Track, tick: int) -> list[TrackNote]:
    notes = track.section.timed
    start = bisect_left(notes, tick, key=lambda record: record.tick)
    stop = bisect_right(notes, tick, key=lambda record: record.tick)
    return [record for record in notes[start:stop] if isinstance(record, TrackNote)]


def _can_join(track: Track, before: NoteGroup, group: NoteGroup) -> bool:
    """False where the chord would be one that nobody can play, or would leave a phrase without notes."""
    mask = before.mask | group.mask
    if track.kind is TrackKind.FIVE_FRET:
        playable = mask & ALL_FRETS != ALL_FRETS
    else:
        playable = (mask >> 1 if track.kind is TrackKind.DRUMS else mask).bit_count() <= MOST_PADS
    stretches = (*track.star_power, *track.solos, *track.roll_lanes)
    return playable and not any(before.tick < stretch.tick <= group.tick for stretch in stretches)


RULE = Rule("G117", "chart-broken-note", Category.CHART, __doc__, (BROKEN,), check, standards=CLONE_HERO)
