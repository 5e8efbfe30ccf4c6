"""Break that the editor would not make.

A break starts at least 200 ms after the object before it began (by osu!lazer's standard: ended) and ends early enough for the
next object to appear: by its approach time, 1800 ms at AR 0, 1200 at AR 5 and 450 at AR 10 (by osu!lazer's standard 450 ms).
One ms less is let pass. A break shorter than 650 ms does nothing. Such breaks come from editing the file by hand or from
moving objects outside of the editor.

Example: `2,1100,5000` after a circle at 1000 ms (100 ms too early)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line, format_number, replace_field
from analyzers.rule import Issue, Repair, Rule, Standard, Template
from formats.document import field, whole
from formats.osu import Break

GAP_BEFORE_MS = 200.0
LAZER_GAP_AFTER_MS = 450.0
LENIENCY_MS = 1.0
SHORTEST_MS = 650.0

EARLY_START = Template(
    "early-start",
    Severity.ERROR,
    "This break starts {ms} ms too early: {gap:g} ms must lie between the object before and the break.",
    "The break starts less than 200 ms after the object before it.",
)
LATE_END = Template(
    "late-end",
    Severity.ERROR,
    "This break ends {ms} ms too late: {gap:g} ms must lie between the break and the next object.",
    "The break ends while the next object should already be appearing.",
)
TOO_SHORT = Template(
    "too-short",
    Severity.WARNING,
    "This break lasts {ms} ms; one shorter than 650 ms does nothing.",
    "The break is shorter than 650 ms.",
)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The earliest start and the latest end of a break, ms as played; infinite without an object on that side."""

    start: float
    end: float


def check(context: Context) -> Iterator[Issue]:
    breaks = context.beatmap.breaks
    if not breaks:
        return
    lazer = context.standard is Standard.LAZER
    starts = context.timeline.times
    before = sorted([note.end for note in context.notes]) if lazer else starts
    gap_after = LAZER_GAP_AFTER_MS if lazer else context.beatmap.preempt
    offset = context.grid.offset
    for pause in breaks:
        start, end = pause.start + offset, pause.end + offset
        at = bisect_right(before, start)
        # By the ranking criteria an object inside the break is the one after it, so that the end is blamed.
        following = bisect_left(starts, end) if lazer else at
        bounds = _Bounds(
            before[at - 1] + GAP_BEFORE_MS if at else float("-inf"),
            starts[following] - gap_after if following < len(starts) else float("inf"),
        )
        yield from _judge(pause, start, end, bounds, gap_after, offset)


def _judge(pause: Break, start: float, end: float, bounds: _Bounds, gap_after: float, offset: float) -> Iterator[Issue]:
    repairs = [_repair(pause, start, end, bounds, offset)]
    if end - start < SHORTEST_MS:
        yield TOO_SHORT(whole(pause.line), start, end, repairs=repairs, ms=_ms(end - start))
    if start < bounds.start - LENIENCY_MS:
        early = _ms(bounds.start - start)
        yield EARLY_START(field(pause.line, 1), start, end, repairs=repairs, ms=early, gap=GAP_BEFORE_MS)
    if end > bounds.end + LENIENCY_MS:
        late = _ms(end - bounds.end)
        yield LATE_END(field(pause.line, 2), start, end, repairs=repairs, ms=late, gap=round(gap_after, 1))


def _repair(pause: Break, start: float, end: float, bounds: _Bounds, offset: float) -> Repair:
    if start < bounds.start - LENIENCY_MS:
        start = ceil(bounds.start)
    if end > bounds.end + LENIENCY_MS:
        end = floor(bounds.end)
    if end - start < SHORTEST_MS:
        return Repair("Delete this break", Safety.SAFE, (delete_line(pause.line),))
    changes = [
        replace_field(pause.line, 1, format_number(start - offset)),
        replace_field(pause.line, 2, format_number(end - offset)),
    ]
    needed = [change for change in changes if change.place.text != change.text]
    return Repair("Shrink this break to what the objects around it allow", Safety.SAFE, tuple(needed))


def _ms(value: float) -> str:
    return format_number(round(value, 1))


RULE = Rule("E101", "break-invalid", Category.EVENTS, __doc__, (EARLY_START, LATE_END, TOO_SHORT), check)
