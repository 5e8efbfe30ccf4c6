"""One shelf of findings for each source, so that a slow source never waits for, or takes away, what a quick one found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from analyzers.finding import Finding
from formats.spans import Edit, Span

# The version of what was said of an older one; the protocol's versions are not below 0.
OUTDATED = -1


class Source(IntEnum):
    """Who found it, the quickest first."""

    SYNTAX = 0
    RULES = 1
    SET = 2


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one source said of one version of a document."""

    version: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Shelves:
    """The shelves of one document; `revision` rises with each change of what they hold."""

    held: tuple[Shelf | None, ...] = (None,) * len(Source)
    revision: int = 0

    def put(self, source: Source, version: int, findings: Sequence[Finding]) -> Shelves:
        held = list(self.held)
        held[source] = Shelf(version, tuple(findings))
        return replace(self, held=tuple(held), revision=self.revision + 1)

    def outdate(self, *sources: Source) -> Shelves:
        """What these sources said stands until they speak again."""
        held = [replace(shelf, version=OUTDATED) if shelf and n in sources else shelf for n, shelf in enumerate(self.held)]
        return replace(self, held=tuple(held), revision=self.revision + 1)

    def carry(self, source: Source, edit: Edit) -> Shelves:
        """The shelf of a slow source, moved along with an edit until the source speaks again; its fixes are gone."""
        shelf = self.held[source]
        if shelf is None:
            return self
        findings = tuple(moved for finding in shelf.findings if (moved := _moved(finding, edit)))
        held = list(self.held)
        held[source] = Shelf(OUTDATED, findings)
        return replace(self, held=tuple(held))

    def fresh(self, source: Source, version: int) -> bool:
        shelf = self.held[source]
        return shelf is not None and shelf.version == version

    def merged(self, version: int) -> list[Finding]:
        """What all sources said of this version, or said before and was carried along, in text order."""
        shelves = [shelf for shelf in self.held if shelf and shelf.version in (version, OUTDATED)]
        found = [finding for shelf in shelves for finding in shelf.findings]
        return sorted(found, key=lambda finding: (finding.span.start, finding.severity.rank, finding.code))


def _moved(finding: Finding, edit: Edit) -> Finding | None:
    """The finding where it stands after the edit; None where the edit touched it."""
    span = finding.span
    if span.end <= edit.span.start:
        return replace(finding, fixes=())
    if span.start < edit.span.end:
        return None
    by = len(edit.text) - len(edit.span)
    return replace(finding, span=Span(span.start + by, span.end + by), fixes=())
