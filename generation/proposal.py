"""What comes of a request: a change of the map's text, and what is to be known of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.finding import Finding
from formats.spans import Edit

_NUMBERS = re.compile(r"\d[\d.,:]*")
# A finding with so many further places is about all of them, and stands at the first that there is.
MANY = 5


@dataclass(frozen=True, slots=True)
class Score:
    """How surprising a section is: mean `bits` a note, and of its first and last three notes; `notes` it has, `density` moments
    with notes a second."""

    notes: int
    bits: float
    seams: float
    density: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """`edits` of the text as it stood; `candidate` counts from 1, the best first. `before` and `after` tell of the section.

    `causes` are the findings that the map would have then and has not now, none of them an error; `solved` so many it would
    lose. `left_out`: notes that were taken out again because a rule forbids them.
    """

    title: str
    candidate: int
    seed: int
    edits: tuple[Edit, ...]
    before: Score
    after: Score
    causes: tuple[Finding, ...]
    solved: int
    left_out: int = 0


def caused(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[list[Finding], int]:
    """The findings of `after` that are new, and how many of `before` are gone.

    The same one may be worded with other numbers, a stretch may have grown or shrunk, what is said of many places may begin at
    another of them, and what is said of the map as a whole is the same however it is worded.
    """
    left: dict[tuple[object, ...], int] = {}
    for finding in before:
        left[_told(finding)] = left.get(_told(finding), 0) + 1
    # Of how many places was said together what may now be said of each.
    together: dict[tuple[object, ...], int] = {}
    for finding in before:
        if len(finding.related) >= MANY:
            together[finding.code, finding.kind] = 1 + len(finding.related)
    new: list[Finding] = []
    for finding in after:
        if left.get(_told(finding), 0) > 0:
            left[_told(finding)] -= 1
        elif together.get((finding.code, finding.kind), 0) > 0:
            together[finding.code, finding.kind] -= 1
        else:
            new.append(finding)
    gone = [finding for finding in before if finding.end_ms is not None and left[_told(finding)] > 0]
    again = {id(finding) for finding in new if any(_same_stretch(each, finding) for each in gone)}
    return [finding for finding in new if id(finding) not in again], max(sum(left.values()) - len(again), 0)


def _told(finding: Finding) -> tuple[object, ...]:
    if finding.time_ms is None or len(finding.related) >= MANY:
        return finding.code, finding.kind
    return finding.code, finding.kind, finding.time_ms, _NUMBERS.sub("0", finding.message)


def _same_stretch(old: Finding, new: Finding) -> bool:
    """Whether two findings say the same of stretches of which one holds most of the other."""
    if (old.code, old.kind) != (new.code, new.kind) or None in (old.time_ms, old.end_ms, new.time_ms, new.end_ms):
        return False
    start, end = max(old.time_ms or 0.0, new.time_ms or 0.0), min(old.end_ms or 0.0, new.end_ms or 0.0)
    shorter = min((each.end_ms or 0.0) - (each.time_ms or 0.0) for each in (old, new))
    return end - start > 0.5 * shorter > 0
