"""Hit sound that can hardly be heard.

Players go by the sound of what they hit, so the head of every object and the reverses of sliders must be heard. Tails and
ticks, which need no timing, are often silenced on purpose and are only listed. An object's own volume replaces that of
its timing line (not on sliders); nothing plays below 5 %. A chord in osu!mania is as loud as its loudest note. More than
five hits in a row have one cause, such as a timing line, and are told once.

Example: a circle on a line of volume 8 %
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from analyzers.additions import sounds
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Standard, Template
from formats.document import whole
from formats.osu import Mode
from formats.timeline import EdgeKind, Note
from formats.timestamps import format_time
from formats.timing import SAMPLE_LENIENCY

# Percent.
QUIETEST, VERY_LOW, LOW = 5, 10, 20
LAZER_MUTED, LAZER_LOW = 5, 20
# More than so many hits in a row have one cause, and so many ends or ticks are a habit: they are counted instead of listed.
MOST_IN_A_ROW, MOST_PASSIVE = 5, 5
# Nor are more stretches of one kind listed than this: such a volume is a choice for the whole map.
MOST_LISTED = 20

LOW_HEAD = Template(
    "low-volume-head",
    Severity.WARNING,
    "This object plays at {volume} %, so its hit can hardly be heard.",
    "An object's head plays at 10 % or less.",
)
QUIET_HEAD = Template(
    "quiet-head",
    Severity.INFORMATION,
    "This object plays at {volume} %, which is quiet.",
    "An object's head plays at more than 10 % and at most 20 %.",
)
LOW_REVERSE = Template(
    "low-volume-reverse",
    Severity.WARNING,
    "This slider's reverse plays at {volume} %, so it can hardly be heard.",
    "A slider's reverse plays at 10 % or less.",
)
LOW_TICK = Template(
    "low-volume-tick",
    Severity.INFORMATION,
    "This slider's tick plays at {volume} %.",
    "A slider tick plays at 10 % or less.",
)
LOW_TAIL = Template(
    "low-volume-tail",
    Severity.INFORMATION,
    "This object's end plays at {volume} %.",
    "The end of a slider or spinner plays at 10 % or less.",
)
MUTED_ACTIVE = Template(
    "muted-active",
    Severity.ERROR,
    "This object plays at {volume} %, so its hit cannot be heard.",
    "An object's head plays at 5 % or less (osu!lazer).",
)
LOW_ACTIVE = Template(
    "low-active",
    Severity.WARNING,
    "This object plays at {volume} %, so its hit can hardly be heard.",
    "An object's head plays at 20 % or less (osu!lazer).",
)
MUTED_PASSIVE = Template(
    "muted-passive",
    Severity.INFORMATION,
    "The end or a reverse of this object plays at {volume} %.",
    "A reverse or the end of an object plays at 5 % or less (osu!lazer).",
)
MANY = {
    severity: Template(
        f"many-{name}",
        severity,
        f"From here to {{until}}, {{count}} {{what}} play at {{volumes}} %{effect}.",
        f"More than five hits in a row, or ends or ticks, are quiet in one way, each of which would be listed as {severity}.",
    )
    for severity, name, effect in (
        (Severity.ERROR, "muted", " and cannot be heard"),
        (Severity.WARNING, "low", " and can hardly be heard"),
        (Severity.INFORMATION, "quiet", ""),
    )
}
_PASSIVE = {LOW_TICK.kind: "slider ticks", LOW_TAIL.kind: "ends of sliders and spinners", MUTED_PASSIVE.kind: "ends and reverses"}
_ACTIVE = {LOW_REVERSE.kind: "slider reverses"}


class Quiet(NamedTuple):
    """A moment in ms that plays at `volume` %; `place` is its note's number."""

    template: Template
    place: int
    note: Note
    time: float
    volume: int


def check(context: Context) -> Iterator[Issue]:
    by_kind: dict[str, list[Quiet]] = {}
    for quiet in _unheard(context):
        by_kind.setdefault(quiet.template.kind, []).append(quiet)
    for kind, found in by_kind.items():
        if kind in _PASSIVE:
            rows = [found] if len(found) > MOST_PASSIVE else [[quiet] for quiet in found]
        else:
            rows = list(_rows(found))
            rows = [found] if len(rows) > MOST_LISTED else rows
        yield from (_issue(context, row[0]) if len(row) == 1 else _many(context, row) for row in rows)


def _rows(found: list[Quiet]) -> Iterator[list[Quiet]]:
    """The moments one by one, those of more than five notes' worth in a row together."""
    row: list[Quiet] = []
    for quiet in [*found, None]:
        if quiet is not None and (not row or quiet.place <= row[-1].place + 1):
            row.append(quiet)
            continue
        yield from [row] if len(row) > MOST_IN_A_ROW else [[each] for each in row]
        row = [quiet] if quiet is not None else []


