"""osu!standard stacking: notes on the same place, close in time, are moved up and left so that all of them are seen.

As osu.Game.Rulesets.Osu/Beatmaps/OsuBeatmapProcessor.cs, with whole ms as osu!stable compares them.
"""

from __future__ import annotations

from collections.abc import Sequence

from formats.timeline import Note, NoteKind, Timeline

# osu!pixels: notes nearer than this lie on the same place.
STACK_DISTANCE = 3.0
# A note moves by this share of the circle radius for each step of its stack.
STEP_OF_RADIUS = 0.1
# Before this file version notes are stacked forwards in time.
FIRST_BACKWARD_VERSION = 6
# No more notes than these are compared with one, fewer in enormous maps: nothing that can be played has as many on screen.
MOST_COMPARED, LEAST_COMPARED, COMPARISONS = 100, 10, 2_000_000

Place = tuple[float, float]


class Stacking:
    """Stack heights and stacked places of an osu!standard timeline, number by number as `timeline.notes`.

    `preempt` (ms), `radius` (osu!pixels) and `leniency` default to the beatmap's own; a mod's values may stand in.
    """

    def __init__(
        self,
        timeline: Timeline,
        *,
        preempt: float | None = None,
        radius: float | None = None,
        leniency: float | None = None,
    ) -> None:
        beatmap = timeline.beatmap
        self._notes = timeline.notes
        self._step = STEP_OF_RADIUS * (beatmap.radius if radius is None else radius)
        reach = (beatmap.preempt if preempt is None else preempt) * (beatmap.stack_leniency if leniency is None else leniency)
        stack = _stack_backwards if beatmap.version >= FIRST_BACKWARD_VERSION else _stack_forwards
        self.heights: list[int] = stack(timeline.notes, reach)

    def offset(self, number: int) -> float:
        """osu!pixels by which note `number` moves, in x as in y (up and left when negative)."""
        return -self._step * self.heights[number]

    def position(self, number: int) -> Place:
        """Where the head of note `number` is seen."""
        note, offset = self._notes[number], self.offset(number)
        return note.x + offset, note.y + offset

    def end_position(self, number: int) -> Place:
        """Where the player leaves note `number`."""
        x, y = self._notes[number].end_position
        offset = self.offset(number)
        return x + offset, y + offset


def _most(notes: Sequence[Note]) -> int:
    return min(MOST_COMPARED, max(COMPARISONS // len(notes), LEAST_COMPARED))


def _near(one: Place, other: Place) -> bool:
    across, down = one[0] - other[0], one[1] - other[1]
    return across * across + down * down < STACK_DISTANCE * STACK_DISTANCE


def _stack_backwards(notes: Sequence[Note], reach: float) -> list[int]:
    heights = [0] * len(notes)
    for last in range(len(notes) - 1, 0, -1):
        if heights[last] or notes[last].kind is NoteKind.SPINNER:
            continue
        if notes[last].kind is NoteKind.SLIDER:
            _stack_under_slider(notes, heights, last, reach)
        else:
            _stack_under_circle(notes, heights, last, reach)
    return heights


def _stack_under_circle(notes: Sequence[Note], heights: list[int], last: int, reach: float) -> None:
    top = last
    place, start = (notes[top].x, notes[top].y), int(notes[top].time)
    for number in range(last - 1, max(last - 1 - _most(notes), -1), -1):
        note = notes[number]
        if note.kind is NoteKind.SPINNER:
            continue
        if start - int(note.end) > reach:
            break
        if note.kind is NoteKind.SLIDER and _near(note.end_position, place):
            _push_below(notes, heights, number, last, heights[top] - heights[number] + 1)
            break
        if _near((note.x, note.y), place):
            heights[number] = heights[top] + 1
            top = number
            place, start = (note.x, note.y), int(note.time)


def _push_below(notes: Sequence[Note], heights: list[int], slider: int, last: int, by: int) -> None:
    """Notes on the end of a slider appear below it, moved down and right, instead of covering it."""
    end = notes[slider].end_position
    for number in range(slider + 1, last + 1):
        if _near((notes[number].x, notes[number].y), end):
            heights[number] -= by


def _stack_under_slider(notes: Sequence[Note], heights: list[int], last: int, reach: float) -> None:
    top = last
    place, start = (notes[top].x, notes[top].y), int(notes[top].time)
    for number in range(last - 1, max(last - 1 - _most(notes), -1), -1):
        note = notes[number]
        if note.kind is NoteKind.SPINNER:
            continue
        if start - int(note.time) > reach:
            break
        if _near(note.end_position, place):
            heights[number] = heights[top] + 1
            top = number
            place, start = (note.x, note.y), int(note.time)


def _stack_forwards(notes: Sequence[Note], reach: float) -> list[int]:
    heights = [0] * len(notes)
    for first, note in enumerate(notes):
        if heights[first] and note.kind is not NoteKind.SLIDER:
            continue
        head, until, below = (note.x, note.y), note.end, 0
        end = note.path.end if note.kind is NoteKind.SLIDER else head
        for number in range(first + 1, min(first + 1 + _most(notes), len(notes))):
            other = notes[number]
            if other.time - reach > until:
                break
            place = other.x, other.y
            if _near(place, head):
                heights[first] += 1
                until = other.time
            elif _near(place, end):
                below += 1
                heights[number] -= below
                until = other.time
    return heights
