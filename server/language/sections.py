"""Sections of a map that somebody may want written anew: what is selected, the combo or bar at a place, parts between marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from formats.barlines import BarLines
from formats.chart import Chart
from formats.chart_lines import EventKind, TrackKind
from formats.chart_tracks import NoteGroup, Track
from formats.osu import Mode
from formats.timeline import Timeline
from formats.timestamps import format_time
from server.language.view import View

# ms: parts between marks are joined until they last so long; longer ones are no sections to be written at a stroke.
SHORTEST_PART, LONGEST_PART = 4_000.0, 60_000.0
# A part of fewer notes is left alone.
FEWEST_NOTES = 4
# In a map with more parts nobody wants a lens above each.
MOST_PARTS = 40
# Marks nearer than this are one.
SAME_MARK = 2.0
# The tracks that the model writes.
WRITTEN = (TrackKind.FIVE_FRET, TrackKind.DRUMS)


@dataclass(frozen=True, slots=True)
class Section:
    """[start, end) in ms as played, in a chart of one track, with so many `notes`; `name` says what it is.

    `first` is the line that it begins in, -1 where nobody asked.
    """

    start: float
    end: float
    notes: int
    name: str = ""
    track: str = ""
    first: int = -1

    @property
    def times(self) -> str:
        return f"{format_time(self.start)} – {format_time(self.end)}"


@dataclass(frozen=True, slots=True)
class _Moments:
    """When the notes of a difficulty or track begin and end, in order; `beats` ms per beat at each, `track` its name."""

    times: Sequence[float]
    ends: Sequence[float]
    beats: Sequence[float] | Timeline
    track: str = ""

    def beat(self, at: int) -> float:
        if isinstance(self.beats, Timeline):
            return self.beats.grid.beat_length_at(self.times[at])
        return self.beats[at]

    def around(self, first: int, last: int, name: str = "") -> Section:
        """From note `first` up to what follows note `last`, but no more than a beat behind its end."""
        start = self.times[first]
        behind = bisect_right(self.times, self.times[last])
        end = max(self.ends[bisect_left(self.times, start) : behind])
        if behind < len(self.times):
            end = min(end + self.beat(last), self.times[behind])
        end = max(end, self.times[last] + 1)
        return Section(start, end, behind - bisect_left(self.times, start), name, self.track)

    def within(self, start: float, end: float, name: str = "") -> Section:
        return Section(start, end, bisect_left(self.times, end) - bisect_left(self.times, start), name, self.track)


def selected(view: View, lines: Iterable[int]) -> Section | None:
    """The notes of the lines by number, in a chart those of the first track among them; None where there are none."""
    if view.difficulty is not None:
        timeline = view.difficulty.timeline
        noted = [view.note_of(view.document.lines[line]) for line in lines]
        numbers = [each[1] for each in noted if each is not None]
        return _of_timeline(timeline).around(min(numbers), max(numbers), "selection") if numbers else None
    grouped = [each for line in lines if (each := view.group_of(view.document.lines[line])) is not None]
    chart = view.snapshot.chart
    if chart is None or not grouped or grouped[0][0].kind not in WRITTEN:
        return None
    track = grouped[0][0]
    numbers = [bisect_left(track.ticks, group.tick) for each, group in grouped if each is track]
    return _of_track(chart, track).around(min(numbers), max(numbers), "selection")


def at_line(view: View, line: int) -> list[Section]:
    """The combo and the bar of the note in a line, the smaller one first."""
    text = view.document.lines[line]
    if view.difficulty is not None and (noted := view.note_of(text)) is not None:
        timeline, number = noted
        found = [_combo(timeline, number), _bar(timeline, timeline.times[number])]
        return [each for each in found if each is not None]
    chart, grouped = view.snapshot.chart, view.group_of(text)
    if chart is None or grouped is None or grouped[0].kind not in WRITTEN:
        return []
    return [_measure(chart, *grouped)]


def around(view: View, start: float, end: float, track: str = "") -> Section:
    """From one time to another."""
    chart = view.snapshot.chart
    known = chart.track(track) if chart is not None else None
    if chart is not None and known is not None:
        return _of_track(chart, known).within(start, end)
    return _of_timeline(view.difficulty.timeline).within(start, end) if view.difficulty else Section(start, end, 0, "", track)


def parts(view: View) -> list[Section]:
    """What bookmarks, kiai, breaks, tempos or practice sections divide a map into, with the line of the first note of each.

    None of what is not to be written at a stroke: too much, or of a map that nothing divides.
    """
    if view.difficulty is not None:
        timeline = view.difficulty.timeline
        if not timeline.grid.red:
            return []
        names = _marks(timeline)
        found = [_named(view, part) for part in _between(_of_timeline(timeline), names)]
    elif (chart := view.snapshot.chart) is not None and not chart.refusals:
        names = [(chart.time_at(event.tick), event.name) for event in chart.events_of(EventKind.SECTION)]
        tracks = [track for track in chart.charted if track.kind in WRITTEN]
        found = [_in_track(view, track, part) for track in tracks for part in _between(_of_track(chart, track), names)]
    else:
        return []
    return found if len(found) <= MOST_PARTS else []


def _of_timeline(timeline: Timeline) -> _Moments:
    return _Moments(timeline.times, [note.end for note in timeline.notes], timeline)


def _of_track(chart: Chart, track: Track) -> _Moments:
    beats = [60_000 / max(chart.tempo_map.bpm_at(group.tick), 1e-3) for group in track.groups]
    return _Moments([group.time for group in track.groups], [group.end for group in track.groups], beats, track.name)


def _combo(timeline: Timeline, number: int) -> Section | None:
    if timeline.beatmap.mode not in (Mode.OSU, Mode.CATCH):
        return None
    index = timeline.combo_index
    first, stop = bisect_left(index, index[number]), bisect_right(index, index[number])
    return _of_timeline(timeline).around(first, stop - 1, "combo")


def _bar(timeline: Timeline, time: float) -> Section | None:
    grid = timeline.grid
    bars = BarLines(grid)
    start = bars.last_until(time) if grid.red else None
    if start is None:
        return None
    red = max(grid.red_index(start), 0)
    end = start + bars.measure(red)
    if red + 1 < len(grid.red_times):
        end = min(end, grid.red_times[red + 1])
    return _of_timeline(timeline).within(start, end, "bar") if end > time else None


def _measure(chart: Chart, track: Track, group: NoteGroup) -> Section:
    begin, until = (round(tick) for tick in chart.measures.around(group.tick))
    return _of_track(chart, track).within(chart.time_at(begin), chart.time_at(until), "bar")


def _marks(timeline: Timeline) -> list[tuple[float, str]]:
    """Where something else begins, by time, and what."""
    grid, beatmap = timeline.grid, timeline.beatmap
    found = [(time + grid.offset, "") for time in beatmap.bookmarks if isfinite(time)]
    for start, end in grid.kiai_spans:
        found += [(start, "kiai"), (end, "")]
    for pause in beatmap.breaks:
        found.append((pause.end + grid.offset, ""))
    tempos = [(grid.time_of(point), point.beat_length) for point in grid.red]
    found += [(time, "") for (_, before), (time, length) in pairwise(tempos) if before != length]
    # Of two marks at one time the one with a name counts.
    return sorted(found, key=lambda mark: (mark[0], not mark[1]))


def _between(moments: _Moments, marks: Sequence[tuple[float, str]]) -> Iterator[Section]:
    """The parts between the marks, short ones joined with what follows them, each from its first to behind its last note."""
    times = moments.times
    if not times or not marks:
        return
    begun, name = times[0], ""
    cuts: list[tuple[float, str]] = []
    for time, called in marks:
        if time > times[-1]:
            break
        if time <= times[0] + SAME_MARK:
            name = called or name
        elif time - begun >= SHORTEST_PART:
            cuts.append((begun, name))
            begun, name = time, called
        else:
            name = name or called
    cuts.append((begun, name))
    if len(cuts) == 1:
        return
    for (start, called), (end, _) in pairwise([*cuts, (times[-1] + 1, "")]):
        first, stop = bisect_left(times, start - SAME_MARK), bisect_left(times, end - SAME_MARK if end <= times[-1] else end)
        if first < stop:
            part = moments.around(first, stop - 1, called)
            if part.end - part.start <= LONGEST_PART and part.notes >= FEWEST_NOTES:
                yield part


def _named(view: View, part: Section) -> Section:
    difficulty = view.difficulty
    if difficulty is None:
        return part
    note = difficulty.timeline.notes[bisect_left(difficulty.timeline.times, part.start)]
    return _at(part, view.document.number_of(note.line))


def _in_track(view: View, track: Track, part: Section) -> Section:
    group = next(each for each in track.groups if each.time >= part.start)
    return _at(part, view.document.number_of(group.line))


def _at(part: Section, line: int) -> Section:
    return Section(part.start, part.end, part.notes, part.name, part.track, line)
