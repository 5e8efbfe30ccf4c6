"""The tracks of a chart as they are played: notes and chords with their flags resolved, star power, solos, fills, lanes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import floor
from typing import Protocol

from formats.beatmap import Section
from formats.chart_lines import (
    DOUBLE_KICK_NUMBER,
    DRUM_FILL,
    FORCED,
    OPEN,
    ROLL_DOUBLE,
    ROLL_SINGLE,
    STAR_POWER,
    TAP,
    TIMED,
    TRACKS,
    LocalEvent,
    Timed,
    TrackKind,
    TrackNote,
    TrackPhrase,
)
from formats.chart_tempo import TempoMap
from formats.document import Line, LineKind
from formats.osu import Entry

# A single note within 65/192 of a beat of the one before is a HOPO by itself.
HOPO_SHARE = Fraction(65, 192)


class NoteFlag(IntFlag):
    """How a drum note is played."""

    NONE = 0
    DOUBLE_KICK = 1
    CYMBAL = 2
    ACCENT = 4
    GHOST = 8


class Attack(StrEnum):
    """How a note or chord of a fretted instrument is hit; drums are always struck."""

    STRUM = "strum"
    HOPO = "hopo"
    TAP = "tap"


class DrumType(StrEnum):
    FOUR_LANE = "four-lane"
    FOUR_LANE_PRO = "four-lane pro"
    FIVE_LANE = "five-lane"


@dataclass(frozen=True, slots=True)
class Modifiers:
    """What song.ini changes in how a chart is played. Ticks; 0 or None = the game's own."""

    hopo_frequency: int = 0
    eighthnote_hopo: bool = False
    sustain_cutoff: int = 0
    chord_snap: int = 0
    five_lane_drums: bool = False
    pro_drums: bool = False


DEFAULT_MODIFIERS = Modifiers()


