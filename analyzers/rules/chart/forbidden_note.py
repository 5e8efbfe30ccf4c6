"""Note that does not belong on its difficulty.

Five frets: no orange on Medium, no blue or orange on Easy, no green with orange on Hard, no green with blue on Medium. Drums:
no double kick below Expert, no two pads with a kick on Easy. Six frets: no 3-note chord that mixes black and white on Hard;
on Medium no 3-note chord and none that mixes colours unless it is a barre; on Easy only W1+W2 and W2+W3.

Example: `768 = N 4 0` in `[MediumSingle]`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import ChartDifficulty, TrackKind
from formats.chart_tracks import NoteFlag, NoteGroup
from formats.document import whole

# A track that was not reduced has thousands of them; the first tell as much.
MOST_NAMED = 50

FORBIDDEN = Template(
    "difficultyForbiddenNote",
    Severity.WARNING,
    "{track} should have no {what}.",
    "A note or chord stands on a difficulty that should not have it.",
)
MORE = Template(
    "moreForbiddenNotes",
    Severity.WARNING,
    "{track} has {count} more notes from here on that do not belong on its difficulty.",
    "A track has more than 50 such notes.",
)

# Lanes as bits, like `NoteGroup.mask`.
BLUE, ORANGE = 1 << 3, 1 << 4
GREEN_ORANGE, GREEN_BLUE = 1 | ORANGE, 1 | BLUE
KICK, PADS = 1, 0b111110
WHITE, BLACK = 0b111, 0b100011000
BARRES = (0b1001, 0b10010, 0b100000100)
EASY_PAIRS = (0b11, 0b110)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        if track.difficulty is ChartDifficulty.EXPERT:
            continue
        find = _FINDERS[track.kind]
        found = [(group, what) for group in track.groups for what in find(group, track.difficulty)]
        for group, what in found[:MOST_NAMED]:
            yield FORBIDDEN(at=whole(group.line), time=group.time, track=track.label, what=what)
        if rest := found[MOST_NAMED:]:
            group = rest[0][0]
            yield MORE(at=whole(group.line), time=group.time, track=track.label, count=len(rest))


def _five_fret(group: NoteGroup, difficulty: ChartDifficulty) -> Iterator[str]:
    mask = group.mask
    if difficulty is ChartDifficulty.HARD and mask & GREEN_ORANGE == GREEN_ORANGE:
        yield "green with orange"
    elif difficulty is ChartDifficulty.MEDIUM and mask & ORANGE:
        yield "orange"
    elif difficulty is ChartDifficulty.MEDIUM and mask & GREEN_BLUE == GREEN_BLUE:
        yield "green with blue"
    elif difficulty is ChartDifficulty.EASY and mask & (BLUE | ORANGE):
        yield "orange" if mask & ORANGE else "blue"


def _drums(group: NoteGroup, difficulty: ChartDifficulty) -> Iterator[str]:
    if any(note.flags & NoteFlag.DOUBLE_KICK for note in group.notes):
        yield "double kick (2x)"
    if difficulty is ChartDifficulty.EASY and group.mask & KICK and (group.mask & PADS).bit_count() == 2:
        yield "two pads with a kick"


def _six_fret(group: NoteGroup, difficulty: ChartDifficulty) -> Iterator[str]:
    mask, count = group.mask, len(group.notes)
    mixed = bool(mask & WHITE and mask & BLACK)
    if difficulty is ChartDifficulty.HARD and count == 3 and mixed:
        yield "3-note chord of black and white"
    elif difficulty in (ChartDifficulty.MEDIUM, ChartDifficulty.EASY) and count == 3:
        yield "3-note chord"
    elif difficulty is ChartDifficulty.MEDIUM and count == 2 and mixed and mask not in BARRES:
        yield "chord of black and white other than a barre"
    elif difficulty is ChartDifficulty.EASY and count == 2 and mask not in EASY_PAIRS:
        yield "chord other than W1+W2 and W2+W3"


_FINDERS = {TrackKind.FIVE_FRET: _five_fret, TrackKind.SIX_FRET: _six_fret, TrackKind.DRUMS: _drums}


RULE = Rule("G115", "chart-forbidden-note", Category.CHART, __doc__, (FORBIDDEN, MORE), check, standards=CLONE_HERO)
