"""A map file as lines that join to its text: reading never fails, and an edit re-reads only the lines it touches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, Protocol

from formats.encoding import UTF8, Encoding, decode
from formats.spans import Edit, LineIndex, Span, apply_edits, sort_edits

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


def split_lines(text: str) -> list[str]:
    """The lines with their endings, of which there are three: `\\n`, `\\r\\n`, `\\r`. They join to `text`; no text, no line."""
    return _LINE.findall(text)


class LineKind(StrEnum):
    BLANK = "blank"
    COMMENT = "comment"
    HEADER = "header"
    VERSION = "version"
    BRACE = "brace"
    RECORD = "record"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line, or a part of it, could not be read: columns in the line and one sentence that says what was expected.

    `skipped` = the game skips the line for it too.
    """

    start: int
    end: int
    message: str
    skipped: bool = True


@dataclass(slots=True, eq=False)
class Line:
    """One line of a file with its line ending.

    Lines are compared by identity and live on in the next document when an edit leaves them alone, so whatever is
    derived from a line (a hit object, its slider path) can be kept with it. `record` is what the line says, of a type
    that its section decides; `before` and `after` are the reader's states around the line.
    """

    text: str
    kind: LineKind
    section: str
    before: str
    after: str
    record: object = None
    problems: tuple[Problem, ...] = ()

    @property
    def content(self) -> str:
        """The text without its line ending."""
        return self.text.rstrip("\r\n")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Columns `[start, end)` of one line: an anchor that stays right while other lines change."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]


def whole(line: Line) -> Place:
    """The line without its ending."""
    return Place(line, 0, len(line.content))


def field(line: Line, index: int, separator: str = ",") -> Place:
    """The `index`-th value of a separated line, spaces around it left out; the whole line when there are fewer."""
    text = line.content
    start = 0
    for _ in range(index):
        cut = text.find(separator, start)
        if cut < 0:
            return whole(line)
        start = cut + 1
    end = text.find(separator, start)
    return _trim(line, start, len(text) if end < 0 else end)


def entry_value(line: Line, separator: str = ":") -> Place:
    """What stands behind the first `separator` of a `key: value` line; the whole line when it has none."""
    text = line.content
    cut = text.find(separator)
    return whole(line) if cut < 0 else _trim(line, cut + 1, len(text))


def _trim(line: Line, start: int, end: int) -> Place:
    text = line.text
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Place(line, start, end)


# Lines of one section, and of one file, that are read.
MOST_LINES = 100_000
MOST_LINES_OF_FILE = 500_000
# What may begin a line that ends a section.
_STRUCTURE = frozenset("[{}")


def _safe_count(grammar: Grammar) -> int:
    """So many lines are always read."""
    return min(MOST_LINES, *grammar.most_lines.values(), MOST_LINES)


def _read_bounded(pieces: list[str], grammar: Grammar) -> list[Line]:
    lines: list[Line] = []
    counts: dict[str, int] = {}
    section, state = "", grammar.initial
    left, left_of_file = MOST_LINES, MOST_LINES_OF_FILE
    for piece in pieces:
        if (left > 0 or piece.lstrip(" \t")[:1] in _STRUCTURE) and left_of_file > 0:
            line = grammar.read(piece, state)
            state = line.after
            if line.section != section:
                counts[section], section = left, line.section
                left = counts.get(section, grammar.most_lines.get(section, MOST_LINES))
            left_of_file -= 1
        else:
            line = Line(piece, LineKind.UNKNOWN, section, state, state)
            if left == 0 or left_of_file == 0:
                line.problems = (_too_many(line, of_file=left > 0),)
                left_of_file -= left_of_file == 0
        left -= 1
        lines.append(line)
    return lines


def _too_many(line: Line, *, of_file: bool) -> Problem:
    where = "file" if of_file or not line.section else f"section [{line.section}]"
    return Problem(
        0, len(line.content), f"The {where} has too many lines: this one and those after it are not checked", skipped=False
    )


class Grammar(Protocol):
    """How one format reads a line. `state` is what the lines before decide (the section), a short string.

    `most_lines` says how many lines of a section are read where that is not `MOST_LINES`.
    """

    initial: str
    most_lines: ClassVar[Mapping[str, int]]

    def read(self, text: str, state: str) -> Line:
        """The line. Never raises: what cannot be read is a line of kind *unknown* with a problem."""
        ...


