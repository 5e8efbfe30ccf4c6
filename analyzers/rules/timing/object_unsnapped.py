"""Object off the timing grid.

Heads, reverses and ends of objects belong on a tick of the beat: 1/1 to 1/9, 1/12 or 1/16. 2 ms or more beside one is an error,
1 ms a remark. Ticks are cut off to whole ms as the editor stores them; a slider's end may lie anywhere between that and the
exact tick. Objects come off the grid when the timing changes after they were placed. The start of the next red line counts as a
tick, and a slider that ends within 2 ms of it is let pass.

Example: `256,192,1003,1,0` with a beat at 1000 ms (3 ms late)
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from analyzers.context import Context, end_place, time_place
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.repairs import format_number, replace_field
from analyzers.rule import Change, Issue, Repair, Rule, Standard, Template
from analyzers.snapping import COMMON_DIVISORS, SLIGHT_MS, UNSNAPPED_MS, move_note, off_by, stretch_slider, ticks_near
from formats.timeline import Note, NoteKind
from formats.timestamps import format_time
from formats.timing import Snap

COMING_RED_LINE_MS = 2.0
# More slips of 1 ms than this are told in one remark, which names the first few.
MOST_SLIGHT, MOST_RELATED = 20, 12

UNSNAPPED = Template(
    "unsnapped",
    Severity.ERROR,
    "{what} is {off}.",
    "The head, a reverse or the end of an object is 2 ms or more off every tick.",
)
SLIGHTLY = Template(
    "slightly-unsnapped",
    Severity.INFORMATION,
    "{what} is {off}.",
    "The head, a reverse or the end of an object is 1 ms off every tick.",
)
MANY = Template(
    "many-slightly-unsnapped",
    Severity.INFORMATION,
    "{count} heads, reverses and ends of objects are 1 ms off the nearest tick, this one first.",
    "More than 20 times the head, a reverse or the end of an object is 1 ms off every tick.",
)


class _Edge(NamedTuple):
    """Edge `number` of a note (0 the head, the last one its end), off the grid; `end_is_off` says so of the note's end."""

    note: Note
    number: int
    template: Template
    end_is_off: bool

    @property
    def time(self) -> float:
        return self.note.edge_times[self.number]


def check(context: Context) -> Iterator[Issue]:
    slight: list[_Edge] = []
    for note in context.notes:
        for snap in note.snaps:
            if snap.error >= SLIGHT_MS or snap.error <= -SLIGHT_MS:
                for edge in _edges_off(context, note):
                    if edge.template is UNSNAPPED:
                        yield _issue(context, edge)
                    else:
                        slight.append(edge)
                break
    if len(slight) <= MOST_SLIGHT:
        yield from (_issue(context, edge) for edge in slight)
    else:
        yield _many(context, slight)


def _edges_off(context: Context, note: Note) -> list[_Edge]:
    last = len(note.snaps) - 1
    faults = {number: template for number in range(last + 1) if (template := _fault(context, note, number))}
    # All spans of a slider are equally long, so its first reverse off the grid speaks for the others.
    reverse = next((number for number in faults if 0 < number < last), None)
    return [_Edge(note, number, template, last in faults) for number, template in faults.items() if number in (0, reverse, last)]


def _fault(context: Context, note: Note, number: int) -> Template | None:
    error = abs(_error(context, note, number))
    if error < SLIGHT_MS or (number and number == len(note.snaps) - 1 and _reaches_red_line(context, note)):
        return None
    return UNSNAPPED if error >= UNSNAPPED_MS else SLIGHTLY


def _error(context: Context, note: Note, number: int) -> float:
    """ms off the tick; osu!lazer holds times against the exact one."""
    snap = note.snaps[number]
    return note.edge_times[number] - snap.exact if context.standard is Standard.LAZER else snap.error


def _reaches_red_line(context: Context, note: Note) -> bool:
    if note.kind is not NoteKind.SLIDER or context.standard is Standard.LAZER:
        return False
    reds = context.grid.red_times
    coming = bisect_right(reds, note.end)
    return 0 < coming < len(reds) and reds[coming] - note.end <= COMING_RED_LINE_MS


def _issue(context: Context, edge: _Edge) -> Issue:
    note, number = edge.note, edge.number
    return edge.template(
        time_place(note) if number == 0 else end_place(note),
        edge.time,
        selection=context.selection(note),
        repairs=_repairs(context, edge),
        what=_what(note, number),
        off=off_by(_error(context, note, number), note.snaps[number].divisor),
    )


def _many(context: Context, slight: list[_Edge]) -> Issue:
    """So many slips of 1 ms have one cause (a shifted offset, another tool's rounding), so they are told once."""
    first = _issue(context, slight[0])
    further = [_issue(context, edge) for edge in slight[1:MOST_RELATED]]
    changes = [replace_field(note.line, 2, format_number(note.snaps[0].time - note.grid.offset)) for note in _movable(slight)]
    title = f"Move {len(changes)} objects to their ticks"
    return MANY(
        first.at,
        first.time,
        selection=first.selection,
        repairs=[Repair(title, Safety.UNSAFE, tuple(changes))] if changes else [],
        related=[Related(context.path, issue.time, "1 ms off as well") for issue in further],
        count=len(slight),
    )


def _movable(slight: list[_Edge]) -> list[Note]:
    """The notes whose heads can move alone: no green line stands at their time, and a slider's end comes along well."""
    return [edge.note for edge in slight if edge.number == 0 and _moves_alone(edge.note)]


def _moves_alone(note: Note) -> bool:
    tick = note.snaps[0]
    if tick.divisor not in COMMON_DIVISORS or note.grid.points_at_offset(note.time) or note.grid.points_at_offset(tick.time):
        return False
    return note.kind is not NoteKind.SLIDER or abs(note.grid.snap(note.end + tick.time - note.time).error) < SLIGHT_MS


def _what(note: Note, number: int) -> str:
    noun, last = note.noun, len(note.snaps) - 1
    if number == 0:
        return f"This {noun}'s head" if last else f"This {noun}"
    if number == last:
        return f"This {noun}'s {'tail' if note.kind is NoteKind.SLIDER else 'end'}"
    return f"A reverse of this {noun}"


def _repairs(context: Context, edge: _Edge) -> list[Repair]:
    note, number = edge.note, edge.number
    if number == 0:
        return move_note(context.timeline, note, ticks_near(context.grid, note.time))
    if number == len(note.snaps) - 1:
        return _end_repairs(note, note.snaps[number])
    return [] if edge.end_is_off else _stretch(note, note.snaps[number], note.span_count / number)


def _end_repairs(note: Note, snap: Snap) -> list[Repair]:
    if note.kind is NoteKind.SLIDER:
        return _stretch(note, snap, 1)
    if snap.time <= note.time:
        return []
    change = Change(end_place(note), format_number(snap.time - note.grid.offset))
    return [Repair(f"End at 1/{snap.divisor}, {format_time(snap.time)}", Safety.UNSAFE, (change,))]


def _stretch(note: Note, snap: Snap, spans: float) -> list[Repair]:
    """The fix that changes the slider's length so that the edge after 1/`spans` of its duration meets its tick."""
    change = stretch_slider(note, note.time + (snap.exact - note.time) * spans)
    if change is None:
        return []
    return [Repair(f"Change the length to reach 1/{snap.divisor} at {format_time(snap.time)}", Safety.UNSAFE, (change,))]


RULE = Rule("T101", "object-unsnapped", Category.TIMING, __doc__, (UNSNAPPED, SLIGHTLY, MANY), check)
