"""How fast a map scrolls: slider velocity times tempo, section by section, and the tempo that most of the map has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from formats.osu import TimingPoint
from formats.timeline import Timeline
from formats.timing import MAX_BEAT_LENGTH, MIN_BEAT_LENGTH, TimingGrid

_MS_PER_MINUTE = 60_000.0
# Speeds nearer than this, in BPM, are one when their time is summed.
_SAME_SPEED = 0.1


@dataclass(frozen=True, slots=True)
class ScrollSection:
    """A stretch `[start, end)` in ms between two offsets with timing lines.

    `bpm` is its tempo, `velocity` its SV multiplier; `red` and `green` are the lines that stand at its start, `line` is the
    one of them that decides the speed.
    """

    start: float
    end: float
    bpm: float
    velocity: float
    line: TimingPoint
    red: TimingPoint | None
    green: TimingPoint | None

    @property
    def speed(self) -> float:
        """SV × BPM, what the player sees."""
        return self.velocity * self.bpm


def scroll_sections(grid: TimingGrid, end: float) -> list[ScrollSection]:
    """The sections from the first timing line on, the last one up to `end`. At one offset a green line wins over a red."""
    sections: list[ScrollSection] = []
    bpm = _MS_PER_MINUTE / grid.beat_length_at(grid.times[0]) if grid.times else 0.0
    groups = [(time, list(points)) for time, points in groupby(grid.points, key=grid.time_of)]
    for number, (start, points) in enumerate(groups):
        red = next((point for point in reversed(points) if point.uninherited), None)
        green = next((point for point in reversed(points) if not point.uninherited), None)
        if red:
            bpm = _MS_PER_MINUTE / min(max(red.beat_length, MIN_BEAT_LENGTH), MAX_BEAT_LENGTH)
        stop = groups[number + 1][0] if number + 1 < len(groups) else max(end, start)
        sections.append(ScrollSection(start, stop, bpm, green.slider_velocity if green else 1.0, green or points[-1], red, green))
    return sections


def played(sections: list[ScrollSection], timeline: Timeline) -> list[ScrollSection]:
    """The sections that begin before the last note ends."""
    return [section for section in sections if section.start <= timeline.end]


def main_bpm(sections: list[ScrollSection], timeline: Timeline) -> float:
    """The tempo in force for the longest time between the first note and the end of the last; 0 without sections."""
    return _longest([(section.bpm, section) for section in sections], timeline)


def main_speed(sections: list[ScrollSection], timeline: Timeline) -> float:
    """The scroll speed (SV × BPM) in force for the longest time while notes are played; 0 without sections."""
    return _longest([(section.speed, section) for section in sections], timeline)


def _longest(values: list[tuple[float, ScrollSection]], timeline: Timeline) -> float:
    lasting: dict[int, float] = {}
    exact: dict[int, float] = {}
    for number, (value, section) in enumerate(values):
        key = round(value / _SAME_SPEED)
        # The first line is in force from the start of the song.
        start = max(section.start, timeline.start) if number else timeline.start
        lasting[key] = lasting.get(key, 0.0) + max(min(section.end, timeline.end) - start, 0.0)
        exact.setdefault(key, value)
    return exact[max(lasting, key=lambda key: lasting[key])] if lasting else 0.0
