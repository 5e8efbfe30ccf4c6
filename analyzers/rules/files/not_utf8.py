"""Text that is not UTF-8.

The game reads maps as UTF-8. Bytes of an old encoding (Shift-JIS, Windows-1252, …) come out as � in song select, and a name
that is broken in one difficulty differs from the same name in the others. maimod keeps such bytes as they are; save the file
as UTF-8 once.

Example: `TitleUnicode:` followed by Japanese text that an old editor saved as Shift-JIS
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template
from formats.document import Place

NOT_UTF8 = Template(
    "not-utf-8",
    Severity.WARNING,
    "This text is not UTF-8, so the game shows � for {count} of its bytes{more}; save the file as UTF-8.",
    "A line holds bytes that are not UTF-8.",
)
# PEP 383: bytes that cannot be decoded are kept as these lone surrogates.
FIRST, LAST = "\udc80", "\udcff"


def check(context: Context) -> Iterator[Issue]:
    if context.document.text.isascii():
        return
    places: list[Place] = []
    for line in context.document.lines:
        if not line.text.isascii():
            columns = [column for column, character in enumerate(line.text) if FIRST <= character <= LAST]
            if columns:
                places.append(Place(line, columns[0], columns[-1] + 1))
    if places:
        count = sum(FIRST <= character <= LAST for character in places[0].text)
        more = f", and in {len(places) - 1} more lines" if len(places) > 2 else ", and in 1 more line" if len(places) == 2 else ""
        yield NOT_UTF8(at=places[0], count=count, more=more)


RULE = Rule("F106", "file-not-utf8", Category.FILES, __doc__, (NOT_UTF8,), check)
