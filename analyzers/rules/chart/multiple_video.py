"""Several background videos.

The game plays one of them.

Example: `video.mp4` and `video.webm`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

SEVERAL = Template(
    "multipleVideo", Severity.WARNING, "This folder has {count} background videos: {names}.", "More than one video.… file."
)


def check(context: ChartContext) -> Iterator[Issue]:
    found = context.folder.videos if context.folder is not None else []
    if len(found) > 1:
        yield SEVERAL(at=context.section_place("Song"), count=len(found), names=", ".join(found))


RULE = Rule("G315", "chart-multiple-video", Category.FILES, __doc__, (SEVERAL,), check, standards=CLONE_HERO, whole_set=True)
