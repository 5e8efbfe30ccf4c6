"""`--format text`: what a modder would paste, `00:12:345 (1,2) - message [name]`; on a terminal with colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analyzers.finding import Safety, Severity
from server.check import Run
from server.printable import one_line
from server.printers import layout
from server.report import Remark, Report

# Of a fault that a map has over and over so many places are named; the other formats name all.
MOST_PLACES = 12

Piece = tuple[str, str]
"""A text and rich's name of its style."""

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFORMATION: "blue", Severity.HINT: "dim"}
_MARKS = {Severity.ERROR: "✖", Severity.WARNING: "▲", Severity.INFORMATION: "●", Severity.HINT: "·"}
_PLAIN_MARKS = {Severity.ERROR: "x", Severity.WARNING: "!", Severity.INFORMATION: "-", Severity.HINT: "."}


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs before a finding that tell its severity on a terminal; none where the text is meant to be pasted."""

    signs: dict[Severity, str] | None = None

    def before(self, severity: Severity) -> list[Piece]:
        return [(self.signs[severity] + " ", STYLES[severity])] if self.signs else []


def write_text(run: Run, write: Callable[[str], object]) -> None:
    """The findings without any colour."""
    for line in _lines(run, Marks()):
        write("".join(text for text, _ in line) + "\n")


def write_terminal(run: Run, *, force: bool = False) -> None:
    """The findings as a terminal shows them best."""
    from rich.console import Console
    from rich.text import Text

    console = Console(force_terminal=True if force else None, highlight=False, soft_wrap=True)
    marks = Marks(_MARKS if console.encoding.lower().startswith("utf") else _PLAIN_MARKS)
    for line in _lines(run, marks):
        console.print(Text.assemble(*line))


def _lines(run: Run, marks: Marks) -> Iterator[list[Piece]]:
    for report in layout.sections(run):
        if report.remarks:
            yield from _report_lines(report, marks)
            yield []
    style = next((STYLES[severity] for severity, count in run.counts.items() if count), "bold green")
    yield [(layout.summary(run), style)]


def _report_lines(report: Report, marks: Marks) -> Iterator[list[Piece]]:
    yield _heading(report)
    for category, remarks in layout.by_category(report):
        yield [("  ", ""), (layout.title(category), "bold")]
        for row in layout.rows(remarks):
            yield [("    ", ""), *marks.before(row[0].finding.severity), *_row(row, bool(marks.signs))]
            for line in layout.related(report, row[0]) if len(row) == 1 else ():
                yield [("        ", ""), (line, "dim")]


def _heading(report: Report) -> list[Piece]:
    name, path = one_line(report.heading), one_line(report.path)
    return [(name, "bold underline"), (f" ({path})", "dim")] if name else [(path, "bold underline")]


def _row(row: Sequence[Remark], with_fixes: bool) -> Iterator[Piece]:
    finding = row[0].finding
    # The notes of a chord stand at one place.
    places = list(dict.fromkeys(place for remark in row if (place := layout.where(remark))))
    if places:
        yield ", ".join(places[:MOST_PLACES]), "cyan"
        if len(places) > MOST_PLACES:
            yield f" and {len(places) - MOST_PLACES} more", "dim"
        yield " - ", "dim"
    yield one_line(finding.message), ""
    yield f" [{layout.named(row)}]", "dim"
    if with_fixes and any(fix.safety is Safety.SAFE for remark in row for fix in remark.finding.fixes):
        yield " fixable", "green"
