"""Track without star power.

A track with more than 50 notes over more than a minute should have star power phrases.

Example: `[ExpertSingle]` of three minutes without an `S 2` line
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import TrackKind
from formats.document import whole

MOST_NOTES_WITHOUT, LONGEST_MS_WITHOUT = 50, 60_000.0

NO_STAR_POWER = Template(
    "noStarPower",
    Severity.INFORMATION,
    "{track} has no star power over {count} notes.",
    "A track other than drums has more than 50 notes over more than a minute and no star power.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        if track.kind is TrackKind.DRUMS or track.star_power:
            continue
        if len(track.groups) > MOST_NOTES_WITHOUT and track.span > LONGEST_MS_WITHOUT:
            yield NO_STAR_POWER(at=whole(track.header), track=track.label, count=len(track.groups))


RULE = Rule("G110", "chart-no-star-power", Category.CHART, __doc__, (NO_STAR_POWER,), check, standards=CLONE_HERO)
