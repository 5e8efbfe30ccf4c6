"""Slider that cannot be seen.

A slider without curve points, one whose points all lie on its head, or one of negative length has no body: the player gets
nothing to follow. By osu!lazer's standard a slider that lasts less than half a ms is at fault instead, however it came to be so.

Example: `146,189,13070,2,0,L||,1,48` (a curve without points)
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import Issue, Repair, Rule, Standard, Template
from formats.timeline import Note

# Below this, in ms, rounding may be all that is left of a duration (osu.Game/Rulesets/Edit/Checks/CheckZeroLengthObjects.cs).
LEAST_DURATION_MS = 0.5

NO_POINTS = Template(
    "no-curve-points",
    Severity.ERROR,
    "This slider has no curve points, so nothing of it can be seen.",
    "The slider's curve lists no points.",
)
ONLY_HEAD = Template(
    "only-start-point",
    Severity.ERROR,
    "All curve points of this slider lie on its head, so nothing of it can be seen.",
    "Every point of the slider's curve is at the place of its head.",
)
NEGATIVE = Template(
    "negative-length",
    Severity.ERROR,
    "This slider has a negative length ({length:g} osu!pixels).",
    "The slider's length is below 0.",
)
ZERO = Template(
    "zero-length",
    Severity.ERROR,
    "This slider has no duration ({duration:.1f} ms).",
    "By osu!lazer's standard: the slider lasts less than half a ms.",
)


def check(context: Context) -> Iterator[Issue]:
    judge = _lazer_fault if context.standard is Standard.LAZER else _fault
    for note in context.notes:
        if note.object.curves is None:
            continue
        template = judge(note)
        if template is not None:
            yield template(
                time_place(note),
                note.time,
                selection=context.selection(note),
                repairs=[Repair("Delete this slider", Safety.UNSAFE, (delete_line(note.line),))],
                length=note.object.length,
                duration=note.duration,
            )


def _lazer_fault(note: Note) -> Template | None:
    return ZERO if note.duration < LEAST_DURATION_MS else None


def _fault(note: Note) -> Template | None:
    curves = note.object.curves or []
    head = (note.x, note.y)
    if not curves or not curves[-1].points or curves[-1].points[-1] == head:
        points = [point for curve in curves for point in curve.points]
        if not points:
            return NO_POINTS
        if all(point == head for point in points):
            return ONLY_HEAD
    return NEGATIVE if (note.object.length or 0.0) < 0 else None


RULE = Rule("C104", "invisible-slider", Category.COMPOSE, __doc__, (NO_POINTS, ONLY_HEAD, NEGATIVE, ZERO), check, local=True)
