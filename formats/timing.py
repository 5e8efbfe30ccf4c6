"""The timing grid of a beatmap: ms to beats, the nearest snap, and what is in force (tempo, SV, volume, kiai) at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from math import floor, gcd, inf
from typing import NamedTuple

from formats.osu import TimingPoint

# The snap divisors that an editor offers and that ranked maps use; every other one of 1 to 16 divides one of these.
DIVISORS = (16, 12, 9, 7, 5)
# A sample plays with the line that is active up to 5 ms after its object (osu!stable's leniency).
SAMPLE_LENIENCY = 5.0
# What the game assumes without any red line, in ms (osu.Game/Beatmaps/ControlPoints/TimingControlPoint.cs).
DEFAULT_BEAT_LENGTH = 1_000.0
MIN_BEAT_LENGTH, MAX_BEAT_LENGTH = 6.0, 60_000.0


# Beat lengths are written with limited precision: a tick this little (ms) before a whole ms may be meant as that whole ms.
TICK_PRECISION = 0.01
# A computed time this close (ms) to a tick needs no look at finer divisors.
SURELY_ON_TICK = 0.5


class Snap(NamedTuple):
    """The tick nearest to a time.

    `time` is the tick in whole ms, cut off as the editor stores it, `exact` the same before it is cut off; `divisor` says
    1/`divisor` of a beat in lowest terms. `error` = given time − tick, in ms: a whole time is held against the cut-off
    tick; a time with decimals was computed (a slider's end), so anything from the cut-off to the exact tick has error 0.
    """

    time: int
    divisor: int
    error: float
    exact: float


class TimingGrid:
    """The timing points sorted by time and look-ups on them. All times in ms as played.

    Where times are equal red lines come before green ones, so that the green one's values hold, else file order decides.
    """

    def __init__(self, points: Sequence[TimingPoint], offset: float = 0.0) -> None:
        self.offset = offset
        self.points = sorted(points, key=lambda point: (point.time, not point.uninherited))
        self.red = [point for point in self.points if point.uninherited]
        self.green = [point for point in self.points if not point.uninherited]
        self.times = [point.time + offset for point in self.points]
        self.red_times = [point.time + offset for point in self.red]
        self._snaps: dict[float, Snap] = {}
        self._beat_lengths = [min(max(point.beat_length, MIN_BEAT_LENGTH), MAX_BEAT_LENGTH) for point in self.red]

    @property
    def key(self) -> tuple[TimingPoint, ...]:
        """Equal for two grids that answer alike: the points by identity."""
        return tuple(self.points)

    def time_of(self, point: TimingPoint) -> float:
        return point.time + self.offset

    def red_index(self, time: float) -> int:
        """The red line in force at `time`: the last at or before it, else the first; −1 when there is none."""
        return max(bisect_right(self.red_times, time) - 1, 0) if self.red else -1

    def red_at(self, time: float) -> TimingPoint | None:
        return self.red[self.red_index(time)] if self.red else None

    def beat_length_at(self, time: float) -> float:
        """ms per beat at `time`, 6 to 60,000 as the game clamps it; 1,000 without any red line."""
        return self._beat_lengths[self.red_index(time)] if self.red else DEFAULT_BEAT_LENGTH

    def point_at(self, time: float) -> TimingPoint | None:
        """The line, red or green, whose sound, kiai and SV are in force: the last at or before `time`, else the first."""
        if not self.points:
            return None
        return self.points[max(bisect_right(self.times, time) - 1, 0)]

    def sample_point_at(self, time: float) -> TimingPoint | None:
        """The line whose volume and samples an object at `time` plays with (5 ms leniency)."""
        return self.point_at(time + SAMPLE_LENIENCY)

    def slider_velocity_at(self, time: float) -> float:
        """The SV multiplier at `time`: 1 after a red line, and before the first line, until a green one follows."""
        at = bisect_right(self.times, time) - 1
        return self.points[at].slider_velocity if at >= 0 else 1.0

    def ticks_generated_at(self, time: float) -> bool:
        """False where the line in force is a green one with NaN: the game then makes no slider ticks."""
        at = bisect_right(self.times, time) - 1
        return at < 0 or self.points[at].beat_length == self.points[at].beat_length

    def kiai_at(self, time: float) -> bool:
        at = bisect_right(self.times, time) - 1
        return at >= 0 and self.points[at].kiai

    def volume_at(self, time: float) -> int:
        point = self.sample_point_at(time)
        return point.volume if point else 100

    def points_at_offset(self, time: float) -> list[TimingPoint]:
        return self.points[bisect_left(self.times, time) : bisect_right(self.times, time)]

    @cached_property
    def kiai_spans(self) -> list[tuple[float, float]]:
        """Kiai sections as (start, end); the last one may end at infinity."""
        spans: list[tuple[float, float]] = []
        start: float | None = None
        for point, time in zip(self.points, self.times, strict=True):
            if point.kiai and start is None:
                start = time
            elif not point.kiai and start is not None:
                if time > start:
                    spans.append((start, time))
                start = None
        if start is not None:
            spans.append((start, inf))
        return spans

    def beat_at(self, time: float) -> float:
        """Beats since the red line in force (negative before the first)."""
        at = self.red_index(time)
        if at < 0:
            return time / DEFAULT_BEAT_LENGTH
        return (time - self.red_times[at]) / self._beat_lengths[at]

    def snap(self, time: float, divisors: Sequence[int] = DIVISORS, red: int | None = None) -> Snap:
        """The tick nearest to `time` on the grid of the red line in force (or of red line number `red`).

        Where ticks of two divisors are equally near, or one is hit exactly, the divisor listed first wins: common ones
        stand first, so an object on 1/4 is never read as the 1/9 beside it. Where the next red line is nearer than any
        tick before it (and `red` is not given), its start is the tick.
        """
        at = self.red_index(time) if red is None else red
        start, beat = (self.red_times[at], self._beat_lengths[at]) if at >= 0 else (0.0, DEFAULT_BEAT_LENGTH)
        beats = (time - start) / beat
        best, best_divisor, best_count, best_error = 0.0, 1, 0, inf
        for divisor in divisors:
            count = floor(beats * divisor + 0.5)
            exact = start + count * beat / divisor
            error = abs(exact - time)
            if error < best_error - 1e-6:
                best, best_divisor, best_count, best_error = exact, divisor, count, error
                if error < SURELY_ON_TICK or int(exact) == time:
                    break
        if red is None and best_error > SURELY_ON_TICK and at + 1 < len(self.red_times):
            coming = self.red_times[at + 1]
            if 0 < coming - time < best_error:
                best, best_divisor, best_count = coming, 1, 0
        tick = _cut_off(best, time)
        return Snap(tick, best_divisor // gcd(best_count, best_divisor), _error(time, tick, best), best)

    def known_snap(self, time: float) -> Snap:
        """`snap(time)`, remembered: chords share their time, and so do the ends and heads of a stream of sliders."""
        known = self._snaps.get(time)
        if known is None:
            known = self._snaps[time] = self.snap(time)
        return known

    def tick_from(self, time: float, divisor: int) -> int:
        """The first 1/`divisor` tick at or after `time`, cut off to whole ms as the editor stores it."""
        start, step = self._ticks_at(time, divisor)
        count = floor((time - start) / step)
        while int(start + count * step) < time:
            count += 1
        return int(start + count * step)

    def tick_until(self, time: float, divisor: int) -> int:
        """The last 1/`divisor` tick at or before `time`, cut off to whole ms as the editor stores it."""
        start, step = self._ticks_at(time, divisor)
        count = floor((time - start) / step) + 1
        while int(start + count * step) > time:
            count -= 1
        return int(start + count * step)

    def _ticks_at(self, time: float, divisor: int) -> tuple[float, float]:
        at = self.red_index(time)
        return (self.red_times[at], self._beat_lengths[at] / divisor) if at >= 0 else (0.0, DEFAULT_BEAT_LENGTH / divisor)


def _cut_off(exact: float, time: float) -> int:
    """The tick in whole ms; of two that precision leaves open, the one that is `time`."""
    rounded = int(exact + TICK_PRECISION)
    return rounded if rounded == time else int(exact)


def _error(time: float, tick: int, exact: float) -> float:
    if time == int(time):
        return time - tick
    low, high = (tick, exact) if tick <= exact else (exact, tick)
    return time - high if time > high else min(time - low, 0.0)
