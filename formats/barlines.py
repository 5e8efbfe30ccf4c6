"""Bar lines: the lines that the game draws at every measure of a red line, found by arithmetic, never listed."""

from __future__ import annotations

from bisect import bisect_right
from math import floor

from formats.timing import TimingGrid

# Two times nearer than this are one: what the sum of fractional beats loses.
ROUNDING = 1e-4


class BarLines:
    """The bar lines of a timing grid. Times in ms; a red line that omits its bar line starts one measure later."""

    def __init__(self, grid: TimingGrid) -> None:
        self.grid = grid

    def measure(self, red: int) -> float:
        """ms per measure of red line number `red`."""
        return self.grid.beat_length_at(self.grid.red_times[red]) * max(self.grid.red[red].meter, 1)

    def last_until(self, time: float) -> float | None:
        """The last bar line at or before `time`; None where neither this red line nor the one before it draws one."""
        red = bisect_right(self.grid.red_times, time) - 1
        for section in range(red, max(red - 2, -1), -1):
            found = self._last_of(section, time)
            if found is not None:
                return found
            time = self.grid.red_times[section] - 2 * ROUNDING
        return None

    def _last_of(self, red: int, time: float) -> float | None:
        start = self.grid.red_times[red]
        count = floor((time - start + ROUNDING) / self.measure(red))
        first = 1 if self.grid.red[red].omits_barline else 0
        return start + count * self.measure(red) if count >= first else None

    def any_in(self, start: float, end: float) -> bool:
        """Whether a bar line lies in `[start, end)`."""
        last = self.last_until(end - 2 * ROUNDING)
        return last is not None and last >= start - ROUNDING
