"""Spinner too short or followed too soon for its difficulty.

New players need time to start spinning and time to find the next object after it. Easy, Normal and Hard ask for a spinner
of 1000, 750 and 500 ms and for a rest of 1000, 500 and 250 ms behind it. Faster songs may be that much quicker: a time
that is long enough at the song's tempo, counted at 180 BPM, is fine as well.

Example: `256,192,1000,12,0,1600` on an Easy (600 ms)
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, end_place, time_place
from analyzers.finding import Category, Severity
from analyzers.level import level_name
from analyzers.rule import STD, Issue, Rule, Template
from analyzers.spinners import MARGIN, WANTED
from formats.timeline import Note

# Beat lengths are written with limited precision, so a time of whole beats may come out this much (ms) short.
ROUNDING_MS = 0.1
# The ranking criteria are written for 180 BPM.
REFERENCE_BEAT_MS = 60_000 / 180

LENGTH_SHORT = Template(
    "length-too-short",
    Severity.ERROR,
    "This spinner lasts {length:.0f} ms; {level} players need {limit:.0f} ms to get spinning.",
    "A spinner is shorter than 1000 / 750 / 500 ms on Easy / Normal / Hard.",
)
LENGTH_TIGHT = Template(
    "length-short",
    Severity.WARNING,
    "This spinner lasts {length:.0f} ms; {level} players get spinning better with {better:.0f} ms.",
    "A spinner is less than a fifth longer than the limit of its difficulty.",
)
RECOVERY_SHORT = Template(
    "recovery-too-short",
    Severity.ERROR,
    "This object follows {length:.0f} ms after a spinner; {level} players need {limit:.0f} ms to recover.",
    "The object after a spinner follows within 1000 / 500 / 250 ms on Easy / Normal / Hard.",
)
RECOVERY_TIGHT = Template(
    "recovery-short",
    Severity.WARNING,
    "This object follows {length:.0f} ms after a spinner; {level} players recover better with {better:.0f} ms.",
    "The rest after a spinner is less than a fifth longer than the limit of its difficulty.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in WANTED:
        return
    length, recovery = WANTED[context.level]
    for number, note in enumerate(context.notes):
        if not note.is_spinner:
            continue
        if template := _judge(context, note, _end(note) - _start(note), length, LENGTH_SHORT, LENGTH_TIGHT):
            yield template(
                at=end_place(note), time=note.time, end=note.end, selection=context.selection(note),
                length=note.duration, limit=length, better=length * MARGIN, level=level_name(context.level),
            )  # fmt: skip
        following = context.notes[number + 1] if number + 1 < len(context.notes) else None
        if following is None or following.is_spinner or following.time < note.end:
            continue
        if template := _judge(context, note, _start(following) - _end(note), recovery, RECOVERY_SHORT, RECOVERY_TIGHT):
            yield template(
                at=time_place(following), time=note.end, end=following.time, selection=context.selection(following),
                length=following.time - note.end, limit=recovery, better=recovery * MARGIN, level=level_name(context.level),
            )  # fmt: skip


def _start(note: Note) -> float:
    """The exact time of the tick that the object starts on, which the editor cuts off to whole ms; else its own time."""
    return note.time if note.snaps[0].error else note.snaps[0].exact


def _end(note: Note) -> float:
    return note.end if note.snaps[-1].error else note.snaps[-1].exact


def _judge(context: Context, note: Note, length: float, limit: float, bad: Template, tight: Template) -> Template | None:
    # Both readings must fail: the plain one is strict on fast songs, the scaled one on slow ones.
    scaled = length * REFERENCE_BEAT_MS / context.grid.beat_length_at(note.time)
    longest = max(length, scaled) + ROUNDING_MS
    if longest < limit:
        return bad
    return tight if longest < limit * MARGIN else None


RULE = Rule(
    "D206", "std-spinner-recovery", Category.SPREAD, __doc__,
    (LENGTH_SHORT, LENGTH_TIGHT, RECOVERY_SHORT, RECOVERY_TIGHT), check, modes=STD, by_level=True,
)  # fmt: skip
