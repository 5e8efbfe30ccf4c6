"""A map of taiko, catch or mania as mistakes are put into it; and the mistakes that these modes share."""

from __future__ import annotations

from random import Random

from benchmarks.detection.mistake import Mistake, changed
from formats.beatmap import Beatmap
from formats.timeline import Note, NoteKind, Timeline

CLEAR = 40.0  # ms that a moved or added object keeps from others
OFF_SNAP = (8.0, 20.0)  # ms
MISSING_WITHIN = 3.0  # beats between the neighbours of an object that may be left out
ADDITIONS = (2, 4, 8)


class OsuMap:
    """The objects of an `.osu` in time order; `number[i]` is the line of object i."""

    name = ""
    kinds: tuple[str, ...] = ()
    extra_from_beats = 0.45

    def __init__(self, beatmap: Beatmap) -> None:
        self.document = beatmap.document
        self.timeline = Timeline(beatmap)
        self.notes = self.timeline.notes
        self.numbers = [self.document.number_of(note.line) for note in self.notes]
        self.first, self.last = 0, len(self.document.lines) - 1

    @property
    def count(self) -> int:
        return len(self.notes)

    def corrupt(self, kind: str, at: int, chance: Random) -> Mistake | None:
        if not 0 < at < len(self.notes) - 1:
            return None
        maker = getattr(self, kind.replace("-", "_"))
        made: Mistake | None = maker(at, chance)
        return made

    def beat_at(self, at: int) -> float:
        return self.timeline.grid.beat_length_at(self.notes[at].time)

    def is_circle(self, at: int) -> bool:
        return self.notes[at].kind is NoteKind.CIRCLE

    def replaced(self, kind: str, at: int, values: dict[int, object]) -> Mistake:
        """The object with other values in its line."""
        number = self.numbers[at]
        return Mistake(kind, {number: (changed(self.notes[at].line, values),)}, ((number, 0),))

    def moved_in_time(self, kind: str, at: int, shift: float) -> Mistake | None:
        """The circle at another time between its neighbours."""
        before, note, after = self.notes[at - 1 : at + 2]
        if not self.is_circle(at) or not before.end + CLEAR < note.time + shift < after.time - CLEAR:
            return None
        return self.replaced(kind, at, {2: round(note.object.time + shift)})

    def unsnap(self, at: int, chance: Random) -> Mistake | None:
        return self.moved_in_time("unsnap", at, chance.choice((-1, 1)) * chance.uniform(*OFF_SNAP))

    def snap(self, at: int, chance: Random) -> Mistake | None:
        return self.moved_in_time("snap", at, chance.choice((-1, 1)) * self.beat_at(at) / 4)

    def missing(self, at: int, chance: Random) -> Mistake | None:  # noqa: ARG002
        """The circle left out: it shows at the objects around the gap."""
        before, _, after = self.notes[at - 1 : at + 2]
        if not self.is_circle(at) or after.time - before.time > MISSING_WITHIN * self.beat_at(at):
            return None
        return Mistake("missing", {self.numbers[at]: ()}, ((self.numbers[at - 1], 0), (self.numbers[at + 1], 0)))

    def extra(self, at: int, chance: Random) -> Mistake | None:
        """A circle too many, half-way to the next object."""
        note, after = self.notes[at : at + 2]
        half = (after.time - note.time) / 2
        if not self.is_circle(at) or half < CLEAR or 2 * half < self.extra_from_beats * self.beat_at(at):
            return None
        number = self.numbers[at]
        added = changed(note.line, {2: round(note.object.time + half), **self.extra_values(note, chance)})
        return Mistake("extra", {number: (note.line.text, added)}, ((number, 1),))

    def extra_values(self, note: Note, chance: Random) -> dict[int, object]:  # noqa: ARG002
        """What a circle too many has in its line beside its time."""
        return {3: note.object.type & ~4}

    def hitsound(self, at: int, chance: Random) -> Mistake | None:
        return self.replaced("hitsound", at, {4: self.notes[at].object.sound ^ chance.choice(ADDITIONS)})
