"""What a check says about one map, free of the map itself: small, picklable, with lines and columns instead of offsets."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.finding import Finding, Severity
from formats.document import Document
from server.convert import Measure, Places, Position

MODE_NAMES = ("osu", "taiko", "catch", "mania")


@dataclass(frozen=True, slots=True)
class Range:
    """0-based lines and columns in UTF-16 code units, as the language server protocol counts by default."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding and its range; `edits` holds the range and the new text of each edit, fix by fix."""

    finding: Finding
    range: Range
    edits: tuple[tuple[tuple[Range, str], ...], ...]


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


def remarks_of(findings: list[Finding], document: Document) -> tuple[Remark, ...]:
    """The findings with their places as ranges."""
    places = Places(document, Measure.UTF16)
    return tuple(
        Remark(
            finding,
            Range(*places.range(finding.span)),
            tuple(tuple((Range(*places.range(edit.span)), edit.text) for edit in fix.edits) for fix in finding.fixes),
        )
        for finding in findings
    )
