"""One shelf of findings for each source, so that a slow source never waits for, or takes away, what a quick one found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from analyzers.finding import Finding


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

    def fresh(self, source: Source, version: int) -> bool:
        shelf = self.held[source]
        return shelf is not None and shelf.version == version

    def merged(self, version: int) -> list[Finding]:
        """What all sources said of this version, in text order. What was said of another one has no place in this text."""
        found = [finding for shelf in self.held if shelf and shelf.version == version for finding in shelf.findings]
        return sorted(found, key=lambda finding: (finding.span.start, finding.severity.rank, finding.code))
