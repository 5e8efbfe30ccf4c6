"""The notes of a chart's track as an overlay draws them: in the lanes of the instrument."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from formats.chart import Chart
from formats.chart_lines import OPEN, TrackKind
from formats.chart_tracks import Attack, ChartNote, DrumType, NoteFlag, NoteGroup, Track
from server.daemon.grid_lines import lines_of
from server.daemon.protocol import Json
from server.printers.as_json import number

GREEN, RED, YELLOW, BLUE, ORANGE, PURPLE = "#3fa34d", "#e03c3c", "#f2c94c", "#3f7fe0", "#f2994a", "#a45ee5"
BLACK, WHITE = "#4b4b57", "#e8e8ee"
_FRETS = (("green", GREEN), ("red", RED), ("yellow", YELLOW), ("blue", BLUE), ("orange", ORANGE))
_PADS = (("red", RED), ("yellow", YELLOW), ("blue", BLUE), ("green", GREEN))
_FIVE_PADS = (("red", RED), ("yellow", YELLOW), ("blue", BLUE), ("orange", ORANGE), ("green", GREEN))
_SIX_FRETS = (*((f"white {fret}", WHITE) for fret in (1, 2, 3)), *((f"black {fret}", BLACK) for fret in (1, 2, 3)))
# Six-fret lanes as the file numbers them: 8 is the third black one.
_THIRD_BLACK, _SIXTH = 8, 5
KICK = 0
_DRUM_FLAGS = ((NoteFlag.CYMBAL, "cymbal"), (NoteFlag.ACCENT, "accent"), (NoteFlag.GHOST, "ghost"))
# Divisors of a beat whose lines are drawn.
DIVISORS = (2, 4)


class Frets:
    """The notes of one track, by their number in time order."""

    shape = "lanes"

    def __init__(self, chart: Chart, track: Track) -> None:
        self._chart = chart
        self._track = track
        self._groups: list[NoteGroup] = [group for group in track.groups for _ in group.notes]
        self._notes: list[ChartNote] = track.notes
        self._bright = [(stretch.tick, stretch.end_tick) for stretch in track.star_power]
        self.times = [note.time for note in self._notes]

    @property
    def _named(self) -> tuple[tuple[str, str], ...]:
        if self._track.kind is TrackKind.DRUMS:
            return _FIVE_PADS if self._track.drum_type is DrumType.FIVE_LANE else _PADS
        return _SIX_FRETS if self._track.kind is TrackKind.SIX_FRET else _FRETS

    @property
    def lanes(self) -> list[Json]:
        return [{"name": name, "colour": colour} for name, colour in self._named]

    def ends(self, row: int) -> float:
        return self._notes[row].end

    def line(self, row: int) -> int:
        """1-based."""
        return self._chart.document.number_of(self._notes[row].line) + 1

    def note(self, row: int) -> Json:
        note = self._notes[row]
        lane = self._lane(note)
        drums = self._track.kind is TrackKind.DRUMS
        return {
            "time_ms": number(note.time) or 0,
            "end_ms": number(note.end) or 0,
            "kind": "note" if lane >= 0 else "kick" if drums else "open",
            "x": None,
            "y": None,
            "path": None,
            "repeats": 1,
            "lane": lane,
            "combo": None,
            "colour": self._named[lane][1] if lane >= 0 else ORANGE if drums else PURPLE,
            "new_combo": False,
            "big": False,
            "flags": list(self._flags(row)),
        }

    def _lane(self, note: ChartNote) -> int:
        """From left to right; −1 for what lies across all lanes."""
        if self._track.kind is TrackKind.DRUMS:
            return -1 if note.lane == KICK else min(note.lane - 1, len(self._named) - 1)
        if note.lane == OPEN:
            return -1
        lane = _SIXTH if self._track.kind is TrackKind.SIX_FRET and note.lane == _THIRD_BLACK else note.lane
        return min(lane, len(self._named) - 1)

    def _flags(self, row: int) -> Iterator[str]:
        note, group = self._notes[row], self._groups[row]
        if self._track.kind is TrackKind.DRUMS:
            yield from (name for flag, name in _DRUM_FLAGS if note.flags & flag)
        else:
            if group.attack is not Attack.STRUM:
                yield group.attack.value
            if group.forced:
                yield "forced"
        if any(start <= note.tick < end for start, end in self._bright):
            yield "star power"

    def lines(self, start: float, end: float) -> list[Json]:
        tempo, resolution = self._chart.tempo_map, self._chart.resolution
        first = tempo.tick_at(max(start, 0.0))
        last = tempo.tick_at(max(end, 0.0))
        ticks = [first, *(tick for tick in tempo.ticks if first < tick < last), last]
        sections: list[tuple[float, float, float, float, int]] = []
        for since, until in pairwise(ticks):
            beat = 60_000 / tempo.bpm_at(since)
            bar, following = self._chart.measures.around(since)
            begin = tempo.time_at(since) - (since - bar) / resolution * beat
            meter = max(round((following - bar) / resolution), 1)
            sections.append((tempo.time_at(since), tempo.time_at(until), begin, beat, meter))
        return lines_of([section for section in sections if section[1] > section[0]], DIVISORS)

    def facts(self, row: int) -> list[Json]:
        """What stands there, in words."""
        note, group = self._notes[row], self._groups[row]
        lane = self._lane(note)
        name = self._named[lane][0] if lane >= 0 else "kick" if self._track.kind is TrackKind.DRUMS else "open"
        told = [("track", self._track.label), ("lane", name), ("tick", str(note.tick))]
        told.append(("BPM", f"{self._chart.tempo_map.bpm_at(note.tick):.6g}"))
        if note.length:
            told.append(("sustain", f"{note.length / self._chart.resolution:.4g} beats"))
        if self._track.kind is not TrackKind.DRUMS:
            told.append(("attack", group.attack.value))
        return [{"field": field, "value": value} for field, value in told]
