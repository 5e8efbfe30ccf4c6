"""One version of an open file as the editor's features look at it: what several of them need is worked out once, on first use."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from formats.chart_tracks import NoteGroup, Track
from formats.document import Document, Line, LineKind
from formats.mapset import Difficulty
from formats.osu import Mode
from formats.samples import Sample, head_samples
from formats.timeline import Timeline
from server.session import Kind, Snapshot


@dataclass(frozen=True, slots=True)
class Stretch:
    """The lines `[first, last]` by number, which belong together; `name` says as what."""

    first: int
    last: int
    name: str

    def holds(self, number: int) -> bool:
        return self.first <= number <= self.last


class View:
    """One snapshot and what was worked out of it. `line_tokens` lives on from one version to the next: lines do too."""

    def __init__(self, snapshot: Snapshot, before: View | None = None) -> None:
        self.snapshot = snapshot
        self.line_tokens: dict[int, tuple[Line, str]] = before.line_tokens if before is not None else {}
        if len(self.line_tokens) > 2 * len(snapshot.document.lines) + 1000:
            self.line_tokens = {}

    @property
    def document(self) -> Document:
        return self.snapshot.document

    @property
    def kind(self) -> Kind:
        return self.snapshot.kind

    @property
    def difficulty(self) -> Difficulty | None:
        return self.snapshot.difficulty

    def line_at(self, offset: int) -> tuple[int, Line, int]:
        """Number and line of an offset, and its column in characters."""
        number, column = self.document.index.position(offset)
        return number, self.document.lines[number], column

    @cached_property
    def note_numbers(self) -> dict[int, int]:
        """`id(line)` of each hit object to its number in the timeline."""
        if self.difficulty is None:
            return {}
        return {id(note.line): number for number, note in enumerate(self.difficulty.timeline.notes)}

    def note_of(self, line: Line) -> tuple[Timeline, int] | None:
        """The timeline, and the number in it of the note that the line is."""
        number = self.note_numbers.get(id(line))
        return None if number is None or self.difficulty is None else (self.difficulty.timeline, number)

    @cached_property
    def samples(self) -> list[tuple[Sample, ...]]:
        """What sounds at the head of each note of the timeline."""
        return head_samples(self.difficulty.timeline) if self.difficulty is not None else []

    @cached_property
    def _groups(self) -> dict[int, tuple[Track, int]]:
        chart = self.snapshot.chart
        tracks = chart.tracks if chart is not None and not chart.refusals else []
        return {
            id(note.line): (track, number)
            for track in tracks
            for number, group in enumerate(track.groups)
            for note in group.notes
        }

    def group_of(self, line: Line) -> tuple[Track, NoteGroup] | None:
        """The track, and the chord in it to which the note of the line belongs."""
        found = self._groups.get(id(line))
        return None if found is None else (found[0], found[0].groups[found[1]])

    @cached_property
    def sections(self) -> Sequence[Stretch]:
        """Each section with its header, up to its last line that is not blank."""
        found: list[Stretch] = []
        lines = self.document.lines
        starts = [number for number, line in enumerate(lines) if line.kind is LineKind.HEADER]
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
            last = stop - 1
            while last > start and lines[last].kind is LineKind.BLANK:
                last -= 1
            found.append(Stretch(start, last, lines[start].section))
        return found

    def section_at(self, number: int) -> Stretch | None:
        at = bisect_right([section.first for section in self.sections], number) - 1
        return self.sections[at] if at >= 0 and self.sections[at].holds(number) else None

    @cached_property
    def combos(self) -> Sequence[Stretch]:
        """The combos of a difficulty as lines, in order; those whose lines lie apart are left out."""
        if self.difficulty is None or self.difficulty.beatmap.mode in (Mode.TAIKO, Mode.MANIA):
            return ()
        timeline, number_of = self.difficulty.timeline, self.document.number_of
        lines: dict[int, list[int]] = {}
        for note, combo in zip(timeline.notes, timeline.combo_index, strict=True):
            lines.setdefault(combo, []).append(number_of(note.line))
        found = [Stretch(min(each), max(each), f"Combo {combo + 1}") for combo, each in lines.items()]
        return [stretch for stretch in found if stretch.last - stretch.first < 1 + 2 * len(lines[int(stretch.name[6:]) - 1])]


def selection_of(timeline: Timeline, note: int) -> str:
    """What the brackets of a note's time stamp hold: its combo number, in mania `time|column`."""
    if timeline.beatmap.mode is Mode.MANIA:
        return f"{int(timeline.notes[note].time)}|{timeline.notes[note].lane}"
    return str(timeline.combo_number[note])

