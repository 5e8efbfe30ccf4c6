"""One version of an open file as the editor's features look at it: what several of them need is worked out once, on first use."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from formats.chart_tracks import NoteGroup, Track
from formats.document import Document, Line
from formats.mapset import Difficulty
from formats.osu import Mode
from formats.samples import Sample, head_samples
from formats.timeline import Timeline
from server.language.outline import Node, outline
from server.session import Kind, Snapshot


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
    def _groups(self) -> dict[int, tuple[Track, NoteGroup]]:
        chart = self.snapshot.chart
        tracks = chart.tracks if chart is not None and not chart.refusals else []
        return {id(note.line): (track, group) for track in tracks for group in track.groups for note in group.notes}

    def group_of(self, line: Line) -> tuple[Track, NoteGroup] | None:
        """The track, and the chord in it to which the note of the line belongs."""
        return self._groups.get(id(line))

    @cached_property
    def outline(self) -> Sequence[Node]:
        """The sections of the file and what is in them."""
        return outline(self.snapshot)

    def around(self, number: int) -> list[Node]:
        """The nodes that a line lies in, the outermost first."""
        found: list[Node] = []
        level = self.outline
        while level:
            at = bisect_right([node.first for node in level], number) - 1
            if at < 0 or not level[at].first <= number <= level[at].last:
                break
            found.append(level[at])
            level = level[at].children
        return found


def selection_of(timeline: Timeline, note: int) -> str:
    """What the brackets of a note's time stamp hold: its combo number, in mania `time|column`."""
    if timeline.beatmap.mode is Mode.MANIA:
        return f"{int(timeline.notes[note].time)}|{timeline.notes[note].lane}"
    return str(timeline.combo_number[note])
