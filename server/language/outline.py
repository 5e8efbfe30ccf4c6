"""The outline of a map: its sections, and in them settings, timing sections, breaks, bookmarks, combos, practice sections."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from formats.chart import Chart
from formats.chart_lines import STAR_POWER, EventKind, GlobalEvent, LocalEvent, Tempo, TimeSignature, TrackNote, TrackPhrase
from formats.document import Document, Line, LineKind
from formats.mapset import Difficulty
from formats.osu import Background, Break, Entry, Mode, Sprite, TimingPoint, Video
from formats.timestamps import format_stamp, format_time
from server.language.parts import Part, parts_of
from server.printable import one_line, plural, printable
from server.session import Kind, Snapshot

MS_PER_MINUTE = 60_000
# A section with more red lines or tempos is listed without them: nobody looks through so many.
MOST_TEMPOS = 1000
# Longer texts are cut off in an outline.
LONGEST = 60


class NodeKind(Enum):
    SECTION = auto()
    SETTING = auto()
    FILE = auto()
    TEMPO = auto()
    KIAI = auto()
    BREAK = auto()
    BOOKMARK = auto()
    STRETCH = auto()
    COMBO = auto()
    TRACK = auto()
    PRACTICE = auto()
    PHRASE = auto()


@dataclass(frozen=True, slots=True)
class Node:
    """The lines `[first, last]` by number, which belong together. `part` is set where it is no more than a part of one line.

    Children lie within their parent, in order and without overlaps, those of parts excepted, which share a line.
    """

    kind: NodeKind
    name: str
    first: int
    last: int
    detail: str = ""
    children: tuple[Node, ...] = ()
    part: Part | None = None


def outline(snapshot: Snapshot) -> list[Node]:
    lines = snapshot.document.lines
    return [_section(snapshot, first, last) for first, last in _sections(lines, snapshot.kind)]


def _sections(lines: Sequence[Line], kind: Kind) -> Iterator[tuple[int, int]]:
    """First and last line of each section: in a chart up to its brace, else up to its last line that is not blank."""
    starts = [number for number, line in enumerate(lines) if line.kind is LineKind.HEADER]
    if kind is Kind.SETTINGS and lines and (not starts or starts[0] > 0):
        starts.insert(0, 0)
    for start, stop in pairwise([*starts, len(lines)]):
        last = stop - 1
        while last > start and (lines[last].kind is LineKind.BLANK or (kind is Kind.CHART and not lines[last].section)):
            last -= 1
        yield start, last


def _section(snapshot: Snapshot, first: int, last: int) -> Node:
    document, name = snapshot.document, snapshot.document.lines[first].section
    children, detail = _children(snapshot, name, first, last)
    kind = NodeKind.TRACK if snapshot.chart is not None and snapshot.chart.track(name) is not None else NodeKind.SECTION
    shown = f"[{name}]" if document.lines[first].kind is LineKind.HEADER else "Settings"
    return Node(kind, _short(shown), first, last, detail, tuple(children))


def _children(snapshot: Snapshot, name: str, first: int, last: int) -> tuple[list[Node], str]:
    difficulty, chart = snapshot.difficulty, snapshot.chart
    lines = snapshot.document.lines
    if difficulty is not None and name == "HitObjects":
        return list(_objects(snapshot.document, difficulty, first, last)), plural(len(difficulty.timeline.notes), "object")
    if difficulty is not None and name == "TimingPoints":
        grid = difficulty.timeline.grid
        return list(_timing(lines, difficulty, first, last)), f"{plural(len(grid.red), 'red line')}, {len(grid.green)} green"
    if snapshot.kind in (Kind.OSU, Kind.STORYBOARD) and name == "Events":
        return list(_events(lines, first, last)), ""
    if chart is not None and not chart.refusals and (name in ("SyncTrack", "Events") or chart.track(name) is not None):
        return _of_chart(snapshot.document, chart, name, first, last)
    return list(_settings(snapshot, first, last)), ""


def _short(text: str) -> str:
    text = one_line(printable(text))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _settings(snapshot: Snapshot, first: int, last: int) -> Iterator[Node]:
    for number in range(first, last + 1):
        line = snapshot.document.lines[number]
        if isinstance(line.record, Entry):
            marks = tuple(_bookmarks(line, number)) if line.record.key == "Bookmarks" else ()
            yield Node(NodeKind.SETTING, _short(line.record.key) or "?", number, number, _short(line.record.value), marks)
        elif snapshot.kind is Kind.SETTINGS and (parts := parts_of(line, snapshot.kind)) and parts[0].name == "key":
            value = line.text[parts[1].start : parts[1].end] if len(parts) > 1 else ""
            yield Node(NodeKind.SETTING, _short(line.text[parts[0].start : parts[0].end]), number, number, _short(value))


def _bookmarks(line: Line, number: int) -> Iterator[Node]:
    for part in parts_of(line, Kind.OSU):
        if part.name == "bookmark":
            try:
                name = format_time(float(line.text[part.start : part.end]))
            except ValueError:
                continue
            yield Node(NodeKind.BOOKMARK, name, number, number, part=part)


def _events(lines: Sequence[Line], first: int, last: int) -> Iterator[Node]:
    """Pictures, videos, breaks, and each sprite with its commands."""
    number = first + 1
    while number <= last:
        record, start = lines[number].record, number
        number += 1
        match record:
            case Background() | Video():
                yield Node(NodeKind.FILE, type(record).__name__, start, start, _short(record.filename))
            case Break():
                yield Node(NodeKind.BREAK, f"Break {format_time(record.start)}", start, start, f"to {format_time(record.end)}")
            case Sprite():
                while number <= last and lines[number].text[:1] in (" ", "_"):
                    number += 1
                yield Node(NodeKind.FILE, "Animation" if record.frames else "Sprite", start, number - 1, _short(record.filename))
            case _:
                pass


# Timing lines


def _timing(lines: Sequence[Line], difficulty: Difficulty, first: int, last: int) -> Iterator[Node]:
    """Each red line with the green lines behind it, as they stand in the file."""
    reds = [
        number
        for number in range(first, last + 1)
        if isinstance(point := lines[number].record, TimingPoint) and point.uninherited
    ]
    if len(reds) > MOST_TEMPOS:
        return
    for start, stop in pairwise([*reds, last + 1]):
        point = lines[start].record
        if isinstance(point, TimingPoint):
            tempo = MS_PER_MINUTE / point.beat_length if point.beat_length else 0
            name = f"{format_time(difficulty.timeline.grid.time_of(point))} {tempo:.6g} BPM"
            yield Node(NodeKind.TEMPO, name, start, stop - 1, f"{point.meter}/4", tuple(_kiai(lines, difficulty, start, stop)))


def _kiai(lines: Sequence[Line], difficulty: Difficulty, start: int, stop: int) -> Iterator[Node]:
    begun = -1
    for number in range(start + 1, stop + 1):
        point = lines[number].record if number < stop else None
        bright = isinstance(point, TimingPoint) and point.kiai
        if bright and begun < 0:
            begun = number
        elif not bright and begun >= 0 and (number == stop or isinstance(point, TimingPoint)):
            opening = lines[begun].record
            if isinstance(opening, TimingPoint):
                yield Node(NodeKind.KIAI, f"Kiai {format_time(difficulty.timeline.grid.time_of(opening))}", begun, number - 1)
            begun = -1


# Hit objects


def _objects(document: Document, difficulty: Difficulty, first: int, last: int) -> Iterator[Node]:
    """Stretches between bookmarks, breaks and red lines, with their combos; nothing where objects do not stand in time order."""
    timeline = difficulty.timeline
    numbers = [document.number_of(note.line) for note in timeline.notes]
    if not numbers or numbers[0] < first or numbers[-1] > last or any(one >= other for one, other in pairwise(numbers)):
        return
    marks = [mark for mark in _marks(difficulty) if timeline.start < mark[0] <= timeline.end]
    starts = sorted({0, *(bisect_left(timeline.times, time) for time, _ in marks)})
    names = {bisect_left(timeline.times, time): name for time, name in reversed(marks)}
    for start, stop in pairwise([*(at for at in starts if at < len(numbers)), len(numbers)]):
        combos = tuple(_combos(difficulty, numbers, start, stop))
        if len(starts) == 1:
            yield from combos
            return
        name = f"{format_time(timeline.times[start])} {names.get(start, 'start')}"
        yield Node(NodeKind.STRETCH, name, numbers[start], numbers[stop - 1], plural(stop - start, "object"), combos)


def _marks(difficulty: Difficulty) -> list[tuple[float, str]]:
    """Where a stretch of objects begins, by time, and why."""
    grid, beatmap = difficulty.timeline.grid, difficulty.beatmap
    found = [(time, "bookmark") for time in beatmap.bookmarks]
    found += [(pause.end + grid.offset, "after the break") for pause in beatmap.breaks]
    if len(grid.red) <= MOST_TEMPOS:
        tempos = [(grid.time_of(point), MS_PER_MINUTE / point.beat_length if point.beat_length else 0) for point in grid.red]
        found += [(time, f"{tempo:.6g} BPM") for (_, before), (time, tempo) in pairwise(tempos) if before != tempo]
    return sorted(found)


def _combos(difficulty: Difficulty, numbers: list[int], start: int, stop: int) -> Iterator[Node]:
    if difficulty.beatmap.mode in (Mode.TAIKO, Mode.MANIA):
        return
    timeline = difficulty.timeline
    index = timeline.combo_index
    while start < stop:
        end = min(bisect_right(index, index[start], lo=start), stop)
        selection = ",".join(map(str, timeline.combo_number[start:end]))
        name = format_stamp(timeline.times[start], selection if len(selection) <= LONGEST else "")
        yield Node(NodeKind.COMBO, name, numbers[start], numbers[end - 1], f"combo {index[start] + 1}")
        start = end


# Charts


def _of_chart(document: Document, chart: Chart, name: str, first: int, last: int) -> tuple[list[Node], str]:
    lines = document.lines
    if name == "SyncTrack":
        markers = [
            _marker(chart, record, number)
            for number in range(first, last + 1)
            if isinstance(record := lines[number].record, Tempo | TimeSignature)
        ]
        return markers if len(markers) <= MOST_TEMPOS else [], plural(len(chart.tempos), "tempo")
    sections = chart.events_of(EventKind.SECTION)
    if name == "Events":
        starts = [number for number in range(first, last + 1) if _is_section(lines[number].record)]
        body_end = last - 1 if lines[last].kind is LineKind.BRACE else last
        found = [
            _practice(chart, record, start, stop - 1, ())
            for start, stop in pairwise([*starts, body_end + 1])
            if isinstance(record := lines[start].record, GlobalEvent)
        ]
        return found, plural(len(sections), "practice section")
    return list(_track(chart, lines, sections, first, last)), plural(_notes(chart, name), "note")


def _notes(chart: Chart, name: str) -> int:
    track = chart.track(name)
    return len(track.groups) if track is not None else 0


def _is_section(record: object) -> bool:
    return isinstance(record, GlobalEvent) and record.kind is EventKind.SECTION


def _practice(chart: Chart, event: GlobalEvent, first: int, last: int, children: tuple[Node, ...]) -> Node:
    time = format_time(chart.time_at(event.tick))
    return Node(NodeKind.PRACTICE, f"{time} {_short(event.name)}", first, last, "practice section", children)


def _marker(chart: Chart, record: Tempo | TimeSignature, number: int) -> Node:
    time = format_time(chart.time_at(record.tick))
    if isinstance(record, Tempo):
        return Node(NodeKind.TEMPO, f"{time} {record.bpm:.6g} BPM", number, number)
    return Node(NodeKind.TEMPO, f"{time} {record.numerator}/{record.denominator}", number, number, "time signature")


def _track(chart: Chart, lines: Sequence[Line], sections: list[GlobalEvent], first: int, last: int) -> Iterator[Node]:
    """The practice sections as they divide a track, with its star power and solos; nothing where its lines are out of order."""
    timed = [(number, tick) for number in range(first, last + 1) if (tick := _tick(lines[number].record)) is not None]
    if any(one[1] > other[1] for one, other in pairwise(timed)):
        return
    ticks = [tick for _, tick in timed]
    begin = bisect_left(ticks, sections[0].tick) if sections else len(ticks)
    yield from _phrases(chart, lines, timed[:begin])
    for event, until in zip(sections, [*(each.tick for each in sections[1:]), None], strict=True):
        inside = timed[bisect_left(ticks, event.tick) : len(ticks) if until is None else bisect_left(ticks, until)]
        if inside:
            phrases = tuple(_phrases(chart, lines, inside))
            yield _practice(chart, event, inside[0][0], inside[-1][0], phrases)


def _tick(record: object) -> int | None:
    return record.tick if isinstance(record, TrackNote | TrackPhrase | LocalEvent) else None


def _phrases(chart: Chart, lines: Sequence[Line], timed: list[tuple[int, int]]) -> Iterator[Node]:
    for number, tick in timed:
        record = lines[number].record
        if isinstance(record, TrackPhrase) and record.number == STAR_POWER:
            yield Node(NodeKind.PHRASE, f"{format_time(chart.time_at(tick))} star power", number, number)
        elif isinstance(record, LocalEvent) and record.text == "solo":
            yield Node(NodeKind.PHRASE, f"{format_time(chart.time_at(tick))} solo", number, number)
