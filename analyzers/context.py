"""All that a rule may see: one difficulty, its set, its level and the standard to judge it by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from analyzers.rule import Level, Standard
from formats.beatmap import Beatmap, Section
from formats.catch import CatchObject, catch_objects
from formats.document import Document, Line, Place, field, whole
from formats.mapset import Difficulty, Mapset
from formats.osu import HitObject, Mode, TimingPoint
from formats.stacking import Stacking
from formats.timeline import Note, NoteKind, Timeline
from formats.timing import TimingGrid


class Context:
    """One `.osu` difficulty under judgement. `level` is how hard it is meant to be, None where nobody can say."""

    def __init__(
        self,
        difficulty: Difficulty,
        mapset: Mapset | None = None,
        *,
        standard: Standard = Standard.RANKING,
        level: Level | None = None,
        levels: Sequence[Level | None] | None = None,
    ) -> None:
        self.difficulty = difficulty
        self.mapset = mapset or Mapset((difficulty,))
        self.standard = standard
        self.level = level
        self._levels = levels

    @property
    def path(self) -> str:
        return self.difficulty.path

    @property
    def beatmap(self) -> Beatmap:
        return self.difficulty.beatmap

    @property
    def document(self) -> Document:
        return self.difficulty.beatmap.document

    @property
    def mode(self) -> Mode:
        return self.difficulty.beatmap.mode

    @property
    def timeline(self) -> Timeline:
        return self.difficulty.timeline

    @property
    def notes(self) -> list[Note]:
        return self.difficulty.timeline.notes

    @property
    def grid(self) -> TimingGrid:
        return self.difficulty.timeline.grid

    @cached_property
    def stacking(self) -> Stacking:
        """Where the notes of an osu!standard difficulty are seen."""
        return Stacking(self.timeline)

    @cached_property
    def catch_objects(self) -> list[CatchObject]:
        """What falls in an osu!catch difficulty, with its hyperdashes."""
        return catch_objects(self.timeline)

    @cached_property
    def others(self) -> list[Difficulty]:
        """The other difficulties of the set, in file-name order."""
        return [other for other in self.mapset.difficulties if other is not self.difficulty]

    def level_of(self, difficulty: Difficulty) -> Level | None:
        """The level of any difficulty of the set."""
        if difficulty is self.difficulty:
            return self.level
        if self._levels is None:
            return None
        return self._levels[list(self.mapset.difficulties).index(difficulty)]

    @cached_property
    def first_line(self) -> Line:
        """Where a finding goes that has no line of its own."""
        return self.document.lines[0]

    def key_place(self, section: Section, key: str) -> Place:
        """The line of a setting; the section's header, else the first line, where it is missing."""
        return whole(section.line(key) or self.first_line)

    def selection(self, *notes: Note) -> str:
        """The objects as a time stamp names them: combo numbers, or `time|column` in mania."""
        if self.mode is Mode.MANIA:
            return ",".join(f"{int(note.time)}|{note.lane}" for note in notes)
        number, place = self.timeline.combo_number, self.timeline.numbers
        return ",".join(str(number[place[id(note)]]) for note in notes)


def time_place(source: Note | HitObject | TimingPoint) -> Place:
    """The time field of a hit object's or a timing point's line."""
    return field(source.line, 0 if isinstance(source, TimingPoint) else 2)


def end_place(note: Note) -> Place:
    """The field that decides when a note ends: a slider's length, a spinner's or hold's end time; else its time."""
    match note.kind:
        case NoteKind.SLIDER:
            return field(note.line, 7)
        case NoteKind.SPINNER:
            return field(note.line, 5)
        case NoteKind.HOLD:
            place = field(note.line, 5)
            return Place(place.line, place.start, place.start + len(place.text.split(":", 1)[0]))
        case _:
            return time_place(note)
