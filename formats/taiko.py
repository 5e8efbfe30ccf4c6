"""What a taiko player hears and feels: don and kat, finishers, and gaps in beats of a common tempo."""

from __future__ import annotations

from math import inf

from formats.osu import Additions
from formats.timeline import Note, Timeline

# Beyond these tempos mappers count in double, one and a half or half time, so that a beat lasts 222 to 462 ms
# (https://osu.ppy.sh/wiki/en/Ranking_criteria/Scaling_BPM).
DOUBLED_UP_TO_BPM, RAISED_UP_TO_BPM, HALVED_FROM_BPM = 110.0, 130.0, 270.0
_MS_PER_MINUTE = 60_000.0
# Plain numbers: flags cost a microsecond a note.
_KAT, _FINISH = int(Additions.WHISTLE | Additions.CLAP), int(Additions.FINISH)


def is_kat(note: Note) -> bool:
    """A rim note (blue); all other notes are don (red)."""
    return note.object.sound & _KAT != 0


def is_finisher(note: Note) -> bool:
    """A big note, to be hit with both hands."""
    return note.object.sound & _FINISH != 0


def common_beat(beat_length: float) -> float:
    """ms per beat as a mapper counts it at this tempo: halved to 110 BPM, by 1.5 shorter to 130 BPM, doubled from 270 BPM."""
    bpm = _MS_PER_MINUTE / beat_length
    if bpm <= DOUBLED_UP_TO_BPM:
        return beat_length / 2
    if bpm <= RAISED_UP_TO_BPM:
        return beat_length / 1.5
    return beat_length * 2 if bpm >= HALVED_FROM_BPM else beat_length


def common_beats(timeline: Timeline) -> list[float]:
    """`common_beat` at the head of every note."""
    grid = timeline.grid
    beats: list[float] = []
    until, beat = -inf, 0.0
    for note in timeline.notes:
        if note.time >= until:
            red = grid.red_index(note.time)
            beat = common_beat(grid.beat_length_at(note.time))
            until = grid.red_times[red + 1] if 0 <= red < len(grid.red) - 1 else inf
        beats.append(beat)
    return beats


def gaps(timeline: Timeline) -> list[float]:
    """ms from the end of the note before to the head of every note; infinite for the first."""
    found: list[float] = []
    end = -inf
    for note in timeline.notes:
        found.append(note.time - end)
        end = note.end
    return found
