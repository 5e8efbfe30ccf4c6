"""When the next note begins: gap, snap and error."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np

from models.bundled.fields import COLUMN, FIELDS, Family
from models.bundled.habits import SUSTAIN_GAP
from models.bundled.pens.hand import BEAT_BOUNDS, BEATS, NO_TICKS, Choice, Hand
from models.bundled.pens.lanes import Lanes
from models.bundled.pens.page import Mask
from models.bundled.ticks import Ticks, described


class Rhythm:
    """`ticks_at` (n,) the ticks that the next note may begin on, `gaps` (n,) the category of the gap to each, `end_gap` that to
    the next note that stands."""

    def __init__(self, hand: Hand, lanes: Lanes) -> None:
        self.hand, self.page, self.lanes = hand, hand.page, lanes
        self.ticks_at, self.gaps, self.end_gap = NO_TICKS, NO_TICKS, 0
        self._reaches = False
        self._end_tick: Ticks | None = None

    def begin(self) -> None:
        """Turns to the next note."""
        self.ticks_at = NO_TICKS

    def room(self) -> bool:
        """Finds the ticks that the next note may begin on; whether there are any before the next one that stands."""
        page, ticks = self.page, self.page.ticks
        low = max(self.hand.time + page.habits.step if page.laned else self.hand.until + page.habits.gap, page.start)
        if page.family is Family.FRETS and not page.habits.extended:
            low = max(low, self.hand.until + SUSTAIN_GAP if self.hand.until > self.hand.time else low)
        bound = float(page.scene.time[self.hand.held]) if self.hand.held >= 0 else page.end
        first = int(np.searchsorted(ticks.time, low - 1e-6))
        last = int(np.searchsorted(ticks.time, bound - (0 if self.hand.held >= 0 and page.laned else 1e-6), side="right"))
        if self.hand.held < 0:
            last = int(np.searchsorted(ticks.time, bound - 1e-6))
        found = np.arange(first, last)
        found = found[page.free[found]]
        if page.laned and len(found):
            found = found[self.lanes.some(ticks.time[found])]
        if page.laned and self.hand.time >= page.start and self.hand.written and self.lanes.free(self.hand.time, same=True).any():
            at = int(np.searchsorted(ticks.time, self.hand.time - 1e-6))
            if at < len(ticks) and abs(ticks.time[at] - self.hand.time) < 1e-6:
                found = np.concatenate(([at], found))
        self.ticks_at = found
        return bool(len(found))

    def gap(self) -> Choice:
        note = self.hand.note
        if note.source >= 0:
            note.gap = self.hand.gap_of(note.time)
            return note.gap + 1 if np.isfinite(self.hand.time) else 0
        if not np.isfinite(self.hand.time):
            note.tick = self._first_tick()
            return 0
        ticks = self.page.ticks
        self.gaps = np.searchsorted(BEAT_BOUNDS, (ticks.time[self.ticks_at] - self.hand.time) / ticks.length[self.ticks_at])
        mask = np.zeros(len(BEATS), bool)
        mask[self.gaps] = True
        if not self.page.laned or self.hand.time < self.page.start or not self.hand.written:
            mask[0] = mask[0] and bool((self.gaps == 0).any())
        usual = mask & (self.page.habits.longest >= BEATS)
        if not usual[1:].any():
            # All that is free is farther off: the pause ends as soon as it may.
            usual = mask & (np.arange(len(mask)) <= 1 + int(mask[1:].argmax()))
        mask = usual
        self.end_gap = self.hand.gap_of(self.hand.bound())
        stands = self.hand.held >= 0 or self.page.stop < len(self.page.scene)
        # The section may end here where it leaves no longer pause than the map makes elsewhere.
        left = (min(self.hand.bound(), self.page.end) - self.hand.time) / self.hand.beat(self.hand.time)
        if left <= self.page.habits.longest:
            if stands:
                mask[self.end_gap] = True
            else:
                mask |= BEATS >= left  # noqa: SIM300
        return mask

    def _first_tick(self) -> int:
        """Where nothing stands before: the first beat of a bar, or where the map began."""
        page, ticks = self.page, self.page.ticks
        if page.first < page.stop:
            near = int(np.searchsorted(ticks.time, page.scene.time[page.first] - 1e-6))
            if near in self.ticks_at:
                return near
        first_beats: Mask = (ticks.phase[self.ticks_at] == 1) & ((ticks.bar[self.ticks_at] - 1) % 8 == 0)
        bars: list[int] = self.ticks_at[first_beats].tolist()
        return bars[0] if bars else int(self.ticks_at[0])

    def take_gap(self, category: int) -> None:
        self.hand.note.gap = category
        here = self.gaps == category
        self.ticks_at = self.ticks_at[here]
        self._reaches = category == self.end_gap and (self.hand.held >= 0 or self.page.stop < len(self.page.scene))
        if not len(self.ticks_at):
            self._reach()

    def _reach(self) -> None:
        """No further note stands before the next that does."""
        if self.hand.held >= 0:
            self.hand.give(self.hand.held)
        else:
            self.hand.done = True

    def snap(self) -> Choice:
        note, ticks = self.hand.note, self.page.ticks
        if note.source >= 0 or note.tick >= 0:
            if note.tick < 0:
                there = described(self.page.scene.beats, np.array([note.time]), np.array([note.time]))
                return int(there.snap[0]) + 1
            if note.source < 0:
                self._settle(note.tick)
            return int(ticks.snap[note.tick]) + 1
        mask = np.zeros(FIELDS[COLUMN["snap"]].size, bool)
        mask[ticks.snap[self.ticks_at]] = True
        if self._reaches:
            bound = np.array([self.hand.bound()])
            self._end_tick = described(self.page.scene.beats, bound, bound)
            mask[self._end_tick.snap[0]] = True
        return mask

    def take_snap(self, category: int) -> None:
        ticks, note = self.page.ticks, self.hand.note
        found = self.ticks_at[ticks.snap[self.ticks_at] == category]
        wanted = self.hand.time + BEATS[note.gap] * (ticks.length[found] if len(found) else 1.0)
        off = np.abs(ticks.time[found] - wanted) if len(found) else np.zeros(0)
        if self._reaches and self._end_tick is not None and int(self._end_tick.snap[0]) == category:
            bound = self.hand.bound()
            end_off = abs(bound - (self.hand.time + BEATS[note.gap] * float(self._end_tick.length[0])))
            shared = (
                self.hand.held >= 0 and self.page.laned and len(found) > 0 and abs(float(ticks.time[found[-1]]) - bound) < 1e-6
            )
            if not len(off) or (end_off <= off.min() and not shared):
                self._reach()
                return
        self._settle(int(found[int(off.argmin())]))

    def _settle(self, tick: int) -> None:
        """The note begins on this tick."""
        note, ticks = self.hand.note, self.page.ticks
        note.tick, note.time, note.exact = tick, float(ticks.time[tick]), float(ticks.exact[tick])
        note.end = note.time
        sources = self.hand.sources.get(note.time, ())
        if sources and not self.page.laned:
            note.source = sources[0]
        self.hand.begin_at()

    def error(self) -> Choice:
        note = self.hand.note
        if note.tick < 0:
            return int(described(self.page.scene.beats, np.array([note.time]), np.array([note.time])).error[0]) + 1
        return int(self.page.ticks.error[note.tick]) + 1
