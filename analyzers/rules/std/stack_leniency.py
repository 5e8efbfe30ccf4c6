"""Objects on one place that the stack leniency does not stack.

Objects at the same place and close in time must be stacked, or they cover each other and read as one. The game stacks what
follows within the stack leniency's share of the approach time; Easy and Normal need that for gaps up to 375 ms, Hard up to
187 ms, Insane up to 94 ms. Objects that almost lie on one place and are not stacked look like a stack that went wrong.

Example: two circles at one place 300 ms apart on an Easy with `StackLeniency:0.1`
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, hypot

from analyzers.context import Context, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.level import level_name
from analyzers.repairs import format_number, replace_value
from analyzers.rule import STD, Issue, Level, Repair, Rule, Template
from formats.timeline import Note, NoteKind

# ms: 1, 1, 1/2 and 1/4 beat at 160 BPM.
LONGEST_GAP = {Level.EASY: 375.0, Level.NORMAL: 375.0, Level.HARD: 187.5, Level.INSANE: 93.75}
# Two objects miss each other by at most this share of the radius: they were meant to be stacked.
MISSED_SHARE = 1 / 14
# Stack leniency goes in steps of a tenth.
STEPS = 10
NEAREST_PIXEL = 1.0

NEEDED = "These objects lie on one place {gap:.0f} ms apart and are not stacked; that needs a stack leniency of {needed}."
TOO_LOW = Template(
    "leniency-too-low",
    Severity.ERROR,
    NEEDED,
    "On Easy, Normal or Hard the stack leniency is too low for objects at one place to be stacked.",
)
LOW = Template(
    "leniency-low",
    Severity.WARNING,
    NEEDED,
    "On Insane the stack leniency is too low for objects at one place to be stacked.",
)
FAILED = Template(
    "failed-stack",
    Severity.ERROR,
    "These objects miss each other by {distance:.1f} px, which reads as a failed stack on {level}.",
    "Two objects close in time are almost on the same place and the game does not stack them.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in LONGEST_GAP:
        return
    longest, missed = LONGEST_GAP[context.level], context.beatmap.radius * MISSED_SHARE
    for number in range(len(context.notes) - 1):
        before, after = context.notes[number], context.notes[number + 1]
        gap = after.time - before.end
        if not 0 < gap <= longest or before.kind is NoteKind.SPINNER or after.kind is NoteKind.SPINNER:
            continue
        # Stacking moves objects by little, so what is placed further apart was never meant as a stack.
        if before.kind is NoteKind.CIRCLE and abs(after.x - before.x) > context.beatmap.radius:
            continue
        if _on_one_place(before, after):
            if issue := _too_low(context, before, after):
                yield issue
        # Where the game does stack them they are further apart than that, however badly they were placed.
        elif (distance := _seen_distance(context, number)) <= missed:
            yield FAILED(
                at=time_place(after), time=before.time, end=after.time, selection=context.selection(before, after),
                distance=distance, level=level_name(context.level),
            )  # fmt: skip


def _on_one_place(before: Note, after: Note) -> bool:
    x, y = before.end_position
    # A slider's tail hardly ever falls on whole pixels, so the nearest pixel is as good a place as there is.
    slack = NEAREST_PIXEL if before.is_slider else 0.0
    return abs(after.x - x) <= slack and abs(after.y - y) <= slack


def _seen_distance(context: Context, number: int) -> float:
    x, y = context.stacking.end_position(number)
    to_x, to_y = context.stacking.position(number + 1)
    return hypot(to_x - x, to_y - y)


def _too_low(context: Context, before: Note, after: Note) -> Issue | None:
    gap = after.time - before.end
    steps = ceil(gap * STEPS / context.beatmap.preempt)
    if steps <= round(context.beatmap.stack_leniency * STEPS, 6):
        return None
    needed = steps / STEPS
    template = LOW if context.level is Level.INSANE else TOO_LOW
    return template(
        at=time_place(after), time=before.time, end=after.time, selection=context.selection(before, after),
        gap=gap, needed=format_number(needed), repairs=_raise(context, needed),
    )  # fmt: skip


def _raise(context: Context, needed: float) -> Iterator[Repair]:
    entry = context.beatmap.general.entry("StackLeniency")
    if entry is not None and needed <= 1:
        text = format_number(needed)
        yield Repair(f"Set the stack leniency to {text}", Safety.UNSAFE, (replace_value(entry.line, text),))


RULE = Rule(
    "D207", "std-stack-leniency", Category.SPREAD, __doc__, (TOO_LOW, LOW, FAILED), check, modes=STD, by_level=True, local=True
)  # fmt: skip
