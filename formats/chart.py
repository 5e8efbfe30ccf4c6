"""Clone Hero `.chart` files: settings, tempo, events and tracks of one document.

Source: https://github.com/TheNathannator/GuitarGame_ChartFormats and the behaviour of Clone Hero as scan-chart
(https://github.com/Geomitron/scan-chart) describes it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

from formats.beatmap import Section
from formats.chart_lines import (
    CHART,
    DEFAULT_RESOLUTION,
    MAX_TICK,
    TRACKS,
    Anchor,
    EventKind,
    GlobalEvent,
    Tempo,
    Timed,
    TimeSignature,
    TrackNote,
)
from formats.chart_tempo import Measures, TempoMap
from formats.chart_tracks import DEFAULT_MODIFIERS, FIVE_LANE_GREEN, ChartSection, DrumType, Modifiers, Track
from formats.document import Document, Line, LineKind

__all__ = ["CHART", "Chart"]

_R = TypeVar("_R", bound=Timed)


class Chart:
    """What one `.chart` says.

    Pass the chart before an edit as `previous` to keep the sections and tracks that the edit left alone. `modifiers`
    are song.ini's (`formats.song_ini.SongIni.modifiers`).
    """

    def __init__(self, document: Document, modifiers: Modifiers = DEFAULT_MODIFIERS, previous: Chart | None = None) -> None:
        self.document = document
        self.modifiers = modifiers
        # Kept until the tracks are built; a chart whose own tracks were never built has nothing to pass on.
        self._previous = previous if previous is not None and "tracks" in previous.__dict__ else None
        self.sections: list[ChartSection] = _sections(document.lines, previous.sections if previous is not None else [])
        self._by_name = {section.name: section for section in self.sections}

    @classmethod
    def from_bytes(cls, data: bytes, modifiers: Modifiers = DEFAULT_MODIFIERS) -> Chart:
        return cls(Document.from_bytes(data, CHART), modifiers)

    @classmethod
    def from_text(cls, text: str, modifiers: Modifiers = DEFAULT_MODIFIERS) -> Chart:
        return cls(Document.from_text(text, CHART), modifiers)

    def with_modifiers(self, modifiers: Modifiers) -> Chart:
        """The same chart under another song.ini."""
        return self if modifiers == self.modifiers else Chart(self.document, modifiers, self)

    def section(self, name: str) -> ChartSection | None:
        """The section of that name; the last one where there are several, as the game has it."""
        return self._by_name.get(name)

    @cached_property
    def song(self) -> Section:
        found = self._by_name.get("Song")
        return found.entries if found else Section("Song", None, [])

    @cached_property
    def resolution(self) -> int:
        """Ticks per beat; 192 where the chart has none that can be used."""
        return self.written_resolution or DEFAULT_RESOLUTION

    @property
    def written_resolution(self) -> int:
        """`Resolution` of [Song] as a whole number; 0 where it is missing or unusable."""
        value = self.song.number("Resolution", 0)
        return int(value) if 1 <= value <= MAX_TICK else 0

    @cached_property
    def refusals(self) -> list[tuple[Line, str]]:
        """Why the game does not read the chart at all: the line (the first where there is none) and what is wrong with it.

        Faults of the layout hide all others, since what follows them is not read.
        """
        return _layout_faults(self.document.lines) or self._value_faults()

    def _value_faults(self) -> list[tuple[Line, str]]:
        song = self._by_name.get("Song")
        faults: list[tuple[Line, str]] = []
        if not self.sections:
            return [(self.document.lines[0], "it has no [Section]")]
        if not self.written_resolution:
            line = self.song.line("Resolution") or (song or self.sections[0]).header
            written = self.song.text("Resolution")
            faults.append((line, f"its Resolution is {written}" if written else "[Song] has no Resolution"))
        faults += [(tempo.line, "a tempo of 0 BPM stands here") for tempo in self.tempos if not tempo.milli_bpm]
        signatures = [signature for signature in self.time_signatures if not signature.numerator]
        return faults + [(signature.line, "a time signature of 0 stands here") for signature in signatures]

    @property
    def offset(self) -> float:
        """`Offset` of [Song] in ms: how far into the audio tick 0 lies."""
        return self.song.number("Offset", 0) * 1000

    def _of(self, name: str, kind: type[_R]) -> list[_R]:
        found = self._by_name.get(name)
        return [record for record in found.timed if isinstance(record, kind)] if found else []

    @cached_property
    def tempos(self) -> list[Tempo]:
        return self._of("SyncTrack", Tempo)

    @cached_property
    def time_signatures(self) -> list[TimeSignature]:
        return self._of("SyncTrack", TimeSignature)

    @cached_property
    def anchors(self) -> list[Anchor]:
        return self._of("SyncTrack", Anchor)

    @cached_property
    def events(self) -> list[GlobalEvent]:
        return self._of("Events", GlobalEvent)

    def events_of(self, *kinds: EventKind) -> list[GlobalEvent]:
        return [event for event in self.events if event.kind in kinds]

    @cached_property
    def vocal_phrases(self) -> list[tuple[GlobalEvent, GlobalEvent | None]]:
        """(phrase_start, what ends it: a phrase_end, the next phrase_start, or nothing)."""
        phrases: list[tuple[GlobalEvent, GlobalEvent | None]] = []
        opened: GlobalEvent | None = None
        for event in self.events_of(EventKind.PHRASE_START, EventKind.PHRASE_END):
            if opened is not None:
                phrases.append((opened, event))
            opened = event if event.kind is EventKind.PHRASE_START else None
        if opened is not None:
            phrases.append((opened, None))
        return phrases

    @cached_property
    def tempo_map(self) -> TempoMap:
        before = self._previous
        same_tempos = before is not None and before.section("SyncTrack") is self.section("SyncTrack")
        if before is not None and same_tempos and before.resolution == self.resolution:
            return before.tempo_map
        return TempoMap(self.tempos, self.resolution)

    def time_at(self, tick: int) -> float:
        """ms from the start of the chart, the song's offset left out."""
        return self.tempo_map.time_at(tick)

    @cached_property
    def drum_type(self) -> DrumType:
        if self.modifiers.five_lane_drums:
            return DrumType.FIVE_LANE
        if self.modifiers.pro_drums:
            return DrumType.FOUR_LANE_PRO
        numbers = {
            record.number
            for section in self._by_name.values()
            if section.name.endswith("Drums") and section.name in TRACKS
            for record in section.records
            if isinstance(record, TrackNote)
        }
        if numbers & {66, 67, 68}:
            return DrumType.FOUR_LANE_PRO
        return DrumType.FIVE_LANE if FIVE_LANE_GREEN in numbers else DrumType.FOUR_LANE

    @cached_property
    def tracks(self) -> list[Track]:
        """The tracks that the game plays, Guitar first, Expert before Easy; empty sections too."""
        kept: dict[str, Track] = {}
        before = self._previous
        if before is not None and before.modifiers == self.modifiers and before.drum_type is self.drum_type:
            kept = {track.name: track for track in before.tracks if track.tempo_map is self.tempo_map}
        self._previous = None
        tracks: list[Track] = []
        for name in TRACKS:
            section, old = self._by_name.get(name), kept.get(name)
            if old is not None and old.section is section:
                tracks.append(old)
            elif section is not None:
                tracks.append(Track(section, self.tempo_map, self.modifiers, self.drum_type, old))
        return tracks

    @property
    def charted(self) -> list[Track]:
        """The tracks with at least one note."""
        return [track for track in self.tracks if track.groups]

    def track(self, name: str) -> Track | None:
        return next((track for track in self.tracks if track.name == name), None)

    @cached_property
    def last_tick(self) -> int | None:
        """The start of the last note of any track."""
        return max((track.ticks[-1] for track in self.charted), default=None)

    @cached_property
    def measures(self) -> Measures:
        return Measures(self.time_signatures, self.resolution)


