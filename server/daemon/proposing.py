"""A change of a map worked out for those who may apply it: before and after as bytes, as a diff, as an editor takes it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff

from formats.document import Document
from formats.spans import Edit
from server.convert import Measure, Places
from server.daemon.protocol import Json
from server.daemon.questions import Proposed
from server.daemon.subjects import Subject
from server.printable import printable

# Lines of the map around a change in a diff.
AROUND_A_CHANGE = 2


def proposed(subject: Subject, edits: Sequence[Edit], title: str, safety: str, look: Json | None) -> Proposed:
    before, after = subject.document, subject.document.edit(edits)
    places = Places(before, Measure.UTF16)
    told = tuple(
        {"start": _position(start), "end": _position(end), "text": edit.text}
        for edit in edits
        for start, end in (places.range(edit.span),)
    )
    return Proposed(
        subject.digest,
        before.to_bytes(),
        after.to_bytes(),
        printable(title),
        safety,
        printable(_diff(subject.name, before, after)),
        tuple(_hunks(before, after)),
        told,
        look,
    )


def _position(place: tuple[int, int]) -> Json:
    return {"line": place[0], "character": place[1]}


def _diff(name: str, before: Document, after: Document) -> str:
    old, new = ([line.content for line in document.lines] for document in (before, after))
    return "\n".join(unified_diff(old, new, name, name, lineterm="", n=AROUND_A_CHANGE)) + "\n"


def _hunks(before: Document, after: Document) -> Sequence[Json]:
    """The lines that a change replaces, stretch by stretch: those that both documents share are the same objects."""
    new_numbers = {id(line): number for number, line in enumerate(after.lines)}
    hunks: list[Json] = []
    old_at = new_at = 0
    shared = [(number, new_numbers[id(line)]) for number, line in enumerate(before.lines) if id(line) in new_numbers]
    for old, new in (*shared, (len(before.lines), len(after.lines))):
        if old > old_at or new > new_at:
            hunks.append({
                "line": old_at + 1,
                "before": [printable(line.content) for line in before.lines[old_at:old]],
                "after": [printable(line.content) for line in after.lines[new_at:new]],
            })  # fmt: skip
        old_at, new_at = old + 1, new + 1
    return hunks
