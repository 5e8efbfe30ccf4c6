"""Lines and parts of lines as ranges of the protocol, as its types and as plain dictionaries for large answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from lsprotocol import types

from formats.document import Document
from formats.spans import Span
from server.convert import Measure, column_of, units
from server.language.view import View
from server.lsp.diagnostics import span_range

T = TypeVar("T")
Json = dict[str, Any]


def lines_json(document: Document, first: int, last: int, measure: Measure) -> Json:
    """The lines from `first` to `last` by number, without the ending of the last."""
    end = {"line": last, "character": units(document.lines[last].content, measure)}
    return {"start": {"line": first, "character": 0}, "end": end}


def columns_json(document: Document, number: int, start: int, end: int, measure: Measure) -> Json:
    """Characters `[start, end)` of one line."""
    text = document.lines[number].content
    before, behind = column_of(text, start, measure), column_of(text, end, measure)
    return {"start": {"line": number, "character": before}, "end": {"line": number, "character": behind}}


def line_range(view: View, number: int, measure: Measure) -> types.Range:
    """A line without its ending."""
    start = view.document.index.starts[number]
    return span_range(view.snapshot.places(measure), Span(start, start + len(view.document.lines[number].content)))


def columns_range(view: View, number: int, start: int, end: int, measure: Measure) -> types.Range:
    """Characters `[start, end)` of one line."""
    base = view.document.index.starts[number]
    return span_range(view.snapshot.places(measure), Span(base + start, base + end))


def place_of(view: View, position: types.Position, measure: Measure) -> tuple[int, int]:
    """The line of a position and its column in characters; held inside the text, in front of the line's ending."""
    offset = view.snapshot.places(measure).offset((position.line, position.character))
    number, column = view.document.index.position(offset)
    return number, min(column, len(view.document.lines[number].content))


def touched(view: View, wanted: types.Range) -> range:
    """The numbers of the lines that a range touches."""
    count = len(view.document.lines)
    return range(min(wanted.start.line, count), min(wanted.end.line + 1, count))


async def aside(work: Callable[[], T]) -> T:
    """What `work` gives, without holding up the event loop: it runs on a thread, on data that does not change."""
    return await asyncio.to_thread(work)
