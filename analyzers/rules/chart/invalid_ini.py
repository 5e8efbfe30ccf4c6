"""Settings file that is not named song.ini.

The game reads song.ini and no other.

Example: `songs.ini`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.song_ini import SONG_INI

WRONG_NAME = Template(
    "invalidIni",
    Severity.ERROR,
    "'{name}' is not named 'song.ini', so the game does not read it.",
    "An .ini file of the folder has another name.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for name in context.folder.settings if context.folder is not None else ():
        if name != SONG_INI:
            yield WRONG_NAME(at=context.section_place("Song"), name=name)


RULE = Rule("G302", "chart-invalid-ini", Category.FILES, __doc__, (WRONG_NAME,), check, standards=CLONE_HERO, whole_set=True)
