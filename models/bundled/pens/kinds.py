"""What kind of note it is."""

# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np

from models.bundled.fields import KINDS, Family
from models.bundled.pens.hand import DRUMMED, ROLLS, SUSTAINED, Choice, Hand
from models.bundled.pens.lengths import Lengths
from models.bundled.scenes import CIRCLE, DON, KAT, KIND_AT, NONE, NOTE


class Kinds:
    def __init__(self, hand: Hand, lengths: Lengths) -> None:
        self.hand, self.page, self.lengths = hand, hand.page, lengths

    def choice(self) -> Choice:
        page, note = self.page, self.hand.note
        if page.family in (Family.FRETS, Family.DRUMS):
            return 0
        old = int(page.scene.columns[note.source, KIND_AT]) if note.source >= 0 else NONE
        mask = page.habits.used["kind"].copy()
        mask[[CIRCLE, NOTE, DON, KAT]] = False
        mask[{Family.MANIA: [NOTE], Family.TAIKO: [DON, KAT]}.get(page.family, [CIRCLE])] = True
        if page.again:
            alike = next((group for group in (DRUMMED, ROLLS) if old in group), frozenset((old,)))
            if "kind" in page.kept or len(alike) == 1:
                return self.hand.fixed("kind", old)
            mask = np.isin(np.arange(len(KINDS)), tuple(alike)) & (page.habits.used["kind"] | (np.arange(len(KINDS)) == old))
        elif "kind" in page.kept and old != NONE and self.lengths.lasts(old):
            return self.hand.fixed("kind", old)
        else:
            for kind in np.flatnonzero(mask).tolist():
                mask[kind] = kind not in SUSTAINED or self.lengths.lasts(kind)
        if page.kinds is not None:
            wanted = mask & np.isin(np.arange(len(KINDS)), tuple(page.kinds))
            mask = wanted if wanted.any() else mask
        return mask
