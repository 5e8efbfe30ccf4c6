"""Video that not every player can see.

.mp4, .avi and .mpeg do not play on Linux; .webm does everywhere.

Example: `video.mp4`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext, suffix_of
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

NOT_EVERYWHERE = Template(
    "badVideo",
    Severity.WARNING,
    "'{name}' does not play on Linux; convert it to .webm.",
    "The background video is an .mp4, .avi or .mpeg.",
)

NOT_ON_LINUX = ("mp4", "avi", "mpeg")


def check(context: ChartContext) -> Iterator[Issue]:
    for name in context.folder.videos if context.folder is not None else ():
        if suffix_of(name) in NOT_ON_LINUX:
            yield NOT_EVERYWHERE(at=context.section_place("Song"), name=name)


RULE = Rule("G314", "chart-bad-video", Category.FILES, __doc__, (NOT_EVERYWHERE,), check, standards=CLONE_HERO, whole_set=True)
