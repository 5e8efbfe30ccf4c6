"""Mappers' Guild map: may its pictures be used.

Maps made for a Mappers' Guild quest are held to art that is free to use. The tags say that this is such a map, so make
sure that you may use the background and the storyboard's pictures, and can name their artists.

Example: `Tags:featured artist mpg`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.consensus import speaks_for_set
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template

_GUILD = re.compile(r"(?<!\w)(?:mpg|mappers?['’]?s? guild|mappersguild)(?!\w)", re.IGNORECASE)

MAPPERS_GUILD = Template(
    "mappers-guild",
    Severity.HINT,
    "The tags name the Mappers' Guild ('{word}'): make sure that the background may be used freely.",
    "The tags say that the map was made for a Mappers' Guild quest.",
)


def check(context: Context) -> Iterator[Issue]:
    metadata = context.beatmap.metadata
    found = _GUILD.search(metadata.text("Tags"))
    if found and speaks_for_set(context):
        yield MAPPERS_GUILD(at=context.key_place(metadata, "Tags"), word=found.group())


RULE = Rule(
    "R103", "mappers-guild-background", Category.RESOURCES, __doc__, (MAPPERS_GUILD,), check, whole_set=True
)  # fmt: skip
