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

from analyzers.context import Context, end_place, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import format_number
from analyzers.rule import Change, Issue, Repair, Rule, Standard, Template
from analyzers.snapping import SLIGHT_MS, UNSNAPPED_MS, move_note, off_by, stretch_slider, ticks_near
from formats.timeline import Note, NoteKind
from formats.timestamps import format_time
from formats.timing import Snap

COMING_RED_LINE_MS = 2.0

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


def check(context: Context) -> Iterator[Issue]:
    for note in context.notes:
        for snap in note.snaps:
            if snap.error >= SLIGHT_MS or snap.error <= -SLIGHT_MS:
                yield from _edges_off(context, note)
                break


def _edges_off(context: Context, note: Note) -> Iterator[Issue]:
    last = len(note.snaps) - 1
    faults = {number: template for number in range(last + 1) if (template := _fault(context, note, number))}
    if 0 in faults:
        what = f"This {_noun(note)}{'’s head' if last else ''}"
        repairs = move_note(context.timeline, note, ticks_near(context.grid, note.time))
        yield _issue(context, note, 0, faults[0], what, repairs)
    # All spans of a slider are equally long, so its first reverse off the grid speaks for the others.
    reverse = next((number for number in range(1, last) if number in faults), None)
    if reverse is not None:
        repairs = [] if last in faults else _stretch(note, note.snaps[reverse], note.span_count / reverse)
        yield _issue(context, note, reverse, faults[reverse], "A reverse of this slider", repairs)
    if last and last in faults:
        what = f"This {_noun(note)}’s {'tail' if note.kind is NoteKind.SLIDER else 'end'}"
        yield _issue(context, note, last, faults[last], what, _end_repairs(note, note.snaps[last]))


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


def _issue(context: Context, note: Note, number: int, template: Template, what: str, repairs: list[Repair]) -> Issue:
    at = time_place(note) if number == 0 else end_place(note)
    off = off_by(_error(context, note, number), note.snaps[number].divisor)
    return template(at, note.edge_times[number], selection=context.selection(note), repairs=repairs, what=what, off=off)


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


def _noun(note: Note) -> str:
    return "long note" if note.kind is NoteKind.HOLD else note.kind.value


RULE = Rule("T101", "object-unsnapped", Category.TIMING, __doc__, (UNSNAPPED, SLIGHTLY), check)
