"""Section that the game does not read.

A track is found by its section's name, a difficulty and an instrument in one word with capitals: `[ExpertSingle]`. A section of
any other name is skipped with all its notes. Some names of older editors are known and still not read by Clone Hero.

Example: `[ExpertGuitar]`
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import CLONE_HERO, Change, Issue, Repair, Rule, Template
from formats.chart_lines import FILE_SECTIONS, LEGACY_TRACKS, TRACKS
from formats.document import Place

UNKNOWN = Template(
    "unknownTrack",
    Severity.WARNING,
    "The game does not know [{name}] and skips it; its name for this is probably [{known}].",
    "A section's name is close to one that the game reads.",
)
UNREAD = Template(
    "unreadTrack", Severity.INFORMATION, "The game does not read [{name}].", "A section has a name that the game does not read."
)

NAMES = (*FILE_SECTIONS, *TRACKS)


def check(context: ChartContext) -> Iterator[Issue]:
    for section in context.chart.sections:
        if section.name in NAMES:
            continue
        at = Place(section.header, *_name_columns(section.header.content))
        close = () if section.name in LEGACY_TRACKS else get_close_matches(section.name[:60], NAMES, n=1, cutoff=0.75)
        if not close:
            yield UNREAD(at=at, name=section.name)
            continue
        taken = context.chart.section(close[0]) is not None
        repair = Repair(f"Rename to [{close[0]}]", Safety.UNSAFE, (Change(at, close[0]),))
        yield UNKNOWN(at=at, name=section.name, known=close[0], repairs=() if taken else [repair])


def _name_columns(header: str) -> tuple[int, int]:
    start = header.index("[") + 1
    return start, header.index("]", start)


RULE = Rule("G131", "chart-unknown-track", Category.CHART, __doc__, (UNKNOWN, UNREAD), check, standards=CLONE_HERO)
