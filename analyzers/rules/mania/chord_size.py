"""Chord with more notes than the level allows.

At one time Easy should have at most two notes, Normal two (three from 7K on), Hard three (four from 7K on), Insane six.

Example: three notes at one time on a 4K Normal
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Severity
from analyzers.level import level_name
from analyzers.rule import MANIA, Issue, Level, Rule, Template
from formats.timeline import Note

# Level: most notes at once below 7 keys, and from 7 keys on.
MOST = {Level.EASY: (2, 2), Level.NORMAL: (2, 3), Level.HARD: (3, 4), Level.INSANE: (6, 6)}
MANY_KEYS = 7
# With more chords than this the map is harder than its level says, which one finding tells better.
MOST_NAMED, MOST_RELATED = 5, 20

TOO_LARGE = Template(
    "chord-too-large",
    Severity.WARNING,
    "{count} notes at once; {level} should have at most {most}.",
    "More notes stand at one time than the level's guideline allows.",
)
OFTEN = Template(
    "chord-too-large",
    Severity.WARNING,
    "{count} notes at once; {level} should have at most {most}, and this map has more in {places} places.",
    "More notes stand at one time than the level's guideline allows, in more than five places.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in MOST:
        return
    most = MOST[context.level][context.beatmap.key_count >= MANY_KEYS]
    chords = [chord for chord in _chords(context.notes) if len(chord) > most]
    often = len(chords) > MOST_NAMED
    for chord in chords[:1] if often else chords:
        yield (OFTEN if often else TOO_LARGE)(
            at=time_place(chord[0]), time=chord[0].time, selection=context.selection(*chord), count=len(chord), most=most,
            level=level_name(context.level), places=len(chords),
            related=[Related(context.path, other[0].time, f"{len(other)} notes") for other in chords[1:MOST_RELATED] if often],
        )  # fmt: skip


def _chords(notes: list[Note]) -> Iterator[list[Note]]:
    for _, chord in groupby(notes, key=lambda note: note.time):
        yield list(chord)


RULE = Rule(
    "D501", "mania-chord-size", Category.SPREAD, __doc__, (TOO_LARGE, OFTEN), check, modes=MANIA, by_level=True
)  # fmt: skip
