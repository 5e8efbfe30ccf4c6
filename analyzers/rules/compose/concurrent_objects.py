"""Objects that overlap in time.

No player can press two objects at once (in osu!mania: two in one column), and a gap of a few ms looks and plays like none. An
object that starts before the one ahead of it has ended is concurrent; one that starts within 10 ms of that end (30 ms in one
column of osu!mania) is almost so. A spinner may follow after 1 ms. By osu!lazer's standard objects up to 2 ms apart are
concurrent and those less than 10 ms apart almost so, in every mode and for spinners too.

Example: `256,192,1000,1,0` and `100,192,1005,1,0`, two circles 5 ms apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzers.context import Context, time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line, format_number
from analyzers.rule import Issue, Repair, Rule, Standard, Template
from formats.osu import Mode
from formats.timeline import Note, NoteKind
from formats.timestamps import format_time

ALMOST_MS, ALMOST_IN_COLUMN_MS = 10.0, 30.0
BEFORE_SPINNER_MS = 1.0
LAZER_CONCURRENT_MS, LAZER_ALMOST_MS = 2.0, 10.0

CONCURRENT = Template(
    "concurrent",
    Severity.ERROR,
    "The {first} at {start} and the {second} at {next_start} overlap: {gap}.",
    "An object starts before or just when the one ahead of it (in osu!mania: in its column) ends.",
)
ALMOST = Template(
    "almost-concurrent",
    Severity.ERROR,
    "The {first} at {start} and the {second} at {next_start} are almost concurrent: {gap}.",
    "An object starts so soon after the one ahead of it (in osu!mania: in its column) that no one can tell them apart.",
)


def check(context: Context) -> Iterator[Issue]:
    lazer = context.standard is Standard.LAZER
    if context.mode is not Mode.MANIA:
        yield from _among(context, context.notes, LAZER_ALMOST_MS if lazer else ALMOST_MS)
        return
    columns: dict[int, list[Note]] = {}
    for note in context.notes:
        columns.setdefault(note.lane, []).append(note)
    for notes in columns.values():
        yield from _among(context, notes, LAZER_ALMOST_MS if lazer else ALMOST_IN_COLUMN_MS)


def _among(context: Context, notes: Sequence[Note], limit: float) -> Iterator[Issue]:
    for number in range(len(notes) - 1):
        first = notes[number]
        reach = first.end + limit
        follower = number + 1
        while follower < len(notes) and notes[follower].time <= reach:
            template = _judge(context.standard, first, notes[follower], limit)
            if template is not None:
                yield _issue(context, template, first, notes[follower])
            follower += 1


def _judge(standard: Standard, first: Note, second: Note, limit: float) -> Template | None:
    gap = second.time - first.end
    if standard is Standard.LAZER:
        return CONCURRENT if gap <= LAZER_CONCURRENT_MS else ALMOST if gap < limit else None
    if gap <= 0:
        return CONCURRENT
    return ALMOST if second.kind is not NoteKind.SPINNER or gap < BEFORE_SPINNER_MS else None


def _issue(context: Context, template: Template, first: Note, second: Note) -> Issue:
    shown = second if context.standard is Standard.LAZER else first
    return template(
        time_place(shown),
        shown.time,
        selection=context.selection(first, second),
        repairs=_repairs(first, second),
        first=first.noun,
        start=format_time(first.time),
        second=second.noun,
        next_start=format_time(second.time),
        gap=_gap(second.time - first.end),
    )


def _gap(gap: float) -> str:
    if gap == 0:
        return "the second starts just when the first ends"
    side = "before" if gap < 0 else "after"
    return f"the second starts {format_number(round(abs(gap), 2))} ms {side} the first ends"


def _repairs(first: Note, second: Note) -> list[Repair]:
    same = (first.kind, first.time, first.end, first.x, first.y) == (second.kind, second.time, second.end, second.x, second.y)
    if not same or not _same_path(first, second):
        return []
    return [Repair(f"Delete the second of the two equal {first.noun}s", Safety.UNSAFE, (delete_line(second.line),))]


def _same_path(first: Note, second: Note) -> bool:
    ways = [[(curve.type, curve.points) for curve in note.object.curves or []] for note in (first, second)]
    return ways[0] == ways[1]


RULE = Rule("C102", "concurrent-objects", Category.COMPOSE, __doc__, (CONCURRENT, ALMOST), check)
