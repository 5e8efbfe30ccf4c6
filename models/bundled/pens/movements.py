"""Where a note stands: from the place that the player leaves, so far and so turned."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import DISTANCES, SHIFTS, Family
from models.bundled.fields import TURNS as ANGLES
from models.bundled.pens.clearance import Clearance
from models.bundled.pens.hand import Choice, Hand
from models.bundled.pens.memories import Recollection
from models.bundled.pens.notes import MIDDLE
from models.bundled.pens.page import Mask, Page
from models.bundled.pens.playfield import SWAY, TURNS, WIDTH, Bounds, Haunts, turn_of
from models.bundled.rows import DISTANCE_BOUNDS, SHIFT_BOUNDS, STILL
from models.bundled.scenes import KIND_AT, SPINNER, Floats

# osu!pixels that an even distance has at least and at most.
EVEN = (30.0, 260.0)
# How much it counts where a map's notes usually stand.
LEANING = 1.0


class Movements:
    def __init__(self, hand: Hand, recollection: Recollection) -> None:
        self.hand, self.page, self._recollection = hand, hand.page, recollection
        self.bounds = Bounds(10 * float(hand.page.scene.condition[1]))
        self._clearance = Clearance(hand) if hand.page.tidy else None
        self.haunts = _haunts(hand.page)
        # osu!pixels of the last movement of each category after each gap: the same again is as long.
        self._spacing: dict[tuple[int, int], float] = {}
        # What one field leaves for the next to choose from.
        self._turning, self._length = False, 0.0
        self._lengths: Floats = np.zeros(0)
        self._certain: frozenset[int] = frozenset()
        self._may: Mask = np.zeros((0, 0), bool)
        self._may_turn: Mask = np.zeros(0, bool)

    def follow(self, gap: int, move: complex) -> None:
        """A movement was made, a gap of this category after the note before."""
        way = abs(move)
        category = int(np.searchsorted(DISTANCE_BOUNDS, way))
        if category and self.page.family is Family.OSU:
            self._spacing[gap, category] = way

    def finish(self) -> None:
        """The note is whole."""
        self._turning = False

    def leaning(self, name: str) -> Floats | None:
        """(size of the field,) nats that speak for each value because of where it leads; None where nothing is known."""
        if self.haunts is None or name not in ("distance", "angle"):
            return None
        if name == "angle":
            return np.asarray(LEANING * self.haunts.nats(self.hand.leave + self._length * self._ways()), float)
        nats = self.haunts.nats(self.hand.leave + self._lengths[:, None] * self._ways()[None])
        mean: Floats = np.where(self._may, np.exp(nats), 0.0).sum(axis=1) / self._may.sum(axis=1).clip(1)
        return np.asarray(LEANING * np.log(mean.clip(1e-3)), float)

    def _speed_limit(self) -> float:
        """osu!pixels that the player can go from the note before to this one."""
        habits = self.page.habits
        return habits.fastest * max(self.hand.note.time - max(self.hand.until, -1e9), 15.0) + 4.0

    def _ways(self) -> NDArray[np.complex128]:
        """The directions of the categories of `angle`, or all around where there is none to turn against."""
        before = self.hand.came
        return TURNS * (before / abs(before)) if abs(before) >= STILL else TURNS.astype(np.complex128)

    def distance(self) -> Choice:
        page, note = self.page, self.hand.note
        if note.columns[KIND_AT] == SPINNER:
            note.place = note.tail = MIDDLE
            return self._placed()
        if note.source >= 0 and "distance" in page.kept:
            note.place = complex(page.scene.x[note.source], page.scene.y[note.source])
            return self._placed()
        if not np.isfinite(self.hand.time):
            note.place = MIDDLE
            return 0
        known = {at: way for (gap, at), way in self._spacing.items() if gap == note.gap}
        known |= {at: way for at, way in self._recollection.figures().exact("distance").items() if at}
        self._lengths = np.array([known.get(at, each) for at, each in enumerate(DISTANCES)], float)
        self._certain = frozenset(known)
        even = self._even()
        points = self.hand.leave + self._lengths[:, None] * self._ways()[None]
        self._may = self.bounds.hold(points)
        self._may[0] = bool(self.bounds.hold(np.array([self.hand.leave]))[0])
        mask: Mask = np.asarray(self._may.any(axis=1), bool)
        near = mask & (self._lengths <= self._speed_limit())
        mask = near if near.any() else mask
        if not mask.any():
            note.place = self.bounds.nearest(self.hand.leave)
            return self._placed()
        if even >= 0 and mask[even]:
            mask = np.arange(len(mask)) == even
        return self._cleared(points, mask)

    def _even(self) -> int:
        """The category of the even distance to the note, of which that becomes the length; −1 where distances are free."""
        spacing, hand = self.page.spacing, self.hand
        if spacing is None:
            return -1
        wanted = float(np.clip(spacing * (hand.note.time - hand.until), *EVEN))
        category = int(np.searchsorted(DISTANCE_BOUNDS, wanted))
        self._lengths[category] = wanted
        return category

    def _cleared(self, points: NDArray[np.complex128], mask: Mask) -> Mask:
        """Those of the distances at which there is a clear place, if any; only these places are then left."""
        if self._clearance is None:
            return mask
        clear = self._may & self._clearance.heads(points)
        clear[0] = self._may[0]
        left: Mask = mask & np.asarray(clear.any(axis=1), bool)
        if not left.any():
            return mask
        self._may = clear
        return left

    def _placed(self) -> int:
        """The category of a place that is known."""
        if not np.isfinite(self.hand.time):
            return 0
        self.hand.note.way = abs(self.hand.note.place - self.hand.leave)
        return int(np.searchsorted(DISTANCE_BOUNDS, self.hand.note.way)) + 1

    def take_distance(self, category: int) -> None:
        note = self.hand.note
        length = float(self._lengths[category])
        self._may_turn = self._may[category]
        if category == 0:
            note.place = self.hand.leave
            self._turning = False
        else:
            low = DISTANCE_BOUNDS[category - 1]
            high = DISTANCE_BOUNDS[category] if category < len(DISTANCE_BOUNDS) else DISTANCES[-1] + 30
            if category not in self._certain and self.page.spacing is None:
                length = float(np.clip(length + self.hand.rng.uniform(-0.3, 0.3) * (high - low), low + 0.5, high - 0.5))
            self._turning = True
            self._length = max(length, STILL + 1)
        note.way = length

    def angle(self) -> Choice:
        note = self.hand.note
        move = note.place - self.hand.leave
        if not self._turning:
            if abs(move) < STILL or abs(self.hand.came) < STILL or not np.isfinite(self.hand.time):
                return 0
            return turn_of(move, self.hand.came)
        if abs(self.hand.came) < STILL:
            self.take_angle(int(self.hand.rng.choice(np.flatnonzero(self._may_turn))))
            return 0
        return self._may_turn

    def take_angle(self, category: int) -> None:
        way = self._ways()[category]
        self._turning = False
        place = self.hand.leave
        exact = self._recollection.figures().exact("angle").get(category)
        for attempt in range(9):
            sway = 0.0 if attempt == 8 else float(self.hand.rng.uniform(-SWAY, SWAY))
            if attempt == 0 and exact is not None:
                sway = (exact - ANGLES[category] + 180) % 360 - 180
            place = self.hand.leave + self._length * way * np.exp(1j * np.radians(sway))
            place = complex(round(place.real), round(place.imag))
            if self.bounds.hold(np.array([place]))[0]:
                break
        self.hand.note.place = self.bounds.nearest(place)

    def shift(self) -> Choice:
        page, note = self.page, self.hand.note
        if note.columns[KIND_AT] == SPINNER:
            note.place = note.tail = MIDDLE
        elif note.source >= 0 and "shift" in page.kept:
            note.place = complex(page.scene.x[note.source], page.scene.y[note.source])
        elif not np.isfinite(self.hand.time):
            note.place = MIDDLE
        else:
            places = self.hand.leave.real + np.array(SHIFTS, float)
            mask = (places >= 0) & (places <= WIDTH)
            near = mask & (np.abs(np.array(SHIFTS)) <= self._speed_limit())
            return near if near.any() else mask
        if not np.isfinite(self.hand.time):
            return 0
        return int(np.searchsorted(SHIFT_BOUNDS, note.place.real - self.hand.leave.real)) + 1

    def take_shift(self, category: int) -> None:
        bounds = (-512.0, *SHIFT_BOUNDS.tolist(), 512.0)
        half = min(SHIFTS[category] - bounds[category], bounds[category + 1] - SHIFTS[category], 12.0)
        sway = 0.0 if SHIFTS[category] == 0 else float(self.hand.rng.uniform(-0.5, 0.5)) * half
        x = self.hand.leave.real + SHIFTS[category] + sway
        self.hand.note.place = complex(round(min(max(x, 0.0), WIDTH)), 192.0)


def _haunts(page: Page) -> Haunts | None:
    """Of the map outside of the section."""
    if page.family is not Family.OSU:
        return None
    scene = page.scene
    outside = np.concatenate((np.arange(page.first), np.arange(page.stop, len(scene))))
    return Haunts(scene.x[outside] + 1j * scene.y[outside])
