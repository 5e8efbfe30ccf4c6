"""`--format sarif`: SARIF 2.1.0 for code scanning services, with the rules' documentation and the fixes.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from analyzers.finding import Safety, Severity
from server.about import version
from server.check import Run
from server.choosing import AnyRule, all_rules
from server.printable import printable
from server.printers import layout
from server.printers.as_json import number
from server.report import Range, Remark, Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note", Severity.HINT: "note"}


def write_sarif(run: Run, write: Callable[[str], object]) -> None:
    """One log of one run. The results come first, as they are found, then the rules that they name."""
    rules: dict[str, str] = {}
    write(f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"columnKind": "utf16CodeUnits", "results": [')
    separator = "\n"
    for report in run:
        for remark in report.remarks:
            rules.setdefault(remark.finding.code, remark.finding.name)
            write(separator + json.dumps(_result(report, remark, list(rules).index(remark.finding.code))))
            separator = ",\n"
    tool = {"driver": {"name": "maimod", "version": version(), "rules": [_rule(code, name) for code, name in rules.items()]}}
    write(f'\n], "tool": {json.dumps(tool)}, "invocations": [{json.dumps(_invocation(run))}]}}]}}\n')


def _result(report: Report, remark: Remark, rule_index: int) -> dict[str, Any]:
    finding = remark.finding
    artifact = {"uri": uri(report.path)}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": printable(layout.stamped(finding))},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": _region(remark.range)}}],
        "properties": {"kind": finding.kind, "time_ms": number(finding.time_ms), "end_ms": number(finding.end_ms)},
    }
    fixes = [
        {
            "description": {"text": printable(fix.title)},
            "artifactChanges": [{"artifactLocation": artifact, "replacements": [_replacement(*edit) for edit in edits]}],
        }
        for fix, edits in zip(finding.fixes, remark.edits, strict=True)
        if fix.safety is not Safety.DISPLAY and edits
    ]
    return {**result, "fixes": fixes} if fixes else result


def _replacement(place: Range, text: str) -> dict[str, Any]:
    return {"deletedRegion": _region(place), "insertedContent": {"text": printable(text)}}


def _region(place: Range) -> dict[str, int]:
    """1-based, the end column behind the last character."""
    start, end = place.start, place.end
    return {"startLine": start[0] + 1, "startColumn": start[1] + 1, "endLine": end[0] + 1, "endColumn": end[1] + 1}


def _rule(code: str, name: str) -> dict[str, Any]:
    rule: AnyRule | None = next((each for each in all_rules() if each.code == code), None)
    if rule is None:
        return {"id": code, "name": name}
    worst = min(template.severity.rank for template in rule.templates)
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.documentation},
        "help": {"text": rule.documentation},
        "defaultConfiguration": {"level": _LEVELS[list(Severity)[worst]]},
        "properties": {"tags": [rule.category.value]},
    }


def _invocation(run: Run) -> dict[str, Any]:
    notices = [{"level": "error", "message": {"text": printable(str(each))}} for each in run.unreadable]
    return {"executionSuccessful": not (run.unreadable or run.unjudged), "toolExecutionNotifications": notices}


def uri(path: str) -> str:
    """The path as a URI reference: relative paths stay relative, absolute ones become `file:///…`."""
    slashed = path.replace(os.sep, "/")
    if not os.path.isabs(path):
        return quote(os.fsencode(slashed), safe="/")
    return "file://" + quote(os.fsencode(slashed if slashed.startswith("/") else "/" + slashed), safe="/:")
