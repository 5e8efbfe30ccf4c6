"""`maimod explain`: all that the model says of one note, as text with bars or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from analyzers.wording import can_happen, mistake, noun, phrase, words
from formats.timestamps import format_stamp
from models.bundled.fields import ANY, COLUMN, FIELDS, MISTAKES, NAMES, Family
from models.surprisal import Alternative
from server.explaining import Explained
from server.printable import one_line, printable
from server.printers.as_json import number
from server.printers.as_surprisal_text import Line, excess, percent, suspicion
from server.scored_maps import Part, display_name

VERSION = 1
BAR = 24
# Of each field so many alternatives are shown, if they are as likely as this; what stands there always.
MOST_SHOWN, LEAST_SHOWN = 5, 0.01
LEAST_TOLD = 0.0005
LEAST_SUSPICION = 0.01
ROUNDING = "Editors cut times off to whole ms: 1 ms early is on the tick as well."
# Notes before and after that are shown.
AROUND = 4


def text(found: Explained, *, plain: bool) -> list[Line]:
    """The lines on one note; `plain` for terminals without block characters."""
    lines = [*_head(found), *_suspicions(found, plain), *_fields(found, plain), *_around(found), ()]
    return [_ascii(line) for line in lines] if plain else lines


def _ascii(line: Line) -> Line:
    return tuple((piece.replace("°", " degrees").replace("·", "-"), style) for piece, style in line)


def _head(found: Explained) -> Iterator[Line]:
    part, note = found.part, found.note
    name, path = one_line(printable(display_name(found.scored, part))), one_line(printable(found.scored.path))
    yield (name, "bold underline"), (f" ({path})", "dim")
    stamp = format_stamp(found.time, part.selections[note])
    count = len(part.surprisal)
    yield (
        ("  " + stamp, "bold cyan"),
        (f" · line {found.line} · number {found.rank:,} of {count:,} notes by suspicion", ""),
    )
    yield ()


def _suspicions(found: Explained, plain: bool) -> Iterator[Line]:
    """How likely each kind of mistake is, the whole first."""
    chances = [float(chance) for chance in found.part.surprisal.suspicion[found.note]]
    there = [at for at in range(ANY) if chances[at] >= LEAST_SUSPICION and can_happen(MISTAKES[at], found.part.family)]
    likely = sorted(there, key=lambda at: -chances[at])
    width = max(len(mistake(MISTAKES[at], found.part.family)) for at in (ANY, *likely))
    yield (("  suspicion of a mistake", "bold"), ("  how likely something is wrong here, and what", "dim"))
    for at in (ANY, *likely):
        name = mistake(MISTAKES[at], found.part.family)
        yield ((f"    {name:<{width}}  ", ""), (bar(chances[at], plain), "yellow"), (f"  {percent(chances[at]):>6}", ""))
    yield ()


def bar(chance: float, plain: bool) -> str:
    """A bar of BAR characters, full at 1."""
    full, rest = ("#", ".") if plain else ("█", "░")
    length = round(min(max(chance, 0.0), 1.0) * BAR)
    return full * length + rest * (BAR - length)


def _fields(found: Explained, plain: bool) -> Iterator[Line]:
    """Every field that applies, the most surprising first."""
    surprisal, note = found.part.surprisal, found.note
    applying = [name for name in NAMES if surprisal.applies(note, name)]
    for name in sorted(applying, key=lambda name: -excess(surprisal, note, name)):
        bits, entropy = (float(array[note, COLUMN[name]]) for array in (surprisal.bits, surprisal.entropy))
        yield (("  " + noun(name, found.part.family), "bold"), (f"  {bits:.1f} bits, {entropy:.1f} to be expected", "dim"))
        yield from _alternatives(found.part, note, name, plain)
        if name == "error" and found.part.family not in (Family.FRETS, Family.DRUMS):
            yield ((f"    {ROUNDING}", "dim"),)
        yield ()


def _alternatives(part: Part, note: int, field: str, plain: bool) -> Iterator[Line]:
    actual = part.surprisal.actual(note, field)
    likely = shown(part, note, field)
    said = [words(field, each.value, part.family, five_lane=part.five_lane) for each in likely]
    width = max(map(len, said))
    for each, name in zip(likely, said, strict=True):
        here = each.value == actual
        row = f"{name:<{width}}  {bar(each.probability, plain)}  {percent(each.probability):>6}"
        yield ((("  > " if here else "    ") + row, "bold" if here else ""),)


def shown(part: Part, note: int, field: str) -> list[Alternative]:
    """The likeliest values, what stands there among them."""
    everything = part.surprisal.alternatives(note, field, FIELDS[COLUMN[field]].size)
    actual = part.surprisal.actual(note, field)
    likely = [each for each in everything[:MOST_SHOWN] if each.probability >= LEAST_SHOWN]
    return likely + [each for each in everything if each.value == actual and each not in likely]


def _around(found: Explained) -> Iterator[Line]:
    """The notes before and after, so that the reader sees where they are."""
    yield (("  around it", "bold"), ("  with their suspicion", "dim"))
    part, surprisal = found.part, found.part.surprisal
    notes = range(max(found.note - AROUND, 0), min(found.note + AROUND + 1, len(surprisal)))
    places = [format_stamp(surprisal.notes[note].time, part.selections[note]) for note in notes]
    width, wide = max(map(len, places)), len(str(max(part.lines[note] for note in notes)))
    for note, place in zip(notes, places, strict=True):
        here = note == found.note
        chance = percent(suspicion(surprisal, note))
        row = f"{place:<{width}}  line {part.lines[note]:>{wide}}  {chance:>7}  {', '.join(_told(part, note))}"
        yield ((("  > " if here else "    ") + row, "bold" if here else "dim"),)


def _told(part: Part, note: int) -> Iterator[str]:
    """What a note is, in a few words."""
    for field in ("kind", "lane", "gap", "length", "new_combo", "hitsound", "modifier"):
        actual = part.surprisal.actual(note, field)
        if actual is None or actual is False or actual in ("none", "normal") or (field == "length" and actual == "0"):
            continue
        yield phrase(field, actual, part.family, five_lane=part.five_lane)


def as_json(found: Sequence[Explained]) -> str:
    """One object, of each note all values that are not next to impossible."""
    first = found[0]
    whole = {
        "version": VERSION,
        "model": first.part.surprisal.model,
        "path": printable(first.scored.path),
        "notes": [_entry(each) for each in found],
    }
    return json.dumps(whole, indent=1) + "\n"


def _entry(found: Explained) -> dict[str, Any]:
    part, note, surprisal = found.part, found.note, found.part.surprisal
    return {
        "line": found.line,
        **({"track": part.track} if part.track else {}),
        "time_ms": number(found.time),
        "selection": part.selections[note],
        "score": number(float(surprisal.score[note])),
        "rank": found.rank,
        "notes": len(surprisal),
        "suspicion": {name: number(float(chance)) for name, chance in zip(MISTAKES, surprisal.suspicion[note], strict=True)},
        "fields": {name: _field(part, note, name) for name in NAMES if surprisal.applies(note, name)},
        "around": [_neighbour(part, other) for other in _neighbours(found)],
    }


def _field(part: Part, note: int, name: str) -> dict[str, Any]:
    surprisal, column = part.surprisal, COLUMN[name]
    told = [each for each in surprisal.alternatives(note, name, FIELDS[column].size) if each.probability >= LEAST_TOLD]
    return {
        "bits": number(float(surprisal.bits[note, column])),
        "entropy": number(float(surprisal.entropy[note, column])),
        "actual": surprisal.actual(note, name),
        "expected": [{"value": each.value, "probability": round(each.probability, 4)} for each in told],
    }


def _neighbours(found: Explained) -> list[int]:
    near = range(max(found.note - AROUND, 0), min(found.note + AROUND + 1, len(found.part.surprisal)))
    return [note for note in near if note != found.note]


def _neighbour(part: Part, note: int) -> dict[str, Any]:
    surprisal = part.surprisal
    return {
        "line": part.lines[note],
        "time_ms": number(surprisal.notes[note].time),
        "score": number(float(surprisal.score[note])),
    }
