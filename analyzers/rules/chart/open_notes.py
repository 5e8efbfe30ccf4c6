"""Open note as a chord or a tap.

Clone Hero plays an open note together with frets, and open taps, only in its newer versions; older versions and other games
drop a part of the chord or the tap.

Example: `768 = N 7 0` and `768 = N 0 0`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import TrackKind
from formats.chart_tracks import Attack
from formats.document import whole

OPEN_CHORD = Template(
    "openChord",
    Severity.HINT,
    "{count} chords of {track} from here on hold an open note, which older versions of the game cannot play.",
    "An open note stands on a tick with fretted notes.",
)
OPEN_TAP = Template(
    "openTap",
    Severity.HINT,
    "{count} open notes of {track} from here on are taps, which older versions of the game cannot play.",
    "An open note is marked as a tap.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        if track.kind is TrackKind.DRUMS:
            continue
        opens = [group for group in track.groups if group.is_open]
        chords = [group for group in opens if group.is_chord]
        taps = [group for group in opens if group.attack is Attack.TAP]
        for template, found in ((OPEN_CHORD, chords), (OPEN_TAP, taps)):
            if found:
                yield template(at=whole(found[0].line), time=found[0].time, count=len(found), track=track.label)


RULE = Rule("G123", "chart-open-notes", Category.CHART, __doc__, (OPEN_CHORD, OPEN_TAP), check, standards=CLONE_HERO)
