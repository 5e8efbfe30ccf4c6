"""Which sample files a note plays: the set, the addition and the custom index, or a file of its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from formats.osu import Additions, HitSample, TimingPoint
from formats.timeline import Timeline
from formats.timing import SAMPLE_LENIENCY

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


def head_samples(timeline: Timeline) -> list[tuple[Sample, ...]]:
    """For every note what sounds at its head: hitnormal (or the file that replaces it), then its additions."""
    grid = timeline.grid
    kept: dict[tuple[int, int, int, int, int, str], tuple[Sample, ...]] = {}
    found: list[tuple[Sample, ...]] = []
    at, until = 0, -inf
    for note in timeline.notes:
        time = note.time + SAMPLE_LENIENCY
        if time >= until:
            at = max(bisect_right(grid.times, time) - 1, 0)
            until = grid.times[at + 1] if at + 1 < len(grid.times) else inf
        sound, sample = note.object.sound & 14, note.object.sample
        key = (at, sound, sample.normal_set, sample.addition_set, sample.index, sample.filename)
        samples = kept.get(key)
        if samples is None:
            samples = kept[key] = tuple(_samples(sound, sample, grid.points[at] if grid.points else None))
        found.append(samples)
    return found


def _samples(sound: int, sample: HitSample, line: TimingPoint | None) -> Iterator[Sample]:
    normal_set = sample.normal_set or (line.sample_set if line else 0) or 1
    index = sample.index or (line.sample_index if line else 0)
    if sample.filename:
        yield Sample(0, Additions.NORMAL, 0, sample.filename)
    else:
        yield Sample(normal_set, Additions.NORMAL, index)
    for addition in ADDITIONS:
        if sound & addition:
            yield Sample(sample.addition_set or normal_set, addition, index)


def stem(path: str) -> str:
    """A file's path without its ending and in lower case, as the game looks it up: it takes any of wav, ogg and mp3."""
    start, dot, ending = path.replace("\\", "/").lower().rpartition(".")
    return start if dot and ending in SAMPLE_ENDINGS else path.replace("\\", "/").lower()
