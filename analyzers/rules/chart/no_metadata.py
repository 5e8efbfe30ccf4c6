"""Chart without song.ini.

The game takes title, artist, charter and ratings from song.ini; without it the song is missing from the list or nameless.

Example: a folder with notes.chart and song.ogg only
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

NO_METADATA = Template(
    "noMetadata", Severity.ERROR, "This chart has no song.ini.", "The folder has no .ini file, or its song.ini is empty."
)


def check(context: ChartContext) -> Iterator[Issue]:
    missing = context.ini is None and context.folder is not None and not context.folder.settings
    if missing or (context.ini is not None and context.ini.is_empty):
        yield NO_METADATA(at=context.section_place("Song"))


RULE = Rule("G301", "chart-no-metadata", Category.FILES, __doc__, (NO_METADATA,), check, standards=CLONE_HERO, whole_set=True)
