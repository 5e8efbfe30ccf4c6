"""Spinner too short for its bonus.

Auto must be able to reach 1,000 points on every spinner, else a perfect play cannot. How long that takes grows with the
overall difficulty: below the first limit it is out of reach, below the second it depends on where the cursor comes from.

Example: `256,192,1000,12,0,1400` (400 ms at OD 5)
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, end_place
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import replace_field
from analyzers.rule import STD, Issue, Repair, Rule, Template
from analyzers.spinners import rest_wanted
from formats.beatmap import Beatmap
from formats.timeline import Note
from formats.timestamps import format_time

# ms at OD 5, and how much one point of OD takes away below it or adds above it.
IMPOSSIBLE_MS, IMPOSSIBLE_BELOW, IMPOSSIBLE_ABOVE = 450.0, 17.0, 17.0
UNSURE_MS, UNSURE_BELOW, UNSURE_ABOVE = 500.0, 21.8, 20.0
FIX_DIVISOR = 4

TOO_SHORT = Template(
    "too-short",
    Severity.ERROR,
    "This spinner lasts {length:.0f} ms; below {limit:.0f} ms Auto cannot reach 1,000 points on it.",
    "A spinner is shorter than 450 ms (at OD 5; 17 ms per point of OD).",
)
VERY_SHORT = Template(
    "very-short",
    Severity.WARNING,
    "This spinner lasts {length:.0f} ms; below {limit:.0f} ms Auto may miss 1,000 points on it, so try it out.",
    "A spinner is shorter than 500 ms (at OD 5; about 20 ms per point of OD).",
)


def check(context: Context) -> Iterator[Issue]:
    impossible, unsure = limits(context.beatmap)
    for number, note in enumerate(context.notes):
        if not note.is_spinner or note.duration >= unsure:
            continue
        template, limit = (TOO_SHORT, impossible) if note.duration < impossible else (VERY_SHORT, unsure)
        following = context.notes[number + 1] if number + 1 < len(context.notes) else None
        yield template(
            at=end_place(note),
            time=note.time,
            end=note.end,
            selection=context.selection(note),
            length=note.duration,
            limit=limit,
            repairs=_lengthen(context, note, following, unsure),
        )


def limits(beatmap: Beatmap) -> tuple[float, float]:
    """The lengths in ms below which 1,000 points are out of reach, and below which they are not sure."""
    over = beatmap.overall_difficulty - 5
    impossible = IMPOSSIBLE_MS + over * (IMPOSSIBLE_BELOW if over < 0 else IMPOSSIBLE_ABOVE)
    unsure = UNSURE_MS + over * (UNSURE_BELOW if over < 0 else UNSURE_ABOVE)
    return impossible, unsure


def _lengthen(context: Context, note: Note, following: Note | None, length: float) -> Iterator[Repair]:
    end = context.grid.tick_from(note.time + length, FIX_DIVISOR)
    if following is not None and following.time - end < rest_wanted(context.level):
        return
    text = str(end - int(context.grid.offset))
    yield Repair(f"End the spinner at {format_time(end)}", Safety.UNSAFE, (replace_field(note.line, 5, text),))


RULE = Rule(
    "C204", "std-spinner-too-short", Category.COMPOSE, __doc__, (TOO_SHORT, VERY_SHORT), check, modes=STD, by_level=True,
    local=True,
)  # fmt: skip
