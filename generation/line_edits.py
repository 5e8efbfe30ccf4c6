"""From changed, added and removed lines of a document to edits that touch nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formats.document import Document, Line
from formats.spans import Edit, Span


@dataclass(frozen=True, slots=True)
class Replacement:
    """The line becomes `text` (without its ending), or goes where that is None.

    `added`: the line stays, and `text` becomes a line of its own before it, or `behind` it.
    """

    line: Line
    text: str | None
    added: bool = False
    behind: bool = False


def line_edits(document: Document, changes: Sequence[Replacement]) -> tuple[Edit, ...]:
    """The edits, sorted; lines that are added at the same place keep the order in which they are given.

    Lines that become others are compared with them: only the characters that differ are replaced.
    """
    at = {id(line): number for number, line in enumerate(document.lines)}
    own: dict[int, str | None] = {}
    before: dict[int, list[str]] = {}
    for change in changes:
        number = at[id(change.line)]
        if not change.added:
            own[number] = change.text
        elif change.text is not None:
            before.setdefault(number + change.behind, []).append(change.text)
    edits: list[Edit] = []
    for first, last in _runs({*own, *before}):
        edits += _edited(document, first, last, own, before)
    return tuple(edits)


def _runs(numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Numbers in a row as (first, last)."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [(first, last) for first, last in runs]


def _edited(
    document: Document, first: int, last: int, own: dict[int, str | None], before: dict[int, list[str]]
) -> Iterable[Edit]:
    """The edits of lines `first` to `last`; those of neighbours are joined where one would begin where another does."""
    found: list[Edit] = []
    lines, starts = document.lines, document.index.starts
    for number in range(first, last + 1):
        start = starts[number] if number < len(lines) else document.index.length
        text = "".join(each + document.newline for each in before.get(number, ()))
        if text and number and own.get(number - 1, "") is not None and not _ended(lines[number - 1]):
            # The last line of the file has no ending: the added ones stand behind it.
            text = document.newline + text.removesuffix(document.newline)
        edit = Edit(Span(start, start), text) if text else None
        if number in own and number < len(lines):
            other = _replaced(lines[number], start, own[number])
            if other is not None and edit is not None and other.span.start == start:
                edit = Edit(other.span, edit.text + other.text)
            elif other is not None:
                found += [edit] if edit is not None else []
                edit = other
        if edit is not None:
            found.append(edit)
    return _joined(found)


def _ended(line: Line) -> bool:
    return len(line.content) < len(line.text)


def _replaced(line: Line, start: int, text: str | None) -> Edit | None:
    if text is None:
        return Edit(Span(start, start + len(line.text)), "")
    old = line.content
    if old == text:
        return None
    most = min(len(old), len(text))
    head = next((at for at in range(most) if old[at] != text[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != text[-1 - at]), most - head)
    return Edit(Span(start + head, start + len(old) - tail), text[head : len(text) - tail])


def _joined(edits: Sequence[Edit]) -> list[Edit]:
    """Edits in a row of which none begins where the one before does or ends."""
    joined: list[Edit] = []
    for edit in edits:
        if joined and joined[-1].span.end == edit.span.start:
            last = joined.pop()
            joined.append(Edit(Span(last.span.start, edit.span.end), last.text + edit.text))
        else:
            joined.append(edit)
    return joined
