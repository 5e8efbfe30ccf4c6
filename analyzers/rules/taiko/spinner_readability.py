"""Spinner too close behind the note before it.

A spinner covers the playfield. With less than 1/2 of a beat (Oni and above: 1/4) between it and the note before, the two
overlap and the note is hard to see.

Example: a spinner 1/4 of a beat behind a note on a Muzukashii
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.level import level_name
from analyzers.rule import TAIKO, Issue, Level, Rule, Template
from analyzers.taiko_gaps import TOLERANCE_MS
from formats.osu import Mode
from formats.taiko import common_beats, gaps

UP_TO_HARD, FROM_INSANE = Fraction(1, 2), Fraction(1, 4)

TOO_CLOSE = Template(
    "too-close",
    Severity.INFORMATION,
    "This spinner starts {gap:.0f} ms after the note before it; {level} should leave {snap} of a beat ({limit:.0f} ms).",
    "A spinner follows a note within 1/2 of a beat (Oni and above: 1/4).",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or not any(note.is_spinner for note in context.notes):
        return
    snap = UP_TO_HARD if context.level.rank <= Level.HARD.rank else FROM_INSANE
    beats, between = common_beats(context.timeline), gaps(context.timeline)
    for number, note in enumerate(context.notes):
        limit = float(snap) * beats[number - 1]
        if number and note.is_spinner and between[number] < limit - TOLERANCE_MS:
            yield TOO_CLOSE(
                at=time_place(note), time=note.time, end=note.end, selection=context.selection(note),
                gap=between[number], level=level_name(context.level, Mode.TAIKO), snap=f"{snap}", limit=limit,
            )  # fmt: skip


RULE = Rule(
    "C305", "taiko-spinner-readability", Category.COMPOSE, __doc__, (TOO_CLOSE,), check, modes=TAIKO, by_level=True
)  # fmt: skip
