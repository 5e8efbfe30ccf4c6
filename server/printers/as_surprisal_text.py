"""`maimod surprisal --format text`: a table of each difficulty's most suspicious notes, and what was expected instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analyzers.wording import can_happen, mistake, phrase, words
from formats.timestamps import format_stamp
from models.bundled.fields import ANY, COLUMN, MISTAKES, NAMES
from server.printable import one_line, plural, printable
from server.printers.as_surprisal_json import Chosen
from server.scored_maps import Part, ScoredMap, display_name

if TYPE_CHECKING:
    from models.surprisal import Alternative, Surprisal

# A note's table entry names this many of its fields at most; those that surprised by fewer bits than this are left out.
MOST_FIELDS, FEWEST_BITS = 3, 2.0
MOST_EXPECTED, LEAST_CHANCE = 3, 0.02
# Editors cut times off to whole ms: a note this many ms from its tick is on it.
ROUNDED = (-1, 0)
DEFAULT_MOST = 20

Line = tuple[tuple[str, str], ...]
"""Pieces of text, each with rich's name of its style."""


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    line: str
    suspicion: str
    bits: str
    found: str
    expected: str


HEADING = _Row("time", "line", "suspicion", "bits", "what stands there", "what was expected")
LEGEND = "suspicion: how likely something is wrong there; bits: how surprising what stands there is"


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
        yield ((f"  {plural(notes, 'note')}, {_which(told, notes)} ({LEGEND})", "dim"),)


def _which(told: int, notes: int) -> str:
    if told == notes:
        return "the most suspicious first"
    return "the most suspicious one" if told == 1 else f"the {told} most suspicious"


def _rows(part: Part, chosen: Chosen) -> Iterator[_Row]:
    for note in chosen.of(part):
        place = format_stamp(part.surprisal.notes[note].time, part.selections[note])
        head = (place, str(part.lines[note]), percent(suspicion(part.surprisal, note)))
        for found in _findings(part, note):
            yield _Row(*head, *found)
            head = ("", "", "")


def _findings(part: Part, note: int) -> list[tuple[str, str, str]]:
    """(bits, what stands there, what was expected) of the fields in which something else was likelier.

    Where there is none the note is all right by itself: then what else may be wrong with it.
    """
    bits, fields = part.surprisal.bits[note], surprising_fields(part.surprisal, note)
    found = [(f"{bits[COLUMN[field]]:.1f}", stands(part, note, field), expected(part, note, field)) for field in fields]
    return found or [("", what(part, note), f"this, but perhaps {likeliest_mistake(part, note)}")]


def suspicion(surprisal: Surprisal, note: int) -> float:
    """The probability that anything is wrong with the note."""
    return float(surprisal.suspicion[note, ANY])


def likeliest_mistake(part: Part, note: int) -> str:
    """`one too many`, `something missing beside it`."""
    possible = [at for at in range(ANY) if can_happen(MISTAKES[at], part.family)]
    return mistake(MISTAKES[max(possible, key=lambda at: float(part.surprisal.suspicion[note, at]))], part.family)


def what(part: Part, note: int) -> str:
    """`circle`, `column 3`, `green fret`: what the note is."""
    field = "lane" if part.surprisal.applies(note, "lane") else "kind"
    return stands(part, note, field) or "note"


def surprising_fields(surprisal: Surprisal, note: int, most: int = MOST_FIELDS) -> list[str]:
    """The fields in which something else was likelier, those first that surprised most beyond what was to be expected."""
    likelier = [name for name in NAMES if surprisal.applies(note, name) and _likelier(surprisal, note, name)]
    likelier.sort(key=lambda name: -excess(surprisal, note, name))
    strong = [name for name in likelier if excess(surprisal, note, name) >= FEWEST_BITS]
    return strong[:most] or [name for name in likelier[:1] if excess(surprisal, note, name) > 0]


def _likelier(surprisal: Surprisal, note: int, field: str) -> bool:
    """Whether the likeliest value is another than what stands there."""
    actual, best = surprisal.actual(note, field), surprisal.alternatives(note, field, 1)[0].value
    return best != actual and not (field == "error" and {best, actual} == set(ROUNDED))


def excess(surprisal: Surprisal, note: int, field: str) -> float:
    """Bits beyond the entropy."""
    return float(surprisal.bits[note, COLUMN[field]] - surprisal.entropy[note, COLUMN[field]])


def stands(part: Part, note: int, field: str) -> str:
    """What stands there, in words."""
    actual = part.surprisal.actual(note, field)
    return "" if actual is None else phrase(field, actual, part.family, five_lane=part.five_lane)


def expected(part: Part, note: int, field: str) -> str:
    """`no addition 82 %, whistle 9 %`: what could stand there instead."""
    others = [each for each in others_of(part.surprisal, note, field) if each.probability >= LEAST_CHANCE]
    return ", ".join(
        f"{words(field, each.value, part.family, five_lane=part.five_lane)} {percent(each.probability)}" for each in others
    )


def others_of(surprisal: Surprisal, note: int, field: str) -> list[Alternative]:
    """The likeliest values that do not stand there; `on the tick` with what rounding makes of it."""
    actual = surprisal.actual(note, field)
    found = [each for each in surprisal.alternatives(note, field, MOST_EXPECTED + 2) if each.value != actual]
    return (_with_rounded(found) if field == "error" else found)[:MOST_EXPECTED]


def _with_rounded(found: list[Alternative]) -> list[Alternative]:
    on_tick = [each for each in found if each.value in ROUNDED]
    if len(on_tick) < len(ROUNDED):
        return found
    joined = replace(on_tick[0], value=0, probability=sum(each.probability for each in on_tick))
    return [joined, *(each for each in found if each not in on_tick)]


def percent(probability: float) -> str:
    """`82 %`; below one percent one digit more, and never 0 or 100 of what is not certain."""
    if probability >= 0.995:
        return "> 99 %" if probability < 1 else "100 %"
    if probability >= 0.01:
        return f"{probability * 100:.0f} %"
    return f"{probability * 100:.1f} %" if probability >= 0.0005 else "< 0.1 %"


def _table(rows: list[_Row]) -> Iterator[Line]:
    if not rows:
        return
    place, line, suspicion, bits, found = (
        max(len(getattr(row, name)) for row in (HEADING, *rows)) for name in ("place", "line", "suspicion", "bits", "found")
    )
    for row in (HEADING, *rows):
        dim = "dim" if row is HEADING else ""
        yield (
            (f"  {row.place:<{place}}", dim or "cyan"),
            (f"  {row.line:>{line}}", "dim"),
            (f"  {row.suspicion:>{suspicion}}", dim or "bold"),
            (f"  {row.bits:>{bits}}", "dim"),
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

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            """As it is: rich itself would end the process with 1."""
            raise  # noqa: PLE0704  it is called where BrokenPipeError is handled

    console = Terminal(force_terminal=True if force else None, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*line))
