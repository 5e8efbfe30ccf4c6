"""One shelf of findings for each source (each rule, the reader), so that a slow one never hides what the others found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analyzers.finding import Finding, Fix
from formats.spans import Edit, Span


@dataclass(slots=True)
class Shelf:
    """What one source said of the text as it was at `moment`, moved along to `now`; `whole` unless it looked at a part only."""

    moment: int
    now: int
    findings: list[Finding]
    whole: bool


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

    def put(self, source: str, moment: int, findings: Iterable[Finding], *, whole: bool = True) -> None:
        self._held[source] = Shelf(moment, moment, list(findings), whole)
        self.revision += 1

    def keep_only(self, sources: Iterable[str]) -> None:
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

    def moved(self, source: str) -> list[Finding]:
        """What the source said last, where it stands now, fixes too: for those who know that it still holds."""
        self._catch_up()
        shelf = self._held.get(source)
        return shelf.findings if shelf else []

    def merged(self) -> list[Finding]:
        """What all sources say, in text order."""
        self._catch_up()
        found: list[Finding] = []
        for shelf in self._held.values():
            if shelf.moment == shelf.now:
                found += shelf.findings
            else:
                found += [_at(finding, finding.span, ()) if finding.fixes else finding for finding in shelf.findings]
        return sorted(found, key=lambda finding: (finding.span.start, finding.severity.rank, finding.code))

    def _catch_up(self) -> None:
        """Moves along what was said before the newest edits."""
        for shelf in self._held.values():
            for moment, edit in self._edits:
                if moment > shelf.now:
                    shelf.findings = [moved for finding in shelf.findings if (moved := _moved(finding, edit))]
                    shelf.now = moment
        self._edits.clear()


def _moved(finding: Finding, edit: Edit) -> Finding | None:
    """The finding where it stands after the edit; None where the edit touched it."""
    if finding.span.end <= edit.span.start and not finding.fixes:
        return finding
    span = _shifted(finding.span, edit)
    if span is None:
        return None
    return _at(finding, span, tuple(moved for fix in finding.fixes if (moved := _moved_fix(fix, edit))))


def _at(finding: Finding, span: Span, fixes: tuple[Fix, ...]) -> Finding:
    """Written out because `dataclasses.replace` takes five times as long, and this happens at each keystroke."""
    return Finding(
        finding.code, finding.name, finding.kind, finding.category, finding.severity, span, finding.message, finding.time_ms,
        finding.end_ms, finding.selection, fixes, finding.related, finding.surprisal,
    )  # fmt: skip


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
