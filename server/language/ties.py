"""What hangs together in a map: an object and the lines of its timing, a timing line and its objects, objects of one sample."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from formats.chart import Chart
from formats.chart_lines import EventKind, Tempo, Timed, TimeSignature
from formats.chart_tracks import Track
from formats.document import Line, LineKind
from formats.mapset import Difficulty
from formats.osu import Entry, TimingPoint
from formats.samples import Sample
from server.language.parts import Part
from server.language.view import View

# Parts of an object that say what it sounds like.
SOUND_PARTS = frozenset(
    {"hit sound", "edge sounds", "edge sets", "normal set", "addition set", "sample index", "sample volume", "sample file"}
)


def timing_of(view: View, line: Line, part: Part | None) -> list[Line]:
    """The lines that set the timing of a line, the nearest first: green and red line, or tempo, signature and section."""
    difficulty, chart = view.difficulty, view.snapshot.chart
    if difficulty is not None:
        return _osu_timing(view, difficulty, line, part)
    if chart is not None and not chart.refusals and isinstance(line.record, Timed):
        return list(_chart_timing(chart, line.record))
    return []


def _osu_timing(view: View, difficulty: Difficulty, line: Line, part: Part | None) -> list[Line]:
    grid, timeline = difficulty.timeline.grid, difficulty.timeline
    if part is not None and (time := _pointed_at(line, part)) is not None:
        at = min(bisect_left(timeline.times, time - 1), len(timeline.notes) - 1)
        return [timeline.notes[at].line] if at >= 0 else []
    found = view.note_of(line)
    time = found[0].notes[found[1]].time if found else grid.time_of(line.record) if isinstance(line.record, TimingPoint) else None
    if time is None:
        return []
    sounding = part is not None and part.name in SOUND_PARTS
    points = (grid.sample_point_at(time) if sounding else grid.point_at(time), grid.red_at(time))
    return list(dict.fromkeys(point.line for point in points if point is not None and point.line is not line))


def _pointed_at(line: Line, part: Part) -> float | None:
    """The time of a bookmark or of the preview."""
    preview = isinstance(line.record, Entry) and line.record.key == "PreviewTime" and part.name == "value"
    if part.name != "bookmark" and not preview:
        return None
    try:
        return float(line.text[part.start : part.end])
    except ValueError:
        return None


def _chart_timing(chart: Chart, record: Timed) -> Iterator[Line]:
    tempos: Sequence[Timed] = chart.tempos
    for records in (tempos, chart.time_signatures, chart.events_of(EventKind.SECTION)):
        before = [each for each in records if each.tick <= record.tick]
        if before and before[-1] is not record and not isinstance(record, Tempo | TimeSignature):
            yield before[-1].line


def under(view: View, line: Line) -> list[Line]:
    """The objects, or notes of a chart, that a timing line or tempo counts for."""
    difficulty, chart, record = view.difficulty, view.snapshot.chart, line.record
    if difficulty is not None and isinstance(record, TimingPoint):
        grid = difficulty.timeline.grid
        points, times = (grid.red, grid.red_times) if record.uninherited else (grid.points, grid.times)
        at = next(number for number, point in enumerate(points) if point is record)
        until = times[at + 1] if at + 1 < len(times) else float("inf")
        # What comes before the first line is played by it as well.
        start = times[at] if at else float("-inf")
        return [note.line for note in difficulty.timeline.between(start, until)]
    if chart is not None and not chart.refusals and isinstance(record, Tempo | TimeSignature):
        markers = chart.tempos if isinstance(record, Tempo) else chart.time_signatures
        ticks = [marker.tick for marker in markers]
        behind = bisect_right(ticks, record.tick)
        end = ticks[behind] if behind < len(ticks) else None
        return [line for track in chart.charted for line in _between(track, record.tick, end)]
    return []


def _between(track: Track, start: int, end: int | None) -> Iterator[Line]:
    ticks = track.ticks
    for group in track.groups[bisect_left(ticks, start) : len(ticks) if end is None else bisect_left(ticks, end)]:
        yield from (note.line for note in group.notes)


def same_sound(view: View, line: Line) -> list[Line]:
    """The objects at whose head the sounds of this one's head are heard: its additions, its own file, else its hitnormal."""
    found = view.note_of(line)
    if found is None:
        return []
    wanted = _telling(view.samples[found[1]])
    timeline = found[0]
    return [note.line for note, samples in zip(timeline.notes, view.samples, strict=True) if wanted <= set(samples)]


def _telling(samples: tuple[Sample, ...]) -> set[Sample]:
    """What makes the sound of a note: hitnormal only where there is nothing else."""
    return set(samples[1:] or samples)


def same_combo(view: View, line: Line) -> list[Line]:
    found = view.note_of(line)
    if found is None:
        return []
    timeline, at = found
    index = timeline.combo_index
    start, end = bisect_left(index, index[at]), bisect_right(index, index[at])
    return [note.line for note in timeline.notes[start:end]]


def same_chord(view: View, line: Line) -> list[Line]:
    """The lines of a chart's track on one tick: the notes of a chord and their flags."""
    record = line.record
    if view.snapshot.chart is None or not isinstance(record, Timed):
        return []
    section = view.snapshot.chart.section(line.section)
    if section is None:
        return []
    return [each.line for each in section.timed if each.tick == record.tick]


def same_key(view: View, line: Line) -> list[Line]:
    """The lines of a section with the same key: the game takes the last of them."""
    record = line.record
    if not isinstance(record, Entry):
        return []
    entries = (each.record for each in view.document.lines if each.section == line.section)
    return [each.line for each in entries if isinstance(each, Entry) and each.key.lower() == record.key.lower()]


def headers(view: View) -> list[Line]:
    return [line for line in view.document.lines if line.kind is LineKind.HEADER]
