"""Long stretch without hit sounds.

Additions (whistle, finish, clap) give feedback that follows the song. A difficulty without any cannot be ranked, and a
long stretch of bare hitnormals sounds like one that was forgotten. Breaks and spinners do not count. An object with a sample
file of its own is hit-sounded, and so is one whose own sample set differs from the one heard before: many mappers put drum
hitnormals on the kicks instead of additions.

Example: 40 s in which no object has a whistle, finish or clap
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.additions import ADDITIONS, sounds
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import CATCH, STD, Issue, Rule, Standard, Template
from formats.document import whole
from formats.timeline import Note, NoteKind

# ms without hit sounds and objects without them, both of which must be exceeded.
LONG_TIME, LONG_OBJECTS = 36_000.0, 8
NOTABLE_TIME, NOTABLE_OBJECTS = 12_000.0, 2
# Each object counts like this much more time, so that a dense stretch is met sooner, yet never one of a few measures.
MS_PER_OBJECT, LEAST_SHARE = 200.0, 5 / 6
FEWEST_OBJECTS = 3
LAZER_LIMITS = ((24_000.0, 16), (8_000.0, 4), (4_000.0, 4))

NO_HITSOUNDS = Template(
    "no-hitsounds",
    Severity.ERROR,
    "This difficulty has no hit sounds.",
    "No object of a difficulty has a whistle, finish, clap or a sample of its own.",
)
LONG_PERIOD = Template(
    "long-period",
    Severity.ERROR,
    "No hit sounds for {seconds:.1f} s ({objects} hits).",
    "A very long stretch has no hit sounds.",
)
NOTABLE_PERIOD = Template(
    "notable-period",
    Severity.WARNING,
    "No hit sounds for {seconds:.1f} s ({objects} hits).",
    "A long stretch has no hit sounds.",
)
SHORT_PERIOD = Template(
    "short-period",
    Severity.INFORMATION,
    "No hit sounds for {seconds:.1f} s ({objects} hits).",
    "A stretch of more than 4 s has no hit sounds.",
)


def check(context: Context) -> Iterator[Issue]:
    if not context.notes:
        return
    if not any(_is_hitsounded(note) for note in context.notes):
        yield NO_HITSOUNDS(at=whole(context.beatmap.headers.get("HitObjects", context.first_line)))
        return
    since, objects, spinning = context.timeline.start, 0, 0.0
    at, last = context.notes[0], context.notes[-1]
    sample_set = 0
    for note in context.notes:
        if note.is_spinner:
            spinning += note.duration
        for time, additions, own_set in _moments(note):
            hitsounded = additions or (own_set != sample_set and _is_another_set(context, time, own_set, sample_set))
            sample_set = own_set
            if hitsounded or (note is last and time >= note.end):
                yield from _judge(context, at, since, time, objects, spinning)
            if hitsounded:
                since, objects, spinning, at = time, 0, 0.0, note
            elif not note.is_spinner:
                objects += 1


def _is_hitsounded(note: Note) -> bool:
    return any(additions for _, additions, _ in _moments(note))


def _is_another_set(context: Context, time: float, one: int, other: int) -> bool:
    """True where the two sample sets (0: the timing line's) sound differently; osu!lazer's Verify tab hears additions only."""
    line = context.grid.sample_point_at(time)
    default = line.sample_set if line else 0
    return context.standard is not Standard.LAZER and (one or default) != (other or default)


def _moments(note: Note) -> Iterable[tuple[float, bool, int]]:
    """The moments of a note in ms, whether it has additions or a file of its own there, and its own sample set."""
    source = note.object
    own_set = source.sample.normal_set
    if source.sample.filename:
        return ((note.end, True, own_set),)
    # The path that nearly all notes take, kept short.
    if note.kind is NoteKind.CIRCLE:
        return ((note.time, source.sound & ADDITIONS != 0, own_set),)
    sets = source.edge_sets or ()
    return [
        (sound.time, sound.additions != 0, sets[sound.edge][0] if sound.edge < len(sets) else own_set) for sound in sounds(note)
    ]


def _judge(context: Context, at: Note, since: float, time: float, objects: int, spinning: float) -> Iterator[Issue]:
    if objects < FEWEST_OBJECTS:
        return
    bare, template = time - since - spinning, None
    if context.standard is Standard.LAZER:
        template = _lazer(bare, objects)
    elif time - since + objects * MS_PER_OBJECT > NOTABLE_TIME:
        bare -= _breaks(context, since, time)
        template = _ranked(bare, objects)
    if template is not None:
        yield template(at=whole(at.line), time=since, end=time, seconds=bare / 1000, objects=objects)


def _lazer(time: float, objects: int) -> Template | None:
    for template, (limit, most) in zip((LONG_PERIOD, NOTABLE_PERIOD, SHORT_PERIOD), LAZER_LIMITS, strict=True):
        if time > limit and objects > most:
            return template
    return None


def _ranked(time: float, objects: int) -> Template | None:
    weight = time + objects * MS_PER_OBJECT
    if weight > LONG_TIME and time > LONG_TIME * LEAST_SHARE and objects > LONG_OBJECTS:
        return LONG_PERIOD
    if weight > NOTABLE_TIME and time > NOTABLE_TIME * LEAST_SHARE and objects > NOTABLE_OBJECTS:
        return NOTABLE_PERIOD
    return None


def _breaks(context: Context, start: float, end: float) -> float:
    """ms of the breaks within the stretch."""
    return sum(max(min(pause.end, end) - max(pause.start, start), 0.0) for pause in context.beatmap.breaks)


RULE = Rule(
    "H102",
    "hitsound-sparse",
    Category.HIT_SOUNDS,
    __doc__,
    (NO_HITSOUNDS, LONG_PERIOD, NOTABLE_PERIOD, SHORT_PERIOD),
    check,
    modes=STD | CATCH,
)
