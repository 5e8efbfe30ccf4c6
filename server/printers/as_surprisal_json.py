"""`maimod surprisal --format json`, as `docs/schemas/surprisal-v1.json` describes it. Written as the answers come, pure ASCII.

A map has a thousand notes of fifteen fields: the numbers are rounded all together, and what they look like is looked up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf, isfinite
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import ANY, COLUMN, FIELDS, Field
from models.surprisal import Surprisal
from server.printable import printable
from server.printers.as_json import number
from server.reading import Unreadable
from server.scored_maps import Part, ScoredMap, within

Texts = NDArray[np.object_]

VERSION = 1
# Likeliest values told of a field; behind the first those that are at least this likely.
MOST_EXPECTED, LEAST_EXPECTED = 3, 0.005
# So many notes are written at once: a map of 50,000 takes bounded memory.
AT_ONCE = 2000
# Bits are told to a hundredth up to this many, probabilities to a thousandth.
MOST_BITS, PER_BIT, PER_ONE = 64, 100, 1000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which notes are told: those from `start` to `end` ms, of these the `most` (None = all) most surprising."""

    start: float = -inf
    end: float = inf
    most: int | None = None

    def of(self, part: Part) -> list[int]:
        """The numbers of the notes, the most surprising first."""
        found = np.array(within(part, self.start, self.end), np.intp)
        order = np.argsort(-part.surprisal.score[found].astype(np.float64), kind="stable")
        return [int(at) for at in found[order][: self.most]]


def write_json(
    files: Iterable[tuple[str, Sequence[str]]], write: Callable[[str], object], unreadable: Sequence[Unreadable]
) -> None:
    """One object with all files, of what `file_texts` made of each; `unreadable` may grow meanwhile."""
    opened = False
    for model, texts in files:
        write(",\n" if opened else _opening(model))
        for text in texts:
            write(text)
        opened = True
    if not opened:
        write(_opening(None))
    troubles = [{"path": printable(each.path), "reason": printable(each.reason)} for each in unreadable]
    write(f'\n], "unreadable": {json.dumps(troubles)}}}\n')


def _opening(model: str | None) -> str:
    return f'{{"version": {VERSION}, "model": {json.dumps(model or None)}, "files": [\n'


def file_texts(scored: ScoredMap, chosen: Chosen = Chosen()) -> tuple[str, tuple[str, ...]]:
    """The model's name, empty where nothing was scored, and the entry of one file in pieces: it may have 100 MB."""
    head: dict[str, Any] = {
        "path": printable(scored.path),
        "format": scored.format,
        "mode": scored.mode,
        "title": printable(" - ".join(part for part in (scored.artist, scored.title) if part)),
        "difficulty": None if scored.difficulty is None else printable(scored.difficulty),
        "unscored": [printable(name) for name in scored.unscored],
    }
    model = scored.parts[0].surprisal.model if scored.parts else ""
    return model, (json.dumps(head)[:-1] + ', "notes": [', *_apart(_pieces(scored, chosen)), "]}")


def _pieces(scored: ScoredMap, chosen: Chosen) -> Iterator[str]:
    for part in scored.parts:
        rows = np.array(sorted(chosen.of(part)), np.intp)
        for start in range(0, len(rows), AT_ONCE):
            yield ",\n".join(note_texts(part, rows[start : start + AT_ONCE]))


def _apart(pieces: Iterable[str]) -> Iterator[str]:
    for at, piece in enumerate(pieces):
        yield f",\n{piece}" if at else piece


def note_texts(part: Part, rows: NDArray[np.intp]) -> list[str]:
    """The entries of these notes."""
    surprisal = part.surprisal
    columns = [field_texts(surprisal, field, rows) for field in FIELDS]
    track = f'"track": {json.dumps(part.track)}, ' if part.track else ""
    notes, chances = surprisal.notes, surprisal.suspicion[rows, ANY].tolist()
    return [
        f'{{"line": {part.lines[row]}, {track}"time_ms": {json.dumps(number(notes[int(row)].time))}, '
        f'"score": {_float(score)}, "suspicion": {_float(chance)}, "fields": {{{"".join(texts)[2:]}}}}}'
        for row, score, chance, *texts in zip(rows.tolist(), surprisal.score[rows].tolist(), chances, *columns, strict=True)
    ]


def _float(number: float) -> str:
    return f"{number:.6g}" if isfinite(number) else "null"


def field_texts(surprisal: Surprisal, field: Field, rows: NDArray[np.intp], most: int = MOST_EXPECTED) -> list[str]:
    """What the entries of `rows` say of one field, a comma before it; nothing where it does not apply."""
    column = COLUMN[field.name]
    values = surprisal.values[rows, column]
    places = np.flatnonzero(values >= 0)
    here = rows[places]
    best, chances = likeliest(surprisal, field, here, most)
    words, in_bits, in_parts = _words(field), _numbers(PER_BIT, MOST_BITS), _numbers(PER_ONE, 1)
    bits, entropy = (in_bits[_steps(array[here, column], PER_BIT, MOST_BITS)] for array in (surprisal.bits, surprisal.entropy))
    text = f', "{field.name}": {{"bits": ' + bits + ', "entropy": ' + entropy + words.actual[values[places]]
    parts = _steps(chances, PER_ONE, 1)
    for rank in range(parts.shape[1]):
        told = np.flatnonzero(parts[:, rank] >= LEAST_EXPECTED * PER_ONE) if rank else np.arange(len(places))
        text[told] += (words.others if rank else words.first)[best[told, rank]] + in_parts[parts[told, rank]] + "}"
    texts = np.full(len(rows), "", object)
    texts[places] = text + "]}"
    return cast("list[str]", texts.tolist())


def likeliest(
    surprisal: Surprisal, field: Field, rows: NDArray[np.intp], most: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The likeliest categories (rows, most) of a field, the likeliest first, and their probabilities."""
    chances = surprisal.table(field.name)[rows].astype(np.float32)
    count = min(most, field.size)
    best = np.argpartition(-chances, count - 1, axis=1)[:, :count]
    best.sort(axis=1)
    order = np.argsort(-np.take_along_axis(chances, best, 1), axis=1, kind="stable")
    best = np.take_along_axis(best, order, 1)
    return best, np.take_along_axis(chances, best, 1)


def _steps(numbers: NDArray[np.floating[Any]], per_one: int, most: int) -> NDArray[np.int64]:
    """The numbers as whole steps, within what `_numbers` knows."""
    return np.nan_to_num(numbers.astype(np.float64) * per_one).clip(0, most * per_one).round().astype(np.int64)


@cache
def _numbers(per_one: int, most: int) -> Texts:
    return np.array([json.dumps(step / per_one) for step in range(most * per_one + 1)], object)


class _Words(NamedTuple):
    """For each value of a field: what stands there, the likeliest value, a further one, each up to its probability."""

    actual: Texts
    first: Texts
    others: Texts


@cache
def _words(field: Field) -> _Words:
    names = [json.dumps(value) for value in field.values]
    forms = (', "actual": {}, "expected": [', '{{"value": {}, "probability": ', ', {{"value": {}, "probability": ')
    return _Words(*(np.array([form.format(name) for name in names], object) for form in forms))