def _many(context: Context, row: list[Quiet]) -> Issue:
    first = _issue(context, row[0])
    quietest, loudest = min(quiet.volume for quiet in row), max(quiet.volume for quiet in row)
    kind = first.template.kind
    return MANY[first.template.severity](
        at=first.at,
        time=first.time,
        end=row[-1].time,
        until=format_time(row[-1].time),
        count=len(row),
        what=_PASSIVE.get(kind) or _ACTIVE.get(kind, "hits"),
        volumes=quietest if quietest == loudest else f"{quietest} to {loudest}",
    )


def _unheard(context: Context) -> Iterator[Quiet]:
    """Every quiet moment, without the notes of a chord in mania in which another is louder: a player hears the chord."""
    every = _every(context)
    if context.mode is not Mode.MANIA:
        yield from every
        return
    quiet = list(every)
    loudest: dict[float, int] = {}
    for note in context.notes if quiet else ():
        loudest[note.time] = max(_volume(context, note, note.time), loudest.get(note.time, 0))
    yield from (each for each in quiet if each.volume == loudest.get(each.time, each.volume) or each.time != each.note.time)


def _every(context: Context) -> Iterator[Quiet]:
    quietest = min((point.volume for point in context.grid.points), default=100)
    for place, note in enumerate(context.notes):
        if quietest <= LOW or 0 < note.object.sample.volume <= LOW:
            yield from _check_note(context, place, note)


def _check_note(context: Context, place: int, note: Note) -> Iterator[Quiet]:
    lazer = context.standard is Standard.LAZER
    if not _is_quiet(context, note):
        return
    for sound in sounds(note):
        volume = _volume(context, note, sound.time)
        template = _lazer(sound.kind, volume) if lazer else _ranked(sound.kind, volume)
        if template is not None:
            yield Quiet(template, place, note, sound.time, volume)
    # osu!lazer looks at heads, reverses and ends alone.
    if note.is_slider and not lazer:
        yield from _ticks(context, place, note)


def _ticks(context: Context, place: int, note: Note) -> Iterator[Quiet]:
    """The first quiet tick of a slider; asks for the path only when a line is quiet enough."""
    if min(_line_volumes(context, note), default=100) > VERY_LOW:
        return
    for time in note.ticks:
        volume = _volume(context, note, time)
        if volume <= VERY_LOW:
            yield Quiet(LOW_TICK, place, note, time, volume)
            return


def _line_volumes(context: Context, note: Note) -> Iterator[int]:
    """The volumes of the lines in force while the note sounds."""
    grid = context.grid
    first = max(bisect_right(grid.times, note.time + SAMPLE_LENIENCY) - 1, 0)
    for number in range(first, bisect_right(grid.times, note.end + SAMPLE_LENIENCY)):
        yield grid.points[number].volume
    if grid.points and first == 0:
        yield grid.points[0].volume


def _is_quiet(context: Context, note: Note) -> bool:
    return 0 < note.object.sample.volume <= LOW or any(volume <= LOW for volume in _line_volumes(context, note))


def _volume(context: Context, note: Note, time: float) -> int:
    own = note.object.sample.volume
    # lazer gives a slider's own volume to its edges, the older game ignores it.
    if own > 0 and (not note.is_slider or context.standard is Standard.LAZER):
        return max(own, QUIETEST)
    return max(context.grid.volume_at(time), QUIETEST)


def _ranked(kind: EdgeKind, volume: int) -> Template | None:
    if kind is EdgeKind.HEAD and VERY_LOW < volume <= LOW:
        return QUIET_HEAD
    if volume > VERY_LOW:
        return None
    return {EdgeKind.HEAD: LOW_HEAD, EdgeKind.REVERSE: LOW_REVERSE, EdgeKind.TAIL: LOW_TAIL}[kind]


def _lazer(kind: EdgeKind, volume: int) -> Template | None:
    if kind is EdgeKind.HEAD:
        return MUTED_ACTIVE if volume <= LAZER_MUTED else LOW_ACTIVE if volume <= LAZER_LOW else None
    return MUTED_PASSIVE if volume <= LAZER_MUTED else None


def _issue(context: Context, quiet: Quiet) -> Issue:
    note = quiet.note
    return quiet.template(at=whole(note.line), time=quiet.time, selection=context.selection(note), volume=quiet.volume)


RULE = Rule(
    "H103",
    "hitsound-low-volume",
    Category.HIT_SOUNDS,
    __doc__,
    (*MANY.values(), LOW_HEAD, QUIET_HEAD, LOW_REVERSE, LOW_TICK, LOW_TAIL, MUTED_ACTIVE, LOW_ACTIVE, MUTED_PASSIVE),
    check,
)
