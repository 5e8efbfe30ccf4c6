"""The order in which people read findings: by difficulty, by category, by time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from math import floor, isfinite

from analyzers.finding import Category, Finding, Severity
from formats.timestamps import format_stamp, format_time
from server.check import Run
from server.printable import one_line, plural
from server.report import Range, Remark, Report

FEWEST_IN_ROW = 3
# Times of two difficulties that differ by no more (ms) are one moment of the song.
SAME_MOMENT_MS = 2.0
_CATEGORY_RANK = {category: rank for rank, category in enumerate(Category)}


def sections(run: Iterable[Report]) -> Iterator[Report]:
    """The reports; what all difficulties of a set have alike is told once, before them, in a report on the set."""
    for folder, group in groupby(run, key=lambda report: _parted(report.path)[0]):
        reports = list(group)
        shared = _shared(reports)
        if shared:
            name = f"All {len(reports)} difficulties"
            yield replace(reports[0], path=folder or ".", difficulty=name, remarks=tuple(shared.values()))
        for report in reports:
            yield replace(report, remarks=tuple(remark for remark in report.remarks if _sense(remark) not in shared))


_Sense = tuple[str, str, Severity, float | None, str]


def _sense(remark: Remark) -> _Sense:
    finding = remark.finding
    return finding.name, finding.message, finding.severity, finding.time_ms, finding.selection


def _shared(reports: Sequence[Report]) -> dict[_Sense, Remark]:
    """The remarks that every difficulty of one song has exactly once."""
    if len(reports) < 2 or len({(report.artist, report.title, report.format) for report in reports}) > 1:
        return {}
    found: dict[_Sense, list[Remark]] = {}
    for report in reports:
        for remark in report.remarks:
            found.setdefault(_sense(remark), []).append(remark)
    once = [set(map(_sense, report.remarks)) for report in reports]
    return {
        sense: _of_all(remarks)
        for sense, remarks in found.items()
        if len(remarks) == len(reports) and all(sense in senses for senses in once)
        if not any(remark.finding.related for remark in remarks)
    }


def _of_all(remarks: Sequence[Remark]) -> Remark:
    """The first of the remarks, without its line where another difficulty has it in another one."""
    lines = {remark.range.start[0] for remark in remarks}
    return remarks[0] if len(lines) == 1 else replace(remarks[0], range=Range((0, 0), (0, 0)))


def by_category(report: Report) -> Iterator[tuple[Category, list[Remark]]]:
    """The remarks in the categories' order; in each by time, in surprisal the gravest and of these the most surprising first."""
    ordered = sorted(report.remarks, key=_order)
    for category, remarks in groupby(ordered, key=lambda remark: remark.finding.category):
        yield category, list(remarks)


def rows(remarks: Sequence[Remark]) -> list[list[Remark]]:
    """The remarks in their order, those that say the very same three times or more in one row at the first one's place."""
    same: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        same.setdefault((remark.finding.name, remark.finding.message), []).append(remark)
    found: list[list[Remark]] = []
    for remark in remarks:
        alike = same[remark.finding.name, remark.finding.message]
        if len(alike) < FEWEST_IN_ROW:
            found.append([remark])
        elif remark is alike[0]:
            found.append(sorted(alike, key=_place))
    return found


def _order(remark: Remark) -> tuple[int, int, float, tuple[float, int]]:
    finding = remark.finding
    grade = finding.severity.rank if finding.category is Category.SURPRISAL else 0
    bits = finding.surprisal.bits if finding.surprisal else 0.0
    return _CATEGORY_RANK[finding.category], grade, -bits, _place(remark)


def _place(remark: Remark) -> tuple[float, int]:
    time = remark.finding.time_ms
    return time if time is not None and isfinite(time) else float("-inf"), remark.range.start[0]


def named(row: Sequence[Remark]) -> str:
    """What stands behind a row's message: the rule, and how surprising (in whole bits) at most what a model found is."""
    bits = max((remark.finding.surprisal.bits for remark in row if remark.finding.surprisal), default=None)
    return row[0].finding.name if bits is None else f"{row[0].finding.name}, {floor(bits)} bits"


def heading(report: Report) -> str:
    """The map in one line: what it is, and its path unless that says the same."""
    name, path = one_line(report.heading), one_line(report.path)
    return f"{name} ({path})" if name else path


def title(category: Category) -> str:
    order = " (most surprising first)" if category is Category.SURPRISAL else ""
    return f"{category.value.capitalize()}{order}"


def where(remark: Remark) -> str:
    """The editor's time stamp; the line number for a remark without a time; nothing for one on the whole file."""
    finding, line = remark.finding, remark.range.start[0]
    if finding.time_ms is not None:
        return format_stamp(finding.time_ms, finding.selection)
    return f"line {line + 1}" if line or finding.category is Category.SYNTAX else ""


def stamped(finding: Finding) -> str:
    """The message with the editor's time stamp before it, for places that show the line number themselves."""
    if finding.time_ms is None:
        return finding.message
    return f"{format_stamp(finding.time_ms, finding.selection)} - {finding.message}"


def related(report: Report, remark: Remark) -> Iterator[str]:
    """The places that belong to the remark, those of which the same is said in one line.

    Another difficulty at the remark's own time is left out: the message names it, and there is nowhere else to go.
    """
    said: dict[tuple[str, str], list[str]] = {}
    for each in remark.finding.related:
        path = _seen_from(report.path, each.path)
        if path and path != each.path and _same_moment(each.time_ms, remark.finding.time_ms):
            continue
        times = said.setdefault((each.message, path), [])
        if each.time_ms is not None:
            times.append(format_time(each.time_ms))
    for (message, path), times in said.items():
        place = ", ".join(times)
        yield one_line(" ".join(part for part in (place, message, f"({path})" if path else "") if part))


def _same_moment(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= SAME_MOMENT_MS


def _seen_from(path: str, other: str) -> str:
    """The other path as short as it can be: nothing for the same file, the name for one beside it."""
    if other == path:
        return ""
    folder, name = _parted(other)
    return name if folder == _parted(path)[0] else other


def _parted(path: str) -> tuple[str, str]:
    folder, _, name = path.replace("\\", "/").rpartition("/")
    return folder, name


def summary(run: Run) -> str:
    """What was found, in one sentence."""
    counts = [plural(count, _NOUNS[severity]) for severity, count in run.counts.items() if count]
    if not run.maps:
        return "No map was checked."
    if run.unjudged:
        return f"{plural(run.maps, 'map')} could not be judged."
    if not counts:
        return f"No findings in {plural(run.maps, 'map')}."
    scope = plural(run.maps, "map") if run.maps_with_findings == run.maps else f"{run.maps_with_findings} of {run.maps} maps"
    mend = f" 'maimod fix' can mend {run.fixable} of them." if run.fixable else ""
    return f"{_listed(counts)} in {scope}.{mend}"


_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "remark", Severity.HINT: "hint"}


def _listed(parts: Iterable[str]) -> str:
    *head, last = parts
    return f"{', '.join(head)} and {last}" if head else last
