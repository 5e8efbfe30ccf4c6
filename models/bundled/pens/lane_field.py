"""The lane of a note."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import COLUMN, FIELDS, Family
from models.bundled.pens.hand import Choice, Hand
from models.bundled.pens.lanes import Lanes
from models.bundled.pens.lengths import Lengths
from models.bundled.scenes import HOLD, KIND_AT, LANE_AT, NONE, NOTE

# How strongly the pace of some lanes is held where a note may stand beside one that stays.
BESIDE = 2.5


class LaneField:
    def __init__(self, hand: Hand, lanes: Lanes, lengths: Lengths) -> None:
        self.hand, self.page, self.lanes, self.lengths = hand, hand.page, lanes, lengths
        # The lane of the note that stays at this moment, where there is one and others may stand beside it.
        self.stands: int | None = None

    def choice(self) -> Choice:
        page, note = self.page, self.hand.note
        same = abs(note.time - self.hand.time) < 1e-6 and bool(self.hand.written)
        self.stands = None
        if page.again:
            return self._again(same=same)
        mask = self.lanes.free(note.time, same=same)
        if note.columns[KIND_AT] == HOLD:
            for lane in np.flatnonzero(mask).tolist():
                note.columns[LANE_AT] = lane
                mask[lane] = self.lengths.lasts(HOLD)
            note.columns[LANE_AT] = NONE
        if self.hand.held >= 0 and abs(float(page.scene.time[self.hand.held]) - note.time) < 1e-6:
            # The next note that stays is in this chord: it comes in the order of lanes.
            self.stands = int(page.scene.columns[self.hand.held, LANE_AT])
            mask[self.stands :] = False
            mask[self.stands] = True
        if "lane" in page.kept:
            old = [int(page.scene.columns[at, LANE_AT]) for at in self.hand.sources.get(note.time, ())]
            wanted = mask & np.isin(np.arange(len(mask)), old)
            mask = wanted if wanted.any() else mask
        if not mask.any():
            # The hold found no lane: a plain note does.
            note.columns[KIND_AT] = NOTE if page.family is Family.MANIA else NONE
            mask = self.lanes.free(note.time, same=same)
        return mask if mask.any() else self._fixed(int(page.scene.columns[note.source, LANE_AT]) if note.source >= 0 else 0)

    def leaning(self, hurry: float) -> NDArray[np.float64] | None:
        """(size,) nats for the lanes beside that of the note that stays here; None where none does, or all lanes are written."""
        if self.stands is None or self.page.lanes is None:
            return None
        told = np.full(FIELDS[COLUMN["lane"]].size, BESIDE * hurry)
        told[self.stands] = 0.0
        return told

    def _again(self, *, same: bool) -> Choice:
        page, note, scene = self.page, self.hand.note, self.page.scene
        old = int(scene.columns[note.source, LANE_AT])
        if "lane" in page.kept:
            return self._fixed(old)
        # As many lanes must be left as notes are still to come in this chord.
        behind = sum(1 for at in self.hand.queue[:18] if abs(float(scene.time[at]) - note.time) < 1e-6)
        mask = self.lanes.free(note.time, same=same)
        taken = self.lanes.together if same else 0
        for lane in np.flatnonzero(mask).tolist():
            room = [each for each in self.lanes.every if each > lane and self.lanes.rested(each, note.time)]
            fits = page.family is Family.MANIA or any(
                (taken | 1 << lane) & each == taken | 1 << lane and (each >> lane + 1).bit_count() >= behind
                for each in page.habits.chords
            )
            long = note.end > note.time
            note.columns[LANE_AT] = lane
            mask[lane] = (
                len(room) >= behind and fits and (not long or note.end <= self.lanes.next_strike() - page.habits.lane_gap)
            )
        note.columns[LANE_AT] = NONE
        return mask if mask.any() else self._fixed(old)

    def _fixed(self, lane: int) -> int:
        self.take(lane)
        return lane + 1

    def take(self, lane: int) -> None:
        page, note = self.page, self.hand.note
        note.columns[LANE_AT] = lane
        if page.again:
            return
        stands = self.hand.held
        if (
            stands >= 0
            and abs(float(page.scene.time[stands]) - note.time) < 1e-6
            and int(page.scene.columns[stands, LANE_AT]) == lane
        ):
            self.hand.give(stands)
            return
        for at in self.hand.sources.get(note.time, ()):
            if int(page.scene.columns[at, LANE_AT]) == lane:
                note.source = at