class Played(Protocol):
    """What a note of either format tells: times in ms, its lane (−1 where there is none), its home line.

    `formats.timeline.Note` and `ChartNote` both have it.
    """

    @property
    def time(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def lane(self) -> int: ...
    @property
    def line(self) -> Line: ...


class ChartNote:
    """One lane of one chord as it is played.

    `tick` and `length` in ticks, `time` and `end` in ms. `lane` is the number of the `N` line: frets 0–4 (six-fret 0–2
    white, 3, 4 and 8 black), 7 open; drums 0 kick (both pedals), 1 red, 2 yellow, 3 blue, 4 green or five-lane orange, 5
    five-lane green.
    """

    __slots__ = ("end", "flags", "lane", "length", "record", "tick", "time")

    def __init__(self, record: TrackNote, lane: int, length: int, time: float, end: float, flags: NoteFlag) -> None:
        self.record = record
        self.tick = record.tick
        self.lane = lane
        self.length = length
        self.time = time
        self.end = end
        self.flags = flags

    @property
    def line(self) -> Line:
        return self.record.line

    def __repr__(self) -> str:
        return f"<lane {self.lane} {self.time:g}–{self.end:g} ms>"


class NoteGroup:
    """The notes on one tick: a single note or a chord, in lane order and each lane once.

    `mask` has bit n set for lane n. `forced` says that a flag turned the natural strum into a HOPO or the reverse.
    """

    __slots__ = ("attack", "forced", "mask", "notes", "tick", "time")

    def __init__(self, tick: int, time: float, notes: tuple[ChartNote, ...], mask: int, attack: Attack, *, forced: bool) -> None:
        self.tick = tick
        self.time = time
        self.notes = notes
        self.mask = mask
        self.attack = attack
        self.forced = forced

    @property
    def lanes(self) -> tuple[int, ...]:
        return tuple(note.lane for note in self.notes)

    @property
    def line(self) -> Line:
        """The line of the first note."""
        return self.notes[0].line

    @property
    def end(self) -> float:
        """ms; the latest end of any lane."""
        return max(note.end for note in self.notes)

    @property
    def is_chord(self) -> bool:
        return len(self.notes) > 1

    @property
    def is_open(self) -> bool:
        return bool(self.mask >> OPEN & 1)

    def __repr__(self) -> str:
        return f"<{self.attack} {self.lanes} {self.time:g} ms>"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Star power, a solo, a fill or a lane over the half-open ticks `[tick, end_tick)`, with the lines that make it."""

    tick: int
    end_tick: int
    lines: tuple[Line, ...]
    number: int = 0


class ChartSection:
    """One `[Name] { … }` of the file: its header, the records of its body in file order, its last line (`closing`)."""

    def __init__(self, header: Line, lines: list[Line]) -> None:
        self.header = header
        self.name = header.section
        self.lines = lines

    @property
    def closing(self) -> Line | None:
        last = self.lines[-1] if self.lines else None
        return last if last is not None and last.kind is LineKind.BRACE and last.after == "}" else None

    @cached_property
    def records(self) -> list[object]:
        return [line.record for line in self.lines if line.record is not None]

    @cached_property
    def timed(self) -> list[Timed]:
        """The records with a tick, by tick, in file order where equal."""
        found: list[Timed] = [record for record in self.records if type(record) in TIMED]  # type: ignore[misc]
        found.sort(key=_tick)
        return found

    @cached_property
    def places(self) -> dict[int, int]:
        """`id(line)` to its number in `lines`."""
        return {id(line): number for number, line in enumerate(self.lines)}

    @cached_property
    def entries(self) -> Section:
        """The section as `Key = value` entries, the last of a key counts."""
        return Section(self.name, self.header, [record for record in self.records if isinstance(record, Entry)])


def _tick(record: Timed) -> int:
    return record.tick


_FRET_LANES = {TrackKind.FIVE_FRET: frozenset((0, 1, 2, 3, 4, OPEN)), TrackKind.SIX_FRET: frozenset((0, 1, 2, 3, 4, OPEN, 8))}
_DRUM_LANES = {**{number: number for number in range(6)}, DOUBLE_KICK_NUMBER: 0}
_DRUM_FLAGS: dict[int, tuple[int, NoteFlag]] = {
    **{33 + lane: (lane, NoteFlag.ACCENT) for lane in range(1, 6)},
    **{39 + lane: (lane, NoteFlag.GHOST) for lane in range(1, 6)},
    **{64 + lane: (lane, NoteFlag.CYMBAL) for lane in range(2, 5)},
}
FIVE_LANE_CYMBALS = (2, 4)
FIVE_LANE_GREEN = 5


class Track:
    """One instrument at one difficulty."""

    def __init__(
        self,
        section: ChartSection,
        tempo_map: TempoMap,
        modifiers: Modifiers,
        drum_type: DrumType,
        previous: Track | None = None,
    ) -> None:
        self._previous: _Notes | None = previous.__dict__.get("_built") if previous is not None else None
        self.section = section
        self.name = section.name
        self.instrument, self.difficulty = TRACKS[section.name]
        self.tempo_map = tempo_map
        self.modifiers = modifiers
        self.drum_type = drum_type

    @property
    def kind(self) -> TrackKind:
        return self.instrument.kind

    @property
    def label(self) -> str:
        """How a charter calls the track: "Expert Guitar"."""
        return f"{self.difficulty.value} {self.instrument.label}"

    @property
    def header(self) -> Line:
        return self.section.header

    @cached_property
    def hopo_threshold(self) -> int:
        """Ticks: a single note this near to another one before it is a HOPO by itself."""
        resolution = self.tempo_map.resolution
        if self.modifiers.hopo_frequency > 0:
            return self.modifiers.hopo_frequency
        return floor(1 + resolution / 2) if self.modifiers.eighthnote_hopo else floor(HOPO_SHARE * resolution)

    @cached_property
    def _built(self) -> _Notes:
        built, self._previous = _Notes(self, self._previous), None
        return built

    @property
    def groups(self) -> list[NoteGroup]:
        """Notes and chords in tick order."""
        return self._built.groups

    @property
    def stray_flags(self) -> list[TrackNote]:
        """Flags (forced, tap, cymbal, accent, ghost) on a tick without a note for them."""
        return self._built.stray_flags

    @property
    def duplicates(self) -> list[TrackNote]:
        """Notes that stand a second time on their tick; the longest of them is played."""
        return self._built.duplicates

    @cached_property
    def _doubles(self) -> dict[tuple[int, int], list[TrackNote]]:
        doubles: dict[tuple[int, int], list[TrackNote]] = {}
        for record in self.duplicates:
            doubles.setdefault((record.tick, record.number), []).append(record)
        return doubles

    def records_of(self, note: ChartNote) -> list[TrackNote]:
        """The line that is played and those of `duplicates` that say the same note."""
        return [note.record, *self._doubles.get((note.tick, note.record.number), ())]

    @cached_property
    def notes(self) -> list[ChartNote]:
        """The notes of all groups in time order."""
        return [note for group in self.groups for note in group.notes]

    @cached_property
    def ticks(self) -> list[int]:
        return [group.tick for group in self.groups]

    @cached_property
    def times(self) -> list[float]:
        return [group.time for group in self.groups]

    def time_at(self, tick: int) -> float:
        return self.tempo_map.time_at(tick)

    @cached_property
    def end_tick(self) -> int:
        """The tick at which the last sustain ends; 0 without notes."""
        return max((note.tick + note.length for note in self.notes), default=0)

    @cached_property
    def span(self) -> float:
        """ms from the first note to the last one's start."""
        return self.groups[-1].time - self.groups[0].time if self.groups else 0.0

    @cached_property
    def star_power(self) -> list[Stretch]:
        return self._phrases(STAR_POWER)

    @cached_property
    def drum_fills(self) -> list[Stretch]:
        """Where star power may be activated. A fill includes its last tick."""
        return [Stretch(phrase.tick, phrase.end_tick + 1, phrase.lines, phrase.number) for phrase in self._phrases(DRUM_FILL)]

    @cached_property
    def roll_lanes(self) -> list[Stretch]:
        return self._phrases(ROLL_SINGLE, ROLL_DOUBLE)

    def _phrases(self, *numbers: int) -> list[Stretch]:
        """Phrases of one kind on one tick are one, as long as the longest; one of length 0 covers its tick."""
        together: dict[tuple[int, int], list[TrackPhrase]] = {}
        for record in self.section.timed:
            if isinstance(record, TrackPhrase) and record.number in numbers:
                together.setdefault((record.tick, record.number), []).append(record)
        stretches: list[Stretch] = []
        for (tick, number), phrases in together.items():
            length = max(phrase.length for phrase in phrases)
            stretches.append(Stretch(tick, tick + (length or 1), tuple(phrase.line for phrase in phrases), number))
        return stretches

    @cached_property
    def _solos(self) -> tuple[list[Stretch], list[LocalEvent]]:
        return _pair_solos([record for record in self.section.timed if isinstance(record, LocalEvent)])

    @property
    def solos(self) -> list[Stretch]:
        """From `solo` to `soloend`; a note on the tick of `soloend` belongs to it."""
        return self._solos[0]

    @property
    def unpaired_solos(self) -> list[LocalEvent]:
        return self._solos[1]

    def has_note_in(self, stretch: Stretch) -> bool:
        at = bisect_left(self.ticks, stretch.tick)
        return at < len(self.ticks) and self.ticks[at] < stretch.end_tick


class _Notes:
    """The groups of a track, and what was left over while they were built; those of `previous` where nothing changed."""

    def __init__(self, track: Track, previous: _Notes | None = None) -> None:
        self.track = track
        self.groups: list[NoteGroup] = []
        self.stray_flags: list[TrackNote] = []
        self.duplicates: list[TrackNote] = []
        records = [record for record in track.section.records if type(record) is TrackNote]
        records.sort(key=_tick)
        self.records = records
        if previous is None or track.modifiers.chord_snap:
            self._build(records)
            return
        first, last = _changed(records, previous)
        self.groups = previous.groups[: bisect_left(previous.groups, first, key=_group_tick)]
        self._build(records[bisect_left(records, first, key=_tick) : bisect_right(records, last, key=_tick)])
        self.groups += previous.groups[bisect_right(previous.groups, last, key=_group_tick) :]
        for mine, theirs in ((self.stray_flags, previous.stray_flags), (self.duplicates, previous.duplicates)):
            mine += [record for record in theirs if not first <= record.tick <= last]
            mine.sort(key=_tick)

    def _build(self, records: list[TrackNote]) -> None:
        build = self._drums if self.track.kind is TrackKind.DRUMS else self._frets
        start, count = 0, len(records)
        while start < count:
            tick = records[start].tick
            stop = start + 1
            while stop < count and records[stop].tick == tick:
                stop += 1
            build(records[start:stop])
            start = stop

    def _frets(self, records: list[TrackNote]) -> None:
        lanes = _FRET_LANES[self.track.kind]
        by_lane: dict[int, TrackNote] = {}
        flags: list[TrackNote] = []
        for record in records:
            if record.number in lanes:
                self._add(by_lane, record.number, record)
            elif record.number in (FORCED, TAP):
                flags.append(record)
        if not by_lane:
            self.stray_flags += flags
            return
        group = self._group(records[0].tick, by_lane, {})
        if self._snapped(group):
            return
        natural = self._is_natural_hopo(group)
        tap = any(flag.number == TAP for flag in flags)
        group.forced = bool(flags) and not tap
        group.attack = Attack.TAP if tap else Attack.HOPO if natural != group.forced else Attack.STRUM
        self.groups.append(group)

    def _drums(self, records: list[TrackNote]) -> None:
        by_lane: dict[int, TrackNote] = {}
        flags: dict[int, NoteFlag] = {}
        marks: list[TrackNote] = []
        for record in records:
            lane = _DRUM_LANES.get(record.number)
            if lane is not None:
                self._add(by_lane, lane, record)
            elif record.number in _DRUM_FLAGS:
                marks.append(record)
        for record in marks:
            lane, flag = _DRUM_FLAGS[record.number]
            if lane not in by_lane:
                self.stray_flags.append(record)
            elif flag is not NoteFlag.CYMBAL or self.track.drum_type is DrumType.FOUR_LANE_PRO:
                flags[lane] = flags.get(lane, NoteFlag.NONE) | flag
        if not by_lane:
            return
        for lane, record in by_lane.items():
            if record.number == DOUBLE_KICK_NUMBER:
                flags[lane] = flags.get(lane, NoteFlag.NONE) | NoteFlag.DOUBLE_KICK
            elif lane in FIVE_LANE_CYMBALS and self.track.drum_type is DrumType.FIVE_LANE:
                flags[lane] = flags.get(lane, NoteFlag.NONE) | NoteFlag.CYMBAL
        group = self._group(records[0].tick, by_lane, flags)
        if not self._snapped(group):
            self.groups.append(group)

    def _add(self, by_lane: dict[int, TrackNote], lane: int, record: TrackNote) -> None:
        known = by_lane.setdefault(lane, record)
        if known is record:
            return
        if record.number != known.number:
            # A kick and a double kick at once are the double kick.
            by_lane[lane] = record if record.number == DOUBLE_KICK_NUMBER else known
            return
        longer = record.length > known.length
        self.duplicates.append(known if longer else record)
        if longer:
            by_lane[lane] = record

    def _group(self, tick: int, by_lane: dict[int, TrackNote], flags: dict[int, NoteFlag]) -> NoteGroup:
        time_at = self.track.tempo_map.time_at
        cutoff = self.track.modifiers.sustain_cutoff
        time = time_at(tick)
        notes: list[ChartNote] = []
        mask = 0
        for lane in sorted(by_lane) if len(by_lane) > 1 else by_lane:
            record = by_lane[lane]
            length = record.length if record.length > cutoff else 0
            end = time_at(tick + length) if length else time
            notes.append(ChartNote(record, lane, length, time, end, flags.get(lane, NoteFlag.NONE)))
            mask |= 1 << lane
        return NoteGroup(tick, time, tuple(notes), mask, Attack.STRUM, forced=False)

    def _is_natural_hopo(self, group: NoteGroup) -> bool:
        if not self.groups or group.is_chord:
            return False
        before = self.groups[-1]
        return group.tick - before.tick <= self.track.hopo_threshold and group.mask != before.mask

    def _snapped(self, group: NoteGroup) -> bool:
        """Joins the group to the one before where song.ini has chords snap together; says whether it did."""
        if not self.groups or group.tick - self.groups[-1].tick >= self.track.modifiers.chord_snap:
            return False
        before = self.groups[-1]
        added = [note for note in group.notes if not before.mask >> note.lane & 1]
        before.notes = tuple(sorted((*before.notes, *added), key=lambda note: note.lane))
        before.mask |= group.mask
        return True


def _group_tick(group: NoteGroup) -> int:
    return group.tick


def _changed(records: list[TrackNote], previous: _Notes) -> tuple[int, int]:
    """The ticks from the first to the last whose groups may differ from the previous ones.

    A group depends on the one before it (a HOPO does), so the first group behind the change is among them.
    """
    old = previous.records
    most = min(len(records), len(old))
    same = next((number for number in range(most) if records[number] is not old[number]), most)
    if same == len(records) == len(old):
        return 1, 0
    behind = 0
    while behind < most - same and records[-1 - behind] is old[-1 - behind]:
        behind += 1
    touched = [*records[same : len(records) - behind], *old[same : len(old) - behind]]
    first, last = min(record.tick for record in touched), max(record.tick for record in touched)
    follows = bisect_right(previous.groups, last, key=_group_tick)
    return first, previous.groups[follows].tick if follows < len(previous.groups) else last


def _pair_solos(events: list[LocalEvent]) -> tuple[list[Stretch], list[LocalEvent]]:
    """The solos, and the events that belong to none. On one tick an open solo ends before another begins."""
    solos: list[Stretch] = []
    unpaired: list[LocalEvent] = []
    opened: list[LocalEvent] = []

    def close(ends: list[LocalEvent]) -> None:
        while ends and opened:
            start, end = opened.pop(), ends.pop(0)
            solos.append(Stretch(start.tick, end.tick + 1, (start.line, end.line)))

    for _, group in groupby(events, key=_tick):
        together = list(group)
        ends = [event for event in together if event.text == "soloend"]
        close(ends)
        opened += [event for event in together if event.text == "solo"]
        close(ends)
        unpaired += ends
    return sorted(solos, key=lambda solo: solo.tick), [*unpaired, *opened]
