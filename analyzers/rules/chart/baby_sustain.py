"""Sustain too short to be one.

A sustain below 100 ms is over before it can be held: it should be none at all. It is let off where an open HOPO or tap starts
inside it. Drums are let off.

Example: `768 = N 0 39` at 125 BPM (98 ms)
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.chart_repairs import ROUNDING_MS, SHORTEST_SUSTAIN_MS, set_length
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.chart_lines import TrackKind, length_place
from formats.chart_tracks import Attack, ChartNote, NoteGroup, Track

BABY = Template(
    "babySustain",
    Severity.WARNING,
    "This sustain on {track} lasts {length:.3g} ms; below 100 ms it should be none.",
    "A note is held for more than 0 and less than 100 ms.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for track in context.tracks:
        if track.kind is TrackKind.DRUMS:
            continue
        groups = track.groups
        for number, group in enumerate(groups):
            for note in group.notes:
                if note.length and note.end - note.time < SHORTEST_SUSTAIN_MS - ROUNDING_MS:
                    following = groups[number + 1] if number + 1 < len(groups) else None
                    if not _leads_to_open(note, following):
                        yield _issue(track, note)


def _leads_to_open(note: ChartNote, following: NoteGroup | None) -> bool:
    if following is None or not following.is_open or following.attack is Attack.STRUM:
        return False
    return following.tick < note.tick + note.length


def _issue(track: Track, note: ChartNote) -> Issue:
    repair = Repair("Take the short sustain away", Safety.SAFE, set_length(track, note, 0))
    return BABY(
        at=length_place(note.line),
        time=note.time,
        end=note.end,
        track=track.label,
        length=note.end - note.time,
        repairs=[repair],
    )


RULE = Rule("G119", "chart-baby-sustain", Category.CHART, __doc__, (BABY,), check, standards=CLONE_HERO)
