"""What is played, in time order: notes with their ends, edges, combos and lanes, one vocabulary for `.osu` and `.chart`."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import inf
from operator import attrgetter

from formats.beatmap import Beatmap
from formats.curves import SliderPath
from formats.document import Line
from formats.osu import Additions, HitObject, Mode, ObjectKind
from formats.sequences import common_ends
from formats.timing import Snap, TimingGrid

PLAYFIELD_WIDTH, PLAYFIELD_HEIGHT = 512, 384
# Places of earlier versions are cut off to whole osu!pixels (ConvertHitObjectParser.cs).
FIRST_LAZER_VERSION = 128
# The last tick of a slider is judged this much before its end; ticks nearer to the end than 10 ms are not made.
TICK_END_GAP = 10.0
# More ticks than this in one slider are not listed: no map that can be played has them (hostile input does).
MAX_TICKS = 10_000
# A slider's first reverses show its rhythm: further ones, and those of spans shorter than this (ms), are not snapped.
MOST_REVERSES, SHORTEST_SPAN = 30, 1.0


class NoteKind(StrEnum):
    CIRCLE = "circle"
    SLIDER = "slider"
    SPINNER = "spinner"
    HOLD = "hold"
    LANE = "lane"


class EdgeKind(StrEnum):
    HEAD = "head"
    REVERSE = "reverse"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class Edge:
    """A moment of a note that a player meets: its head, a slider's reverse, a slider's, spinner's or hold's end.

    `time` in ms, `x`, `y` in osu!pixels; `sound` the additions; `normal_set` and `addition_set` as written (0 = auto).
    """

    kind: EdgeKind
    time: float
    x: float
    y: float
    sound: Additions
    normal_set: int
    addition_set: int


class Note:
    """One hit object as it is played. Times in ms, positions in osu!pixels before stacking.

    `line` is its home in the document. A slider travels its path `span_count` times, each in `span_duration` ms at
    `velocity` osu!pixels per ms; other kinds have `span_count` 1. `lane` is the mania column, else −1. Notes live on
    across edits as long as their line and the timing around them stay.
    """

    __slots__ = (
        "__dict__", "beat_length", "end", "grid", "kind", "lane", "line", "object", "span_count", "span_duration",
        "tick_distance", "time", "velocity", "whole_pixels", "x", "y",
    )  # fmt: skip

    def __init__(self, source: HitObject, kind: NoteKind, time: float, end: float, grid: TimingGrid, lane: int = -1) -> None:
        self.object = source
        self.grid = grid
        self.line: Line = source.line
        self.kind = kind
        self.time = time
        self.end = end
        self.x = source.x
        self.y = source.y
        self.whole_pixels = False
        self.lane = lane
        self.span_count = 1
        self.span_duration = end - time
        self.velocity = 0.0
        self.tick_distance = 0.0
        self.beat_length = 0.0

    def __repr__(self) -> str:
        return f"<{self.kind} {self.time:g}–{self.end:g} ms>"

    @property
    def duration(self) -> float:
        return self.end - self.time

    @property
    def is_slider(self) -> bool:
        return self.kind is NoteKind.SLIDER

    @property
    def is_spinner(self) -> bool:
        return self.kind is NoteKind.SPINNER

    @property
    def noun(self) -> str:
        """What a mapper calls it: circle, slider, spinner or long note."""
        return "long note" if self.kind is NoteKind.HOLD else self.kind.value

    @property
    def new_combo(self) -> bool:
        return self.object.new_combo

    @cached_property
    def path(self) -> SliderPath:
        """The slider's path, computed on first use; for other kinds a path of length 0 at its place."""
        return SliderPath(self.x, self.y, self.object.curves or (), self.object.length, whole_pixels=self.whole_pixels)

    @property
    def end_position(self) -> tuple[float, float]:
        """Where the player leaves the note: a slider's tail after its reverses."""
        if self.kind is not NoteKind.SLIDER:
            return self.x, self.y
        return self.path.end if self.span_count % 2 else (self.x, self.y)

    def position_at(self, time: float) -> tuple[float, float]:
        """The slider ball's place at `time` (held at both ends outside of it)."""
        if self.kind is not NoteKind.SLIDER or self.span_duration <= 0:
            return self.x, self.y
        spans = min(max((time - self.time) / self.span_duration, 0.0), self.span_count)
        progress = spans % 2
        return self.path.position_at(progress if progress <= 1 else 2 - progress)

    @cached_property
    def edge_times(self) -> tuple[float, ...]:
        """The times of head, reverses and end (a circle's head alone), without the path that `edges` needs.

        Of a slider with very many reverses the first `MOST_REVERSES` and its end, of one that buzzes head and end alone.
        """
        if self.kind is NoteKind.CIRCLE:
            return (self.time,)
        if self.span_count == 1 or self.span_duration < SHORTEST_SPAN:
            return self.time, self.end
        spans = min(self.span_count, MOST_REVERSES + 1)
        return *(self.time + number * self.span_duration for number in range(spans)), self.end

    @cached_property
    def snaps(self) -> tuple[Snap, ...]:
        """The nearest tick of each of `edge_times`."""
        snap = self.grid.known_snap
        return tuple([snap(time) for time in self.edge_times])

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The moments of `edge_times` with their places and sounds, in time order."""
        source = self.object
        whole = Additions(source.sound & 15)
        sets = (source.sample.normal_set, source.sample.addition_set)
        if self.kind is not NoteKind.SLIDER:
            head = Edge(EdgeKind.HEAD, self.time, self.x, self.y, whole, *sets)
            if self.kind is NoteKind.CIRCLE:
                return (head,)
            return (head, Edge(EdgeKind.TAIL, self.end, self.x, self.y, whole, *sets))
        sounds, edge_sets = source.edge_sounds or (), source.edge_sets or ()
        tail = self.path.end
        edges: list[Edge] = []
        times = self.edge_times
        for place, time in enumerate(times):
            kind = EdgeKind.HEAD if place == 0 else EdgeKind.REVERSE if place < len(times) - 1 else EdgeKind.TAIL
            number = self.span_count if kind is EdgeKind.TAIL else place
            x, y = tail if number % 2 else (self.x, self.y)
            sound = Additions(sounds[number] & 15) if number < len(sounds) else whole
            normal, addition = edge_sets[number] if number < len(edge_sets) else (0, 0)
            edges.append(Edge(kind, time, x, y, sound, normal or sets[0], addition or sets[1]))
        return tuple(edges)

    @cached_property
    def ticks(self) -> tuple[float, ...]:
        """Times of the slider ticks of all spans, in time order (osu.Game/Rulesets/Objects/SliderEventGenerator.cs)."""
        length, step = self.path.length, self.tick_distance
        if self.kind is not NoteKind.SLIDER or step <= 0 or self.velocity <= 0 or length <= 0:
            return ()
        if length / step * self.span_count > MAX_TICKS:
            return ()
        stop = length - self.velocity * TICK_END_GAP
        places: list[float] = []
        distance = step
        while distance <= length and distance < stop:
            places.append(distance / length)
            distance += step
        times: list[float] = []
        for span in range(self.span_count):
            start = self.time + span * self.span_duration
            along = places if span % 2 == 0 else [1 - place for place in reversed(places)]
            times += [start + place * self.span_duration for place in along]
        return tuple(times)


class Timeline:
    """The notes of a beatmap in time order with its timing grid.

    `combo_index[i]` counts combos from 0, `combo_number[i]` is the number shown on note i (from 1), `combo_colour[i]`
    modulo the number of combo colours is the colour it has (0 = Combo1). The first note, the one after a spinner and the
    one after a break start a combo whatever their type says. Pass the timeline before an edit as `previous` to keep the
    notes (and their paths) that the edit left alone.
    """

    _in_file_order: bool

    def __init__(self, beatmap: Beatmap, previous: Timeline | None = None) -> None:
        self.beatmap = beatmap
        offset = float(beatmap.time_offset)
        grid = TimingGrid(beatmap.timing_points, offset)
        basis = (beatmap.mode, beatmap.slider_multiplier, beatmap.tick_rate, beatmap.key_count, beatmap.version, grid.key)
        same = previous is not None and previous._basis == basis
        if previous is not None and same:
            grid = previous.grid
        self.grid: TimingGrid = grid
        self._basis: tuple[object, ...] = basis
        if previous is not None and same and previous._in_file_order:
            notes = self._spliced(previous)
        else:
            known = {id(note.object): note for note in previous.notes} if previous is not None else {}
            notes = self._made(beatmap.hit_objects, known if same else {})
            if previous is not None and not same:
                _hand_on(known, notes, same_red_lines=previous.grid.red == grid.red)
        written = list(notes)
        notes.sort(key=attrgetter("time"))
        self._in_file_order = notes == written
        self.notes: list[Note] = notes
        self.times: list[float] = [note.time for note in notes]

    def _made(self, sources: list[HitObject], known: dict[int, Note]) -> list[Note]:
        beatmap, grid, offset = self.beatmap, self.grid, float(self.beatmap.time_offset)
        return [known.get(id(source)) or _note(source, beatmap, grid, offset) for source in sources]

    def _spliced(self, previous: Timeline) -> list[Note]:
        """The notes in file order, of which only those between the ends that both timelines share are looked at one by one."""
        old, new = previous.beatmap.hit_objects, self.beatmap.hit_objects
        head, tail = common_ends(old, new)
        stop = len(old) - tail
        known = {id(note.object): note for note in previous.notes[head:stop]}
        middle = self._made(new[head : len(new) - tail], known)
        return [*previous.notes[:head], *middle, *previous.notes[stop:]]

    def same_basis(self, other: Timeline) -> bool:
        """Whether mode, slider settings and timing lines are the same, so that equal objects are equal notes."""
        return self._basis == other._basis

    def excerpt(self, start: int, stop: int) -> Timeline:
        """The notes `[start, stop)` as a timeline of their own, with the combos that they have in this one."""
        part = object.__new__(Timeline)
        part.beatmap, part.grid, part._basis = self.beatmap, self.grid, self._basis
        part.notes, part.times = self.notes[start:stop], self.times[start:stop]
        part._in_file_order = False
        part.__dict__["_combos"] = tuple(values[start:stop] for values in self._combos)
        return part

    @cached_property
    def _combos(self) -> tuple[list[int], list[int], list[int]]:
        indices: list[int] = []
        numbers: list[int] = []
        colours: list[int] = []
        index, number, colour = -1, 0, 0
        starts = True
        pauses = iter([pause.end + self.grid.offset for pause in self.beatmap.breaks])
        pause = next(pauses, inf)
        for note in self.notes:
            while pause < note.time:
                starts, pause = True, next(pauses, inf)
            if note.kind is NoteKind.SPINNER:
                # A spinner ends the combo before it, shows no number and takes no colour.
                index, number, starts = index + 1, 1, True
            elif starts or note.object.type & 4:
                index, number, starts = index + 1, 1, False
                colour += 1 + (note.object.colour_skip if note.object.type & 4 else 0)
            else:
                number += 1
            indices.append(index)
            numbers.append(number)
            colours.append(colour)
        return indices, numbers, colours

    @property
    def combo_index(self) -> list[int]:
        return self._combos[0]

    @property
    def combo_number(self) -> list[int]:
        return self._combos[1]

    @property
    def combo_colour(self) -> list[int]:
        return self._combos[2]

    @cached_property
    def numbers(self) -> dict[int, int]:
        """`id(note)` to its number in `notes`."""
        return {id(note): number for number, note in enumerate(self.notes)}

    @cached_property
    def edges(self) -> list[tuple[Edge, Note]]:
        """Every edge of every note, sorted by time."""
        pairs = [(edge, note) for note in self.notes for edge in note.edges]
        pairs.sort(key=lambda pair: pair[0].time)
        return pairs

    @cached_property
    def snaps(self) -> tuple[list[float], list[Snap]]:
        """The times of all edges in order, and the nearest tick of each."""
        pairs = [pair for note in self.notes for pair in zip(note.edge_times, note.snaps, strict=True)]
        pairs.sort(key=lambda pair: pair[0])
        return [time for time, _ in pairs], [snap for _, snap in pairs]

    @cached_property
    def whole_edge_times(self) -> frozenset[int]:
        """The times of all edges in whole ms: the quick answer to whether anything happens at a time."""
        return frozenset([int(time) for note in self.notes for time in note.edge_times])

    def between(self, start: float, end: float) -> list[Note]:
        """Notes whose heads lie in `[start, end)`."""
        return self.notes[bisect_left(self.times, start) : bisect_left(self.times, end)]

    @cached_property
    def end(self) -> float:
        """The latest end of any note; 0 without notes."""
        return max((note.end for note in self.notes), default=0.0)

    @cached_property
    def start(self) -> float:
        return self.times[0] if self.times else 0.0

    @cached_property
    def play_time(self) -> float:
        """ms from the first head to the last end, breaks included."""
        return self.end - self.start

    @cached_property
    def drain_time(self) -> float:
        """ms from the first head to the last end without the breaks."""
        return self.play_time - sum(max(pause.end - pause.start, 0.0) for pause in self.beatmap.breaks)


def _hand_on(known: dict[int, Note], notes: list[Note], *, same_red_lines: bool) -> None:
    """What was computed of the notes under another timing and still holds: the path always, the rest where times are the same."""
    for note in notes:
        old = known.get(id(note.object))
        if old is None:
            continue
        facts = old.__dict__
        if (old.time, old.end, old.velocity, old.tick_distance) != (note.time, note.end, note.velocity, note.tick_distance):
            facts = {"path": facts["path"]} if "path" in facts else {}
        note.__dict__.update(facts)
        if not same_red_lines:
            note.__dict__.pop("snaps", None)


_KINDS = {
    ObjectKind.CIRCLE: NoteKind.CIRCLE,
    ObjectKind.SLIDER: NoteKind.SLIDER,
    ObjectKind.SPINNER: NoteKind.SPINNER,
    ObjectKind.HOLD: NoteKind.HOLD,
}


def _note(source: HitObject, beatmap: Beatmap, grid: TimingGrid, offset: float) -> Note:
    time = source.time + offset
    lane = -1
    if beatmap.mode is Mode.MANIA:
        keys = beatmap.key_count
        lane = min(max(int(source.x * keys / PLAYFIELD_WIDTH), 0), keys - 1)
    if source.kind is not ObjectKind.SLIDER:
        end = time if source.end_time is None else max(source.end_time + offset, time)
        note = Note(source, _KINDS[source.kind], time, end, grid, lane)
        if source.kind is ObjectKind.SPINNER:
            note.x, note.y = PLAYFIELD_WIDTH / 2, PLAYFIELD_HEIGHT / 2
        elif beatmap.version < FIRST_LAZER_VERSION:
            note.x, note.y = float(int(source.x)), float(int(source.y))
        return note
    note = Note(source, NoteKind.SLIDER, time, time, grid, lane)
    if beatmap.version < FIRST_LAZER_VERSION:
        note.x, note.y, note.whole_pixels = float(int(source.x)), float(int(source.y)), True
    note.span_count = source.slides
    beat = grid.beat_length_at(time)
    sv = grid.slider_velocity_at(time)
    per_beat = 100 * beatmap.slider_multiplier * sv
    note.beat_length = beat
    note.velocity = per_beat / beat
    if grid.ticks_generated_at(time):
        # Before version 8 ticks were a share of a beat whatever the SV (LegacyBeatmapDecoder, generateTicks).
        note.tick_distance = per_beat / beatmap.tick_rate / (sv if beatmap.version < 8 else 1.0)
    note.span_duration = _length(note) / note.velocity
    note.end = time + note.span_duration * note.span_count
    return note


def _length(note: Note) -> float:
    """The path's length: the written one for nearly every slider, so that most paths are never computed for it."""
    source = note.object
    if source.length and source.length > 0 and source.curves and len(source.curves) == 1:
        points = source.curves[0].points
        if points and points[-1] != (points[-2] if len(points) > 1 else (note.x, note.y)):
            return source.length
    return note.path.length
