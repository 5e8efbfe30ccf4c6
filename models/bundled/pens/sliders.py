"""How a slider runs: curve, anchors, direction."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import TURNS as ANGLES
from models.bundled.pens.clearance import Clearance
from models.bundled.pens.hand import Choice, Hand
from models.bundled.pens.lengths import Lengths
from models.bundled.pens.memories import Recollection
from models.bundled.pens.notes import RAW_AT
from models.bundled.pens.playfield import HEIGHT, SWAY, TURNS, WIDTH, Bounds, turn_of
from models.bundled.rows import STILL
from models.bundled.scenes import KIND_AT, NONE, SLIDER

# The parts of a slider's length from head to tail that are tried, where the map's own leave the playfield.
FOLDED = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25, 0.1)


class Sliders:
    def __init__(self, hand: Hand, lengths: Lengths, bounds: Bounds, recollection: Recollection) -> None:
        self.hand, self.page, self.lengths, self.bounds, self._recollection = hand, hand.page, lengths, bounds, recollection
        self._tails: NDArray[np.complex128] = np.zeros(0, np.complex128)
        self._clearance = Clearance(hand) if hand.page.tidy else None

    def curve(self) -> Choice:
        page, note = self.page, self.hand.note
        if not self.lengths.slides():
            return 0
        old = self.hand.old("curve")
        if old is not None and old != NONE:
            return self.hand.fixed("curve", old)
        mask = page.habits.used["curve"].copy()
        mask[4] = False
        if self.lengths.pixels(note.end - note.time) > self._straight():
            mask[0] = False
        if not mask.any():
            mask[[1, 2]] = True
        return mask

    def _straight(self) -> float:
        """The longest straight way from the head that stays in the playfield."""
        lengths = np.arange(20, 640, 20.0)
        points: NDArray[np.complex128] = self.hand.note.place + lengths[:, None] * TURNS[None]
        inside = self.bounds.hold(points).any(axis=1)
        return float(lengths[inside].max(initial=20.0))

    def anchors(self) -> Choice:
        if not self.lengths.slides():
            return 0
        old, curve = self.hand.old("anchors"), self.hand.note.columns[RAW_AT["curve"]]
        if old is not None and old != NONE:
            return self.hand.fixed("anchors", old)
        if curve in (0, 1):
            return self.hand.fixed("anchors", curve)
        mask = self.page.habits.used["anchors"].copy()
        mask[: 2 if curve == 3 else 1] = False
        return mask if mask.any() else self.hand.fixed("anchors", 2)

    def angle(self) -> Choice:
        page, note = self.page, self.hand.note
        if not self.lengths.slides():
            note.tail = note.place
            return 0
        move = note.place - self.hand.leave
        arrived = self.hand.came if abs(move) < STILL else move
        known = np.isfinite(self.hand.time) and abs(arrived) >= STILL
        if note.source >= 0 and "slider_angle" in page.kept and int(page.scene.columns[note.source, KIND_AT]) == SLIDER:
            note.tail = complex(page.scene.tail_x[note.source], page.scene.tail_y[note.source])
            return turn_of(note.tail - note.place, arrived) if known and abs(note.tail - note.place) >= STILL else 0
        ways = TURNS * (arrived / abs(arrived)) if known else TURNS.astype(np.complex128)
        pixels = self.lengths.pixels(note.end - note.time)
        curve = note.columns[RAW_AT["curve"]]
        usual = page.habits.reach.get(curve)
        share = 1.0 if curve == 0 else float(self.hand.rng.choice(usual)) if usual is not None and len(usual) else 0.9
        for folded in FOLDED if curve else (1.0,):
            self._tails = note.place + ways * pixels * share * folded
            mask = self.bounds.hold(self._tails)
            if mask.any():
                break
        else:
            self._tails = note.place + ways * min(pixels, 30.0)
            mask = np.ones(len(TURNS), bool)
        if self._clearance is not None:
            clear = mask & self._clearance.tails(self._tails)
            mask = clear if clear.any() else mask
        if not known:
            self.take_angle(int(self.hand.rng.choice(np.flatnonzero(mask))))
            return 0
        return mask

    def take_angle(self, category: int) -> None:
        tail = complex(self._tails[category])
        way = tail - self.hand.note.place
        exact = self._recollection.figures().exact("slider_angle").get(category)
        sway = float(self.hand.rng.uniform(-SWAY, SWAY)) if exact is None else (exact - ANGLES[category] + 180) % 360 - 180
        swayed = self.hand.note.place + way * np.exp(1j * np.radians(sway))
        self.hand.note.tail = complex(swayed) if self.bounds.hold(np.array([swayed]))[0] else tail

    def settle_sideways(self) -> None:
        """Where a slider of osu!catch ends, of which no field tells."""
        note, page, habits = self.hand.note, self.page, self.page.habits
        if note.source >= 0 and "shift" in page.kept and int(page.scene.columns[note.source, KIND_AT]) == SLIDER:
            note.tail = complex(page.scene.tail_x[note.source], page.scene.tail_y[note.source])
            return
        pixels = self.lengths.pixels(note.end - note.time)
        share = float(self.hand.rng.choice(habits.across)) if len(habits.across) else 0.6
        sides = [side for side in (-1, 1) if 0 <= note.place.real + side * share * pixels <= WIDTH]
        across = (float(self.hand.rng.choice(sides)) * share * pixels) if sides else 0.0
        down = np.sqrt(max((0.95 * pixels) ** 2 - across**2, 0.0)) if pixels else 0.0
        y = note.place.imag + down if note.place.imag + down <= HEIGHT else note.place.imag - down
        note.tail = complex(note.place.real + across, min(max(y, 0.0), HEIGHT))
