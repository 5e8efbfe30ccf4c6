"""Star power phrase across the edge of a solo.

A phrase that is half inside a solo is easily misread, and some games end it at the edge.

Example: `768 = S 2 384` and `960 = E solo`
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_tracks import Stretch, Track
from formats.document import whole
from formats.timestamps import format_time

ACROSS = Template(
    "starPowerOverSolo",
    Severity.HINT,
    "This star power phrase on {track} runs across the {edge} of the solo at {solo}.",
    "A solo starts or ends inside a star power phrase.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        starts = [solo.tick for solo in track.solos]
        for phrase in track.star_power:
            for solo in track.solos[max(bisect_left(starts, phrase.tick) - 1, 0) : bisect_left(starts, phrase.end_tick)]:
                edge = _edge(track, phrase, solo)
                if edge:
                    start, end = context.times(phrase)
                    yield ACROSS(
                        at=whole(phrase.lines[0]),
                        time=start,
                        end=end,
                        track=track.label,
                        edge=edge,
                        solo=format_time(context.chart.time_at(solo.tick)),
                    )


def _edge(track: Track, phrase: Stretch, solo: Stretch) -> str:
    """The edge of the solo that divides the notes of the phrase."""
    first, last = bisect_left(track.ticks, phrase.tick), bisect_left(track.ticks, phrase.end_tick) - 1
    if last <= first:
        return ""
    start, end = track.ticks[first], track.ticks[last]
    if start < solo.tick <= end:
        return "start"
    return "end" if start < solo.end_tick <= end else ""


RULE = Rule("G125", "chart-star-power-over-solo", Category.CHART, __doc__, (ACROSS,), check, standards=CLONE_HERO)
