"""Chart without album art.

The song list shows `album.png`, `album.jpg` or `album.jpeg`, best with 512 × 512 pixels.

Example: a folder with `cover.png`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

NO_ART = Template(
    "noAlbumArt",
    Severity.INFORMATION,
    "This chart has no album art (album.png, album.jpg or album.jpeg).",
    "The folder has no file of these names.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    if context.folder is not None and not context.folder.album_art:
        yield NO_ART(at=context.section_place("Song"))


RULE = Rule("G306", "chart-no-album-art", Category.FILES, __doc__, (NO_ART,), check, standards=CLONE_HERO, whole_set=True)
