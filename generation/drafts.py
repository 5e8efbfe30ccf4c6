"""One line of [HitObjects] while it is written: the values that change, the others as they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from analyzers.repairs import format_number
from formats.osu import ObjectKind
from formats.timeline import Note

_T = TypeVar("_T")

WHISTLE, FINISH, CLAP = 2, 4, 8
ADDITIONS = WHISTLE | FINISH | CLAP
SPINNER_PLACE = TAIKO_PLACE = complex(256, 192)
NEW_COMBO = 4
# The bits of `type` that say how many combo colours are skipped.
COLOURS = 0x70
# Before these versions lines held no sample, or one without a file's name.
FIRST_WITH_SAMPLE, FIRST_WITH_FILE = 10, 12
NO_SAMPLE = "0:0:0:0:"


class ObjectType(IntEnum):
    """The bit of `type` that says what an object is."""

    CIRCLE = 1
    SLIDER = 2
    SPINNER = 8
    HOLD = 128


_TYPES = {
    ObjectKind.CIRCLE: ObjectType.CIRCLE,
    ObjectKind.SLIDER: ObjectType.SLIDER,
    ObjectKind.SPINNER: ObjectType.SPINNER,
    ObjectKind.HOLD: ObjectType.HOLD,
}


@dataclass(slots=True)
class Draft:
    """The values of a hit object's line, as text where nothing is computed with them.

    `sample` `normalSet:additionSet:index:volume:file`; None where the line has none, likewise the lists of a slider's edges.
    """

    kind: ObjectType
    x: str
    y: str
    time: str
    type: int
    sound: int
    end: str = ""
    curve: str = ""
    slides: int = 1
    length: str = ""
    edge_sounds: list[int] | None = None
    edge_sets: list[str] | None = None
    sample: str | None = None
    original: str = ""
    rest: tuple[str, ...] = ()
    before: str = ""

    @classmethod
    def new(cls, kind: ObjectType, place: complex, time: int, *, new_combo: bool, version: int) -> Draft:
        sample = NO_SAMPLE if version >= FIRST_WITH_FILE else NO_SAMPLE[:-3] if version >= FIRST_WITH_SAMPLE else None
        x, y = format_number(place.real), format_number(place.imag)
        return cls(kind, x, y, str(time), int(kind) | (NEW_COMBO if new_combo else 0), 0, sample=sample)

    @classmethod
    def of(cls, note: Note) -> Draft:
        """The line of a note; `text` gives it back as long as nothing is set."""
        source, content = note.object, note.line.content
        parts = content.split("//", 1)[0].rstrip().split(",")
        kind = _TYPES[source.kind]
        draft = cls(kind, parts[0], parts[1], parts[2], source.type, source.sound)
        if kind is ObjectType.SLIDER:
            draft.curve, draft.slides = parts[5], source.slides
            draft.length = parts[7] if len(parts) > 7 else ""
            draft.edge_sounds = None if source.edge_sounds is None else list(source.edge_sounds)
            draft.edge_sets = parts[9].split("|") if len(parts) > 9 and parts[9] else None
            draft._take_sample(parts, 10)
        elif kind is ObjectType.HOLD:
            draft.end, _, sample = (parts[5] if len(parts) > 5 else "").partition(":")
            draft.sample, draft.rest = sample or None, tuple(parts[6:])
        else:
            if kind is ObjectType.SPINNER:
                draft.end = parts[5]
            draft._take_sample(parts, 6 if kind is ObjectType.SPINNER else 5)
        draft.original, draft.before = content, draft._written()
        return draft

    def _take_sample(self, parts: Sequence[str], index: int) -> None:
        self.sample = parts[index] if len(parts) > index else None
        self.rest = tuple(parts[index + 1 :])

    @property
    def text(self) -> str:
        """The line without its ending."""
        written = self._written()
        if not self.original or self.before == self.original:
            return written
        # Where the line was written otherwise (spaces, comments, fewer fields) it stays so unless something is changed.
        return self.original if written == self.before else written

    def _written(self) -> str:
        head = (self.x, self.y, self.time, str(self.type), str(self.sound))
        sample = (self.sample,) if self.sample is not None else ()
        if self.kind is ObjectType.CIRCLE:
            return ",".join((*head, *sample, *self.rest))
        if self.kind is ObjectType.SPINNER:
            return ",".join((*head, self.end, *sample, *self.rest))
        if self.kind is ObjectType.HOLD:
            return ",".join((*head, ":".join((self.end, *sample)), *self.rest))
        return ",".join((*head, self.curve, str(self.slides), *self._length_and_edges(sample), *self.rest))

    def _length_and_edges(self, sample: tuple[str, ...]) -> tuple[str, ...]:
        sounds = "|".join(map(str, self.edge_sounds)) if self.edge_sounds is not None else ""
        sets = "|".join(self.edge_sets) if self.edge_sets is not None else ""
        fields = (self.length, sounds, sets, *sample)
        if sample and (sounds or self.original):
            return fields
        if sounds or sets:
            return fields[:3] if sets or self.edge_sets is not None else fields[:2]
        return fields[:1] if self.length else ()

    @property
    def new_combo(self) -> bool:
        return bool(self.type & NEW_COMBO)

    def set_new_combo(self, *, new_combo: bool) -> None:
        """A note that starts no combo skips no colours."""
        self.type = self.type | NEW_COMBO if new_combo else self.type & ~(NEW_COMBO | COLOURS)

    def become_circle(self) -> None:
        """The head alone is left of a slider."""
        self.type = self.type & ~ObjectType.SLIDER | ObjectType.CIRCLE
        self.kind, self.sound = ObjectType.CIRCLE, self.sounds_of_edges()[0]

    def put(self, place: complex) -> None:
        self.x, self.y = format_number(place.real), format_number(place.imag)

    def shift(self, by: complex) -> None:
        """Moves the control points of the curve."""
        if by:
            self.curve = "|".join(_shifted(part, by) for part in self.curve.split("|"))

    def set_length(self, length: float) -> None:
        self.length = format_number(round(length, 9))

    def set_slides(self, slides: int) -> None:
        """The number of spans, with one sound and set for each edge: head and tail keep theirs."""
        if slides == self.slides:
            return
        self.slides = slides
        if self.edge_sounds is not None:
            self.edge_sounds = _edges(self.edge_sounds, slides + 1)
        if self.edge_sets is not None:
            self.edge_sets = _edges(self.edge_sets, slides + 1)

    # Sounds

    def sounds_of_edges(self) -> list[int]:
        """One for each edge: as written, else the object's."""
        known = self.edge_sounds or []
        return [known[at] if at < len(known) else self.sound for at in range(self.slides + 1)]

    def sets_of_edges(self) -> list[str]:
        known = self.edge_sets or []
        return [known[at] if at < len(known) else "0:0" for at in range(self.slides + 1)]

    def set_edges(self, sounds: Sequence[int], sets: tuple[int, int]) -> None:
        """The sounds of all edges of a slider, of one pair of sample sets; nothing is written where they say nothing."""
        if not any(sounds) and not any(sets):
            self.edge_sounds = self.edge_sets = None
            return
        self.edge_sounds = list(sounds)
        self.edge_sets = [f"{sets[0]}:{sets[1]}"] * len(sounds)

    def set_head_sound(self, sound: int) -> None:
        """The object's own additions, and those of a slider's head."""
        known = self.sounds_of_edges() if self.kind is ObjectType.SLIDER else []
        self.sound = self.sound & ~ADDITIONS | sound
        if known:
            self._set_edge(known, 0, sound)

    def set_tail_sound(self, sound: int) -> None:
        self._set_edge(self.sounds_of_edges(), self.slides, sound)

    def set_edge_sound(self, edge: int, sound: int) -> None:
        """The additions of one edge of a slider, 0 = the head."""
        self._set_edge(self.sounds_of_edges(), edge, sound)

    def _set_edge(self, known: list[int], edge: int, sound: int) -> None:
        known[edge] = known[edge] & ~ADDITIONS | sound
        self.edge_sounds = known
        if self.sample is not None or self.edge_sets is not None:
            self.edge_sets = self.sets_of_edges()

    def set_sample(self, normal: int, addition: int) -> None:
        """The sample sets as written (0 = as the timing line, as the normal set), of every edge."""
        if self.sample is None and not normal and not addition:
            return
        old = (self.sample or NO_SAMPLE).split(":")
        self.sample = ":".join((str(normal), str(addition), *old[2:]))
        if self.kind is ObjectType.SLIDER and (self.edge_sounds is not None or normal or addition):
            self.edge_sounds = self.sounds_of_edges()
            self.edge_sets = [f"{normal}:{addition}"] * (self.slides + 1)

    def set_edge_sets(self, edge: int, normal: int, addition: int) -> None:
        """The sample sets of one edge of a slider."""
        sets = self.sets_of_edges()
        sets[edge] = f"{normal}:{addition}"
        self.edge_sounds = self.sounds_of_edges()
        self.edge_sets = sets


def _shifted(part: str, by: complex) -> str:
    x, colon, y = part.partition(":")
    return f"{format_number(float(x) + by.real)}:{format_number(float(y) + by.imag)}" if colon else part


def _edges(entries: Sequence[_T], count: int) -> list[_T]:
    """`count` entries: inner ones are left out or repeated, head and tail stay."""
    if len(entries) < 2:
        return list(entries)
    inner = list(entries[1:-1]) or [entries[0]]
    inner = (inner + inner[-1:] * count)[: count - 2]
    return [entries[0], *inner, entries[-1]]
