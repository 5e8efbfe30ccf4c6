"""Spinner too close to the object before or behind it.

During a spinner the catcher may be anywhere, so the player needs time to come back from it, and on lower difficulties to
get to it. Before a spinner Cup and Salad want 250 ms, Platter and Rain 125 ms, harder ones 62 ms; behind it Cup, Salad
and Platter 250 ms, harder ones 125 ms. Spinners next to each other are fine.

Example: a spinner that starts 100 ms after a fruit on a Cup
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, end_place, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.level import level_name
from analyzers.repairs import replace_field
from analyzers.rule import CATCH, Issue, Level, Repair, Rule, Standard, Template
from formats.osu import Mode
from formats.timeline import Note
from formats.timestamps import format_time

# Level: ms before a spinner, ms behind it.
WANTED = dict(zip(Level, ((250, 250), (250, 250), (125, 250), (125, 125), (62, 125), (62, 125)), strict=True))
FIX_DIVISOR = 4
# A spinner is not shortened below this, in ms.
SHORTEST_LEFT = 250.0

GAP_BEFORE = Template(
    "gap-before",
    Severity.ERROR,
    "This spinner starts {gap:.0f} ms after the object before it; {level} wants {limit} ms.",
    "The gap before a spinner is below 250 ms (Cup, Salad), 125 ms (Platter, Rain) or 62 ms (harder).",
)
GAP_AFTER = Template(
    "gap-after",
    Severity.ERROR,
    "The next object follows this spinner after {gap:.0f} ms; {level} wants {limit} ms.",
    "The gap behind a spinner is below 250 ms (Cup, Salad, Platter) or 125 ms (harder).",
)


def check(context: Context) -> Iterator[Issue]:
    # The ranking criteria name no level above Overdose.
    if context.level is None or (context.level is Level.ULTRA and context.standard is Standard.RANKING):
        return
    level = level_name(context.level, Mode.CATCH)
    before, after = WANTED[context.level]
    notes = context.notes
    for number, note in enumerate(notes):
        if not note.is_spinner:
            continue
        selection = context.selection(note)
        previous = notes[number - 1] if number else None
        if previous and not previous.is_spinner and (gap := note.time - previous.end) < before:
            yield GAP_BEFORE(
                at=time_place(note), time=note.time, end=note.end, selection=selection,
                gap=gap, level=level, limit=before,
            )  # fmt: skip
        following = notes[number + 1] if number + 1 < len(notes) else None
        if following and not following.is_spinner and (gap := following.time - note.end) < after:
            yield GAP_AFTER(
                at=end_place(note), time=note.time, end=note.end, selection=selection,
                gap=gap, level=level, limit=after, repairs=_shorten(context, note, following.time - after),
            )  # fmt: skip


def _shorten(context: Context, note: Note, latest: float) -> Iterator[Repair]:
    end = context.grid.tick_until(latest, FIX_DIVISOR)
    if end - note.time >= SHORTEST_LEFT:
        text = str(end - int(context.grid.offset))
        yield Repair(f"End the spinner at {format_time(end)}", Safety.UNSAFE, (replace_field(note.line, 5, text),))


RULE = Rule(
    "C407", "catch-spinner-gap", Category.COMPOSE, __doc__, (GAP_BEFORE, GAP_AFTER), check, modes=CATCH, by_level=True
)  # fmt: skip
