"""One shelf of findings for each source (each rule, the reader), so that a slow one never hides what the others found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzers.finding import Finding, Fix
from formats.spans import Edit, Span


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one source said of the text as it was at a moment; `whole` unless it looked at a part of it only."""

    moment: int
    findings: tuple[Finding, ...]
    whole: bool = True


class Shelves:
    """The shelves of one document. A moment is a number that rises with each change of the text.

    What was said of an older text is moved along with the edits since, without its fixes, until its source speaks again.
    """

    def __init__(self) -> None:
        self._held: dict[str, Shelf] = {}
        self._edits: list[tuple[int, Edit]] = []
        self.revision = 0

    def edited(self, moment: int, edit: Edit) -> None:
        """The text of `moment` came of the one before by this edit."""
        self._edits.append((moment, edit))

    def put(self, source: str, moment: int, findings: Sequence[Finding], *, whole: bool = True) -> None:
        self._held[source] = Shelf(moment, tuple(findings), whole)
        self.revision += 1

    def keep_only(self, sources: Sequence[str]) -> None:
        """Takes away what is said no more, of rules that were switched off."""
        wanted = set(sources)
        self._held = {source: shelf for source, shelf in self._held.items() if source in wanted}

    def whole(self, source: str, moment: int) -> bool:
        """Whether the source has looked at the whole of this text."""
        shelf = self._held.get(source)
        return shelf is not None and shelf.moment == moment and shelf.whole

    def since(self, source: str, moment: int) -> bool:
        """Whether the source has spoken at or after a moment."""
        shelf = self._held.get(source)
        return shelf is not None and shelf.moment >= moment

    def moved(self, source: str, *, with_fixes: bool = False) -> list[Finding]:
        """What the source said last, where it stands now."""
        shelf = self._held.get(source)
        return _along(shelf, self._edits, with_fixes) if shelf else []

    def merged(self) -> list[Finding]:
        """What all sources say, in text order."""
        self._forget()
        found = [finding for shelf in self._held.values() for finding in _along(shelf, self._edits, with_fixes=False)]
        return sorted(found, key=lambda finding: (finding.span.start, finding.severity.rank, finding.code))

    def _forget(self) -> None:
        oldest = min((shelf.moment for shelf in self._held.values()), default=0)
        self._edits = [(moment, edit) for moment, edit in self._edits if moment > oldest]


def _along(shelf: Shelf, edits: Sequence[tuple[int, Edit]], with_fixes: bool) -> list[Finding]:
    findings = list(shelf.findings)
    for moment, edit in edits:
        if moment > shelf.moment:
            findings = [moved for finding in findings if (moved := _moved(finding, edit, with_fixes))]
    return findings


def _moved(finding: Finding, edit: Edit, with_fixes: bool) -> Finding | None:
    """The finding where it stands after the edit; None where the edit touched it."""
    span = _shifted(finding.span, edit)
    if span is None:
        return None
    fixes = tuple(moved for fix in finding.fixes if (moved := _moved_fix(fix, edit))) if with_fixes else ()
    if span == finding.span and fixes == finding.fixes:
        return finding
    return replace(finding, span=span, fixes=fixes)


def _moved_fix(fix: Fix, edit: Edit) -> Fix | None:
    spans = [_shifted(each.span, edit) for each in fix.edits]
    moved = [Edit(span, each.text) for span, each in zip(spans, fix.edits, strict=True) if span]
    return replace(fix, edits=tuple(moved)) if len(moved) == len(fix.edits) else None


def _shifted(span: Span, edit: Edit) -> Span | None:
    if span.end <= edit.span.start:
        return span
    if span.start < edit.span.end:
        return None
    by = len(edit.text) - len(edit.span)
    return Span(span.start + by, span.end + by)
