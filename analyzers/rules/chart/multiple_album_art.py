"""Several album art files.

The game shows one of them, and not each version the same.

Example: `album.jpg` and `album.png`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

SEVERAL = Template(
    "multipleAlbumArt", Severity.WARNING, "This folder has {count} album art files: {names}.", "More than one album.… image."
)


def check(context: ChartContext) -> Iterator[Issue]:
    found = context.folder.album_art if context.folder is not None else []
    if len(found) > 1:
        yield SEVERAL(at=context.section_place("Song"), count=len(found), names=", ".join(found))


RULE = Rule("G307", "chart-multiple-album-art", Category.FILES, __doc__, (SEVERAL,), check, standards=CLONE_HERO, whole_set=True)
