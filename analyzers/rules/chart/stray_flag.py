"""Mark without a note.

The marks for forced, tap, cymbal, accent and ghost count for the note on their own tick. Without that note they do nothing; most
often the note was moved or deleted and its mark left behind. Charts from old editors mean an open note by a lone `N 5`.

Example: `768 = N 5 0` with no note at 768
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Change, Issue, Repair, Rule, Template
from formats.chart_lines import FORCED, OPEN, TrackKind, TrackNote, value_place
from formats.chart_tracks import Track
from formats.document import whole

STRAY = Template(
    "strayFlag",
    Severity.WARNING,
    "This {mark} mark on {track} has no note on its tick.",
    "A mark stands on a tick that lacks the note it is for.",
)

FRET_MARKS = {5: "forced", 6: "tap"}
ACCENTS, GHOSTS = range(34, 39), range(40, 45)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        for record in track.stray_flags:
            yield STRAY(
                at=whole(record.line),
                time=track.time_at(record.tick),
                mark=_name(track, record.number),
                track=track.label,
                repairs=_repairs(track, record),
            )


def _repairs(track: Track, record: TrackNote) -> list[Repair]:
    """Old editors wrote a lone 5 for an open note, so what was meant is for the charter to say."""
    repairs = [Repair("Delete the mark", Safety.UNSAFE, (delete_line(record.line),))]
    if track.kind is not TrackKind.DRUMS and record.number == FORCED:
        repairs.append(Repair("Make it an open note", Safety.UNSAFE, (Change(value_place(record.line), str(OPEN)),)))
    return repairs


def _name(track: Track, number: int) -> str:
    if track.kind is not TrackKind.DRUMS:
        return FRET_MARKS[number]
    return "accent" if number in ACCENTS else "ghost" if number in GHOSTS else "cymbal"


RULE = Rule("G132", "chart-stray-flag", Category.CHART, __doc__, (STRAY,), check, standards=CLONE_HERO)
