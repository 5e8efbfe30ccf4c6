"""The text of notes: rows of a scene as lines of a track of a `.chart` file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzers.surprising.track_flags import LANES_OF, flag_number, records_at
from formats.chart import Chart
from formats.chart_lines import DOUBLE_KICK_NUMBER, FORCED, TAP, LocalEvent, TrackKind, TrackNote, length_place
from formats.chart_tempo import TempoMap
from formats.chart_tracks import FIVE_LANE_CYMBALS, ChartNote, DrumType, NoteFlag, Track
from formats.document import Line, LineKind
from formats.spans import Edit
from generation.line_edits import Replacement, line_edits
from generation.parts import Part
from models.bundled.scenes import LANE_AT, MODIFIER_AT, NONE, Scene, scene_of_track

KICK = 0
# Categories of the field `modifier`: of frets forced and tap, of drums what the bits of the rest say.
FORCED_NOTE, TAP_NOTE = 1, 2
_BITS = {NoteFlag.CYMBAL: 1, NoteFlag.ACCENT: 2, NoteFlag.GHOST: 4, NoteFlag.DOUBLE_KICK: 8}
_USUAL_INDENT = "  "


def track_edits(
    chart: Chart,
    track: Track,
    removed: Sequence[ChartNote],
    rows: Scene,
    sources: Sequence[ChartNote | None],
    anew: frozenset[Part],
    mark: str = "",
) -> tuple[Edit, ...]:
    """As `generation.objects.section_edits` for a five-fret or drum track. Times of rows lie on ticks of the chart.

    Forced and tap belong to all notes of a tick: where one of them stays, so do the flags. A track that is changed says so by
    the event `mark` at the first tick that is, if it has none; games and editors leave events alone that they do not know.
    """
    wanted = list(_wanted(chart, track, rows, sources, anew))
    changes = _Changes(track, removed, wanted, mark).replacements()
    return line_edits(chart.document, changes)


def nearest_tick(tempo: TempoMap, time: float) -> int:
    """The tick nearest to `time` ms."""
    tick = tempo.tick_at(time)
    return tick + 1 if abs(tempo.time_at(tick + 1) - time) < abs(tempo.time_at(tick) - time) else tick


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One note as it is wanted: `tick` and `length` in ticks, `modifier` a category of that field."""

    tick: int
    lane: int
    length: int
    modifier: int

    @property
    def flags(self) -> NoteFlag:
        """Of a drum."""
        bits = self.modifier - 2 if self.modifier > TAP_NOTE else 0
        return NoteFlag(sum(int(flag) for flag, bit in _BITS.items() if bits & bit))


def _wanted(
    chart: Chart, track: Track, rows: Scene, sources: Sequence[ChartNote | None], anew: frozenset[Part]
) -> Iterator[_Wanted]:
    tempo = track.tempo_map
    old: dict[int, int] = {}
    if Part.FLAGS not in anew and any(source is not None for source in sources):
        modifiers: list[int] = scene_of_track(chart, track).columns[:, MODIFIER_AT].tolist()
        old = {id(note): modifier for note, modifier in zip(track.notes, modifiers, strict=True)}
    times: list[tuple[float, float]] = list(zip(rows.time.tolist(), rows.end.tolist(), strict=True))
    columns: list[list[int]] = rows.columns.tolist()
    for (time, end), row, source in zip(times, columns, sources, strict=True):
        tick = nearest_tick(tempo, time)
        length = nearest_tick(tempo, end) - tick if end > time else 0
        if source is None:
            yield _Wanted(tick, row[LANE_AT], length, max(row[MODIFIER_AT], 0))
            continue
        if Part.RHYTHM not in anew:
            tick, length = source.tick, source.record.length
        elif tick == source.tick and length == source.length:
            # A sustain too short for the game stays as it is written.
            length = source.record.length
        lane = row[LANE_AT] if Part.POSITIONS in anew else source.lane
        yield _Wanted(tick, lane, length, max(old.get(id(source), row[MODIFIER_AT]), 0))


