"""What `maimod.surprisal` answers: plain values, stable as the JSON of `maimod surprisal` is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maimod.api import UnreadablePath
from models.bundled.fields import COLUMN, NAMES, Value
from server import scored_maps

if TYPE_CHECKING:
    from models.surprisal import Surprisal

MOST_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that could stand there, and its probability 0 to 1."""

    value: Value
    probability: float


@dataclass(frozen=True, slots=True)
class FieldSurprisal:
    """How surprising what stands there is, and how many bits were to be expected.

    `expected` are the likeliest values, what stands there among them, the likeliest first.
    """

    bits: float
    entropy: float
    actual: Value
    expected: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class ScoredNote:
    """One hit object or chart note: `line` is 0-based, `score` the rank key (higher = look here first).

    `selection` names it as a time stamp does, `track` is the chart's section that holds it (None in an `.osu`).
    """

    line: int
    time_ms: float
    selection: str
    track: str | None
    score: float
    fields: Mapping[str, FieldSurprisal]


@dataclass(frozen=True, slots=True)
class ScoredMap:
    """One map's notes in time order, track after track. `mode` and `difficulty` are None for a `.chart`.

    `unscored` names the tracks that the model does not know.
    """

    path: str
    format: str
    mode: str | None
    artist: str
    title: str
    difficulty: str | None
    notes: tuple[ScoredNote, ...]
    unscored: tuple[str, ...]
    model: str | None


@dataclass(frozen=True, slots=True)
class Scored:
    """The answer of `surprisal`; iterating over it gives the maps. `notices` are sentences about what was not scored or heard."""

    maps: tuple[ScoredMap, ...]
    unreadable: tuple[UnreadablePath, ...]
    notices: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[ScoredMap]:
        return iter(self.maps)


def plain(scored: scored_maps.ScoredMap) -> ScoredMap:
    """The map in plain values."""
    notes = tuple(_note(part, note) for part in scored.parts for note in range(len(part.surprisal)))
    model = scored.parts[0].surprisal.model if scored.parts else None
    about = scored.path, scored.format, scored.mode, scored.artist, scored.title, scored.difficulty
    return ScoredMap(*about, notes, scored.unscored, model)


def _note(part: scored_maps.Part, note: int) -> ScoredNote:
    surprisal = part.surprisal
    fields = {
        name: _field(surprisal, note, name, actual) for name in NAMES if (actual := surprisal.actual(note, name)) is not None
    }
    time, score = surprisal.notes[note].time, float(surprisal.score[note])
    return ScoredNote(part.lines[note] - 1, time, part.selections[note], part.track, score, fields)


def _field(surprisal: Surprisal, note: int, name: str, actual: Value) -> FieldSurprisal:
    bits, entropy = float(surprisal.bits[note, COLUMN[name]]), float(surprisal.entropy[note, COLUMN[name]])
    expected = tuple(Alternative(each.value, each.probability) for each in surprisal.alternatives(note, name, MOST_EXPECTED))
    return FieldSurprisal(bits, entropy, actual, expected)
