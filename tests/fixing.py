"""What every quick fix promises, checked on one file: the fault is gone, nothing else got worse, other lines are as before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from analyzers.finding import Finding, Fix, Safety
from formats.document import Document, Line
from formats.spans import OverlappingEdits, apply_edits

Analyse = Callable[[Document], list[Finding]]
# More fixes of one rule on one map tell nothing new.
MOST_FIXES = 12
# What may follow from a fix without making it wrong: rules that count or compare over the map or the set, so that the
# second of two repairs is due, lines that have become needless, and two lines that now stand on one time.
FOLLOW_UPS = frozenset({
    ("snap-rare-or-inconsistent", ""), ("timing-line-unused", ""), ("metadata-inconsistent", ""), ("timing-inconsistent", ""),
    ("taiko-omit-barline-consistency", ""), ("timing-lines-concurrent", "conflicting-settings"),
})  # fmt: skip
# These bring a line or a value from elsewhere, with whatever is wrong with it there.
COPIES = frozenset({
    "metadata-inconsistent", "settings-inconsistent", "timing-inconsistent", "timing-lines-concurrent", "timing-first-line",
    "taiko-kiai-consistency", "taiko-omit-barline-consistency",
})  # fmt: skip


def broken_promises(document: Document, analyse: Analyse) -> Iterator[str]:
    """One line for every fix of every finding that does not keep its word."""
    before = analyse(document)
    tried: Counter[str] = Counter()
    for finding in before:
        for fix in finding.fixes:
            tried[finding.name] += 1
            if fix.safety is Safety.DISPLAY or tried[finding.name] > MOST_FIXES:
                continue
            for trouble in _troubles(document, before, finding, fix, analyse):
                yield f"{finding.name}/{finding.kind} ({finding.message!r}, fix {fix.title!r}): {trouble}"


def _troubles(document: Document, before: Sequence[Finding], finding: Finding, fix: Fix, analyse: Analyse) -> Iterator[str]:
    if not fix.edits:
        yield "has no edits"
        return
    try:
        fixed = document.edit(fix.edits)
    except OverlappingEdits as trouble:
        yield str(trouble)
        return
    if fixed.text == document.text:
        yield "changes nothing"
    if fixed.text != apply_edits(document.text, fix.edits):
        yield "reads otherwise after an edit than as a whole"
    if not fixed.to_bytes().startswith(document.encoding.mark):
        yield "loses the byte order mark"
    if _endings(fixed) - _endings(document):
        yield f"brings other line endings: {_endings(fixed) - _endings(document)}"
    after = analyse(fixed)
    if any(_same(document, finding, fixed, other) for other in after):
        yield "the finding is still there"
    # One finding for many may leave behind those few that it cannot mend.
    if not finding.kind.startswith("many-") and finding.name not in COPIES:
        yield from _worsened(before, after, finding)


def _endings(document: Document) -> set[str]:
    return {line.text[len(line.content) :] for line in document.lines} - {""}


def _same(document: Document, finding: Finding, fixed: Document, other: Finding) -> bool:
    """Whether `other` is what `finding` was, not its like on a line that the fix left alone."""
    if (other.name, other.kind, other.message, other.time_ms) != (finding.name, finding.kind, finding.message, finding.time_ms):
        return False
    line, other_line = _line(document, finding), _line(fixed, other)
    return other_line is line or all(other_line is not each for each in document.lines)


def _line(document: Document, finding: Finding) -> Line:
    return document.lines[document.index.line_of(finding.span.start)]


def _worsened(before: Sequence[Finding], after: Sequence[Finding], fixed: Finding) -> Iterator[str]:
    """Rules of the finding's own family (letter and hundred) with more findings as grave as it than before."""
    grave = [Counter(each.name for each in findings if _rivals(each, fixed)) for findings in (before, after)]
    for name, count in (grave[1] - grave[0]).items():
        new = next(each for each in after if each.name == name and each not in before)
        yield f"{count} more of {name}: {new.message!r}"


def _rivals(finding: Finding, fixed: Finding) -> bool:
    if {(finding.name, ""), (finding.name, finding.kind)} & FOLLOW_UPS:
        return False
    return finding.code[:2] == fixed.code[:2] and finding.severity.rank <= fixed.severity.rank


def settle(document: Document, analyse: Analyse, most: int = 5) -> int:
    """How often all safe fixes can be applied, each time those that do not overlap, before nothing changes."""
    for rounds in range(most):
        after = apply_safe(document, analyse(document))
        if after.text == document.text:
            return rounds
        document = after
    return most


def apply_safe(document: Document, findings: Sequence[Finding]) -> Document:
    """The document after the first safe fix of every finding, as far as they do not touch each other."""
    chosen: list[Fix] = []
    for finding in findings:
        safe = next((fix for fix in finding.fixes if fix.safety is Safety.SAFE), None)
        if safe is None:
            continue
        try:
            document.edit([edit for fix in (*chosen, safe) for edit in fix.edits])
        except OverlappingEdits:
            continue
        chosen.append(safe)
    return document.edit([edit for fix in chosen for edit in fix.edits])
