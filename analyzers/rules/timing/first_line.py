"""First timing line that cannot be first.

A map needs a red line ahead of everything: without one there is no tempo, and a green line before it has none to refer to.
The first line must not turn kiai on either: the game would show it from the very start.

Example: `0,-100,4,2,0,100,0,0` ahead of `500,500,4,2,0,100,1,0`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line, insert_after
from analyzers.rule import Change, Issue, Repair, Rule, Template
from analyzers.timing_lines import set_fields
from formats.document import field, whole
from formats.osu import TimingPoint

NO_LINES = Template(
    "no-lines",
    Severity.ERROR,
    "This difficulty has no timing lines.",
    "[TimingPoints] holds no line.",
)
INHERITED = Template(
    "first-line-inherited",
    Severity.ERROR,
    "The first timing line is a green one; a red line must come first.",
    "The first line in time is green.",
)
KIAI = Template(
    "first-line-kiai",
    Severity.ERROR,
    "The first timing line turns kiai on.",
    "The first line in time has kiai.",
)


def check(context: Context) -> Iterator[Issue]:
    grid = context.grid
    if not grid.points:
        yield NO_LINES(whole(context.beatmap.headers.get("TimingPoints") or context.first_line))
        return
    first, time = grid.points[0], grid.times[0]
    if not any(point.uninherited for point in grid.points_at_offset(time)):
        yield INHERITED(time_place(first), time, repairs=_red_first(context))
    if first.kiai:
        # A green line beside it that keeps its kiai would only bring it back.
        lit = [point for point in grid.points_at_offset(time) if point.kiai]
        changes = [change for point in lit for change in set_fields(point, {7: str(point.effects & ~1)})]
        yield KIAI(field(first.line, 7), time, repairs=[Repair("Turn kiai off on this line", Safety.SAFE, tuple(changes))])


def _red_first(context: Context) -> list[Repair]:
    """The last green line before the first red one goes behind it, those ahead of it go: they were never in force."""
    grid = context.grid
    if not grid.red:
        return []
    red = grid.red[0]
    early = [point for point, time in zip(grid.points, grid.times, strict=True) if time < grid.red_times[0]]
    changes = [delete_line(point.line) for point in early]
    if all(point.uninherited for point in grid.points_at_offset(grid.red_times[0])):
        changes.append(_behind(context, red, early[-1]))
    return [Repair("Move the green line to the first red line", Safety.UNSAFE, tuple(changes))]


def _behind(context: Context, red: TimingPoint, green: TimingPoint) -> Change:
    values = field(green.line, 0)
    text = field(red.line, 0).text + green.line.content[values.end :]
    return insert_after(context.document, red.line, text)


RULE = Rule("T107", "timing-first-line", Category.TIMING, __doc__, (NO_LINES, INHERITED, KIAI), check)
