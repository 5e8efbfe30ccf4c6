"""Reverse arrow hidden beneath an earlier object.

The arrow at a slider's tail says that it turns back. While another circle lies on it players cannot see it, and once that
circle is hit there may be too little time left to read it. Easy to Insane players need to see it coming.

Example: a circle on the tail of the reversing slider that follows
"""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Level, Rule, Template
from formats.timeline import Note
from formats.timestamps import format_time

LEVELS = frozenset({Level.EASY, Level.NORMAL, Level.HARD, Level.INSANE})
# Distance between arrow and circle as a share of the radius.
HIDDEN_SHARE, COVERED_SHARE = 1 / 3, 1 / 1.75
# No more earlier objects than these are looked at: nothing that can be played has more on the screen.
MOST_BEFORE = 50

COVERED = Template(
    "reverse-partly-covered",
    Severity.WARNING,
    "This slider's reverse arrow is partly covered by the object at {other} until {left:.0f} ms before it is reached.",
    "An earlier object lies within the radius / 1.75 of a reverse arrow while the arrow is on the screen.",
)
HIDDEN = Template(
    "reverse-covered",
    Severity.WARNING,
    "This slider's reverse arrow is hidden by the object at {other} until {left:.0f} ms before it is reached.",
    "An earlier object lies within a third of the radius of a reverse arrow while the arrow is on the screen.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level not in LEVELS:
        return
    radius, preempt = context.beatmap.radius, context.beatmap.preempt
    for number, note in enumerate(context.notes):
        # Arrows at the head come into play when the head has been hit, with nothing earlier left above them.
        if note.span_count < 2:
            continue
        offset = context.stacking.offset(number)
        x, y = note.path.end[0] + offset, note.path.end[1] + offset
        reached = note.time + note.span_duration
        cover, distance = _cover(context, number, (x, y), reached - preempt)
        if cover is None or distance > radius * COVERED_SHARE:
            continue
        template = HIDDEN if distance <= radius * HIDDEN_SHARE else COVERED
        yield template(
            at=time_place(note), time=note.time, end=note.end, selection=context.selection(cover, note),
            other=format_time(cover.time), left=reached - cover.end,
        )  # fmt: skip


def _cover(context: Context, number: int, arrow: tuple[float, float], since: float) -> tuple[Note | None, float]:
    """The earlier object nearest to the arrow that ends later than `since`, and its distance in osu!pixels."""
    best: Note | None = None
    nearest = float("inf")
    for earlier in range(number - 1, max(number - 1 - MOST_BEFORE, -1), -1):
        note = context.notes[earlier]
        if note.end <= since:
            break
        if note.is_spinner:
            continue
        places = {context.stacking.position(earlier), context.stacking.end_position(earlier)}
        distance = min(hypot(x - arrow[0], y - arrow[1]) for x, y in places)
        if distance < nearest:
            best, nearest = note, distance
    return best, nearest


RULE = Rule(
    "C205", "std-reverse-obscured", Category.COMPOSE, __doc__, (COVERED, HIDDEN), check, modes=STD, by_level=True, local=True
)  # fmt: skip
