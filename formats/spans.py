"""Half-open spans of text, edits that replace a span, and the way from an offset to its line and back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The half-open range `[start, end)` of character offsets in a document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span runs forward from 0, not from {self.start} to {self.end}")

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replaces the text of `span` by `text`."""

    span: Span
    text: str


class OverlappingEdits(ValueError):
    """Two edits of one batch touch the same characters, so their order would decide the result."""


def sort_edits(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits in text order, equal ones once. Raises `OverlappingEdits` where two of them share a character."""
    ordered = tuple(sorted(set(edits)))
    for before, after in pairwise(ordered):
        if before.span.end > after.span.start or before.span.start == after.span.start:
            raise OverlappingEdits(f"edits at {before.span} and {after.span} overlap")
    return ordered


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits, each of which names offsets of the text before any of them."""
    pieces: list[str] = []
    done = 0
    for edit in sort_edits(edits):
        if edit.span.end > len(text):
            raise ValueError(f"an edit ends at {edit.span.end}, the text at {len(text)}")
        pieces += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    pieces.append(text[done:])
    return "".join(pieces)


def invert_edits(text: str, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits that lead from `apply_edits(text, edits)` back to `text`."""
    inverse: list[Edit] = []
    shift = 0
    for edit in sort_edits(edits):
        start = edit.span.start + shift
        inverse.append(Edit(Span(start, start + len(edit.text)), text[edit.span.start : edit.span.end]))
        shift += len(edit.text) - len(edit.span)
    return tuple(inverse)


class LineIndex:
    """Offsets of the line starts: offset to (line, column) and back, both 0-based and in code points."""

    __slots__ = ("length", "starts")

    def __init__(self, lengths: Sequence[int]) -> None:
        starts: list[int] = []
        total = 0
        for length in lengths:
            starts.append(total)
            total += length
        self.starts = starts
        self.length = total

    def line_of(self, offset: int) -> int:
        """The line that holds `offset`; the end of the text belongs to the last line."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def position(self, offset: int) -> tuple[int, int]:
        if not self.starts:
            return 0, 0
        line = self.line_of(offset)
        return line, offset - self.starts[line]
