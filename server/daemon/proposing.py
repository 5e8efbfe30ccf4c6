"""A change of a map worked out for those who may apply it: before and after as bytes, as a diff, as an editor takes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff

from formats.document import Document
from formats.spans import Edit
from server.changed_lines import changed_lines
from server.convert import Measure, Places
from server.daemon.protocol import Json
from server.daemon.questions import Proposed
from server.daemon.subjects import Subject
from server.printable import printable

# Lines of the map around a change in a diff.
AROUND_A_CHANGE = 2
# Characters of lines that clients are shown, as JSON has them, and what a line takes besides: all hit sounds of a map would be
# megabytes.
MOST_SHOWN, OF_A_LINE = 32_000, 24


def proposed(subject: Subject, edits: Sequence[Edit], after: Document, title: str, safety: str, look: Json | None) -> Proposed:
    """`after` is the map's text with the edits."""
    before = subject.document
    hunks = [_Hunk(old, new) for old, new in changed_lines(before, after)]
    shown = _first(hunks, before, after)
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
        printable(_diff(subject.name, before, after, hunks, shown)),
        tuple(_told(each, before, after) for each in shown),
        sum(map(len, hunks)) - sum(map(len, shown)),
        told,
        look,
    )


def _position(place: tuple[int, int]) -> Json:
    return {"line": place[0], "character": place[1]}


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A stretch of lines, by their numbers, and those that come in its place."""

    old: range
    new: range

    def __len__(self) -> int:
        return len(self.old) + len(self.new)


def _told(hunk: _Hunk, before: Document, after: Document) -> Json:
    return {
        "line": hunk.old.start + 1,
        "before": [printable(before.lines[at].content) for at in hunk.old],
        "after": [printable(after.lines[at].content) for at in hunk.new],
    }


def _first(hunks: Sequence[_Hunk], before: Document, after: Document) -> list[_Hunk]:
    """As much of them as is shown; the last one may be cut."""
    room = MOST_SHOWN
    shown: list[_Hunk] = []
    for hunk in hunks:
        olds = news = 0
        while room >= 0 and olds + news < len(hunk):
            # Line by line of both, so that each stands beside what comes in its place.
            is_old = olds < len(hunk.old) and (olds <= news or news == len(hunk.new))
            line = before.lines[hunk.old[olds]] if is_old else after.lines[hunk.new[news]]
            room -= len(json.dumps(line.content)) + OF_A_LINE
            if room >= 0:
                olds, news = olds + is_old, news + (not is_old)
        if olds + news:
            shown.append(_Hunk(hunk.old[:olds], hunk.new[:news]))
        if room < 0:
            break
    return shown


def _diff(name: str, before: Document, after: Document, hunks: Sequence[_Hunk], shown: Sequence[_Hunk]) -> str:
    """Of what is shown; where that is not all it is the diff of the lines up to there."""
    old_stop, new_stop = len(before.lines), len(after.lines)
    if sum(map(len, shown)) < sum(map(len, hunks)):
        old_stop, new_stop = (shown[-1].old.stop, shown[-1].new.stop) if shown else (0, 0)
    old, new = [line.content for line in before.lines[:old_stop]], [line.content for line in after.lines[:new_stop]]
    for around in (AROUND_A_CHANGE, 0):
        found = "\n".join(unified_diff(old, new, name, name, lineterm="", n=around)) + "\n"
        if len(found) <= 2 * MOST_SHOWN:
            break
    return found
