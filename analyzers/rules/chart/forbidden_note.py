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

WHITE, BLACK = frozenset((0, 1, 2)), frozenset((3, 4, 8))
BARRES = (frozenset((0, 3)), frozenset((1, 4)), frozenset((2, 8)))
EASY_PAIRS = (frozenset((0, 1)), frozenset((1, 2)))
PADS = frozenset((1, 2, 3, 4, 5))


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        find = _FINDERS[track.kind]
        found = [(group, what) for group in track.groups for what in find(group, track.difficulty)]
        for group, what in found[:MOST_NAMED]:
            yield FORBIDDEN(at=whole(group.line), time=group.time, track=track.label, what=what)
        if rest := found[MOST_NAMED:]:
            group = rest[0][0]
            yield MORE(at=whole(group.line), time=group.time, track=track.label, count=len(rest))


def _five_fret(group: NoteGroup, difficulty: ChartDifficulty) -> Iterator[str]:
    lanes = set(group.lanes)
    if difficulty is ChartDifficulty.HARD and {0, 4} <= lanes:
        yield "green with orange"
    elif difficulty is ChartDifficulty.MEDIUM and 4 in lanes:
        yield "orange"
    elif difficulty is ChartDifficulty.MEDIUM and {0, 3} <= lanes:
        yield "green with blue"
    elif difficulty is ChartDifficulty.EASY and lanes & {3, 4}:
        yield "orange" if 4 in lanes else "blue"


def _drums(group: NoteGroup, difficulty: ChartDifficulty) -> Iterator[str]:
    if difficulty is ChartDifficulty.EXPERT:
        return
    if any(note.flags & NoteFlag.DOUBLE_KICK for note in group.notes):
        yield "double kick (2x)"
    if difficulty is ChartDifficulty.EASY and group.mask & 1 and len(PADS & set(group.lanes)) == 2:
        yield "two pads with a kick"


def _six_fret(group: NoteGroup, difficulty: ChartDifficulty) -> Iterator[str]:
    lanes, count = set(group.lanes), len(group.notes)
    mixed = bool(lanes & WHITE and lanes & BLACK)
    if difficulty is ChartDifficulty.HARD and count == 3 and lanes not in (WHITE, BLACK):
        yield "3-note chord of black and white"
    elif difficulty in (ChartDifficulty.MEDIUM, ChartDifficulty.EASY) and count == 3:
        yield "3-note chord"
    elif difficulty is ChartDifficulty.MEDIUM and count == 2 and mixed and lanes not in BARRES:
        yield "chord of black and white other than a barre"
    elif difficulty is ChartDifficulty.EASY and count == 2 and lanes not in EASY_PAIRS:
        yield "chord other than W1+W2 and W2+W3"


_FINDERS = {TrackKind.FIVE_FRET: _five_fret, TrackKind.SIX_FRET: _six_fret, TrackKind.DRUMS: _drums}


RULE = Rule("G115", "chart-forbidden-note", Category.CHART, __doc__, (FORBIDDEN, MORE), check, standards=CLONE_HERO)
