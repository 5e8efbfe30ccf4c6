"""`maimod surprisal --format text`: a table of each difficulty's most surprising notes, and what was expected instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.wording import phrase, words
from formats.timestamps import format_stamp
from models.bundled.fields import COLUMN, NAMES
from server.printable import one_line, plural, printable
from server.printers.as_surprisal_json import Chosen
from server.scored_maps import Part, ScoredMap, display_name

if TYPE_CHECKING:
    from models.surprisal import Alternative, Surprisal

# A note's table entry names this many of its fields at most; those that surprised by fewer bits than this are left out.
MOST_FIELDS, FEWEST_BITS = 3, 2.0
MOST_EXPECTED, LEAST_CHANCE = 3, 0.02
DEFAULT_MOST = 20

Line = tuple[tuple[str, str], ...]
"""Pieces of text, each with rich's name of its style."""


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    line: str
    score: str
    found: str
    expected: str


HEADING = _Row("time", "line", "score", "what stands there", "what was expected")


def section(scored: ScoredMap, chosen: Chosen = Chosen(most=DEFAULT_MOST)) -> list[Line]:  # noqa: B008  it is frozen
    """The lines on one file, one table for each difficulty or track."""
    lines: list[Line] = []
    for part in scored.parts:
        lines += _heading(scored, part, chosen)
        lines += _table(list(_rows(part, chosen)))
        lines.append(())
    return lines or [((f"{one_line(scored.path)}: nothing to score", "dim"),), ()]


def _heading(scored: ScoredMap, part: Part, chosen: Chosen) -> Iterator[Line]:
    name, path = one_line(printable(display_name(scored, part))), one_line(printable(scored.path))
    yield (name, "bold underline"), (f" ({path})", "dim")
    notes, told = len(part.surprisal), len(chosen.of(part))
    if not notes:
        yield (("  no notes", "dim"),)
    elif not told:
        yield ((f"  none of the {plural(notes, 'note')} is in this stretch", "dim"),)
    else:
        which = "the most surprising first" if told == notes else f"the {told} most surprising"
        yield ((f"  {plural(notes, 'note')}, {which}", "dim"),)


def _rows(part: Part, chosen: Chosen) -> Iterator[_Row]:
    surprisal = part.surprisal
    for note in chosen.of(part):
        fields = surprising_fields(surprisal, note)
        place, score = _place(part, note), f"{surprisal.score[note]:.2f}"
        for number, field in enumerate(fields):
            found = (place, str(part.lines[note]), score) if number == 0 else ("", "", "")
            yield _Row(*found, stands(part, note, field), expected(part, note, field))


def _place(part: Part, note: int) -> str:
    time = part.surprisal.notes[note].time
    return format_stamp(time, part.selections[note])


def surprising_fields(surprisal: Surprisal, note: int, most: int = MOST_FIELDS) -> list[str]:
    """The fields that surprised most beyond what was to be expected of them; one at least."""
    applying = [name for name in NAMES if surprisal.applies(note, name)]
    applying.sort(key=lambda name: -excess(surprisal, note, name))
    strong = [name for name in applying if excess(surprisal, note, name) >= FEWEST_BITS]
    return strong[:most] or applying[:1]


def excess(surprisal: Surprisal, note: int, field: str) -> float:
    """Bits beyond the entropy."""
    return float(surprisal.bits[note, COLUMN[field]] - surprisal.entropy[note, COLUMN[field]])


def stands(part: Part, note: int, field: str) -> str:
    """What stands there, in words."""
    actual = part.surprisal.actual(note, field)
    return "" if actual is None else phrase(field, actual, part.family, five_lane=part.five_lane)


def expected(part: Part, note: int, field: str) -> str:
    """`no addition 82 %, whistle 9 %`: what could stand there instead; as expected where what stands is the likeliest."""
    others = [each for each in _others(part.surprisal, note, field) if each.probability >= LEAST_CHANCE]
    likelier = part.surprisal.alternatives(note, field, 1)[0].value != part.surprisal.actual(note, field)
    said = ", ".join(
        f"{words(field, each.value, part.family, five_lane=part.five_lane)} {percent(each.probability)}" for each in others
    )
    return said if likelier else f"this, else {said}" if said else "this"


def _others(surprisal: Surprisal, note: int, field: str) -> list[Alternative]:
    actual = surprisal.actual(note, field)
    return [each for each in surprisal.alternatives(note, field, MOST_EXPECTED + 1) if each.value != actual][:MOST_EXPECTED]


def percent(probability: float) -> str:
    """`82 %`; below one percent one digit more."""
    return f"{probability * 100:.0f} %" if probability >= 0.01 else f"{probability * 100:.1f} %"


def _table(rows: list[_Row]) -> Iterator[Line]:
    if not rows:
        return
    place, line, score, found = (
        max(len(getattr(row, name)) for row in (HEADING, *rows)) for name in ("place", "line", "score", "found")
    )
    for row in (HEADING, *rows):
        dim = "dim" if row is HEADING else ""
        yield (
            (f"  {row.place:<{place}}", dim or "cyan"),
            (f"  {row.line:>{line}}", "dim"),
            (f"  {row.score:>{score}}", dim or "bold"),
            (f"  {row.found:<{found}}", dim),
            (f"  {row.expected}".rstrip(), "dim"),
        )


def write_text(lines: Iterable[Line], write: Callable[[str], object]) -> None:
    """The lines without any colour."""
    for line in lines:
        write("".join(text for text, _ in line).rstrip() + "\n")


def write_terminal(lines: Iterable[Line], *, force: bool = False) -> None:
    """The lines as a terminal shows them best."""
    from rich.console import Console
    from rich.text import Text

    console = Console(force_terminal=True if force else None, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*line))
