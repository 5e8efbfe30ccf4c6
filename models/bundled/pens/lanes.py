"""Which lanes may be struck when: mania's columns, the frets and pads of charts."""

from __future__ import annotations

import numpy as np

from models.bundled.fields import COLUMN, FIELDS, Family
from models.bundled.pens.hand import Hand
from models.bundled.pens.notes import Placed
from models.bundled.pens.page import Mask
from models.bundled.scenes import LANE_AT, MODIFIER_AT, NONE, Floats


class Lanes:
    """`together`: the lanes of the last moment, as bits; `chord_end` and `chord_modifier` what its notes have in common."""

    def __init__(self, hand: Hand) -> None:
        self.hand, self.page = hand, hand.page
        page = hand.page
        self.every = range(page.scene.keys) if page.family is Family.MANIA else sorted({lane for lane, _ in page.habits.marks})
        self._written = [lane for lane in self.every if page.lanes is None or lane in page.lanes]
        self._busy: dict[int, float] = {}
        self._coming = self._coming_lanes()
        self.together, self.chord_end, self.chord_modifier = 0, 0.0, 0

    def _coming_lanes(self) -> dict[int, list[float]]:
        """The times of the notes of each lane that stay, in the section and behind it."""
        page, coming = self.page, dict[int, list[float]]()
        if page.laned:
            for at in range(page.first, min(page.stop + 200, len(page.scene))):
                if at >= page.stop or page.stays[at]:
                    coming.setdefault(int(page.scene.columns[at, LANE_AT]), []).append(float(page.scene.time[at]))
        return coming

    def strike(self, note: Placed, until: float, *, same: bool) -> None:
        """The note is written, at the `same` time as the one before or later."""
        lane = note.columns[LANE_AT]
        bits = 1 << max(lane, 0)
        self.together = self.together | bits if same else bits
        self._busy[lane] = max(until, self._busy.get(lane, -np.inf))
        self.chord_end, self.chord_modifier = note.end, max(note.columns[MODIFIER_AT], 0)

    def next_strike(self) -> float:
        lane = self.hand.note.columns[LANE_AT]
        if lane == NONE:
            return np.inf
        return next((time for time in self._coming.get(lane, ()) if time > self.hand.note.time + 1e-6), np.inf)

    def free(self, time: float, *, same: bool) -> Mask:
        """Which lanes may be struck at a time; `same`: beside the note before, in the order of lanes."""
        page, habits = self.page, self.page.habits
        mask = np.zeros(FIELDS[COLUMN["lane"]].size, bool)
        together = self.together if same else 0
        if together.bit_count() >= habits.most_together and together:
            return mask
        for lane in self._written:
            if together >> lane or (page.family is not Family.MANIA and not self._fits(together | 1 << lane)):
                continue
            mask[lane] = bool(self.is_free(lane, np.array([time]))[0])
        return mask

    def is_free(self, lane: int, times: Floats) -> Mask:
        """(n,) whether the lane may be struck at each time, for what stands in it before and behind."""
        gap = self.page.habits.lane_gap
        free: Mask = times >= self._busy.get(lane, -np.inf) + gap - 1e-6
        coming = self._coming.get(lane)
        if coming:
            stands = np.array((*coming, np.inf))
            free &= stands[np.searchsorted(stands, times - gap + 1e-6, side="right")] >= times + gap - 1e-6
        return free

    def _fits(self, shape: int) -> bool:
        """Whether the lanes are a part of what the map strikes together."""
        return any(shape & each == shape for each in self.page.habits.chords)

    def some(self, times: Floats) -> Mask:
        """(n,) whether any lane may be struck at each time."""
        found = np.zeros(len(times), bool)
        for lane in self._written:
            if found.all():
                break
            found |= self.is_free(lane, times)
        return found

    def rested(self, lane: int, time: float) -> bool:
        return time >= self._busy.get(lane, -np.inf) + self.page.habits.lane_gap - 1e-6
