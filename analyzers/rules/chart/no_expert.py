"""Instrument without Expert.

An instrument that is charted at all needs Expert: players expect it, and leaderboards are kept for it.

Example: `[HardSingle]` with notes, no `[ExpertSingle]`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import INSTRUMENTS, ChartDifficulty
from formats.document import whole

NO_EXPERT = Template(
    "noExpert",
    Severity.WARNING,
    "{instrument} has {difficulties} but no Expert.",
    "An instrument has notes on Easy, Medium or Hard and none on Expert.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for instrument in INSTRUMENTS:
        tracks = [track for track in context.tracks if track.instrument is instrument]
        if tracks and all(track.difficulty is not ChartDifficulty.EXPERT for track in tracks):
            difficulties = " and ".join(track.difficulty.value for track in tracks)
            yield NO_EXPERT(at=whole(tracks[0].header), instrument=instrument.label, difficulties=difficulties)


RULE = Rule("G103", "chart-no-expert", Category.CHART, __doc__, (NO_EXPERT,), check, standards=CLONE_HERO)
