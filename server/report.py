"""What a check says about one map, free of the map itself: small, picklable, with lines and columns instead of offsets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from analyzers.finding import Finding, Related, Severity
from formats.document import Document, whole
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
    """The line of the object or timing line at the related time, or nearest to it; None where nothing is known of it."""
    difficulty = find(related.path)
    if difficulty is None or related.time_ms is None:
        return None
    time, timeline, document = related.time_ms, difficulty.timeline, difficulty.beatmap.document
    times = timeline.times
    at = bisect_left(times, time)
    objects = [(abs(times[near] - time), timeline.notes[near].line) for near in (at - 1, at) if 0 <= near < len(times)]
    grid = timeline.grid
    lines = [(abs(grid.time_of(point) - time), point.line) for point in difficulty.beatmap.timing_points]
    # Of an object and a timing line at one moment it is the object.
    nearest = min([*objects, *lines], key=lambda pair: pair[0], default=None)
    return Range(*Places(document, measure).range(document.span(whole(nearest[1])))) if nearest is not None else None
