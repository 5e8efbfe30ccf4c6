"""What comes of a request: a change of the map's text, and what is to be known of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.finding import Finding
from formats.spans import Edit

_NUMBERS = re.compile(r"\d[\d.,:]*")
# A finding with so many further moments is about all of them, and stands at the first that there is; fewer are its witnesses.
MANY = 3
# Rules that count instead of listing name this many moments or more, the first ones, and leave out the rest.
NAMED = 12


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
    """The findings of `after` that are new or worse, and how many of `before` are gone.

    What a rule says of a place is the same however it is worded, unless it became severer; so are a stretch that has grown or
    shrunk, what is said of many places when it begins at another of them, and what is said of the map as a whole. Of findings
    that were merged into one, or parted, each moment that the whole names is known.
    """
    return _unheard(before, after), len(_unheard(after, before, however_severe=True))


def _unheard(known: Sequence[Finding], told: Sequence[Finding], *, however_severe: bool = False) -> list[Finding]:
    """Those of `told` of which nothing in `known` says the same, and as severely."""

    def speaks(old: Finding, new: Finding) -> bool:
        return however_severe or old.severity.rank <= new.severity.rank

    left, rest = list(known), list(told)
    for same in (_words, _place):
        by_key: dict[tuple[object, ...], list[Finding]] = {}
        for old in left:
            by_key.setdefault(same(old), []).append(old)
        still: list[Finding] = []
        for new in rest:
            found = [old for old in by_key.get(same(new), ()) if speaks(old, new)]
            if found:
                by_key[same(new)].remove(max(found, key=lambda old: old.severity.rank))
            else:
                still.append(new)
        left, rest = [old for olds in by_key.values() for old in olds], still
    stretches = [old for old in left if old.end_ms is not None]
    rest = [new for new in rest if new.end_ms is None or not any(_same_stretch(old, new) for old in stretches)]
    unchanged, places = {_whole(each) for each in told}, {_place(each) for each in told}
    timed = [old for old in known if old.time_ms is not None]
    # What may tell together what is told one by one now.
    wholes = [
        old
        for old in known
        if (_place(old) not in places if old.time_ms is None else _of_more(old) and _whole(old) not in unchanged)
    ]

    def heard(new: Finding) -> bool:
        moments = _moments(new)
        if not 0 < len(moments) < NAMED:
            return False
        olds = [old for old in (timed if len(moments) > 1 else wholes) if old.code == new.code and speaks(old, new)]
        return all(any(_names(old, moment, new) for old in olds) for moment in moments)

    return [new for new in rest if not heard(new)]


def _moments(finding: Finding) -> frozenset[float]:
    """Those in ms that a finding is about; none where it is about the map as a whole."""
    if finding.time_ms is None:
        return frozenset()
    named = frozenset((finding.time_ms, *(each.time_ms for each in finding.related if each.time_ms is not None)))
    return named if len(named) > MANY else frozenset((finding.time_ms,))


def _of_more(finding: Finding) -> bool:
    return len(_moments(finding)) > 1 or finding.end_ms is not None


def _names(finding: Finding, moment: float, new: Finding) -> bool:
    """Whether it is about a moment of the new one: it names it, had no room for it behind the last, or is a stretch around it."""
    moments = _moments(finding)
    if not moments or moment in moments or (len(moments) >= NAMED and moment > max(moments)):
        return True
    if finding.time_ms is None or finding.end_ms is None or new.end_ms is not None or finding.kind == new.kind:
        return False
    return finding.time_ms <= moment <= finding.end_ms


def _place(finding: Finding) -> tuple[object, ...]:
    if finding.time_ms is None or len(_moments(finding)) > 1:
        return finding.code, finding.kind
    return finding.code, finding.time_ms


def _words(finding: Finding) -> tuple[object, ...]:
    return *_place(finding), finding.kind, _NUMBERS.sub("0", finding.message)


def _whole(finding: Finding) -> tuple[object, ...]:
    return *_words(finding), finding.message, _moments(finding)


def _same_stretch(old: Finding, new: Finding) -> bool:
    """Whether two findings say the same of stretches of which one holds most of the other."""
    if (old.code, old.kind) != (new.code, new.kind) or None in (old.time_ms, old.end_ms, new.time_ms, new.end_ms):
        return False
    start, end = max(old.time_ms or 0.0, new.time_ms or 0.0), min(old.end_ms or 0.0, new.end_ms or 0.0)
    shorter = min((each.end_ms or 0.0) - (each.time_ms or 0.0) for each in (old, new))
    return end - start > 0.5 * shorter > 0