class Document:
    """The lines of one file, at least one (an empty file is one empty line).

    Immutable: `edit` gives the next document, which shares every line that was not touched. Of enormous sections and
    files, larger than any that can be played, only the first lines are read; the others are *unknown* and keep their text.
    """

    def __init__(self, lines: list[Line], grammar: Grammar, encoding: Encoding = UTF8) -> None:
        self.lines = lines
        self.grammar = grammar
        self.encoding = encoding

    @classmethod
    def from_text(cls, text: str, grammar: Grammar, encoding: Encoding = UTF8) -> Document:
        pieces = split_lines(text) or [""]
        if len(pieces) > _safe_count(grammar):
            return cls(_read_bounded(pieces, grammar), grammar, encoding)
        lines: list[Line] = []
        state = grammar.initial
        read = grammar.read
        for piece in pieces:
            line = read(piece, state)
            state = line.after
            lines.append(line)
        return cls(lines, grammar, encoding)

    @classmethod
    def from_bytes(cls, data: bytes, grammar: Grammar) -> Document:
        text, encoding = decode(data)
        return cls.from_text(text, grammar, encoding)

    @cached_property
    def text(self) -> str:
        return "".join([line.text for line in self.lines])

    def to_bytes(self) -> bytes:
        return self.encoding.encode(self.text)

    @cached_property
    def _enormous(self) -> bool:
        """Whether some lines are not read for there being too many."""
        limits = self.grammar.most_lines
        if len(self.lines) <= _safe_count(self.grammar):
            return False
        counts = Counter([line.section for line in self.lines])
        return len(self.lines) > MOST_LINES_OF_FILE or any(
            count > limits.get(section, MOST_LINES) for section, count in counts.items()
        )

    @cached_property
    def index(self) -> LineIndex:
        return LineIndex([len(line.text) for line in self.lines])

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {id(line): number for number, line in enumerate(self.lines)}

    @cached_property
    def newline(self) -> str:
        """The line ending of the first line that has one: what an inserted line should end with."""
        for line in self.lines:
            ending = line.text[len(line.content) :]
            if ending:
                return ending
        return "\n"

    def number_of(self, line: Line) -> int:
        """The 0-based number of a line of this document. Raises `KeyError` for a line of another one."""
        return self._numbers[id(line)]

    def span(self, place: Place) -> Span:
        start = self.index.starts[self.number_of(place.line)]
        return Span(start + place.start, start + place.end)

    def line_span(self, line: Line) -> Span:
        """The line with its ending, as a fix that deletes it needs."""
        start = self.index.starts[self.number_of(line)]
        return Span(start, start + len(line.text))

    def edit(self, edits: Iterable[Edit]) -> Document:
        """The document after `edits` (offsets of this one). Raises `OverlappingEdits`, `ValueError` past the end."""
        ordered = sort_edits(edits)
        if not ordered:
            return self
        start, end = ordered[0].span.start, ordered[-1].span.end
        if end > self.index.length:
            raise ValueError(f"an edit ends at {end}, the text at {self.index.length}")
        lines = self.lines
        # An edit may make or break a line ending of two characters, so the lines on both sides are read again.
        first, last = max(self.index.line_of(start) - 1, 0), min(self.index.line_of(end) + 1, len(lines) - 1)
        touched = lines[first : last + 1]
        base = self.index.starts[first]
        moved = [Edit(Span(edit.span.start - base, edit.span.end - base), edit.text) for edit in ordered]
        known: dict[str, list[Line]] = {}
        for line in reversed(touched):
            known.setdefault(line.text, []).append(line)
        state = touched[0].before
        middle: list[Line] = []
        for piece in split_lines(apply_edits("".join([line.text for line in touched]), moved)) or [""]:
            kept = known.get(piece)
            line = kept.pop() if kept and kept[-1].before == state else self.grammar.read(piece, state)
            middle.append(line)
            state = line.after
        tail = lines[last + 1 :]
        for number, line in enumerate(tail):
            if line.before == state:
                break
            tail[number] = self.grammar.read(line.text, state)
            state = tail[number].after
        after = Document([*lines[:first], *middle, *tail], self.grammar, self.encoding)
        if self._enormous or after._enormous:
            return Document.from_text(after.text, self.grammar, self.encoding)
        return after
