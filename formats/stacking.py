"""osu!standard stacking: notes on the same place, close in time, are moved up and left so that all of them are seen.

As osu.Game.Rulesets.Osu/Beatmaps/OsuBeatmapProcessor.cs, with whole ms as osu!stable compares them. Places are complex
numbers in here (x real, y imaginary).
"""

from __future__ import annotations

from formats.timeline import Note, NoteKind, Timeline

# osu!pixels: notes nearer than this lie on the same place.
STACK_DISTANCE = 3.0
# A note moves by this share of the circle radius for each step of its stack.
STEP_OF_RADIUS = 0.1
# Before this file version notes are stacked forwards in time.
FIRST_BACKWARD_VERSION = 6
# No more notes than these are compared with one, fewer in enormous maps: nothing that can be played has as many on screen.
MOST_COMPARED, LEAST_COMPARED, COMPARISONS = 100, 10, 1_000_000

Place = tuple[float, float]


class Stacking:
    """Stack heights and stacked places of an osu!standard timeline, number by number as `timeline.notes`.

    A note moves by `step` osu!pixels up and left for each unit of its height. `preempt` (ms), `radius` (osu!pixels) and
    `leniency` default to the beatmap's own; a mod's values may stand in.
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
        self.step = STEP_OF_RADIUS * (beatmap.radius if radius is None else radius)
        appears = beatmap.preempt if preempt is None else preempt
        reach = appears * (beatmap.stack_leniency if leniency is None else leniency)
        pile = _Pile(timeline.notes, reach)
        (pile.stack_backwards if beatmap.version >= FIRST_BACKWARD_VERSION else pile.stack_forwards)()
        self.heights: list[int] = pile.heights

    def offset(self, number: int) -> float:
        """osu!pixels by which note `number` moves, in x as in y (up and left when negative)."""
        return -self.step * self.heights[number]

    def position(self, number: int) -> Place:
        """Where the head of note `number` is seen."""
        note, offset = self._notes[number], self.offset(number)
        return note.x + offset, note.y + offset

    def end_position(self, number: int) -> Place:
        """Where the player leaves note `number`."""
        x, y = self._notes[number].end_position
        offset = self.offset(number)
        return x + offset, y + offset


class _Pile:
    """The notes without the spinners, which neither stack nor are stacked on, and their heights so far."""

    def __init__(self, notes: list[Note], reach: float) -> None:
        self.heights = [0] * len(notes)
        self._numbers = [number for number, note in enumerate(notes) if note.kind is not NoteKind.SPINNER]
        self._notes = [notes[number] for number in self._numbers]
        self._heads = [complex(note.x, note.y) for note in self._notes]
        self._sliders = [note.kind is NoteKind.SLIDER for note in self._notes]
        self._tails: list[complex | None] = [None] * len(self._notes)
        self._starts = [int(note.time) for note in self._notes]
        self._ends = [int(note.end) for note in self._notes]
        self._reach = reach
        self._most = min(MOST_COMPARED, max(COMPARISONS // (len(notes) + 1), LEAST_COMPARED))

    def _raise(self, at: int, by: int) -> None:
        self.heights[self._numbers[at]] += by

    def _height(self, at: int) -> int:
        return self.heights[self._numbers[at]]

    def stack_backwards(self) -> None:
        for last in range(len(self._starts) - 1, 0, -1):
            if self._height(last) == 0:
                self._stack_on(last)

    def _stack_on(self, last: int) -> None:
        heads, tails, sliders, reach = self._heads, self._tails, self._sliders, self._reach
        on_slider = sliders[last]
        until = self._starts if on_slider else self._ends
        top, head, start = last, heads[last], self._starts[last]
        for at in range(last - 1, max(last - 1 - self._most, -1), -1):
            if start - until[at] > reach:
                break
            near = abs(heads[at] - head) < STACK_DISTANCE
            if sliders[at]:
                near_end = abs((tails[at] or self._end(at)) - head) < STACK_DISTANCE
                if near_end and not on_slider:
                    self._push_below(at, last, self._height(top) - self._height(at) + 1)
                    break
                near = near_end if on_slider else near
            if near:
                self._raise(at, self._height(top) + 1 - self._height(at))
                top, head, start = at, heads[at], self._starts[at]

    def _end(self, at: int) -> complex:
        tail = self._tails[at] = complex(*self._notes[at].end_position)
        return tail

    def _push_below(self, slider: int, last: int, by: int) -> None:
        """Notes on the end of a slider appear below it, moved down and right, instead of covering it."""
        end = self._end(slider)
        for at in range(slider + 1, last + 1):
            if abs(self._heads[at] - end) < STACK_DISTANCE:
                self._raise(at, -by)

    def stack_forwards(self) -> None:
        for first, note in enumerate(self._notes):
            if self._height(first) == 0 or note.kind is NoteKind.SLIDER:
                self._stack_from(first, note)

    def _stack_from(self, first: int, note: Note) -> None:
        head, until, below = self._heads[first], float(self._ends[first]), 0
        end: complex | None = None
        for at in range(first + 1, min(first + 1 + self._most, len(self._notes))):
            if self._starts[at] - self._reach > until:
                break
            if end is None:
                end = complex(*note.path.end) if note.kind is NoteKind.SLIDER else head
            if abs(self._heads[at] - head) < STACK_DISTANCE:
                self._raise(first, 1)
                until = self._starts[at]
            elif abs(self._heads[at] - end) < STACK_DISTANCE:
                below += 1
                self._raise(at, -below)
                until = self._starts[at]
