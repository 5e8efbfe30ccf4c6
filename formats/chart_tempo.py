"""A chart's clock: ticks to ms and back, and where measures begin."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

from formats.chart_lines import DEFAULT_MILLI_BPM, MAX_TICK, Tempo, TimeSignature


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


class Measures:
    """Where measures begin. A time signature that stands inside a measure is ignored, as the game does."""

    def __init__(self, signatures: Sequence[TimeSignature], resolution: int) -> None:
        self.misaligned: list[TimeSignature] = []
        # (tick from which it counts, ticks per measure)
        self._runs: list[tuple[int, Fraction]] = [(0, Fraction(resolution * 4))]
        for signature in signatures:
            if signature.numerator == 0:
                continue
            run = (signature.tick, Fraction(resolution * 4 * signature.numerator, signature.denominator))
            if signature.tick == self._runs[-1][0]:
                self._runs[-1] = run
            elif self.around(signature.tick)[0] == signature.tick:
                self._runs.append(run)
            else:
                self.misaligned.append(signature)

    def around(self, tick: int) -> tuple[Fraction, Fraction]:
        """The measure starts at or before `tick` and the next one behind it, in ticks."""
        at = bisect_right(self._runs, tick, key=lambda run: run[0]) - 1
        start, length = self._runs[max(at, 0)]
        count = floor((tick - start) / length)
        return start + count * length, start + (count + 1) * length

    def starts(self, until: int) -> Iterator[Fraction]:
        """The measure starts from 0 to `until` ticks."""
        for number, (start, length) in enumerate(self._runs):
            stop = self._runs[number + 1][0] if number + 1 < len(self._runs) else until + 1
            for count in range(max(ceil((min(stop, until + 1) - start) / length), 0)):
                yield start + count * length
