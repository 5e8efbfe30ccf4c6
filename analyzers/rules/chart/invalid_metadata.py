"""song.ini without a [song] section.

The game looks for its values under `[song]` and finds none.

Example: a song.ini that begins with `[Other]`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import IniContext
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import CLONE_HERO, Change, Issue, Repair, Rule, Template
from formats.document import LineKind, Place, whole

NO_SECTION = Template(
    "invalidMetadata",
    Severity.ERROR,
    "The song.ini has no [song] section, so the game reads none of it.",
    "The file holds something, but no [song].",
)


def check(context: IniContext) -> Iterator[Issue]:
    ini = context.ini
    if ini.header is not None or ini.is_empty:
        return
    lines = ini.document.lines
    first = next((line for line in lines if line.kind in (LineKind.RECORD, LineKind.HEADER)), lines[0])
    repairs: list[Repair] = []
    if all(line.kind is not LineKind.HEADER for line in lines):
        change = Change(Place(lines[0], 0, 0), f"[song]{ini.document.newline}")
        repairs.append(Repair("Add [song] at the top", Safety.SAFE, (change,)))
    yield NO_SECTION(at=whole(first), repairs=repairs)


RULE = Rule("G304", "chart-invalid-metadata", Category.FILES, __doc__, (NO_SECTION,), check, standards=CLONE_HERO)
