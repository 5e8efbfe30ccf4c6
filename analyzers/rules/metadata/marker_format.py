"""Artist marker in another form than the standard one.

Who plays with whom is always written "vs.", who sings for a character "CV:", and who takes part "feat.", in artist and
title, so that a search finds all of them.

Example: `Artist:Someone ft. Another` instead of `Artist:Someone feat. Another`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.name_fields import safety_of, written
from analyzers.rule import Change, Issue, Repair, Rule, Template
from formats.document import Place

FIELDS = ("ArtistUnicode", "Artist", "TitleUnicode", "Title")

# Each marker with all its spellings; the standard one is among them and is let be. A word must stand ahead of "feat."
# (or a bracket) and one behind, and "feat of strength" is no marker.
_MARKERS = (
    (
        "feat.",
        re.compile(
            r"(?:(?<=[\w)\]!?.]\s)|(?<=[(\[（［]))(?:feat\.|featuring(?!\w)|feat(?![\w.])|ft\.|ft(?![\w.]))(?=\s*\w)(?!\s+of\b)",
            re.IGNORECASE,
        ),
    ),
    ("vs.", re.compile(r"(?<=\s)vs\.?(?=\s)", re.IGNORECASE)),
    ("CV:", re.compile(r"(?:(?<=[(\[（［])(?:c\.?v\.|cv(?=\s))|(?<=[(\[（［\s])c\.?v\.?[:：])(?=\s*\w)", re.IGNORECASE)),
)

MISSPELT = Template(
    "wrong-format",
    Severity.ERROR,
    "'{found}' in {field} should be written '{marker}'.",
    "A vs., CV: or feat. in artist or title is spelled otherwise.",
)


def check(context: Context) -> Iterator[Issue]:
    for field, value in written(context, FIELDS):
        for marker, pattern in _MARKERS:
            for found in pattern.finditer(value.text):
                if found.group() != marker:
                    yield _issue(field, marker, Place(value.line, value.start + found.start(), value.start + found.end()))


def _issue(field: str, marker: str, place: Place) -> Issue:
    space = "" if place.line.text[place.end : place.end + 1].isspace() else " "
    repair = Repair(f"Write '{marker}'", safety_of(field), (Change(place, marker + space),))
    return MISSPELT(at=place, found=place.text, field=field, marker=marker, repairs=[repair])


RULE = Rule("M106", "metadata-marker-format", Category.METADATA, __doc__, (MISSPELT,), check)
