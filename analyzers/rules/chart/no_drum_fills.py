"""Drums without activation fills.

Star power on drums is activated by a fill. A track that has star power and no fill (`S 64`) leaves the game to place them.

Example: `[ExpertDrums]` with `S 2` and without `S 64`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import TrackKind
from formats.document import whole

MOST_NOTES_WITHOUT, LONGEST_MS_WITHOUT = 50, 60_000.0

NO_FILLS = Template(
    "noDrumActivationLanes",
    Severity.INFORMATION,
    "{track} has star power but no activation fill.",
    "A drums track has star power, more than 50 notes over more than a minute, and no fill.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        if track.kind is not TrackKind.DRUMS or track.drum_fills or not track.star_power:
            continue
        if len(track.groups) > MOST_NOTES_WITHOUT and track.span > LONGEST_MS_WITHOUT:
            yield NO_FILLS(at=whole(track.header), track=track.label)


RULE = Rule("G113", "chart-no-drum-fills", Category.CHART, __doc__, (NO_FILLS,), check, standards=CLONE_HERO)
