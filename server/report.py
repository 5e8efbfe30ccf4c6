"""What a check says about one map, free of the map itself: small, picklable, with lines and columns instead of offsets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from analyzers.finding import Finding, Related, Severity
from formats.document import Document
from formats.mapset import Difficulty
from server.convert import Measure, Places, Position

MODE_NAMES = ("osu", "taiko", "catch", "mania")


@dataclass(frozen=True, slots=True)
class Range:
    """0-based lines and columns in the units of a `Measure`: UTF-16 code units unless said otherwise."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding and its range; `edits` holds the range and the new text of each edit, fix by fix.

    `related` holds the range of each related place in its own file, None where it is not known.
    """

    finding: Finding
    range: Range
    edits: tuple[tuple[tuple[Range, str], ...], ...]
    related: tuple[Range | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One map's remarks in text order. `mode` and `difficulty` are None for a chart, which holds many of them.

    `fails` says that a remark is as severe as the settings of the map's folder call a failure.
    """

    path: str
    format: str
    mode: str | None
    artist: str
    title: str
    difficulty: str | None
    remarks: tuple[Remark, ...]
    fails: bool

    @property
    def heading(self) -> str:
        """The map as a modder names it: `Artist - Title [Difficulty]`."""
        song = " - ".join(part for part in (self.artist, self.title) if part)
        return f"{song} [{self.difficulty}]".strip() if self.difficulty else song

    def count(self, severity: Severity) -> int:
        return sum(remark.finding.severity is severity for remark in self.remarks)


FindDifficulty = Callable[[str], Difficulty | None]
"""Gives the difficulty at a path, where it is known."""


def remarks_of(
    findings: list[Finding], document: Document, measure: Measure = Measure.UTF16, find: FindDifficulty | None = None
) -> tuple[Remark, ...]:
    """The findings with their places as ranges; `find` knows the files of related places."""
    places = Places(document, measure)
    return tuple(
        Remark(
            finding,
            Range(*places.range(finding.span)),
            tuple(tuple((Range(*places.range(edit.span)), edit.text) for edit in fix.edits) for fix in finding.fixes),
            tuple(related_range(each, measure, find) for each in finding.related) if find else (),
        )
        for finding in findings
    )


def related_range(related: Related, measure: Measure, find: FindDifficulty) -> Range | None:
    """The line of the object at the related time, or nearest to it; None where there is none or the file is not known."""
    difficulty = find(related.path)
    if difficulty is None or related.time_ms is None or not difficulty.timeline.notes:
        return None
    times = difficulty.timeline.times
    at = bisect_left(times, related.time_ms)
    if at and (at == len(times) or related.time_ms - times[at - 1] < times[at] - related.time_ms):
        at -= 1
    document = difficulty.beatmap.document
    return Range(*Places(document, measure).range(document.line_span(difficulty.timeline.notes[at].line)))
