"""Sustain that ends right before the next note.

A sustain should end at least 40 ms before the next note starts, or players cannot tell that it ended and must let go and
strike at once. A note inside a sustain (an extended sustain) is fine, and so is the end of an open sustain. Drums are let off.

Example: `768 = N 0 96` and `864 = N 1 0`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.chart_repairs import ROUNDING_MS, SUSTAIN_GAP_MS, fitting_length, set_length
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.chart_lines import OPEN, TrackKind
from formats.chart_tracks import ChartNote, NoteGroup, Track
from formats.document import whole
from formats.timestamps import format_time

TOO_CLOSE = Template(
    "badSustainGap",
    Severity.WARNING,
    "This note on {track} starts {gap:.3g} ms after the sustain at {start} ends; leave at least 40 ms.",
    "A note starts at the end of a sustain or less than 40 ms behind it.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        if track.kind is not TrackKind.DRUMS:
            yield from _check_track(track)


def _check_track(track: Track) -> Iterator[Issue]:
    # By lane: the next note of a fret ends the sustain of the one before.
    held: dict[int, ChartNote] = {}
    for group in track.groups:
        if not held:
            held |= _held_by(group)
            continue
        ended = [note for note in held.values() if note.end <= group.time + ROUNDING_MS]
        near = [note for note in ended if note.end + SUSTAIN_GAP_MS > group.time + ROUNDING_MS]
        if near:
            last = max(near, key=lambda note: note.end)
            yield TOO_CLOSE(
                at=whole(group.line),
                time=group.time,
                track=track.label,
                gap=max(group.time - last.end, 0.0),
                start=format_time(last.time),
                repairs=[_repair(track, near)],
            )
        for note in (*ended, *group.notes):
            held.pop(note.lane, None)
        held |= _held_by(group)


def _held_by(group: NoteGroup) -> dict[int, ChartNote]:
    return {note.lane: note for note in group.notes if note.length and note.lane != OPEN}


def _repair(track: Track, near: list[ChartNote]) -> Repair:
    changes = [(note, fitting_length(track, note)) for note in near]
    gone = all(length == 0 for _, length in changes)
    title = "Take the short sustain away" if gone else "End the sustain 40 ms earlier than this note"
    return Repair(title, Safety.SAFE, tuple(change for note, length in changes for change in set_length(track, note, length)))


RULE = Rule("G118", "chart-sustain-gap", Category.CHART, __doc__, (TOO_CLOSE,), check, standards=CLONE_HERO)
