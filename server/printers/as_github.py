"""`--format github`: workflow commands, which GitHub shows as annotations on the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Callable

from analyzers.finding import Severity
from server.check import Run
from server.printable import printable
from server.printers import layout
from server.report import Remark, Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "notice", Severity.HINT: "notice"}


def write_github(run: Run, write: Callable[[str], object]) -> None:
    for report in run:
        for remark in report.remarks:
            write(_annotation(report, remark) + "\n")


def _annotation(report: Report, remark: Remark) -> str:
    finding, (start, end) = remark.finding, (remark.range.start, remark.range.end)
    properties = {"title": f"{finding.code} {finding.name}", "file": report.path, "line": start[0] + 1, "endLine": end[0] + 1}
    if start[0] == end[0]:
        properties |= {"col": start[1] + 1, "endColumn": end[1] + 1}
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(layout.stamped(finding))}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
