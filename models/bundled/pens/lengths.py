"""How long a note lasts: length, the snap of its end, repeats."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import COLUMN, FIELDS, REPEATS, Family
from models.bundled.habits import LEAST_HOLD, LEAST_SPINNER, LEAST_SUSTAIN, MULTIPLIER_AT, SUSTAIN_GAP
from models.bundled.pens.hand import BEAT_BOUNDS, BEATS, NO_TICKS, ROLLS, SUSTAINED, Choice, Hand, beat_category
from models.bundled.pens.lanes import Lanes
from models.bundled.pens.page import Mask
from models.bundled.pens.playfield import HEIGHT, WIDTH
from models.bundled.scenes import BIG_ROLL, DENDEN, HOLD, KIND_AT, REPEATS_AT, ROLL, SLIDER, SPINNER
from models.bundled.ticks import described


class Lengths:
    def __init__(self, hand: Hand, lanes: Lanes) -> None:
        self.hand, self.page, self.lanes = hand, hand.page, lanes
        # What one field leaves for the next to choose from.
        self._end_ticks, self._end_beats, self._category = NO_TICKS, NO_TICKS, 0

    def slides(self) -> bool:
        return self.hand.note.columns[KIND_AT] == SLIDER

    def lasts(self, kind: int) -> bool:
        """Whether a note of the kind finds an end."""
        return bool(len(self.ends(kind)))

    def ends(self, kind: int) -> NDArray[np.intp]:
        """The ticks on which a note of the kind that begins here may end (of a slider: its first span)."""
        page, note, habits = self.page, self.hand.note, self.page.habits
        least = {SPINNER: LEAST_SPINNER, HOLD: LEAST_HOLD, DENDEN: LEAST_SPINNER / 2}.get(kind, habits.shortest)
        rest = habits.gap
        if kind == SPINNER:
            rest = max(rest, 1000.0 if page.scene.condition[2] < 0.55 else 300.0)
        limit = min(page.end + 1e-6, self.limit(rest))
        ticks = page.ticks
        first = int(np.searchsorted(ticks.time, note.time + least - 1e-6))
        last = int(np.searchsorted(ticks.exact, limit, side="right"))
        return np.arange(first, max(last, first))

    def limit(self, rest: float) -> float:
        """Until when the note may last, in its lane where it has one."""
        page = self.page
        if not page.laned:
            return self.hand.bound() - rest if self.hand.held >= 0 or page.stop < len(page.scene) else page.end
        if page.family is Family.FRETS:
            return self.hand.bound() - SUSTAIN_GAP if not page.habits.extended else self.lanes.next_strike() - SUSTAIN_GAP
        return self.lanes.next_strike() - page.habits.lane_gap

    def is_long(self) -> bool:
        return self.page.family in (Family.FRETS, Family.DRUMS) or self.hand.note.columns[KIND_AT] in SUSTAINED

    def length(self) -> Choice:
        page, note = self.page, self.hand.note
        if not self.is_long():
            return 0
        if page.family is Family.DRUMS:
            return 1
        if note.source >= 0 and (
            page.again or ("length" in page.kept and page.scene.end[note.source] <= self.limit(page.habits.gap))
        ):
            note.end = float(page.scene.end[note.source])
            return self._lasting()
        if page.family is Family.FRETS and page.habits.even and self.lanes.together and abs(note.time - self.hand.time) < 1e-6:
            note.end = self.lanes.chord_end
            return self._lasting()
        kind = note.columns[KIND_AT]
        ends = self.ends(kind)
        ticks = page.ticks
        if page.family is Family.FRETS:
            ends = ends[ticks.time[ends] >= note.time + LEAST_SUSTAIN]
        beat = float(ticks.length[note.tick])
        if kind == SLIDER:
            reach = self._reach_of(ends)
            ends = ends[reach] if reach.any() else ends[:1]
        self._end_ticks = ends
        self._end_beats = np.searchsorted(BEAT_BOUNDS, (ticks.exact[ends] - note.exact) / beat)
        mask = np.zeros(len(BEATS), bool)
        mask[self._end_beats] = True
        mask[0] = page.family is Family.FRETS
        if not mask.any():
            # Nothing so short is called a length: the first end there is.
            note.end = note.time + float(ticks.exact[ends[0]]) - note.exact if len(ends) else note.time
            return 1
        return mask

    def _lasting(self) -> int:
        note = self.hand.note
        return beat_category((note.end - note.time) / self.hand.beat(note.time)) + 1

    def pixels(self, duration: float) -> float:
        """osu!pixels of a slider that lasts so long (ms)."""
        note, scene = self.hand.note, self.page.scene
        return duration / self.hand.beat(note.time) * 200.0 * float(scene.condition[MULTIPLIER_AT]) * note.speed

    def _reach_of(self, ends: NDArray[np.intp]) -> Mask:
        """Which ends are not too far for a slider from here, bent at most a little."""
        note, ticks = self.hand.note, self.page.ticks
        corners = np.array([0, WIDTH, 1j * HEIGHT, WIDTH + 1j * HEIGHT])
        farthest = float(np.abs(corners - note.place).max())
        pixels = self.pixels(1.0) * (ticks.exact[ends] - note.exact)
        return pixels <= 1.2 * farthest

    def take_length(self, category: int) -> None:
        note = self.hand.note
        if category == 0 and self.page.family is Family.FRETS:
            note.end, self._end_ticks = note.time, NO_TICKS
            return
        self._end_ticks = self._end_ticks[self._end_beats == category]
        self._category = category

    def end_snap(self) -> Choice:
        note, page = self.hand.note, self.page
        if not self.is_long() or not len(self._end_ticks):
            if self.is_long() and note.end > note.time:
                there = described(page.scene.beats, np.array([note.end]), np.array([note.end]))
                return int(there.snap[0]) + 1
            return 0
        mask = np.zeros(FIELDS[COLUMN["end_snap"]].size, bool)
        mask[page.ticks.snap[self._end_ticks]] = True
        return mask

    def take_end_snap(self, category: int) -> None:
        note, ticks = self.hand.note, self.page.ticks
        found = self._end_ticks[ticks.snap[self._end_ticks] == category]
        wanted = BEATS[self._category] * ticks.length[note.tick]
        at = int(found[int(np.abs(ticks.exact[found] - note.exact - wanted).argmin())])
        slid = note.columns[KIND_AT] in (SLIDER, ROLL, BIG_ROLL)
        note.end = note.time + float(ticks.exact[at]) - note.exact if slid else float(ticks.time[at])

    def repeats(self) -> Choice:
        page, note = self.page, self.hand.note
        if note.columns[KIND_AT] not in (SLIDER, ROLL, BIG_ROLL) or page.family is Family.TAIKO:
            if page.family is Family.TAIKO and note.columns[KIND_AT] in ROLLS:
                note.columns[REPEATS_AT] = int(page.scene.columns[note.source, REPEATS_AT]) if page.again else 0
            return 0
        if page.again:
            return self.hand.fixed("repeats", max(int(page.scene.columns[note.source, REPEATS_AT]), 0))
        span, limit = note.end - note.time, min(page.end, self.limit(page.habits.gap)) + 0.5
        mask = page.habits.used["repeats"] & (note.time + span * np.array(REPEATS) <= limit)
        if not mask.any():
            mask[0] = True
        return mask

    def finish(self) -> None:
        """The note is whole."""
        self._end_ticks = NO_TICKS
