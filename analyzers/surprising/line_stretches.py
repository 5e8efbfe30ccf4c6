"""Fixes to what timing lines set over a stretch of notes: the lines that set it are edited, or new ones frame the stretch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    """The timing lines in force from a suspect's first note to its last, in time order.

    `whole` says that the first of them begins to hold with the first note: then the line itself is what is wrong. `ahead` is
    how much (ms) earlier than its line a note may be and still be under it.
    """

    def __init__(self, scored: ScoredDifficulty, suspect: Suspect, ahead: float = 0.0) -> None:
        self.scored = scored
        self.ahead = ahead
        times = scored.times
        # Notes that are struck together are under one line.
        self.first = bisect_left(times, times[suspect.first])
        self.last = bisect_right(times, times[suspect.last]) - 1
        at = self._line_at(self.first)
        self.points = scored.grid.points[max(at, 0) : self._line_at(self.last) + 1]
        self.whole = at >= 0 and (self.first == 0 or self._line_at(self.first - 1) < at)

    def _line_at(self, row: int) -> int:
        """The number of the line that holds at the note; −1 ahead of the first line."""
        return bisect_right(self.scored.grid.times, self.scored.notes[row].time + self.ahead) - 1

    def set(self, index: int, text: str, alike: Alike) -> tuple[Change, ...]:
        """The changes after which the stretch's lines that are `alike` have that field; () where that is too much."""
        changes: list[Change] = []
        added: dict[int, list[str]] = {}
        for number, point in enumerate(self.points):
            if not number and not self.whole:
                added[0] = [_green(point, self._time(self.first), {index: text})]
            elif alike(point) and index == BEAT_LENGTH and point.uninherited:
                # A red line's number is the tempo: a green one beside it sets the speed.
                added[number] = [_green(point, format_number(point.time), {index: text})]
            elif alike(point):
                changes += set_fields(point, {index: text})
        if self.points and self._goes_on():
            last = len(self.points) - 1
            added[last] = [*added.get(last, ()), _green(self.points[-1], self._time(self.last + 1), {})]
        changes += [self._insertion(self.points[number], texts) for number, texts in added.items()]
        return tuple(changes) if len(changes) <= MOST_CHANGES else ()

    def _goes_on(self) -> bool:
        """Whether the note behind the stretch is still under its last line."""
        behind = self.last + 1
        return behind < len(self.scored.notes) and self._line_at(behind) == self._line_at(self.last)

    def _time(self, row: int) -> str:
        return format_number(int(self.scored.notes[row].time - self.scored.grid.offset))

    def _insertion(self, point: TimingPoint, texts: list[str]) -> Change:
        document = self.scored.document
        return insert_after(document, point.line, document.newline.join(texts))


def _green(like: TimingPoint, time: str, values: dict[int, str]) -> str:
    """A green line that differs from the line in these fields alone."""
    speed = NO_CHANGE_OF_SPEED if like.uninherited else format_number(like.beat_length)
    numbers = (like.meter, like.sample_set, like.sample_index, like.volume, 0, like.effects)
    fields = dict(enumerate((time, speed, *map(str, numbers)))) | values
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
