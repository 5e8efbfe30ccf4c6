"""Audio file that the game does not know.

The game finds audio by its name, in lower case: `song`, `guitar`, `bass`, `rhythm`, `keys`, `vocals`, `vocals_1`, `vocals_2`,
`drums`, `drums_1` to `drums_4`, `crowd` and `preview`.

Example: `Song.ogg`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

UNKNOWN_STEM = Template(
    "invalidAudio",
    Severity.WARNING,
    "'{name}' is not the name of an audio stem.",
    "An audio file of the folder has a name that the game does not know.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    if context.folder is None:
        return
    for name in context.folder.audio:
        if name not in context.folder.stems:
            yield UNKNOWN_STEM(at=context.section_place("Song"), name=name)


RULE = Rule("G309", "chart-invalid-audio", Category.FILES, __doc__, (UNKNOWN_STEM,), check, standards=CLONE_HERO, whole_set=True)
