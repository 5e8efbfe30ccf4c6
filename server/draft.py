"""A text while an editor changes it: lines as the protocol counts them, spliced in place, so that many changes are cheap."""

from __future__ import annotations

from collections.abc import Sequence

from formats.document import Document, split_lines
from formats.spans import Edit, Span


class Draft:
    """The lines of a document under a sequence of changes, each of which names places of the text after the one before.

    Only `\\n`, `\\r\\n` and `\\r` end a line. Behind a last line that has an ending stands one more, empty line.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines = [line.text for line in document.lines if line.text]
        # How many lines at both ends no change has touched.
        self._head = self._tail = len(self._lines)

    @property
    def lines(self) -> Sequence[str]:
        return self._lines

    def line(self, number: int) -> str:
        """A line with its ending; past the last one the empty text."""
        return self._lines[number] if 0 <= number < len(self._lines) else ""

    def replace(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """Replaces what stands between two (line, column) places, held inside the text and in front of line endings."""
        lines = self._lines
        first, start_column = self._hold(start)
        last, end_column = self._hold(max(start, end))
        joined = self.line(first)[:start_column] + text + self.line(last)[end_column:]
        if first and joined.startswith("\n") and lines[first - 1].endswith("\r"):
            first -= 1
            joined = lines[first] + joined
        rest = max(len(lines) - last - 1, 0)
        lines[first : len(lines) - rest] = split_lines(joined)
        self._head, self._tail = min(self._head, first), min(self._tail, rest)

    def _hold(self, place: tuple[int, int]) -> tuple[int, int]:
        number, column = place
        count = len(self._lines)
        if number >= count:
            last = self.line(count - 1)
            if not last or last[-1] in "\r\n":
                return count, 0
            return count - 1, len(last)
        content = self._lines[number].rstrip("\r\n")
        return number, min(max(column, 0), len(content))

    def edit(self) -> Edit | None:
        """All changes as one edit of the document that the draft was made of; None where none was made."""
        before = self._document
        count = len(before.lines)
        head = min(self._head, count)
        tail = min(self._tail, count - head, len(self._lines) - head)
        if head == count == len(self._lines):
            return None
        index = before.index
        start = index.starts[head] if head < count else index.length
        end = index.starts[count - tail] if tail else index.length
        return Edit(Span(start, end), "".join(self._lines[head : len(self._lines) - tail]))

    def document(self) -> Document:
        """The document after all changes; it shares every line that stands as it was."""
        edit = self.edit()
        return self._document.edit([edit]) if edit else self._document
