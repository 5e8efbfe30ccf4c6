"""What the model expected of one note, field by field, in a mapper's words and plain numbers.

Nothing here imports numpy before there is a note to tell of: the answers go where no model is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formats.timestamps import format_stamp

if TYPE_CHECKING:
    from server.explaining import Explained


@dataclass(frozen=True, slots=True)
class Likely:
    """A value that could stand there and its probability, 0 to 1; `here` where it is what stands there."""

    value: str
    probability: float
    here: bool


@dataclass(frozen=True, slots=True)
class ExpectedField:
    """One field of a note: the `bits` that its value took, those that were to be expected, and what could stand there."""

    name: str
    title: str
    bits: float
    entropy: float
    likely: tuple[Likely, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """One note. `rank` 1 is the most suspicious one of `count`, `suspicion` the chance of a mistake, `kinds` of which kind.

    `fields` begin with the most surprising one.
    """

    stamp: str
    part: str
    rank: int
    count: int
    suspicion: float
    kinds: tuple[tuple[str, float], ...]
    fields: tuple[ExpectedField, ...]


def expectation(found: Explained) -> Expectation:
    from analyzers.wording import can_happen, mistake
    from models.bundled.fields import ANY, MISTAKES, NAMES
    from server.printers.as_explanation import LEAST_SUSPICION
    from server.printers.as_surprisal_text import excess

    part, note, surprisal = found.part, found.note, found.part.surprisal
    chances = [float(chance) for chance in surprisal.suspicion[note]]
    kinds = [at for at in range(ANY) if chances[at] >= LEAST_SUSPICION and can_happen(MISTAKES[at], part.family)]
    applying = [name for name in NAMES if surprisal.applies(note, name)]
    return Expectation(
        format_stamp(found.time, part.selections[note]),
        part.name,
        found.rank,
        len(surprisal),
        chances[ANY],
        tuple((mistake(MISTAKES[at], part.family), chances[at]) for at in sorted(kinds, key=lambda at: -chances[at])),
        tuple(_field(found, name) for name in sorted(applying, key=lambda name: -excess(surprisal, note, name))),
    )


def _field(found: Explained, name: str) -> ExpectedField:
    from analyzers.wording import noun, words
    from models.bundled.fields import COLUMN
    from server.printers.as_explanation import shown

    part, note, surprisal = found.part, found.note, found.part.surprisal
    actual = surprisal.actual(note, name)
    likely = tuple(
        Likely(words(name, each.value, part.family, five_lane=part.five_lane), each.probability, each.value == actual)
        for each in shown(part, note, name)
    )
    bits, entropy = (float(array[note, COLUMN[name]]) for array in (surprisal.bits, surprisal.entropy))
    return ExpectedField(name, noun(name, part.family), bits, entropy, likely)
