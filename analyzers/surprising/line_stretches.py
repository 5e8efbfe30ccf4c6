"""Fixes to what timing lines set over a stretch of notes: the lines that set it are edited."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from analyzers.repairs import format_number, insert_after, replace_field
from analyzers.rule import Change
from analyzers.surprising.scored import ScoredDifficulty, Suspect
from analyzers.timing_lines import set_fields
from formats.osu import TimingPoint
from formats.timing import SAMPLE_LENIENCY

# Fields of a timing line.
BEAT_LENGTH, VOLUME, EFFECTS = 1, 5, 7
NO_CHANGE_OF_SPEED = "-100"
# Stretches that need more changes than this were no slip.
MOST_CHANGES = 200

Alike = Callable[[TimingPoint], bool]


class Stretch:
    """The timing lines in force from a suspect's first note, with which a change comes, to its last, in time order.

    `ahead` is how much (ms) earlier than its line a note may be and still be under it.
    """

    def __init__(self, scored: ScoredDifficulty, suspect: Suspect, ahead: float = 0.0) -> None:
        self.scored = scored
        self.ahead = ahead
        self.points = scored.grid.points[max(self._line_at(suspect.first), 0) : self._line_at(suspect.last) + 1]

    def _line_at(self, row: int) -> int:
        """The number of the line that holds at the note; −1 ahead of the first line."""
        return bisect_right(self.scored.grid.times, self.scored.notes[row].time + self.ahead) - 1

    def set(self, index: int, text: str, alike: Alike) -> tuple[Change, ...]:
        """The changes after which the stretch's lines that are `alike` have that field; () where that is too much."""
        changes: list[Change] = []
        for point in filter(alike, self.points):
            if index == BEAT_LENGTH and point.uninherited:
                # A red line's number is the tempo: a green one beside it sets the speed.
                changes.append(insert_after(self.scored.document, point.line, _green(point, {index: text})))
            else:
                changes += set_fields(point, {index: text})
        return tuple(changes) if len(changes) <= MOST_CHANGES else ()


def _green(like: TimingPoint, values: dict[int, str]) -> str:
    """A green line that differs from the line in these fields alone."""
    speed = NO_CHANGE_OF_SPEED if like.uninherited else format_number(like.beat_length)
    numbers = (like.meter, like.sample_set, like.sample_index, like.volume, 0, like.effects)
    fields = dict(enumerate((format_number(like.time), speed, *map(str, numbers)))) | values
    return ",".join(fields.values())


def sounding(scored: ScoredDifficulty, suspect: Suspect) -> Stretch:
    """The lines whose volume and samples the notes have: a line up to 5 ms late counts."""
    return Stretch(scored, suspect, SAMPLE_LENIENCY)


def stretched_sliders(scored: ScoredDifficulty, suspect: Suspect, speed: float) -> tuple[Change, ...]:
    """The lengths with which the stretch's sliders last as long as before at another slider velocity."""
    changes: list[Change] = []
    for row in range(suspect.first, suspect.last + 1):
        note = scored.notes[row]
        if note.is_slider and note.object.length:
            length = note.object.length * speed / scored.grid.slider_velocity_at(note.time)
            changes.append(replace_field(note.line, 7, format_number(round(length, 6))))
    return tuple(changes)
