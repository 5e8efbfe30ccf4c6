"""A song's timing as lines of a map: red lines of an `.osu`, the [SyncTrack] of a `.chart`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from analyzers.repairs import format_number
from formats.chart_lines import DEFAULT_RESOLUTION
from generation.song_timing import TempoSection

# What the editor writes behind the meter of a first red line: normal sample set, no index, full volume, red, no effects.
USUAL_REST = ",1,0,100,1,0"
# A lead-in shorter than this (ms) would need a tempo that no game plays well: the downbeat after it is the first one.
SHORTEST_LEAD_IN = 400.0
# A rest between two tempos shorter than this share of a beat belongs to the beat before it.
SHORTEST_BEAT = 0.6
# Thousandths of a BPM that the games take.
LEAST_MILLI_BPM, MOST_MILLI_BPM = 1_000, 1_000_000
# ms: the last beat before a change may be as short as the fastest tempo makes it.
SHORTEST_LAST_BEAT = 60_000_000 / MOST_MILLI_BPM


def red_line(section: TempoSection, rest: str = USUAL_REST) -> str:
    """`offset,beat length,meter,…`; whole ms, as the editor stores them."""
    return f"{round(section.start_ms)},{beat_length(section.beat_ms)},{section.meter}{rest}"


def beat_length(beat_ms: float) -> str:
    """ms per beat as the editor writes it."""
    return format_number(round(beat_ms, 12))


def red_lines(sections: Iterable[TempoSection]) -> list[str]:
    return [red_line(section) for section in sections]


class Marker(NamedTuple):
    """`tick = B milli_bpm`, and behind it `tick = TS meter` where one begins."""

    tick: int
    milli_bpm: int
    meter: int | None = None


def markers(sections: Sequence[TempoSection], resolution: int = DEFAULT_RESOLUTION) -> list[Marker]:
    """The tempo markers with which tick 0 lies at 0 ms and each section begins on a measure: lead-in bars fill what comes before
    the first downbeat, and the last beat before a change lasts as long as it has to.
    """
    clock = _Clock(resolution)
    sections = list(sections)
    while len(sections) > 1 and sections[1].start_ms < _lead_in(sections[0]) + SHORTEST_LAST_BEAT:
        # It is over before its first bar could begin.
        sections = sections[1:]
    first, lead = sections[0], _lead_in(sections[0])
    clock.bars(lead, max(round(lead / (first.meter * first.beat_ms)), 1), first.meter)
    for section, coming in pairwise(sections):
        clock.steady(section, max(coming.start_ms - clock.time, SHORTEST_LAST_BEAT))
    clock.mark(60_000 / sections[-1].beat_ms, sections[-1].meter)
    return clock.found


def _lead_in(first: TempoSection) -> float:
    """ms before the first downbeat."""
    bar = first.meter * first.beat_ms
    lead = first.start_ms % bar if first.start_ms < SHORTEST_LEAD_IN else first.start_ms
    return lead + (bar if lead < SHORTEST_LEAD_IN else 0.0)


class _Clock:
    """Where the chart has come to: `tick`, and `time` in ms as the markers so far (whole thousandths of a BPM) lead to it."""

    def __init__(self, resolution: int) -> None:
        self.resolution = resolution
        self.tick, self.time = 0, 0.0
        self.found: list[Marker] = []
        self._meter = 0

    def mark(self, bpm: float, meter: int) -> float:
        """The tempo from here on; the ms that a beat really lasts."""
        milli_bpm = min(max(round(1000 * bpm), LEAST_MILLI_BPM), MOST_MILLI_BPM)
        marker = Marker(self.tick, milli_bpm, meter if meter != self._meter else None)
        if self.found and self.found[-1].tick == self.tick:
            # Of a section of one beat only the tempo of that beat is left.
            before = self.found.pop()
            marker = marker._replace(meter=before.meter if marker.meter is None else marker.meter)
        self.found.append(marker)
        self._meter = meter
        return 60_000_000 / milli_bpm

    def bars(self, length: float, count: int, meter: int) -> None:
        """`count` bars that last `length` ms together."""
        beats = count * meter
        beat = self.mark(60_000 * beats / length, meter)
        self._on(beats, beat)

    def steady(self, section: TempoSection, length: float) -> None:
        """The beats of a section that lasts `length` ms, the last one as long as is left; whole bars where a short one would be
        left over."""
        beats = max(ceil(length / section.beat_ms - SHORTEST_BEAT), 1)
        beat = self.mark(60_000 / section.beat_ms, section.meter)
        self._on(beats - 1, beat)
        left = length - (beats - 1) * beat
        if abs(left - beat) > 0.5:
            beat = self.mark(60_000 / left, section.meter)
        self._on(1, beat)
        rest = beats % section.meter
        if rest:
            # A measure that is cut short has a meter of its own, so that the next one begins where the section does.
            self._cut(rest)

    def _on(self, beats: int, beat: float) -> None:
        self.tick += beats * self.resolution
        self.time += beats * beat

    def _cut(self, rest: int) -> None:
        start = self.tick - rest * self.resolution
        at = next((n for n, marker in enumerate(self.found) if marker.tick >= start), len(self.found))
        if at < len(self.found) and self.found[at].tick == start:
            self.found[at] = self.found[at]._replace(meter=rest)
        else:
            self.found.insert(at, Marker(start, self.found[at - 1].milli_bpm, rest))
        self._meter = rest


def sync_track(sections: Sequence[TempoSection], resolution: int = DEFAULT_RESOLUTION) -> list[str]:
    """The lines of [SyncTrack], braces left out."""
    lines: list[str] = []
    for marker in markers(sections, resolution):
        if marker.meter is not None:
            lines.append(f"{marker.tick} = TS {marker.meter}")
        lines.append(f"{marker.tick} = B {marker.milli_bpm}")
    return lines
