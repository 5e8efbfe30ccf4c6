"""Runs rules over a context and turns their issues into findings. A rule that throws becomes a finding; the rest run on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from analyzers.finding import Category, Finding, Fix, Severity
from analyzers.rule import Issue, Repair, Rule
from formats.document import Document, Place
from formats.spans import Edit, Span

C = TypeVar("C")
# Called now and then while rules run; what it raises ends them.
Pause = Callable[[], object]

SYNTAX_CODE, SYNTAX_NAME = "X001", "unreadable-line"
FAILED_KIND = "rule-failed"
# More findings of one rule in one file than this help nobody and cost memory on hostile input.
MOST_PER_RULE = 1_000


def run(rules: Iterable[Rule[C]], context: C, document: Document, pause: Pause | None = None) -> list[Finding]:
    """The findings of `rules`, in text order. `document` is the one that the context's lines stand in."""
    findings: list[Finding] = []
    for rule in rules:
        if pause is not None:
            pause()
        findings += run_rule(rule, context, document)
    findings.sort(key=_order)
    return findings


def run_rule(rule: Rule[C], context: C, document: Document) -> list[Finding]:
    """One rule's findings, at most `MOST_PER_RULE` of them."""
    findings: list[Finding] = []
    try:
        for issue in rule.check(context):
            findings.append(_finding(rule, issue, document))
            if len(findings) >= MOST_PER_RULE:
                break
    except Exception as trouble:  # noqa: BLE001  one faulty rule must not take the others' answers away
        findings.append(_failure(rule, trouble))
    return findings


def syntax_findings(document: Document) -> list[Finding]:
    """What the reader could not read, at its place, at most `MOST_PER_RULE` of them."""
    findings: list[Finding] = []
    for line in document.lines:
        for problem in line.problems:
            span = document.span(Place(line, problem.start, problem.end))
            findings.append(
                Finding(
                    SYNTAX_CODE, SYNTAX_NAME, "unreadable", Category.SYNTAX, Severity.ERROR, span,
                    f"{problem.message}{'; the game skips this line' if problem.skipped else ''}.",
                )
            )  # fmt: skip
            if len(findings) >= MOST_PER_RULE:
                return findings
    return findings


def _finding(rule: Rule[C], issue: Issue, document: Document) -> Finding:
    return Finding(
        rule.code,
        rule.name,
        issue.template.kind,
        rule.category,
        issue.severity or issue.template.severity,
        document.span(issue.at),
        issue.message,
        issue.time,
        issue.end,
        issue.selection,
        tuple(_fix(repair, document) for repair in issue.repairs),
        issue.related,
        issue.surprisal,
    )


def _fix(repair: Repair, document: Document) -> Fix:
    edits = tuple(sorted(Edit(document.span(change.place), change.text) for change in repair.changes))
    return Fix(repair.title, repair.safety, edits)


def _failure(rule: Rule[C], trouble: Exception) -> Finding:
    return Finding(
        rule.code, rule.name, FAILED_KIND, rule.category, Severity.ERROR, Span(0, 0),
        f"The rule {rule.name} failed on this map ({type(trouble).__name__}: {trouble}); please report it. All other rules ran.",
    )  # fmt: skip


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.span.start, finding.severity.rank, finding.code


def select(rules: Sequence[Rule[C]], chosen: Iterable[str], ignored: Iterable[str]) -> list[Rule[C]]:
    """The rules named (by name or code) in `chosen`, all when it is empty, without those in `ignored`."""
    wanted, unwanted = set(chosen), set(ignored)
    return [
        rule
        for rule in rules
        if (not wanted or rule.name in wanted or rule.code in wanted) and rule.name not in unwanted and rule.code not in unwanted
    ]
