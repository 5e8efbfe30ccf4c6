"""Sustain of a chart that the model did not expect.

A note is held longer or shorter than such notes are in this song, is held where none was expected, or is not held where one was.

Example: `1536 = N 0 96` where the same phrase held its last note for a whole beat before
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction

from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Change, Issue, Repair, Rule, Template
from analyzers.surprising.scored import ScoredTrack, remark, unsafe
from formats.chart_lines import TrackNote, length_place

SUSTAIN = Template(
    "other-sustain",
    Severity.INFORMATION,
    "This {what} is held for {length}; {instead}.",
    "A sustain is longer or shorter than the phrase leads to.",
)
NONE = Template(
    "no-sustain",
    Severity.INFORMATION,
    "This {what} is not held; {instead}.",
    "A note has no sustain where one was expected.",
)


def check(scored: ScoredTrack) -> Iterator[Issue]:
    for suspect in scored.suspected("length"):
        row = suspect.row
        note = scored.notes[row]
        yield remark(
            scored,
            suspect,
            SUSTAIN if note.length else NONE,
            length_place(note.line),
            end=note.end,
            expected=scored.expected(row, "length"),
            repairs=_held(scored, row),
            what=scored.what(row),
            length=scored.lasting(note.length),
            instead=scored.instead(suspect, "length"),
        )


def _held(scored: ScoredTrack, row: int) -> Iterator[Repair]:
    """Fixes that hold the note, and what is struck with it for as long, for the likelier lengths."""
    note, group = scored.notes[row], scored.group(row)
    alike = [other for other in group.notes if other.length == note.length]
    ticks = scored.track.ticks
    behind = bisect_right(ticks, group.tick)
    room = ticks[behind] - group.tick if behind < len(ticks) else None
    for each in scored.likelier(row, "length"):
        length = round(Fraction(str(each.value)) * scored.chart.resolution)
        if room is not None and length > room:
            continue
        records = [record for other in alike for record in scored.track.records_of(other)]
        title = f"Hold it for {scored.words('length', each.value)}" if length else "Take the sustain away"
        yield unsafe(title, *(_lasting(record, length) for record in records))


def _lasting(record: TrackNote, length: int) -> Change:
    place = length_place(record.line)
    return Change(place, str(length) if place.end > place.start else f" {length}")


RULE: Rule[ScoredTrack] = Rule(
    "U112", "surprising-sustain", Category.SURPRISAL, __doc__, (SUSTAIN, NONE), check, standards=CLONE_HERO
)
