"""The lines of a chart track that flag its notes: forced and tap for frets; cymbal, accent and ghost for each drum."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from formats.chart_lines import FORCED, OPEN, TAP, Timed, TrackKind, TrackNote
from formats.chart_tracks import DrumType, NoteFlag, Track

# `N` numbers of drum flags: base + lane.
_BASES = {NoteFlag.ACCENT: 33, NoteFlag.GHOST: 39, NoteFlag.CYMBAL: 64}
LANES_OF = {NoteFlag.ACCENT: range(1, 6), NoteFlag.GHOST: range(1, 6), NoteFlag.CYMBAL: range(2, 5)}
FRET_FLAGS = {"forced": FORCED, "tap": TAP}


def lanes_of(track: Track) -> frozenset[int]:
    """The lanes that the track's notes can be in."""
    if track.kind is not TrackKind.DRUMS:
        return frozenset((0, 1, 2, 3, 4, OPEN))
    return frozenset(range(6 if track.drum_type is DrumType.FIVE_LANE else 5))


def records_at(track: Track, tick: int) -> list[TrackNote]:
    """The `N` lines of a tick, notes and flags."""
    timed = track.section.timed
    start, stop = bisect_left(timed, tick, key=_tick), bisect_right(timed, tick, key=_tick)
    return [record for record in timed[start:stop] if isinstance(record, TrackNote)]


def _tick(record: Timed) -> int:
    return record.tick


def flag_number(flag: NoteFlag, lane: int) -> int:
    return _BASES[flag] + lane


def flags_at(track: Track, tick: int, lane: int) -> list[tuple[NoteFlag, TrackNote]]:
    """The flags of one drum's note."""
    numbers = {flag_number(flag, lane): flag for flag, lanes in LANES_OF.items() if lane in lanes}
    return [(numbers[record.number], record) for record in records_at(track, tick) if record.number in numbers]


def fret_flags_at(track: Track, tick: int) -> list[TrackNote]:
    """The forced and tap flags of one note or chord."""
    return [record for record in records_at(track, tick) if record.number in FRET_FLAGS.values()]
