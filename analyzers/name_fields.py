"""The artist and title fields, as the rules on the markers in them read and mend them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.context import Context
from analyzers.finding import Safety
from formats.document import Place, entry_value

# A longer name is no name, and searching it would take long.
MOST_LENGTH = 300


def written(context: Context, fields: Iterable[str]) -> Iterator[tuple[str, Place]]:
    """Those of the fields that hold a name, each with the place of its value."""
    for field in fields:
        entry = context.beatmap.metadata.entry(field)
        if entry is not None and 0 < len(entry.value) <= MOST_LENGTH:
            yield field, entry_value(entry.line)


def safety_of(field: str) -> Safety:
    """The file's name follows the romanised forms, so a change there asks for a look."""
    return Safety.SAFE if field.endswith("Unicode") else Safety.UNSAFE
