"""How a note sounds, and what the timing lines say at it: hit sounds, sets, modifiers, volume, velocity, kiai, combos."""

# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np

from models.bundled.fields import COLUMN, FIELDS, SPEEDS, Family
from models.bundled.pens.hand import Choice, Hand
from models.bundled.pens.lanes import Lanes
from models.bundled.pens.lengths import Lengths
from models.bundled.pens.memories import Recollection
from models.bundled.pens.notes import RAW_AT
from models.bundled.scenes import LANE_AT, NONE, SET_AT


class Sounds:
    def __init__(self, hand: Hand, lanes: Lanes, lengths: Lengths, recollection: Recollection) -> None:
        self.hand, self.page, self.lanes, self.lengths, self._recollection = hand, hand.page, lanes, lengths, recollection

    def new_combo(self) -> Choice:
        old = self.hand.old("new_combo")
        return np.ones(2, bool) if old is None else self.hand.fixed("new_combo", max(old, 0))

    def usual(self, name: str) -> Choice:
        old = self.hand.old(name)
        if old is not None and old != NONE:
            return self.hand.fixed(name, old)
        return self.page.habits.used[name]

    def sample_set(self) -> Choice:
        """A section keeps to the sets that sound around it, or at the same place of other bars."""
        usual, note, page = self.usual("sample_set"), self.hand.note, self.page
        if isinstance(usual, int) or page.lines is None or page.again or note.tick < 0:
            return usual
        around = np.zeros(len(usual), bool)
        around[int(page.lines.sample_set[note.tick])] = True
        if self.hand.known and self.hand.known[-1].columns[SET_AT] != NONE:
            around[self.hand.known[-1].columns[SET_AT]] = True
        recalled = self._recollection.recalled(COLUMN["sample_set"], len(usual))
        if recalled is not None:
            around |= recalled[0] > 0
        around &= usual
        return around if around.any() else usual

    def tail(self) -> Choice:
        return self.usual("tail_hitsound") if self.lengths.slides() else 0

    def modifier(self) -> Choice:
        page, note = self.page, self.hand.note
        old = self.hand.old("modifier")
        if old is not None:
            return self.hand.fixed("modifier", max(old, 0))
        if page.family is Family.FRETS and self.lanes.together and abs(note.time - self.hand.time) < 1e-6:
            return self.hand.fixed("modifier", self.lanes.chord_modifier)
        mask = np.zeros(FIELDS[COLUMN["modifier"]].size, bool)
        for lane, modifier in page.habits.marks:
            if lane == note.columns[LANE_AT] and modifier >= 0:
                mask[modifier] = True
        if not mask.any():
            mask[0] = True
        return mask

    def of_lines(self, name: str) -> Choice:
        page, note = self.page, self.hand.note
        if page.lines is None and (note.source < 0 or name not in page.kept):
            return np.ones(FIELDS[COLUMN[name]].size, bool)
        if page.lines is None or note.tick < 0:
            return self.hand.fixed(name, max(int(page.scene.columns[note.source, RAW_AT[name]]), 0))
        return self.hand.fixed(name, int((page.lines.volume if name == "volume" else page.lines.kiai)[note.tick]))

    def velocity(self) -> Choice:
        page, note = self.page, self.hand.note
        if page.lines is None and note.source < 0:
            mask = np.ones(len(SPEEDS), bool)
            if self.lengths.slides():
                # The tail stands already: only what the slider can be bent to.
                pixels = self.lengths.pixels(note.end - note.time) / note.speed
                way = abs(note.tail - note.place)
                mask = (np.array(SPEEDS) * pixels >= 0.95 * way) & (np.array(SPEEDS) * pixels <= max(1.6 * way, 40.0))
            return mask if mask.any() else self._velocity_category()
        return self._velocity_category()

    def _velocity_category(self) -> int:
        half = len(SPEEDS) // 2
        return int(np.clip(round(float(np.log2(max(self.hand.note.speed, 1e-3))) * 8), -half, half)) + half + 1

    def take_velocity(self, category: int) -> None:
        self.hand.note.speed = 2.0 ** ((category - len(SPEEDS) // 2) / 8)
