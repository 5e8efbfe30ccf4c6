"""Sustain that runs into the next note of its fret.

A fret cannot be held and struck at once: the game ends the sustain there.

Example: `768 = N 0 384` and `960 = N 0 0`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.chart_repairs import SUSTAIN_GAP_MS, fitting_length, set_length
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.chart_lines import TrackKind, length_place
from formats.chart_tracks import ChartNote, Track
from formats.timestamps import format_time

OVERLAP = Template(
    "sustainOverlap",
    Severity.WARNING,
    "This sustain on {track} runs into the next note of its fret at {next}.",
    "A note is held beyond the start of the next note of the same fret.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        if track.kind is not TrackKind.DRUMS:
            yield from _check_track(track)


def _check_track(track: Track) -> Iterator[Issue]:
    held: dict[int, ChartNote] = {}
    for note in track.notes:
        before = held.get(note.lane)
        held[note.lane] = note
        if before is not None and before.tick + before.length > note.tick:
            yield OVERLAP(
                at=length_place(before.line),
                time=before.time,
                end=before.end,
                track=track.label,
                next=format_time(note.time),
                repairs=[_repair(track, before, note)],
            )


def _repair(track: Track, before: ChartNote, note: ChartNote) -> Repair:
    length = track.tempo_map.tick_at(note.time - SUSTAIN_GAP_MS) - before.tick
    cut = ChartNote(before.record, before.lane, length, before.time, track.time_at(before.tick + max(length, 0)), before.flags)
    changed = fitting_length(track, cut) if length > 0 else 0
    return Repair("End the sustain before the next note", Safety.UNSAFE, set_length(track, before, changed))


RULE = Rule("G127", "chart-sustain-overlap", Category.CHART, __doc__, (OVERLAP,), check, standards=CLONE_HERO)
