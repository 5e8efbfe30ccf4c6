"""What differs between two versions of a map, line by line: those that both share are the same objects."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from formats.document import Document, Line
from formats.spans import Edit, Span

_NAME = re.compile("[:=]")


def changed_lines(before: Document, after: Document) -> list[tuple[range, range]]:
    """Stretches of lines by their numbers, and those that come in their place."""
    new_numbers = {id(line): number for number, line in enumerate(after.lines)}
    found: list[tuple[range, range]] = []
    old_at = new_at = 0
    shared = [(number, new_numbers[id(line)]) for number, line in enumerate(before.lines) if id(line) in new_numbers]
    for old, new in (*_rising(shared), (len(before.lines), len(after.lines))):
        if old > old_at or new > new_at:
            found.append((range(old_at, old), range(new_at, new)))
        old_at, new_at = old + 1, new + 1
    return found


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most of them whose second numbers rise as the first ones do: lines may have changed places."""
    numbers: list[int] = []
    ends: list[int] = []
    came: list[int] = []
    for at, (_, number) in enumerate(pairs):
        place = bisect_left(numbers, number)
        came.append(ends[place - 1] if place else -1)
        numbers[place : place + 1], ends[place : place + 1] = [number], [at]
    found: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = came[at]
    return found[::-1]


def edits_by_line(before: Document, edits: Sequence[Edit]) -> list[Edit]:
    """The same change with an edit for each line, so that each may be taken or left: a line of the same moment becomes the other.

    In text order; lines that come at one place are edits that begin there, before one that replaces what stands there. Where a
    line has no ending and others come behind it, the edits are as they were.
    """
    after = before.edit(edits)
    found: list[Edit] = []
    for old, new in changed_lines(before, after):
        found += _edits(before, after, old, new)
    return found if _applied(before.text, found) == after.text else sorted(edits)


def _edits(before: Document, after: Document, old: range, new: range) -> Iterator[Edit]:
    gone, come = before.lines[old.start : old.stop], after.lines[new.start : new.stop]
    starts = [*before.index.starts, before.index.length]
    moments = SequenceMatcher(None, [_moment(line) for line in gone], [_moment(line) for line in come], autojunk=False)
    for how, first, last, other, until in moments.get_opcodes():
        lines = zip(starts[old.start + first : old.start + last], gone[first:last], strict=True)
        if how == "equal":
            for (start, line), its in zip(lines, come[other:until], strict=True):
                alike = line.text.removeprefix(line.content) == its.text.removeprefix(its.content)
                old_text, new_text = (line.content, its.content) if alike else (line.text, its.text)
                if old_text != new_text:
                    yield Edit(Span(start, start + len(old_text)), new_text)
            continue
        here = starts[old.start + first]
        yield from (Edit(Span(here, here), line.text) for line in come[other:until])
        yield from (Edit(Span(start, start + len(line.text)), "") for start, line in lines)


def _moment(line: Line) -> str:
    """When something stands in the map, or what it is called."""
    if line.section == "HitObjects":
        return ",".join(line.content.split(",", 3)[2:3])
    if line.section == "TimingPoints":
        return line.content.partition(",")[0]
    return _NAME.split(line.content, maxsplit=1)[0].strip()


def _applied(text: str, edits: Sequence[Edit]) -> str:
    pieces: list[str] = []
    done = 0
    for edit in edits:
        pieces += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    return "".join((*pieces, text[done:]))
