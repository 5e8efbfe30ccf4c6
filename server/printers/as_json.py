"""`--format json` and `jsonl`, as `docs/schemas/check-v1.json` describes them. Written as the answers come, pure ASCII."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from analyzers.finding import Finding
from server.check import Run
from server.printable import printable
from server.report import Remark, Report

VERSION = 1


def write_json(run: Run, write: Callable[[str], object]) -> None:
    """One object with all files, each on a line of its own."""
    write(f'{{"version": {VERSION}, "files": [')
    separator = "\n"
    for report in run:
        write(separator + json.dumps(file_entry(report)))
        separator = ",\n"
    unreadable = [{"path": printable(each.path), "reason": printable(each.reason)} for each in run.unreadable]
    write(f'\n], "unreadable": {json.dumps(unreadable)}}}\n')


def write_lines(run: Run, write: Callable[[str], object]) -> None:
    """One object for each finding: those of `json` with the path of their map."""
    for report in run:
        for remark in report.remarks:
            write(json.dumps({"path": printable(report.path), **finding_entry(remark)}) + "\n")


def file_entry(report: Report) -> dict[str, Any]:
    return {
        "path": printable(report.path),
        "format": report.format,
        "mode": report.mode,
        "title": printable(" - ".join(part for part in (report.artist, report.title) if part)),
        "difficulty": None if report.difficulty is None else printable(report.difficulty),
        "findings": [finding_entry(remark) for remark in report.remarks],
    }


def finding_entry(remark: Remark) -> dict[str, Any]:
    finding, place = remark.finding, remark.range
    return {
        "code": finding.code,
        "name": finding.name,
        "kind": finding.kind,
        "category": finding.category.value,
        "severity": finding.severity.value,
        "message": printable(finding.message),
        "time_ms": number(finding.time_ms),
        "end_ms": number(finding.end_ms),
        "selection": finding.selection,
        "range": {"start": _position(place.start), "end": _position(place.end)},
        "surprisal": _surprisal(finding),
        "fixes": [{"title": printable(fix.title), "safety": fix.safety.value} for fix in finding.fixes],
        "related": [
            {"path": printable(each.path), "time_ms": number(each.time_ms), "message": printable(each.message)}
            for each in finding.related
        ],
    }


def _position(place: tuple[int, int]) -> dict[str, int]:
    return {"line": place[0], "character": place[1]}


def _surprisal(finding: Finding) -> dict[str, Any] | None:
    if finding.surprisal is None:
        return None
    expected: Iterable[Any] = finding.surprisal.expected
    return {
        "bits": number(finding.surprisal.bits),
        "expected": [{"value": printable(each.value), "probability": each.probability} for each in expected],
    }


def number(value: float | None) -> float | None:
    """The value as JSON can say it: null for what is not finite, three decimals, whole numbers without a fraction."""
    if value is None or not isfinite(value):
        return None
    rounded = round(value, 3)
    return int(rounded) if rounded == int(rounded) else rounded
