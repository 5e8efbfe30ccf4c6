"""Where a candidate stands: the notes written so far, the note that is being written, and what follows from them."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np

from models.bundled.fields import BEAT_NUMBERS
from models.bundled.pens.notes import MIDDLE, RAW_AT, Placed, standing
from models.bundled.pens.page import Mask, Page
from models.bundled.rows import STILL
from models.bundled.scenes import (
    BIG_DON,
    BIG_KAT,
    BIG_ROLL,
    DENDEN,
    DON,
    HOLD,
    KAT,
    REPEATS_AT,
    ROLL,
    SLIDER,
    SPINNER,
)

# What a field takes: its category + 1 (0 = does not apply) where nothing is left to choose, else which categories may stand.
Choice = int | Mask

# Notes before the section that are handed on to whoever reads them, and of which what follows is worked out.
READ, LOOKED_AT = 164, 64
ROLLS, DRUMMED = frozenset((ROLL, BIG_ROLL)), frozenset((DON, KAT, BIG_DON, BIG_KAT))
SUSTAINED = frozenset((SLIDER, SPINNER, HOLD, ROLL, BIG_ROLL, DENDEN))
BEATS = np.array(BEAT_NUMBERS)
BEAT_BOUNDS = (BEATS[1:] + BEATS[:-1]) / 2
NO_TICKS = np.zeros(0, np.intp)
# Moves that are longer than two still ones say where a slider leads.
_LEADS = 2 * STILL


def beat_category(beats: float) -> int:
    return int(np.searchsorted(BEAT_BOUNDS, beats))


class Hand:
    """One candidate. `time` ms where its last note begins, `until` when the last of all ends; `leave` where the player leaves
    it, `came` the movement that led there; `held` the next note of the scene that stays, −1 for none, `queue` all of them and
    `staying` those that are left as they are.
    """

    def __init__(self, page: Page, rng: np.random.Generator) -> None:
        self.page, self.rng = page, rng
        self.done = False
        self.note = Placed()
        self.known: list[Placed] = []
        self.written = 0
        scene = page.scene
        self.queue = [at for at in range(page.first, page.stop) if page.again or page.stays[at]]
        self.staying = [at for at in self.queue if page.stays[at]]
        self.held = -1
        # The notes that keep something, by their time.
        self.sources: dict[float, list[int]] = {}
        if page.kept and not page.again:
            for at in range(page.first, page.stop):
                if not page.stays[at]:
                    self.sources.setdefault(float(scene.time[at]), []).append(at)
        self.leave, self.came = MIDDLE, 0j
        self.time, self.until, self.speed = -np.inf, -np.inf, 1.0

    @property
    def following(self) -> int:
        """The next note of the scene that is seen from behind, −1 for none."""
        page = self.page
        if page.sighted:
            following = self.note.source + 1 if self.note.source >= 0 else page.stop
            return following if following < len(page.scene) else -1
        at = self.staying[0] if self.staying else page.stop
        return at if at < len(page.scene) else -1

    def give(self, at: int) -> None:
        """The note stands as it is, or is written again at its own time."""
        page, scene = self.page, self.page.scene
        self.queue.pop(0)
        if page.stays[at]:
            self.staying.pop(0)
            self.note = standing(page.scene, at)
            return
        note = self.note
        note.source, note.time, note.end = at, float(scene.time[at]), float(scene.end[at])
        tick = int(np.searchsorted(page.ticks.time, note.time - 1e-6))
        near = tick < len(page.ticks) and abs(page.ticks.time[tick] - note.time) < 1e-6
        note.tick = tick if near else -1
        note.exact = float(page.ticks.exact[tick]) if near else note.time
        self.begin_at()

    def begin_at(self) -> None:
        """The note's time is known."""
        note, page = self.note, self.page
        if page.lines is not None and note.tick >= 0:
            note.speed = float(page.lines.speed[note.tick])
        elif note.source >= 0:
            note.speed = float(page.scene.speed[note.source])
        else:
            note.speed = self.speed

    def bound(self) -> float:
        page = self.page
        if self.held >= 0:
            return float(page.scene.time[self.held])
        return float(page.scene.time[page.stop]) if page.stop < len(page.scene) else page.end

    def gap_of(self, time: float) -> int:
        if not np.isfinite(self.time):
            return 0
        return beat_category((time - self.time) / self.beat(time))

    def beat(self, time: float) -> float:
        """ms of a beat at a time."""
        beats = self.page.scene.beats
        stretch = max(int(np.searchsorted(beats.starts, time + 1e-6, side="right")) - 1, 0)
        return float(beats.lengths[stretch])

    def old(self, name: str) -> int | None:
        """What the field keeps; None where it is written anew."""
        note = self.note
        if note.source < 0 or (name not in self.page.kept):
            return None
        return int(self.page.scene.columns[note.source, RAW_AT[name]])

    def fixed(self, name: str, category: int) -> int:
        self.note.columns[RAW_AT[name]] = category
        return category + 1

    def move(self, note: Placed) -> None:
        """The player follows the note, which has no lane."""
        leave = note.place if note.columns[REPEATS_AT] % 2 == 1 else note.tail
        move = note.place - self.leave if np.isfinite(self.time) else 0j
        along = leave - note.place
        self.came = along if abs(along) > _LEADS else move
        self.leave = leave