def _sections(lines: list[Line], before: list[ChartSection]) -> list[ChartSection]:
    """The sections in file order; those of `before` where all their lines are the same ones."""
    known: dict[int, ChartSection] = {id(section.header): section for section in before}
    sections: list[ChartSection] = []
    start = -1
    for number, line in enumerate(lines):
        if line.kind is LineKind.HEADER or (line.kind is LineKind.BRACE and line.after == "}"):
            if start >= 0 and line.kind is LineKind.HEADER:
                sections.append(_section(lines, start, number, known))
                start = -1
            if line.kind is LineKind.HEADER:
                start = number
            elif start >= 0:
                sections.append(_section(lines, start, number + 1, known))
                start = -1
    if start >= 0:
        sections.append(_section(lines, start, len(lines), known))
    return sections


def _section(lines: list[Line], start: int, stop: int, known: dict[int, ChartSection]) -> ChartSection:
    body = lines[start + 1 : stop]
    old = known.get(id(lines[start]))
    return old if old is not None and old.lines == body else ChartSection(lines[start], body)


def _layout_faults(lines: list[Line]) -> list[tuple[Line, str]]:
    """The first line after which the game gives up: a section's name without an end, or a brace ahead of any name."""
    for line in lines:
        if line.kind is not LineKind.UNKNOWN:
            continue
        start = line.content.strip()[:1]
        if start == "[":
            return [(line, "the name of this section has no ']' on its line")]
        if start == "}" and not line.before:
            return [(line, "a '}' stands here before any section's name")]
    return []
