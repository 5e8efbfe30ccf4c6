"""Mistakes in the five-fret and drum tracks of charts. Objects are note groups: single notes and chords."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from benchmarks.detection.mistake import FEWEST, Mistake
from formats.chart import Chart
from formats.chart_lines import FORCED, TAP, TrackKind, TrackNote
from formats.chart_tracks import ChartNote, NoteGroup, Track
from formats.document import Line

CLEAR = 40.0  # ms that a moved or added note keeps from its neighbours
OFF_SNAP = (8.0, 20.0)  # ms
MISSING_WITHIN = 3.0  # beats between the neighbours of a note that may be left out
EXTRA_FROM = 0.45  # beats to the next group, so that a note fits half-way
LENGTHS = (0.0, 0.5, 0.75, 1.25, 1.5)  # times a sustain
SUSTAIN_FROM = 1.0  # beats to the next group, for a sustain where none is
FLAG_USED = 0.01  # share of the groups (of the notes on a drum's lane) that have a flag, for it to be set or left out wrongly
CYMBALS = {2: 66, 3: 67, 4: 68}  # flag of each lane
GRID = (16, 12)  # parts of a beat


class ChartTrack:
    """One track; group i stands on the lines `lines[i]` together with its flags."""

    def __init__(self, chart: Chart, track: Track) -> None:
        self.document = chart.document
        self.track = track
        self.name = track.name
        self.groups = track.groups
        self.resolution = chart.resolution
        self.first = self.document.number_of(track.header)
        self.last = self.first + len(track.section.lines)
        by_tick: dict[int, list[TrackNote]] = {}
        for record in track.section.records:
            if isinstance(record, TrackNote):
                by_tick.setdefault(record.tick, []).append(record)
        self.records = [by_tick[group.tick] for group in self.groups]
        self.lanes = sorted({note.lane for group in self.groups for note in group.notes})
        self.flags = self._flags_in_use()
        sustains = () if track.kind is TrackKind.DRUMS else ("length",)
        self.kinds = ("lane", "unsnap", "snap", "missing", "extra", *sustains, *(("flag",) if self.flags else ()))

    def _flags_in_use(self) -> tuple[int, ...]:
        """The numbers of the flags that enough groups have."""
        known = tuple(CYMBALS.values()) if self.track.kind is TrackKind.DRUMS else (FORCED, TAP)
        groups = max(len(self.groups), 1)
        counts = {flag: sum(any(each.number == flag for each in records) for records in self.records) for flag in known}
        return tuple(flag for flag, count in counts.items() if count / groups >= FLAG_USED)

    @property
    def count(self) -> int:
        return len(self.groups)

    def corrupt(self, kind: str, at: int, chance: Random) -> Mistake | None:
        if not 0 < at < len(self.groups) - 1 or self.track.modifiers.chord_snap:
            return None
        made: Mistake | None = getattr(self, kind)(at, chance)
        return made

    def number(self, line: Line) -> int:
        return self.document.number_of(line)

    def beat_at(self, at: int) -> float:
        """ms per beat."""
        return 60_000 / self.track.tempo_map.bpm_at(self.groups[at].tick)

    def shown(self, group: NoteGroup) -> tuple[tuple[int, int], ...]:
        return tuple((self.number(note.line), 0) for note in group.notes)

    def rewritten(self, kind: str, at: int, texts: Mapping[int, tuple[str, ...]]) -> Mistake:
        """Lines of group `at` as they are by mistake, shown at its notes."""
        return Mistake(kind, texts, self.shown(self.groups[at]))

    def gap(self, at: int) -> tuple[int, float]:
        """Ticks and beats from group `at` to the next one."""
        ticks = self.groups[at + 1].tick - self.groups[at].tick
        return ticks, ticks / self.resolution

    def lane(self, at: int, chance: Random) -> Mistake | None:
        """One note of the group in another lane; a drum note with a flag of its lane is left alone."""
        group = self.groups[at]
        note = chance.choice(group.notes)
        lane = chance.choice(self.lanes)
        if group.mask >> lane & 1 or note.flags or len(self.track.records_of(note)) > 1:
            return None
        number = self.number(note.line)
        return Mistake("lane", {number: (respelt(note.line, number=lane),)}, ((number, 0),))

    def moved(self, kind: str, at: int, ticks: int) -> Mistake | None:
        """The whole group with its flags on another tick, where no other line of the track lies between."""
        records = self.records[at]
        numbers = [self.number(record.line) for record in records]
        tick = self.groups[at].tick + ticks
        before, after = self.groups[at - 1], self.groups[at + 1]
        if not before.time + CLEAR < self.track.time_at(tick) < after.time - CLEAR or not self._in_order(numbers, tick):
            return None
        texts = {number: (respelt(record.line, tick=tick),) for number, record in zip(numbers, records, strict=True)}
        return self.rewritten(kind, at, texts)

    def _in_order(self, numbers: list[int], tick: int) -> bool:
        """Whether lines that stand together still stand in tick order with another tick."""
        lines = self.document.lines
        around = [lines[number].record for number in (numbers[0] - 1, numbers[-1] + 1)]
        before, after = (getattr(record, "tick", None) for record in around)
        together = numbers[-1] - numbers[0] == len(numbers) - 1
        return together and (before is None or before < tick) and (after is None or tick < after)

    def _on_grid(self, tick: int) -> bool:
        return any(tick * part % self.resolution == 0 for part in GRID)

    def unsnap(self, at: int, chance: Random) -> Mistake | None:
        """8 to 20 ms off the grid."""
        tick = self.groups[at].tick
        ticks = round(chance.uniform(*OFF_SNAP) / self.beat_at(at) * self.resolution) * chance.choice((-1, 1))
        if not ticks or not self._on_grid(tick) or self._on_grid(tick + ticks):
            return None
        return self.moved("unsnap", at, ticks)

    def snap(self, at: int, chance: Random) -> Mistake | None:
        return self.moved("snap", at, chance.choice((-1, 1)) * (self.resolution // 4))

    def missing(self, at: int, chance: Random) -> Mistake | None:
        """One note of a chord, or a single note with its flags, left out: it shows at the rest, else before and behind."""
        before, group, after = self.groups[at - 1 : at + 2]
        if after.tick - before.tick > MISSING_WITHIN * self.resolution:
            return None
        note = chance.choice(group.notes)
        lines = self.records[at] if not group.is_chord else self._lines_of(at, note)
        near = [each for each in group.notes if each is not note] or [*before.notes, *after.notes]
        texts: dict[int, tuple[str, ...]] = {self.number(record.line): () for record in lines}
        return Mistake("missing", texts, tuple((self.number(each.line), 0) for each in near))

    def _lines_of(self, at: int, note: ChartNote) -> list[TrackNote]:
        """The lines of one note of a group: itself, the same note once more, its cymbal flag."""
        flag = CYMBALS.get(note.lane) if self.track.kind is TrackKind.DRUMS else None
        return self.track.records_of(note) + [record for record in self.records[at] if record.number == flag]

    def extra(self, at: int, chance: Random) -> Mistake | None:
        """A note too many: half of the tries in the group, the others alone half-way to the next group."""
        group, lane = self.groups[at], chance.choice(self.lanes)
        last = self.records[at][-1].line
        if chance.random() < 0.5:
            if group.mask >> lane & 1:
                return None
            return self._added("extra", last, respelt(group.line, number=lane))
        ticks, beats = self.gap(at)
        tick = group.tick + ticks // 2
        if beats < EXTRA_FROM or self.track.time_at(tick) - group.time < CLEAR or not self._in_order([self.number(last)], tick):
            return None
        return self._added("extra", last, respelt(last, tick=tick, number=lane, length=0))

    def _added(self, kind: str, behind: Line, text: str) -> Mistake:
        number = self.number(behind)
        return Mistake(kind, {number: (behind.text, text)}, ((number, 1),))

    def length(self, at: int, chance: Random) -> Mistake | None:
        """The sustain of the whole group too long, too short or gone, or one where there is none."""
        group = self.groups[at]
        ticks, beats = self.gap(at)
        old = max(note.length for note in group.notes)
        new = round(old * chance.choice(LENGTHS)) if old else ticks // 2
        if new > ticks or (not old and beats < SUSTAIN_FROM):
            return None
        texts = {self.number(note.line): (respelt(note.line, length=new),) for note in group.notes}
        return self.rewritten("length", at, texts)

    def flag(self, at: int, chance: Random) -> Mistake | None:
        """Half of the tries take a flag away, the others set one."""
        group, flag = self.groups[at], chance.choice(self.flags)
        there = [record for record in self.records[at] if record.number == flag]
        notes = [note for note in group.notes if CYMBALS.get(note.lane, flag) == flag or self.track.kind is not TrackKind.DRUMS]
        notes = [note for note in notes if self.track.kind is not TrackKind.DRUMS or note.lane in CYMBALS]
        if bool(there) != (chance.random() < 0.5) or not notes:
            return None
        shown = tuple((self.number(note.line), 0) for note in notes)
        if there:
            return Mistake("flag", {self.number(record.line): () for record in there}, shown)
        last = self.records[at][-1].line
        number = self.number(last)
        return Mistake("flag", {number: (last.text, respelt(last, number=flag, length=0))}, shown)


def respelt(line: Line, *, tick: int | None = None, number: int | None = None, length: int | None = None) -> str:
    """A note's line with another tick, lane or flag number, or length; spaces and ending as they are."""
    content = line.content
    head, sign, tail = content.partition("=")
    if tick is not None:
        head = head.replace(head.strip(), str(tick))
    parts = tail.split()
    old = " ".join(parts)
    values = [parts[0], parts[1] if number is None else str(number), *parts[2:]]
    if length is not None:
        values[2:3] = [str(length)]
    spaced = tail.replace(old, " ".join(values)) if old in tail else " " + " ".join(values)
    return head + sign + spaced + line.text[len(content) :]


def tracks_of(chart: Chart) -> list[ChartTrack]:
    """The tracks that receive mistakes: five-fret and drums, long enough, and not a copy of another one."""
    seen: set[tuple[tuple[int, int], ...]] = set()
    found: list[ChartTrack] = []
    for track in chart.tracks:
        notes = tuple((note.tick, note.lane) for note in track.notes)
        if track.kind is not TrackKind.SIX_FRET and len(track.groups) >= FEWEST and notes not in seen:
            found.append(ChartTrack(chart, track))
        seen.add(notes)
    return found
