"""Chord that cannot be played.

Drummers have two hands, so three pads at once are out of reach. All five frets at once, four lanes of six frets, or a barre
with a lower fret do not work on a guitar.

Example: `768 = N 1 0`, `768 = N 2 0` and `768 = N 3 0` in `[ExpertDrums]`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import TrackKind
from formats.chart_tracks import NoteGroup
from formats.document import whole

ALL_FRETS = 0b11111
MOST_PADS, MOST_SIX_FRET = 2, 3

INVALID_CHORD = Template(
    "invalidChord",
    Severity.ERROR,
    "This chord on {track} has {what}.",
    "Three or more pads, all five frets, or a six-fret shape that no hand can hold.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        fault = _FAULTS[track.kind]
        for group in track.groups:
            if len(group.notes) > 2 and (what := fault(group)):
                yield INVALID_CHORD(at=whole(group.line), time=group.time, track=track.label, what=what)


def _five_fret(group: NoteGroup) -> str:
    return "all five frets" if group.mask & ALL_FRETS == ALL_FRETS else ""


def _drums(group: NoteGroup) -> str:
    pads = sum(1 for note in group.notes if note.lane)
    # On four lanes the pad of five-lane green is blue where it meets orange, so blue, orange and green are two pads.
    if {3, 4, 5} <= set(group.lanes):
        pads -= 1
    return f"{pads} pads at once" if pads > MOST_PADS else ""


def _six_fret(group: NoteGroup) -> str:
    lanes = set(group.lanes)
    if len(lanes) > MOST_SIX_FRET:
        return f"{len(lanes)} notes"
    low_barre = {1, 4} <= lanes and lanes & {0, 3}
    high_barre = {2, 8} <= lanes and lanes & {0, 1, 3, 4}
    return "a barre with a lower fret" if low_barre or high_barre else ""


_FAULTS = {TrackKind.FIVE_FRET: _five_fret, TrackKind.SIX_FRET: _six_fret, TrackKind.DRUMS: _drums}


RULE = Rule("G116", "chart-invalid-chord", Category.CHART, __doc__, (INVALID_CHORD,), check, standards=CLONE_HERO)
