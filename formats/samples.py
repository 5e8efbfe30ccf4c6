"""Which sample files a note plays: the set, the addition and the custom index, or a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formats.osu import Additions
from formats.timeline import Note
from formats.timing import TimingGrid

SET_NAMES = {1: "normal", 2: "soft", 3: "drum"}
ADDITION_NAMES = {
    Additions.NORMAL: "hitnormal",
    Additions.WHISTLE: "hitwhistle",
    Additions.FINISH: "hitfinish",
    Additions.CLAP: "hitclap",
}
ADDITIONS = (Additions.WHISTLE, Additions.FINISH, Additions.CLAP)
SAMPLE_ENDINGS = ("wav", "ogg", "mp3")


@dataclass(frozen=True, slots=True)
class Sample:
    """One sound of a note. `filename` is set where the note names a file, else `set` 1–3, `addition` and `index` do.

    `index` 0 is the player's own skin, 1 the map's sample without a number, 2 and up carry it in the file's name.
    """

    set: int
    addition: Additions
    index: int
    filename: str = ""

    @property
    def name(self) -> str:
        """The file without its ending, or the file that the note names: `soft-hitclap2`."""
        if self.filename:
            return self.filename
        number = self.index if self.index > 1 else ""
        return f"{SET_NAMES.get(self.set, 'normal')}-{ADDITION_NAMES[self.addition]}{number}"


def head_samples(note: Note, grid: TimingGrid) -> Iterator[Sample]:
    """What sounds at the head of a circle, hold or slider: hitnormal (or the file that replaces it), then its additions."""
    source, sample = note.object, note.object.sample
    line = grid.sample_point_at(note.time)
    normal_set = sample.normal_set or (line.sample_set if line else 0) or 1
    index = sample.index or (line.sample_index if line else 0)
    if sample.filename:
        yield Sample(0, Additions.NORMAL, 0, sample.filename)
    else:
        yield Sample(normal_set, Additions.NORMAL, index)
    if source.sound & 14:
        addition_set = sample.addition_set or normal_set
        for addition in ADDITIONS:
            if source.sound & addition:
                yield Sample(addition_set, addition, index)


def stem(path: str) -> str:
    """A file's path without its ending and in lower case, as the game looks it up: it takes any of wav, ogg and mp3."""
    start, dot, ending = path.replace("\\", "/").lower().rpartition(".")
    return start if dot and ending in SAMPLE_ENDINGS else path.replace("\\", "/").lower()
