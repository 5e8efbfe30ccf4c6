"""Long note that is too short to be held.

A long note of less than 20 ms cannot be released on purpose, and below 30 ms hardly: it plays like a normal note with a
penalty.

Example: `64,192,1000,128,0,1015:0:0:0:0:`
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from analyzers.context import Context, end_place
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.repairs import replace_field
from analyzers.rule import MANIA, Change, Issue, Repair, Rule, Template
from formats.timeline import Note, NoteKind
from formats.timestamps import format_time

UNPLAYABLE_MS, SHORT_MS = 20.0, 30.0
# With more of them than this they are the map's style, which one finding tells better.
MOST_NAMED, MOST_RELATED = 10, 20
# A longer end is looked for on these ticks, and must leave this much before the next note of the column.
FIX_DIVISORS = (16, 12, 8, 6, 4, 3, 2, 1)
NEXT_NOTE_MS = 30.0

UNPLAYABLE = Template(
    "too-short",
    Severity.ERROR,
    "This long note lasts {length:.0f} ms; below 20 ms it cannot be released in time.",
    "A long note lasts less than 20 ms.",
)
SHORT = Template(
    "too-short",
    Severity.WARNING,
    "This long note lasts {length:.0f} ms; below 30 ms it can hardly be released in time.",
    "A long note lasts less than 30 ms.",
)
OFTEN_UNPLAYABLE = Template(
    "too-short",
    Severity.ERROR,
    "{count} long notes are shorter than 20 ms, the first here ({length:.0f} ms); they cannot be released in time.",
    "More than ten long notes last less than 20 ms.",
)
OFTEN_SHORT = Template(
    "too-short",
    Severity.WARNING,
    "{count} long notes last 20 to 30 ms, the first here ({length:.0f} ms); they can hardly be released in time.",
    "More than ten long notes last less than 30 ms.",
)


def check(context: Context) -> Iterator[Issue]:
    following: dict[int, float] = {}
    unplayable: list[tuple[Note, float]] = []
    short: list[tuple[Note, float]] = []
    for note in reversed(context.notes):
        if note.kind is NoteKind.HOLD and note.duration < SHORT_MS:
            (unplayable if note.duration < UNPLAYABLE_MS else short).append((note, following.get(note.lane, inf)))
        following[note.lane] = note.time
    yield from _issues(context, unplayable[::-1], UNPLAYABLE, OFTEN_UNPLAYABLE)
    yield from _issues(context, short[::-1], SHORT, OFTEN_SHORT)


def _issues(context: Context, found: list[tuple[Note, float]], one: Template, many: Template) -> Iterator[Issue]:
    often = len(found) > MOST_NAMED
    related = [Related(context.path, note.time, f"lasts {note.duration:.0f} ms") for note, _ in found[1:MOST_RELATED] if often]
    for note, following in found[:1] if often else found:
        yield _issue(context, note, following, many if often else one, len(found), related)


def _issue(context: Context, note: Note, following: float, template: Template, count: int, related: list[Related]) -> Issue:
    return template(
        at=end_place(note),
        time=note.time,
        end=note.end,
        selection=context.selection(note),
        length=note.duration,
        count=count,
        repairs=[] if related else _repairs(context, note, following),
        related=related,
    )


def _repairs(context: Context, note: Note, following: float) -> Iterator[Repair]:
    ends = [context.grid.tick_from(note.time + SHORT_MS, divisor) for divisor in FIX_DIVISORS]
    end = min(ends)
    if end <= following - NEXT_NOTE_MS:
        place = end_place(note)
        change = Change(place, str(end - int(context.grid.offset)))
        if place.text.strip():
            yield Repair(f"End the long note at {format_time(end)}", Safety.UNSAFE, (change,))
    sample = note.line.content.split(",")
    if len(sample) > 5 and ":" in sample[5]:
        kind = str(note.object.type & ~128 | 1)
        rest = sample[5].split(":", 1)[1]
        yield Repair(
            "Make it a normal note", Safety.UNSAFE, (replace_field(note.line, 3, kind), replace_field(note.line, 5, rest))
        )  # fmt: skip


RULE = Rule(
    "C502",
    "mania-long-note-short",
    Category.COMPOSE,
    __doc__,
    (UNPLAYABLE, SHORT, OFTEN_UNPLAYABLE, OFTEN_SHORT),
    check,
    modes=MANIA,
)
