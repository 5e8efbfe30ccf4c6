"""A mistake as changes of whole lines of one map, and how a map receives one mistake per 50 objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from formats.document import Document, Line

SPACING = 50  # objects (of a chart: note groups) for each mistake
FIRST, LAST = 10, 20  # objects at the start and the end of a map that are left alone
FEWEST = 120  # objects that a map (of a chart: groups that a track) must have
TRIES = 10  # for each kind in one stretch of the map


@dataclass(frozen=True, slots=True)
class Mistake:
    """Lines of the file, by their 0-based number, and what stands in their place; none = the line is left out.

    `shown` is where a tool may find it: (line number, which of the lines that now stand there).
    """

    kind: str
    lines: Mapping[int, tuple[str, ...]]
    shown: tuple[tuple[int, int], ...]

    @property
    def touched(self) -> set[int]:
        return {*self.lines, *(number for number, _ in self.shown)}


class Scope(Protocol):
    """What is ranked as one: the objects of an `.osu`, or one track of a chart (`name`, and its lines from `first` to `last`)."""

    name: str
    first: int
    last: int
    kinds: tuple[str, ...]

    @property
    def count(self) -> int: ...

    def corrupt(self, kind: str, at: int, chance: Random) -> Mistake | None:
        """A mistake of this kind at object or group number `at`; None where it is not possible."""
        ...


def mistakes_of(scope: Scope, made_so_far: Counter[str], chance: Random, count: int | None = None) -> list[Mistake]:
    """One mistake for each stretch of 50 objects; the kind that is rarest so far is tried first. Counts into `made_so_far`."""
    count = scope.count if count is None else count
    made: list[Mistake] = []
    taken: set[int] = set()
    for start in range(FIRST, count - LAST, SPACING):
        mistake = _first_possible(scope, start, made_so_far, chance, taken)
        if mistake is not None:
            made.append(mistake)
            taken |= mistake.touched
            made_so_far[mistake.kind] += 1
    return made


def _first_possible(scope: Scope, start: int, made: Counter[str], chance: Random, taken: set[int]) -> Mistake | None:
    for kind in sorted(scope.kinds, key=made.__getitem__):
        for _ in range(TRIES):
            mistake = scope.corrupt(kind, start + chance.randrange(SPACING // 2), chance)
            if mistake is not None and not mistake.touched & taken:
                return mistake
    return None


def written(document: Document, mistakes: Sequence[Mistake]) -> tuple[bytes, list[int]]:
    """The file with the mistakes in it, every other byte as it was; and the 1-based number that each old line now has.

    A line that is left out has the number of what stands there instead.
    """
    changes = {number: lines for mistake in mistakes for number, lines in mistake.lines.items()}
    texts: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(document.lines):
        numbers.append(len(texts) + 1)
        texts += changes.get(number, (line.text,))
    return document.encoding.encode("".join(texts)), numbers


def changed(line: Line, values: dict[int, object], separator: str = ",") -> str:
    """The line's text with other values in some of its fields, its ending kept."""
    parts = line.content.split(separator)
    for index, value in values.items():
        parts[index] = str(value)
    return separator.join(parts) + line.text[len(line.content) :]
