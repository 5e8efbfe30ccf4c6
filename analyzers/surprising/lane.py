"""Note of a chart in a lane that the model did not expect.

The fret or drum is not the one that the phrase leads to: a step the wrong way, a chord with another shape than its repeats.

Example: `1536 = N 3 0` (blue) in a phrase that played green, red, yellow each time before
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.finding import Category, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Change, Issue, Repair, Rule, Template
from analyzers.surprising.scored import ScoredTrack, remark, unsafe
from analyzers.surprising.track_flags import LANES_OF, flag_number, flags_at, lanes_of
from formats.chart_lines import DOUBLE_KICK_NUMBER, TrackKind, value_place

LANE = Template(
    "other-lane",
    Severity.INFORMATION,
    "This note on {track} is {lane}; {instead}.",
    "A note stands on another fret or drum than the phrase leads to.",
)


def check(scored: ScoredTrack) -> Iterator[Issue]:
    for suspect in scored.suspected("lane"):
        row = suspect.row
        yield remark(
            scored,
            suspect,
            LANE,
            value_place(scored.notes[row].line),
            expected=scored.expected(row, "lane"),
            repairs=_moved(scored, row),
            track=scored.track.label,
            lane=scored.with_article("lane", scored.notes[row].lane),
            instead=scored.instead(suspect, "lane"),
        )


def _moved(scored: ScoredTrack, row: int) -> Iterator[Repair]:
    note, taken = scored.notes[row], scored.group(row).lanes
    if note.record.number == DOUBLE_KICK_NUMBER:
        return
    lanes = lanes_of(scored.track)
    for each in scored.likelier(row, "lane"):
        lane = int(each.value)
        if lane not in taken and lane in lanes:
            lines = [Change(value_place(record.line), str(lane)) for record in scored.track.records_of(note)]
            yield unsafe(f"Make it the {scored.words('lane', lane)}", *lines, *_flags(scored, row, lane))


def _flags(scored: ScoredTrack, row: int, lane: int) -> Iterator[Change]:
    """A drum's cymbal, accent and ghost come along, or go where the new drum has none."""
    if scored.track.kind is not TrackKind.DRUMS:
        return
    for flag, record in flags_at(scored.track, scored.notes[row].tick, scored.notes[row].lane):
        if lane in LANES_OF[flag]:
            yield Change(value_place(record.line), str(flag_number(flag, lane)))
        else:
            yield delete_line(record.line)


RULE: Rule[ScoredTrack] = Rule("U111", "surprising-lane", Category.SURPRISAL, __doc__, (LANE,), check, standards=CLONE_HERO)
