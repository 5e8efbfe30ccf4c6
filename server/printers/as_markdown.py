"""`--format markdown`: a mod post, by difficulty and category, whose time stamps open the editor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from formats.timestamps import edit_link, format_stamp
from server.check import Run
from server.printable import one_line, printable
from server.printers import layout
from server.report import Remark, Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def write_markdown(run: Run, write: Callable[[str], object]) -> None:
    """The findings as a post, and in the end what was found in one sentence."""
    write_reports(run, write)
    write(layout.summary(run) + "\n")


def write_reports(reports: Iterable[Report], write: Callable[[str], object]) -> None:
    """The findings alone; a map without any is not mentioned."""
    song = None
    for report in layout.sections(reports):
        if report.remarks:
            head = " - ".join(part for part in (report.artist, report.title) if part) or report.path
            if head != song:
                song = head
                write(f"# {escape(head)}\n\n")
            write("".join(_report(report)))


def _report(report: Report) -> Iterator[str]:
    yield f"## {escape(report.difficulty or report.path)}\n\n"
    for category, remarks in layout.by_category(report):
        yield f"### {layout.title(category)}\n\n"
        for row in layout.rows(remarks):
            yield f"- {_row(row)}\n"
            for line in layout.related(report, row[0]) if len(row) == 1 else ():
                yield f"  - {escape(line)}\n"
        yield "\n"


def _row(row: Sequence[Remark]) -> str:
    finding = row[0].finding
    said = f"{escape(finding.message)} `{finding.name}`"
    places = ", ".join(dict.fromkeys(place for remark in row if (place := _place(remark))))
    return f"{places} - {said}" if places else said


def _place(remark: Remark) -> str:
    finding = remark.finding
    if finding.time_ms is None:
        return layout.where(remark)
    stamp = format_stamp(finding.time_ms, finding.selection)
    return f"[{escape(stamp)}]({printable(edit_link(finding.time_ms, finding.selection))})"


def escape(text: str) -> str:
    """The text so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", one_line(text))
