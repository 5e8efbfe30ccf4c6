"""Short remarks beside the lines of a map: when each object comes, on which tick, which tempo a red line sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formats.chart import Chart
from formats.chart_lines import Tempo, Timed, TimeSignature, TrackNote
from formats.document import Line
from formats.mapset import Difficulty
from formats.osu import Break, HitObject, Mode, TimingPoint
from formats.timestamps import format_time
from server.language.about_line import MS_PER_MINUTE, tick_words
from server.language.parts import parts_of
from server.language.view import View
from server.session import Kind

# As much off the tick, in ms, is told; less is rounding.
LEAST_OFF_MS = 2.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which hints the editor's user wants to see."""

    time: bool = True
    snap: bool = True
    tempo: bool = True
    velocity: bool = True


@dataclass(frozen=True, slots=True)
class Hint:
    """A remark at a column (in characters) of a line: in front of the line's text, else behind a part of it."""

    column: int
    text: str
    in_front: bool = False


def hints(view: View, line: Line, wanted: Wanted) -> Iterator[Hint]:
    """The hints of one line."""
    difficulty, chart, record = view.difficulty, view.snapshot.chart, line.record
    if record is None:
        return
    if difficulty is not None:
        if isinstance(record, HitObject):
            yield from _object(view, difficulty, line, wanted)
        elif isinstance(record, TimingPoint):
            yield from _timing_point(difficulty, line, record, wanted)
        elif isinstance(record, Break) and wanted.time:
            yield Hint(0, format_time(record.start + difficulty.timeline.grid.offset), in_front=True)
    elif chart is not None and not chart.refusals and isinstance(record, Timed):
        yield from _of_chart(chart, line, record, wanted)


def _object(view: View, difficulty: Difficulty, line: Line, wanted: Wanted) -> Iterator[Hint]:
    found = view.note_of(line)
    if found is None:
        return
    timeline, at = found
    note = timeline.notes[at]
    said: list[str] = []
    if wanted.time:
        numbered = difficulty.beatmap.mode not in (Mode.TAIKO, Mode.MANIA)
        said.append(format_time(note.time) + (f" ({timeline.combo_number[at]})" if numbered else ""))
    if wanted.snap:
        snap = timeline.grid.known_snap(note.time)
        off = f" {snap.error:+.0f} ms" if abs(snap.error) >= LEAST_OFF_MS else ""
        said.append(f"1/{snap.divisor}{off}")
    if said:
        yield Hint(0, " ".join(said), in_front=True)


def _timing_point(difficulty: Difficulty, line: Line, point: TimingPoint, wanted: Wanted) -> Iterator[Hint]:
    if wanted.time:
        yield Hint(0, format_time(difficulty.timeline.grid.time_of(point)), in_front=True)
    if not (wanted.tempo if point.uninherited else wanted.velocity):
        return
    value = next((part for part in parts_of(line, Kind.OSU) if part.name in ("beat length", "slider velocity")), None)
    if value is None:
        return
    if not point.uninherited:
        yield Hint(value.end, f"{point.slider_velocity:.3g}×")
    elif point.beat_length:
        yield Hint(value.end, f"{MS_PER_MINUTE / point.beat_length:.6g} BPM")


def _of_chart(chart: Chart, line: Line, record: Timed, wanted: Wanted) -> Iterator[Hint]:
    tick = record.tick
    said = [format_time(chart.time_at(tick))] if wanted.time else []
    if wanted.snap and isinstance(record, TrackNote):
        said.append(tick_words(chart, tick))
    indent = len(line.text) - len(line.text.lstrip())
    if said:
        yield Hint(indent, " ".join(said), in_front=True)
    if wanted.tempo and isinstance(record, Tempo):
        yield Hint(len(line.content.rstrip()), f"{record.bpm:.6g} BPM")
    elif wanted.tempo and isinstance(record, TimeSignature):
        yield Hint(len(line.content.rstrip()), f"{record.numerator}/{record.denominator}")
