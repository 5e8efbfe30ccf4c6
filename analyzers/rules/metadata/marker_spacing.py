"""Artist marker without spaces around it.

"vs." and "feat." stand between spaces, "CV:" has one behind, and so have "&" and "×" on both sides and an opening bracket
ahead. The full-width brackets of Japanese need none.

Example: `Artist:Character(CV:Singer)` instead of `Artist:Character (CV: Singer)`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.name_fields import safety_of, written
from analyzers.rule import Change, Issue, Repair, Rule, Template
from formats.document import Place

FIELDS = ("ArtistUnicode", "Artist")

# Where a space is missing: a place between two characters.
_MARKERS = (
    ("vs.", re.compile(r"(?<=[^\s(\[])(?=vs\.\s)|(?<=\svs\.)(?=[^\s)\],])")),
    ("feat.", re.compile(r"(?<=[^\s(\[（［\w])(?=feat\.)|(?<=\w)(?=feat\.\s)|(?<=[\s(\[（［]feat\.)(?=[^\s)\],])")),
    ("CV:", re.compile(r"(?<=[(\[（［\s]CV:)(?=[^\s)\]）］])")),
)
# "R&B" and the like are words: only a sign between two longer names is a separator.
_SIGNS = (
    ("&", re.compile(r"(?<=\w\w\w)(?=&\s)|(?<=\s&)(?=\w\w)|(?<=\w\w\w)(?=&\w\w\w)|(?<=\w\w\w&)(?=\w\w\w)")),
    ("×", re.compile(r"(?<=\w\w\w)(?=×\s)|(?<=\s×)(?=\w\w)|(?<=\w\w\w)(?=×\w\w\w)|(?<=\w\w\w×)(?=\w\w\w)")),
    # So are "f(x)" and "Ali(en)ce".
    ("(", re.compile(r"(?<=[\w)\]])(?=\((?:CV|feat\.|from|starring)\b)|(?<=\w\w\w)(?=\([^()]*\)(?!\w))")),
)

MARKER = Template(
    "no-space-at-marker",
    Severity.ERROR,
    "{field} lacks a space {where} '{marker}'.",
    "vs., feat. or CV: in an artist field touches its neighbour.",
)
SIGN = Template(
    "no-space-at-sign",
    Severity.WARNING,
    "{field} lacks a space {where} '{marker}'.",
    "&, × or a bracket in an artist field touches its neighbour.",
)


def check(context: Context) -> Iterator[Issue]:
    for field, value in written(context, FIELDS):
        for template, markers in ((MARKER, _MARKERS), (SIGN, _SIGNS)):
            for marker, pattern in markers:
                for found in pattern.finditer(value.text):
                    yield _issue(template, field, marker, value, found.start())


def _issue(template: Template, field: str, marker: str, value: Place, gap: int) -> Issue:
    ahead = value.text.startswith(marker, gap)
    start = value.start + (gap if ahead else gap - len(marker))
    place = Place(value.line, value.start + gap, value.start + gap)
    repair = Repair(f"Add a space {'before' if ahead else 'after'} '{marker}'", safety_of(field), (Change(place, " "),))
    return template(
        at=Place(value.line, start, start + len(marker)),
        field=field,
        where="before" if ahead else "after",
        marker=marker,
        repairs=[repair],
    )


RULE = Rule("M107", "metadata-marker-spacing", Category.METADATA, __doc__, (MARKER, SIGN), check)
