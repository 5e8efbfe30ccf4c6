"""Green lines that give notes the velocity, volume, sample set and kiai that they want, and put back the old state behind."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf, log2
from typing import Any

from analyzers.repairs import format_number
from formats.beatmap import Beatmap
from formats.osu import Effects, TimingPoint
from formats.spans import Edit
from formats.timing import SAMPLE_LENIENCY, TimingGrid
from generation.line_edits import Replacement, line_edits

KIAI = int(Effects.KIAI)
# ms: lines as near as this stand at the same time.
SAME_TIME = 1e-3
# Volumes are told in steps of five, velocities in eighths of an octave (`models.bundled.fields`).
VOLUME_STEP, SPEED_STEPS = 5, 8
SLOWEST, FASTEST = 0.1, 10.0
SET_WORDS = {"normal": 1, "soft": 2, "drum": 3}


@dataclass(frozen=True, slots=True)
class State:
    """What a timing line sets: slider velocity (as a multiple of the map's own), volume, samples, effects."""

    speed: float
    meter: int
    sample_set: int
    sample_index: int
    volume: int
    effects: int
    ticks: bool = True

    @classmethod
    def of(cls, point: TimingPoint) -> State:
        generated = point.beat_length == point.beat_length
        return cls(
            point.slider_velocity, point.meter, point.sample_set, point.sample_index, point.volume, point.effects, generated
        )

    @property
    def kiai(self) -> bool:
        return bool(self.effects & KIAI)

    def line(self, time: float) -> str:
        """A green line that sets it; `time` as in the file."""
        speed = format_number(-100 / self.speed) if self.ticks else "NaN"
        effects = self.effects & KIAI
        parts = (format_number(time), speed, self.meter, self.sample_set, self.sample_index, self.volume, 0, effects)
        return ",".join(map(str, parts))


@dataclass(frozen=True, slots=True)
class Want:
    """What a note wants of the lines in force at `time` (ms as played); None where anything will do.

    `exact` = the note stays as it is, and so must whatever is in force. `sample_set` 1–3.
    """

    time: float
    speed: float | None = None
    volume: int | None = None
    sample_set: int | None = None
    kiai: bool | None = None
    exact: bool = False


def same_speed(one: float, other: float) -> bool:
    """Whether the network cannot tell two velocities apart."""
    return round(log2(one) * SPEED_STEPS) == round(log2(other) * SPEED_STEPS)


def same_volume(one: int, other: int) -> bool:
    return _volume_step(one) == _volume_step(other)


def _volume_step(volume: int) -> int:
    return (min(max(volume, 0), 100) + 2) // VOLUME_STEP


class Lines:
    """The timing lines of a map while notes are given what they want, in time order."""

    def __init__(self, beatmap: Beatmap, grid: TimingGrid) -> None:
        self.grid = grid
        self._beatmap = beatmap
        self.default_set = SET_WORDS.get(beatmap.general.text("SampleSet").lower(), 1)
        self._changed: dict[int, State] = {}
        self._added: list[tuple[float, State]] = []

    @property
    def untouched(self) -> bool:
        return not self._changed and not self._added

    def state_at(self, time: float) -> State | None:
        """What is in force; None before the first line and without lines."""
        at = bisect_right(self.grid.times, time) - 1
        added = bisect_right(self._added, time, key=_time_of) - 1
        if added >= 0 and (at < 0 or self._added[added][0] >= self.grid.times[at] - SAME_TIME):
            return self._added[added][1]
        return self._state(at) if at >= 0 else None

    def _state(self, at: int) -> State:
        point = self.grid.points[at]
        return self._changed.get(id(point)) or State.of(point)

    def speed_at(self, time: float) -> float:
        state = self.state_at(time)
        return state.speed if state is not None else 1.0

    def sound_at(self, time: float) -> State | None:
        """What an object sounds with: lines up to 5 ms late count, and ahead of the first line the first."""
        return self.state_at(time + SAMPLE_LENIENCY) or (self._state(0) if self.grid.points else None)

    def set_at(self, time: float) -> int:
        """The sample set (1–3) with which an object of none of its own sounds."""
        state = self.sound_at(time)
        return (state.sample_set if state is not None else 0) or self.default_set

    def give(self, want: Want) -> None:
        """Sees to it that a note has what it wants. Notes come in time order."""
        if not self.grid.points:
            return
        here = self.state_at(want.time)
        if here is None:
            # Ahead of the first line the first one's sound and the map's own velocity hold.
            here = replace(self._state(0), speed=1.0)
            if want.exact:
                return
        wanted = replace(here, **self._differing(here, want, motion=True))
        late = self._line_within(want.time, want.time + SAMPLE_LENIENCY)
        sound = self._differing(self._state(late) if late is not None else here, want, motion=False)
        if late is None:
            wanted = replace(wanted, **sound)
        elif sound:
            self._set(self.grid.times[late], late, replace(self._state(late), **sound))
        if wanted != here:
            self._set(want.time, self._line_at(want.time), wanted)

    def settle(self, time: float) -> None:
        """Puts back, from `time` on, what was in force there before any change."""
        original = self.grid.point_at(time)
        now = self.state_at(time)
        if original is not None and now is not None and now != State.of(original):
            self._set(time, self._line_at(time), State.of(original))

    def _differing(self, state: State, want: Want, *, motion: bool) -> dict[str, Any]:
        """The values of a state that a note wants otherwise: velocity and kiai, or what is heard."""
        if want.exact:
            point = self.grid.point_at(want.time) if motion else self.grid.sample_point_at(want.time)
            if point is None:
                return {}
            old = State.of(point)
            names = ("speed", "ticks", "effects") if motion else ("volume", "sample_set", "sample_index")
            return {name: getattr(old, name) for name in names if getattr(old, name) != getattr(state, name)}
        changes: dict[str, Any] = {}
        if motion:
            if want.speed is not None and not same_speed(want.speed, state.speed):
                changes["speed"] = min(max(want.speed, SLOWEST), FASTEST)
            if want.kiai is not None and want.kiai != state.kiai:
                changes["effects"] = state.effects ^ KIAI
            return changes
        if want.volume is not None and not same_volume(want.volume, state.volume):
            changes["volume"] = want.volume
        if want.sample_set is not None and want.sample_set != (state.sample_set or self.default_set):
            changes["sample_set"] = want.sample_set
        return changes

    def _line_at(self, time: float) -> int | None:
        """The line at just this time that holds there."""
        at = bisect_right(self.grid.times, time + SAME_TIME) - 1
        return at if at >= 0 and self.grid.times[at] >= time - SAME_TIME else None

    def _line_within(self, time: float, end: float) -> int | None:
        """The last line after `time` up to `end`."""
        at = bisect_right(self.grid.times, end) - 1
        return at if at >= 0 and self.grid.times[at] > time + SAME_TIME else None

    def _set(self, time: float, at: int | None, state: State) -> None:
        """A line at `time` sets the state: the green one that stands there, else a new one."""
        if at is not None and not self.grid.points[at].uninherited:
            self._changed[id(self.grid.points[at])] = state
        elif self._added and abs(self._added[-1][0] - time) <= SAME_TIME:
            self._added[-1] = (time, state)
        else:
            self._added.append((time, state))
            self._added.sort(key=_time_of)

    def edits(self) -> tuple[Edit, ...]:
        """The changed and the added lines."""
        changes: list[Replacement] = []
        for point in self.grid.points:
            state = self._changed.get(id(point))
            if state is not None and state != State.of(point):
                changes.append(Replacement(point.line, _rewritten(point, state)))
        for time, state in self._added:
            # A red line sets the velocity to 1, so a green one of the same time stands behind it.
            at = bisect_right(self.grid.times, time + SAME_TIME) - 1
            line = self.grid.points[max(at, 0)].line
            changes.append(Replacement(line, state.line(time - self.grid.offset), behind=at >= 0, added=True))
        return line_edits(self._beatmap.document, changes)


def _time_of(pair: tuple[float, State]) -> float:
    return pair[0]


def _rewritten(point: TimingPoint, state: State) -> str:
    """The green line's text with what has changed of it."""
    old = State.of(point)
    parts = point.line.content.split(",")
    if len(parts) < 8:
        return state.line(point.time)
    if state.speed != old.speed:
        parts[1] = format_number(-100 / state.speed)
    for index, name in ((3, "sample_set"), (4, "sample_index"), (5, "volume"), (7, "effects")):
        if getattr(state, name) != getattr(old, name):
            parts[index] = str(getattr(state, name))
    return ",".join(parts)


def settle_behind(lines: Lines, kept: Iterable[Want], end: float) -> None:
    """Puts back behind a section what was in force: at the first note that stays, else at the next beat.

    `kept` in time order are the notes behind the section; `end` is when the last note of the section ends. A timing line that
    comes sooner sets everything anyway.
    """
    grid = lines.grid
    if lines.untouched:
        return
    end += SAMPLE_LENIENCY
    at = bisect_right(grid.times, end)
    coming = grid.times[at] if at < len(grid.times) else inf
    first = next(iter(kept), None)
    back = first.time if first is not None else float(grid.tick_from(end, 1))
    if back >= coming:
        return
    if first is not None:
        lines.give(first)
    else:
        lines.settle(back)
