"""Mistakes in taiko maps."""

from __future__ import annotations

from random import Random

from benchmarks.detection.mistake import Mistake
from benchmarks.detection.osu_map import OsuMap
from formats.beatmap import Beatmap
from formats.taiko import is_finisher, is_kat
from formats.timeline import Note

WHISTLE, FINISH, CLAP = 2, 4, 8


class TaikoMap(OsuMap):
    kinds = ("colour", "finisher", "unsnap", "snap", "missing", "extra")

    def __init__(self, beatmap: Beatmap) -> None:
        super().__init__(beatmap)
        sounds = [note.object.sound for note in self.notes]
        whistles, claps = (sum(bool(sound & bit) for sound in sounds) for bit in (WHISTLE, CLAP))
        self.rim = WHISTLE if whistles > claps else CLAP

    def recoloured(self, note: Note, *, kat: bool) -> int:
        """The note's hit sound as don or as kat, with the bit for the rim that the map uses most."""
        sound = note.object.sound & ~(WHISTLE | CLAP)
        return sound | self.rim if kat else sound

    def colour(self, at: int, chance: Random) -> Mistake | None:  # noqa: ARG002
        note = self.notes[at]
        return self.replaced("colour", at, {4: self.recoloured(note, kat=not is_kat(note))}) if self.is_circle(at) else None

    def finisher(self, at: int, chance: Random) -> Mistake | None:
        """Half of the tries take a finisher away, the others make a small note big."""
        note = self.notes[at]
        if not self.is_circle(at) or is_finisher(note) != (chance.random() < 0.5):
            return None
        return self.replaced("finisher", at, {4: note.object.sound ^ FINISH})

    def extra_values(self, note: Note, chance: Random) -> dict[int, object]:
        return {3: note.object.type & ~4, 4: self.recoloured(note, kat=chance.random() < 0.5) & ~FINISH}
