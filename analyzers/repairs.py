"""The usual changes that repairs are made of: replace a field or a value, delete or insert a line."""

from __future__ import annotations

from analyzers.rule import Change
from formats.beatmap import Section
from formats.document import Document, Line, Place, entry_value, field


def replace_field(line: Line, index: int, text: str, separator: str = ",") -> Change:
    """The `index`-th comma-separated value of the line becomes `text`."""
    return Change(field(line, index, separator), text)


def replace_value(line: Line, text: str, separator: str = ":") -> Change:
    """What stands behind the first `separator` of a `key: value` line becomes `text`."""
    return Change(entry_value(line, separator), text)


def delete_line(line: Line) -> Change:
    """The line goes, with its line ending."""
    return Change(Place(line, 0, len(line.text)), "")


def insert_after(document: Document, line: Line, text: str) -> Change:
    """`text` (no line ending) becomes a line of its own behind `line`."""
    ended = len(line.content) < len(line.text)
    place = Place(line, len(line.text), len(line.text))
    return Change(place, text + document.newline if ended else document.newline + text)


def format_number(value: float) -> str:
    """The number as a map writes it: no trailing zeros, a dot, no exponent."""
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def set_entry(document: Document, section: Section, key: str, text: str) -> tuple[Change, ...]:
    """The changes after which `key` of the section is `text`: its line, or a new one at the section's end.

    Empty where the section itself is missing.
    """
    entry = section.entry(key)
    if entry is not None:
        return (replace_value(entry.line, text),)
    last = section.entries[-1].line if section.entries else section.header
    if last is None:
        return ()
    return (insert_after(document, last, f"{key}{_SEPARATORS.get(section.name, ':')}{text}"),)


_SEPARATORS = {"General": ": ", "Editor": ": ", "Colours": " : "}
