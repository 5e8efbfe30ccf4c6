"""A chart's clock: ticks to ms and back, and where measures begin."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import floor

from formats.chart_lines import DEFAULT_MILLI_BPM, MAX_EXPONENT, MAX_TICK, Tempo, TimeSignature


class TempoMap:
    """Ticks to ms and back. Without a tempo at tick 0 the song starts at 120 BPM; of two on one tick the last counts."""

    def __init__(self, tempos: Sequence[Tempo], resolution: int) -> None:
        self.resolution = resolution
        by_tick = {0: DEFAULT_MILLI_BPM} | {tempo.tick: tempo.milli_bpm or DEFAULT_MILLI_BPM for tempo in tempos}
        self.ticks = sorted(by_tick)
        # ms per tick of each stretch between two markers
        self._rates = [60_000 / (by_tick[tick] / 1000 * resolution) for tick in self.ticks]
        self._milli_bpm = [by_tick[tick] for tick in self.ticks]
        self.times = [0.0]
        for number in range(1, len(self.ticks)):
            self.times.append(self._from(number - 1, self.ticks[number]))

    def _from(self, number: int, tick: int) -> float:
        gap = tick - self.ticks[number]
        return self.times[number] + gap * 60_000 / (self._milli_bpm[number] / 1000 * self.resolution)

    def time_at(self, tick: int) -> float:
        """ms from the start of the chart, the song's offset left out."""
        return self._from(bisect_right(self.ticks, tick) - 1, tick)

    def tick_at(self, time: float) -> int:
        """The last tick at or before `time` ms; 0 before the start."""
        number = max(bisect_right(self.times, time) - 1, 0)
        tick = max(self.ticks[number] + floor((time - self.times[number]) / self._rates[number] + 1e-6), 0)
        return min(tick, MAX_TICK)

    def bpm_at(self, tick: int) -> float:
        return self._milli_bpm[bisect_right(self.ticks, tick) - 1] / 1000


# Measure lengths are whole multiples of this part of a tick, so that 7/2147483648 is exact too.
_PARTS = MAX_EXPONENT


class Measures:
    """Where measures begin. A time signature that stands inside a measure is ignored, as the game does."""

    def __init__(self, signatures: Sequence[TimeSignature], resolution: int) -> None:
        self.misaligned: list[TimeSignature] = []
        # The ticks from which a signature counts, and the length of its measures in parts of a tick.
        self._ticks: list[int] = [0]
        self._lengths: list[int] = [resolution * 4 << _PARTS]
        for signature in signatures:
            length = resolution * 4 * signature.numerator << _PARTS - signature.exponent
            if not length:
                continue
            if signature.tick == self._ticks[-1]:
                self._lengths[-1] = length
            elif not ((signature.tick - self._ticks[-1]) << _PARTS) % self._lengths[-1]:
                self._ticks.append(signature.tick)
                self._lengths.append(length)
            else:
                self.misaligned.append(signature)

    def around(self, tick: int) -> tuple[float, float]:
        """The measure start at or before `tick` and the next one behind it, in ticks."""
        at = max(bisect_right(self._ticks, tick) - 1, 0)
        start, length = self._ticks[at], self._lengths[at]
        count = ((tick - start) << _PARTS) // length
        part = 1 << _PARTS
        return start + count * length / part, start + (count + 1) * length / part
