"""Kiai time that is on for a moment only.

Short bursts of kiai flash the whole screen: they distract, cost frames on slow computers and can harm players with
epilepsy. Kiai is for the chorus or other parts that stand out as a whole.

Example: kiai from 1000 to 1200 at 150 BPM (1/2 of a beat)
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import TAIKO, Issue, Rule, Template
from formats.taiko import common_beat

# Shares of a beat, counted at a common tempo.
FLASH, SHORT = 3, 2

VERY_SHORT = Template(
    "kiai-flash",
    Severity.WARNING,
    "Kiai is on for {length:.0f} ms only, no longer than 1/3 of a beat ({limit} ms).",
    "Kiai is turned off at most 1/3 of a beat after it is turned on.",
)
QUITE_SHORT = Template(
    "kiai-flash",
    Severity.INFORMATION,
    "Kiai is on for {length:.0f} ms only, no longer than 1/2 of a beat ({limit} ms).",
    "Kiai is turned off at most 1/2 of a beat after it is turned on.",
)


def check(context: Context) -> Iterator[Issue]:
    for start, end in context.grid.kiai_spans:
        beat = common_beat(context.grid.beat_length_at(start))
        template, share = (VERY_SHORT, FLASH) if end - start <= ceil(beat / FLASH) else (QUITE_SHORT, SHORT)
        if end - start > ceil(beat / share):
            continue
        line = next(point for point in context.grid.points_at_offset(start) if point.kiai)
        yield template(at=time_place(line), time=start, end=end, length=end - start, limit=ceil(beat / share))


RULE = Rule("T305", "taiko-kiai-flash", Category.TIMING, __doc__, (VERY_SHORT, QUITE_SHORT), check, modes=TAIKO)
