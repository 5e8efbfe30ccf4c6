"""First note too early.

A note in the first second leaves no time to see it come. Two seconds are the custom.

Example: a first note at tick 192 at 120 BPM (500 ms)
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import tick_place

LEAST_SILENCE_MS = 1_000.0

TOO_EARLY = Template(
    "smallLeadingSilence",
    Severity.WARNING,
    "The first note of {track} comes after {first:.0f} ms; leave at least 1 second before it, better 2.",
    "A track's first note comes in the first second.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        first = track.groups[0]
        if first.time < LEAST_SILENCE_MS:
            yield TOO_EARLY(at=tick_place(first.line), time=first.time, track=track.label, first=first.time)


RULE = Rule("G109", "chart-leading-silence", Category.CHART, __doc__, (TOO_EARLY,), check, standards=CLONE_HERO)
