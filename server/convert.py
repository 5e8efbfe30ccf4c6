"""Between offsets and what an editor counts: lines and columns in UTF-8 bytes, UTF-16 units or code points.

No other file knows that characters have more than one length. Columns of one document are asked for many times, so the
columns of a line that is plain ASCII cost nothing.
"""

from __future__ import annotations

from enum import StrEnum

from formats.document import Document
from formats.spans import Span

Position = tuple[int, int]
"""A 0-based line and a 0-based column in the units of a `Measure`."""


class Measure(StrEnum):
    """What a column counts, by the names of the language server protocol."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


def units(text: str, measure: Measure) -> int:
    """The length of `text` in columns. A lone surrogate counts as one UTF-16 unit and three bytes."""
    if measure is Measure.UTF32 or text.isascii():
        return len(text)
    if measure is Measure.UTF16:
        return len(text) + sum(character > "\uffff" for character in text)
    return len(text.encode("utf-8", "surrogatepass"))


def column_of(text: str, column: int, measure: Measure) -> int:
    """The column that stands in front of character `column` of a line."""
    return column if measure is Measure.UTF32 or text.isascii() else units(text[:column], measure)


def character_at(text: str, column: int, measure: Measure) -> int:
    """The character that stands at `column` of a line; inside of a character its beginning, past the end the length."""
    if measure is Measure.UTF32 or text.isascii():
        return min(column, len(text))
    passed = 0
    for number, character in enumerate(text):
        passed += units(character, measure)
        if passed > column:
            return number
    return len(text)


class Places:
    """Offsets of one document as positions in the units that an editor asked for, and back."""

    def __init__(self, document: Document, measure: Measure = Measure.UTF32) -> None:
        self._document = document
        self._measure = measure

    def position(self, offset: int) -> Position:
        lines = self._document.lines
        line, column = self._document.index.position(offset)
        text = lines[line].text
        if column == len(text) and text[-1:] in ("\n", "\r"):
            # Only the end of the text lies behind a line ending: the editor shows an empty line there.
            return line + 1, 0
        return line, column_of(text, column, self._measure)

    def range(self, span: Span) -> tuple[Position, Position]:
        start = self.position(span.start)
        return start, start if span.end == span.start else self.position(span.end)

    def offset(self, position: Position) -> int:
        """The offset of a position; held inside the text and in front of the line's ending, as editors do."""
        line, column = position
        document = self._document
        if line >= len(document.lines):
            return document.index.length
        content = document.lines[line].content
        return document.index.starts[line] + character_at(content, column, self._measure)
