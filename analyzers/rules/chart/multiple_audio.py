"""One audio stem in several formats.

The game plays one of them, so the other is dead weight or the wrong version.

Example: `song.mp3` and `song.ogg`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext, stem_of
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

SEVERAL = Template(
    "multipleAudio",
    Severity.WARNING,
    "The stem '{stem}' is there {count} times: {names}.",
    "The folder has a stem in more than one format.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    stems: dict[str, list[str]] = {}
    for name in context.folder.stems if context.folder is not None else ():
        stems.setdefault(stem_of(name), []).append(name)
    doubled = {stem: names for stem, names in stems.items() if len(names) > 1}
    if doubled:
        stem, names = next(iter(doubled.items()))
        yield SEVERAL(at=context.section_place("Song"), stem=stem, count=len(names), names=", ".join(names))


RULE = Rule("G310", "chart-multiple-audio", Category.FILES, __doc__, (SEVERAL,), check, standards=CLONE_HERO, whole_set=True)
