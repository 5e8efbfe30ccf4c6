"""The parts of lines as coloured tokens, each line on its own, so that an edit colours only its lines anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formats.document import Line
from formats.osu import HitObject, TimingPoint
from server.convert import Measure, column_of
from server.language.parts import Part, Role, parts_of
from server.session import Kind

TYPES = tuple(dict.fromkeys(role.value for role in Role))
NEW_COMBO, RED_LINE, GREEN_LINE, KIAI = MODIFIERS = ("newCombo", "redLine", "greenLine", "kiai")
_NUMBERS = {name: number for number, name in enumerate(TYPES)}
_BITS = {name: 1 << number for number, name in enumerate(MODIFIERS)}


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a stretch of lines in the protocol's five numbers each, joined by commas, and how many numbers they are."""

    text: str
    count: int


def line_tokens(line: Line, kind: Kind, measure: Measure) -> str:
    """The tokens of one line, counted from its beginning, as `start,length,type,modifiers` joined by `;`."""
    content, plain = line.content, measure is Measure.UTF32 or line.text.isascii()
    found: list[str] = []
    before = 0
    for part in parts_of(line, kind):
        start, end = (part.start, part.end) if plain else (column_of(content, at, measure) for at in (part.start, part.end))
        found.append(f"{start - before},{end - start},{_NUMBERS[part.role.value]},{_modifiers(line, part)}")
        before = start
    return ";".join(found)


def _modifiers(line: Line, part: Part) -> int:
    record = line.record
    if isinstance(record, HitObject):
        return _BITS[NEW_COMBO] if record.new_combo and part.name == "type" else 0
    if isinstance(record, TimingPoint):
        return _BITS[RED_LINE if record.uninherited else GREEN_LINE] | (_BITS[KIAI] if record.kiai else 0)
    return 0


def encoded(lines: Sequence[str], first: int = 0) -> Tokens:
    """The numbers of all lines, the first of which is line `first` of the file."""
    pieces: list[str] = []
    skipped = first
    count = 0
    for line in lines:
        if line:
            pieces.append(f"{skipped},{line.replace(';', ',0,')}")
            count += line.count(";") + 1
            skipped = 0
        skipped += 1
    return Tokens(",".join(pieces), 5 * count)
