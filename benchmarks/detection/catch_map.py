"""Mistakes in catch maps."""

from __future__ import annotations

from random import Random

from benchmarks.detection.mistake import Mistake
from benchmarks.detection.osu_map import OsuMap
from formats.timeline import PLAYFIELD_WIDTH

MOVED = (90.0, 170.0)  # osu!pixels
LENGTHS = (0.5, 0.75, 1.25, 1.5)  # times the slider's length
CLEAR_AFTER = 30.0  # ms from a longer slider's end to the next object


class CatchMap(OsuMap):
    kinds = ("position", "unsnap", "snap", "missing", "extra", "new-combo", "hitsound", "slider-length")
    extra_from_beats = 0.9

    def position(self, at: int, chance: Random) -> Mistake | None:
        x = self.notes[at].object.x + chance.choice((-1, 1)) * chance.uniform(*MOVED)
        if not self.is_circle(at) or not 0 <= x <= PLAYFIELD_WIDTH:
            return None
        return self.replaced("position", at, {0: int(x)})

    def new_combo(self, at: int, chance: Random) -> Mistake | None:  # noqa: ARG002
        note = self.notes[at]
        return None if note.is_spinner else self.replaced("new-combo", at, {3: note.object.type ^ 4})

    def hitsound(self, at: int, chance: Random) -> Mistake | None:
        return None if self.notes[at].is_spinner else super().hitsound(at, chance)

    def slider_length(self, at: int, chance: Random) -> Mistake | None:
        note, after = self.notes[at : at + 2]
        factor = chance.choice(LENGTHS)
        if not note.is_slider or not note.object.length or note.time + note.duration * factor > after.time - CLEAR_AFTER:
            return None
        return self.replaced("slider-length", at, {7: note.object.length * factor})