class _Changes:
    def __init__(self, track: Track, removed: Sequence[ChartNote], wanted: Sequence[_Wanted], mark: str) -> None:
        self.track, self.mark = track, mark
        self.drums = track.kind is TrackKind.DRUMS
        self.removed = {id(note) for note in removed}
        self.wanted: dict[int, list[_Wanted]] = {}
        for each in wanted:
            self.wanted.setdefault(each.tick, []).append(each)
        self.ticks = sorted({*self.wanted, *(note.tick for note in removed)})
        self.indent = next((_indent(record.line) for record in track.section.timed), _USUAL_INDENT)
        self.lines: dict[int, Replacement] = {}
        self.added: list[tuple[int, int, int]] = []

    def replacements(self) -> list[Replacement]:
        touched = set(self.ticks)
        standing = {group.tick: group for group in self.track.groups if group.tick in touched}
        for tick in self.ticks:
            notes = standing[tick].notes if tick in standing else ()
            kept = [note for note in notes if id(note) not in self.removed]
            gone = [note for note in notes if id(note) in self.removed]
            lanes = {note.lane for note in kept}
            wanted = {each.lane: each for each in self.wanted.get(tick, ()) if each.lane not in lanes}
            lines = self._lines_of(tick, kept, gone, wanted)
            self._settle(tick, self._free_records(tick, kept), lines)
        return [*self.lines.values(), *self._insertions()]

    def _free_records(self, tick: int, kept: Sequence[ChartNote]) -> list[TrackNote]:
        """The `N` lines of a tick that no note which stays needs."""
        if not kept:
            return records_at(self.track, tick)
        lanes = {note.lane for note in kept}
        numbers = {*lanes, *(flag_number(flag, lane) for flag, known in LANES_OF.items() for lane in known if lane in lanes)}
        numbers |= {DOUBLE_KICK_NUMBER} if self.drums and KICK in lanes else set()
        numbers |= {FORCED, TAP} if not self.drums else set()
        return [record for record in records_at(self.track, tick) if record.number not in numbers]

    def _lines_of(
        self, tick: int, kept: Sequence[ChartNote], gone: Sequence[ChartNote], wanted: Mapping[int, _Wanted]
    ) -> list[tuple[int, int]]:
        """(number, length) of the lines that the wanted notes of a tick need."""
        old = {note.lane: note for note in gone}
        lines: list[tuple[int, int]] = []
        for lane, each in wanted.items():
            if self.drums:
                lines += self._drum_lines(each)
            else:
                lines.append((lane, each.length))
        if not self.drums and wanted and not kept:
            modifier = next(iter(wanted.values())).modifier
            flags = [record for record in records_at(self.track, tick) if record.number in (FORCED, TAP)]
            now = TAP_NOTE if any(record.number == TAP for record in flags) else FORCED_NOTE if flags else 0
            if old and modifier == now:
                # However often they stand there.
                lines += [(record.number, record.length) for record in flags]
            elif modifier in (FORCED_NOTE, TAP_NOTE):
                lines.append((TAP if modifier == TAP_NOTE else FORCED, 0))
        return lines

    def _drum_lines(self, each: _Wanted) -> Iterator[tuple[int, int]]:
        flags = each.flags
        if each.lane == KICK:
            yield (DOUBLE_KICK_NUMBER if NoteFlag.DOUBLE_KICK in flags else KICK), each.length
            return
        yield each.lane, each.length
        for flag, lanes in LANES_OF.items():
            if flag in flags and each.lane in lanes and not self._implied(flag, each.lane):
                yield flag_number(flag, each.lane), 0

    def _implied(self, flag: NoteFlag, lane: int) -> bool:
        """Whether a cymbal says nothing here: on five lanes some pads always are, on plain four lanes none is."""
        if flag is not NoteFlag.CYMBAL:
            return False
        return (
            lane in FIVE_LANE_CYMBALS
            if self.track.drum_type is DrumType.FIVE_LANE
            else (self.track.drum_type is not DrumType.FOUR_LANE_PRO)
        )

    def _settle(self, tick: int, records: Sequence[TrackNote], wanted: Iterable[tuple[int, int]]) -> None:
        """Lines that say what is wanted stay, the others go, and what is missing is added."""
        free: dict[int, list[TrackNote]] = {}
        for record in sorted(records, key=lambda each: -each.length):
            free.setdefault(record.number, []).append(record)
        for number, length in wanted:
            known = free.get(number)
            if not known:
                self.added.append((tick, number, length))
                continue
            record = known.pop(0)
            if record.length != length:
                self.lines[id(record.line)] = Replacement(record.line, _with_length(record, length))
            # Another line of the same note is not played where it is not longer than this one.
            known[:] = [other for other in known if other.length > length]
        for left in free.values():
            for record in left:
                self.lines[id(record.line)] = Replacement(record.line, None)

    def _marked(self) -> bool:
        return any(isinstance(record, LocalEvent) and record.text == self.mark for record in self.track.section.timed)

    def _insertions(self) -> Iterator[Replacement]:
        section = self.track.section
        gone = {key for key, each in self.lines.items() if each.text is None}
        standing = [record for record in section.timed if id(record.line) not in gone]
        order = sorted(standing, key=lambda record: (_order(record)[0], section.places[id(record.line)]))
        keys = [_order(record) for record in order]
        ticks = [tick for tick, _, _ in keys]
        added = [((tick, 0, number), f"N {number} {length}") for tick, number, length in self.added]
        if self.mark and (added or self.lines) and not self._marked():
            added.append(((self.ticks[0], 1, NONE), f"E {self.mark}"))
        for key, said in sorted(added):
            text = f"{self.indent}{key[0]} = {said}"
            # Files may have the lines of a tick in any order: what comes later stands behind all of them.
            first, after = bisect_left(ticks, key[0]), bisect_right(ticks, key[0])
            at = max((number for number in range(first, after) if keys[number] <= key), default=first - 1)
            if at >= 0:
                yield Replacement(order[at].line, text, added=True, behind=True)
            elif order:
                yield Replacement(order[0].line, text, added=True)
            else:
                yield Replacement(_opening(self.track), text, added=True, behind=True)


def _order(record: object) -> tuple[int, int, int]:
    """Notes of a tick by their number, then what else stands on it."""
    if isinstance(record, TrackNote):
        return record.tick, 0, record.number
    return getattr(record, "tick", 0), 1, NONE


def _opening(track: Track) -> Line:
    """The line that opens the section's body."""
    lines = track.section.lines
    return lines[0] if lines and lines[0].kind is LineKind.BRACE and lines[0].after != "}" else track.section.header


def _indent(line: Line) -> str:
    content = line.content
    return content[: len(content) - len(content.lstrip())]


def _with_length(record: TrackNote, length: int) -> str:
    place, content = length_place(record.line), record.line.content
    written = str(length) if place.end > place.start else f" {length}"
    return content[: place.start] + written + content[place.end :]
