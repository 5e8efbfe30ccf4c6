"""Bar line just before a change of scroll speed, so that it keeps the old one.

A bar line scrolls with the speed in force at its own time. A green line a few milliseconds behind it, meant for the whole
measure, changes the notes but not the bar line, which then overtakes them or lags behind.

Example: a measure that begins at 10000 and `10003,-80,4,1,0,100,0,0`
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import floor

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import replace_field
from analyzers.rule import TAIKO, Change, Issue, Repair, Rule, Template
from formats.barlines import ROUNDING, BarLines
from formats.document import field
from formats.osu import TimingPoint
from formats.scroll import ScrollSection, played, scroll_sections

FARTHEST_MS, ROUNDED_MS = 5.0, 1.0
# Speeds (SV × BPM) nearer than this look alike.
SAME_SPEED_BPM = 1.0

UNAFFECTED = Template(
    "unaffected-barline",
    Severity.WARNING,
    "The bar line {gap:.1f} ms before this change of scroll speed ({before:.0f} to {after:.0f} BPM) does not follow it.",
    "A line changes SV × BPM up to 5 ms behind a bar line.",
)
ROUNDED = Template(
    "rounded",
    Severity.WARNING,
    "The bar line {gap:.2f} ms before this change of scroll speed ({before:.0f} to {after:.0f} BPM) does not follow it.",
    "A line changes SV × BPM less than 1 ms behind a bar line: a matter of rounding.",
)


def check(context: Context) -> Iterator[Issue]:
    sections = played(scroll_sections(context.grid, context.timeline.end), context.timeline)
    barlines = BarLines(context.grid)
    for before, section in pairwise(sections):
        if abs(section.speed - before.speed) <= SAME_SPEED_BPM:
            continue
        barline = barlines.last_until(section.start - 2 * ROUNDING)
        # A bar line of the section's own red line has the new speed.
        if barline is None or section.red or section.start - barline > FARTHEST_MS:
            continue
        gap = section.start - barline
        yield (ROUNDED if gap < ROUNDED_MS - ROUNDING else UNAFFECTED)(
            at=field(section.line.line, 0), time=section.start, gap=gap, before=before.speed, after=section.speed,
            repairs=_repairs(context, section, before, barline),
        )  # fmt: skip


def _repairs(context: Context, section: ScrollSection, before: ScrollSection, barline: float) -> Iterator[Repair]:
    moved = context.grid.points_at_offset(section.start)
    target = floor(barline + ROUNDING)
    if target <= before.start or section.green is None:
        return
    # A drum roll between the two would change its length.
    caught = [note for note in context.timeline.between(target, section.start) if note.is_slider]
    title = "Move the green line onto the bar line"
    yield Repair(title, Safety.UNSAFE if caught else Safety.SAFE, tuple(_move(moved, target - context.grid.offset)))


def _move(points: list[TimingPoint], time: float) -> Iterator[Change]:
    for point in points:
        yield replace_field(point.line, 0, str(int(time)))


RULE = Rule("T301", "taiko-barline-sv", Category.TIMING, __doc__, (UNAFFECTED, ROUNDED), check, modes=TAIKO)
