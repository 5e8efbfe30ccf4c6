"""What comes of a request: a change of the map's text, and what is to be known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.finding import Finding
from formats.spans import Edit


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
    """The findings of `after` that are new, and how many of `before` are gone. What is said of the map as a whole counts as the
    same however it is worded."""

    def told(finding: Finding) -> tuple[object, ...]:
        of_whole = finding.time_ms is None
        return finding.code, finding.kind, None if of_whole else finding.time_ms, "" if of_whole else finding.message

    left: dict[tuple[object, ...], int] = {}
    for finding in before:
        left[told(finding)] = left.get(told(finding), 0) + 1
    new: list[Finding] = []
    for finding in after:
        if left.get(told(finding), 0) > 0:
            left[told(finding)] -= 1
        else:
            new.append(finding)
    return new, sum(left.values())
