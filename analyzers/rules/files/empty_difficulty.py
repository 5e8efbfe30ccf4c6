"""Difficulty file without content.

The game cannot read an empty `.osu`, lists no difficulty for it, and its upload fails. It is usually what is left of a
save that was cut off: restore the difficulty from a backup or delete the file.

Example: a file `Artist - Title (Mapper) [Hard].osu` of 0 bytes
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template
from formats.document import whole

EMPTY = Template(
    "empty-difficulty",
    Severity.ERROR,
    "This difficulty's file has no content, so the game cannot read it.",
    "A .osu file is empty, or holds nothing but blank lines.",
)


def check(context: Context) -> Iterator[Issue]:
    if not any(line.content.strip("\ufeff\0 \t") for line in context.document.lines):
        yield EMPTY(at=whole(context.first_line))


RULE = Rule("F101", "file-empty-difficulty", Category.FILES, __doc__, (EMPTY,), check)
