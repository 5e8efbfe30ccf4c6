"""Lower difficulty with the notes of Expert.

A Hard, Medium or Easy track whose notes, star power and solos equal Expert's was copied and not reduced. Tracks of up to 20
notes are let off.

Example: `[HardSingle]` as a copy of `[ExpertSingle]`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import ChartDifficulty
from formats.chart_tracks import NoteFlag, Track
from formats.document import whole

# A track this short may well be the same on all difficulties.
MOST_NOTES_LET_OFF = 20

NOT_REDUCED = Template(
    "difficultyNotReduced",
    Severity.WARNING,
    "The {count} notes of {track} are those of {expert}.",
    "A lower difficulty with more than 20 notes equals Expert.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    experts = {track.instrument: track for track in context.tracks if track.difficulty is ChartDifficulty.EXPERT}
    for track in context.tracks:
        expert = experts.get(track.instrument)
        if expert is None or expert is track or len(track.groups) <= MOST_NOTES_LET_OFF or not _same(track, expert):
            continue
        yield NOT_REDUCED(at=whole(track.header), count=len(track.groups), track=track.label, expert=expert.label)


def _same(track: Track, expert: Track) -> bool:
    if track.ticks != expert.ticks or len(track.notes) != len(expert.notes):
        return False
    groups = all(
        one.mask == other.mask and one.attack is other.attack for one, other in zip(track.groups, expert.groups, strict=True)
    )
    return groups and _lengths(track) == _lengths(expert) and _stretches(track) == _stretches(expert)


def _lengths(track: Track) -> list[tuple[int, NoteFlag]]:
    return [(note.length, note.flags) for note in track.notes]


def _stretches(track: Track) -> list[tuple[int, int, int]]:
    """Star power, solos and lanes that hold a note, and all fills."""
    filled = [one for one in (*track.star_power, *track.solos, *track.roll_lanes) if track.has_note_in(one)]
    return [(one.number, one.tick, one.end_tick) for one in (*filled, *track.drum_fills)]


RULE = Rule("G104", "chart-difficulty-not-reduced", Category.CHART, __doc__, (NOT_REDUCED,), check, standards=CLONE_HERO)
