"""Combo too long for its level.

Long combos make the stacked fruits on the catcher's plate hide the play field. Cup, Salad, Platter and Rain should start a
new combo after at most 8, 10, 12 and 16 objects.

Example: 14 objects on a Cup without a new combo
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from analyzers.context import Context, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.level import level_name
from analyzers.repairs import replace_field
from analyzers.rule import CATCH, Issue, Level, Repair, Rule, Template
from formats.osu import Mode
from formats.timeline import Note

LONGEST = {Level.EASY: 8, Level.NORMAL: 10, Level.HARD: 12, Level.INSANE: 16}
# A combo this many times over its limit is worth a warning.
FAR_OVER = 1.5
NEW_COMBO = 4
# A note this near to a measure's start counts as being on it, in beats.
MEASURE_LENIENCY = 0.02

LONG = Template(
    "combo-long",
    Severity.INFORMATION,
    "This combo has {count} objects; {level} should have at most {limit}.",
    "A combo is longer than 8 / 10 / 12 / 16 objects on Cup / Salad / Platter / Rain.",
)
VERY_LONG = Template(
    "combo-very-long",
    Severity.WARNING,
    "This combo has {count} objects, far more than the {limit} that {level} should have.",
    "A combo is more than half as long again as its limit.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in LONGEST:
        return
    limit = LONGEST[context.level]
    numbered = zip(context.timeline.combo_index, context.notes, strict=True)
    for _, members in groupby(numbered, key=lambda pair: pair[0]):
        combo = [note for _, note in members]
        if len(combo) <= limit:
            continue
        template = VERY_LONG if len(combo) > limit * FAR_OVER else LONG
        yield template(
            at=time_place(combo[0]),
            time=combo[0].time,
            end=combo[-1].end,
            selection=context.selection(combo[0], combo[-1]),
            count=len(combo),
            level=level_name(context.level, Mode.CATCH),
            limit=limit,
            repairs=[_split(context, combo, limit)],
        )


def _split(context: Context, combo: list[Note], limit: int) -> Repair:
    starts: list[Note] = []
    first = 0
    while len(combo) - first > limit:
        # A new combo reads best on the start of a measure, so the last one within reach is taken.
        on_measure = [at for at in range(first + limit, first, -1) if _starts_measure(context, combo[at])]
        first = on_measure[0] if on_measure else first + limit
        starts.append(combo[first])
    changes = tuple(replace_field(note.line, 3, str(note.object.type | NEW_COMBO)) for note in starts)
    return Repair(f"Start {len(starts)} new combo{'s' * (len(starts) > 1)} in between", Safety.UNSAFE, changes)


def _starts_measure(context: Context, note: Note) -> bool:
    red = context.grid.red_at(note.time)
    measures = context.grid.beat_at(note.time) / max(red.meter if red else 4, 1)
    return abs(measures - round(measures)) < MEASURE_LENIENCY / 4


RULE = Rule("C406", "catch-max-combo", Category.COMPOSE, __doc__, (LONG, VERY_LONG), check, modes=CATCH, by_level=True)
