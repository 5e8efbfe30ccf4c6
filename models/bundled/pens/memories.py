"""What a candidate remembers of the map's other bars and of what it wrote itself."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import FIELDS, Family
from models.bundled.onsets import Song
from models.bundled.pens.figures import FIGURED, Figures, Move, moves_of
from models.bundled.pens.hand import BEAT_BOUNDS, LOOKED_AT, Hand, beat_category
from models.bundled.pens.notes import RAW_AT, Placed, scene_of_notes
from models.bundled.pens.page import Page
from models.bundled.pens.rhythm import Rhythm
from models.bundled.recall import Echoes, Parallels, Ticks, beat_ticks, lags_of
from models.bundled.refrains import refrains
from models.bundled.scenes import KIND_AT, LANE_AT, NONE

# Ticks of a section that is compared with the rest of its song; tempos without sense have more.
MOST = 1 << 20
NO_ECHOES = Echoes(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Memory:
    """The moments with notes outside of the section, in `ticks` of a 48th of a beat before and behind it, and what their notes
    are: columns as in `Scene`, and last the category of `length`. `places` (T,) are the ticks of the page. `moves`: the movements
    to those whose note before stands outside too."""

    before: list[int]
    behind: list[int]
    notes: dict[int, list[list[int]]]
    places: NDArray[np.int64]
    parallels: Parallels
    end: int
    moves: dict[int, Move]


def memory_of(page: Page, song: Song | None = None, delay: float = 0.0) -> Memory:
    """`song` sounds `delay` ms later than the times of the page say."""
    scene = page.scene
    ticks = beat_ticks(scene.beats, scene.time).tolist()
    _, stretch = scene.beats.at(np.array([page.start]))
    outside = [*range(page.first), *range(page.stop, len(scene))]
    notes: dict[int, list[list[int]]] = {}
    lasting = np.searchsorted(BEAT_BOUNDS, (scene.end - scene.time) / scene.beat_lengths).tolist()
    for at in outside:
        notes.setdefault(ticks[at], []).append([*scene.columns[at].tolist(), lasting[at]])
    before, behind = (list(dict.fromkeys(each)) for each in (ticks[: page.first], ticks[page.stop :]))
    first, last = (int(each) for each in beat_ticks(scene.beats, np.array([page.start, page.end])))
    end, meter = behind[0] if behind else last, float(scene.beats.meters[stretch[0]])
    sounds = None
    if song is not None and (before or behind) and last - first <= MOST:
        known = [*before, *behind]
        sounds = refrains(song, delay, scene.beats, first, last, lags_of(meter, known[-1] - known[0]))
    parallels = Parallels.of(before, behind, end, meter, sounds, first)
    moves = dict[int, Move]()
    if page.family is Family.OSU:
        moves = {ticks[at]: move for at, move in enumerate(moves_of(scene)) if 0 < at < page.first or at > page.stop}
    return Memory(before, behind, notes, beat_ticks(scene.beats, page.ticks.time), parallels, end, moves)


class Recollection:
    """Of one candidate."""

    def __init__(self, memory: Memory, hand: Hand, rhythm: Rhythm) -> None:
        self.memory, self.hand, self.page, self.rhythm = memory, hand, hand.page, rhythm
        self._moments = memory.before[-LOOKED_AT:]
        self._own: dict[int, list[list[int]]] = {}
        # What is alike behind so many moments, and what stands there.
        self._behind, self._echoes = -1, NO_ECHOES
        self._all = np.zeros(0, np.int64)
        self._others: list[list[list[int]]] | None = None
        self._like: tuple[int, list[list[int] | None]] | None = None
        self._figures, self._looked = Figures(memory.moves), False

    def begin(self) -> None:
        """Turns to the next note."""
        self._others, self._like, self._looked = None, None, False

    def figures(self) -> Figures:
        """What the note may be like, whose time is known."""
        if not self._looked and self.hand.note.tick >= 0:
            self._figures.look(int(self.memory.places[self.hand.note.tick]), self._moments, self._alike())
            self._looked = True
        return self._figures

    def _alike(self) -> Echoes:
        """The places that the next note is like by its rhythm."""
        if self._behind != len(self._moments):
            self._behind = len(self._moments)
            self._all = np.array([*self.memory.before, *self._own, *self.memory.behind], np.int64)
            self._echoes = self.memory.parallels.at(self._all, self._moments)
        return self._echoes

    def recalled(self, number: int, size: int) -> tuple[NDArray[np.float64], float] | None:
        """(size,) how much speaks for each category of the field by what other bars have here, their sum 1, and how far that
        is to be trusted, 0 to 1; None where they tell nothing."""
        echoes, name = self._alike(), FIELDS[number].name
        if name in FIGURED:
            return self.figures().recalled(name, size) if self.page.family is Family.OSU else None
        if not len(echoes.lags):
            return None
        categories = self._next_gaps(echoes.lags) if name == "gap" else np.array(self._there(name), np.int64)
        known = (categories >= 0) & (categories < size)
        if not known.any():
            return None
        weight = echoes.weight[known]
        votes = np.bincount(categories[known], weight, size)
        return votes / float(weight.sum()), float(weight @ echoes.trust[known]) / float(echoes.weight.sum())

    def _notes_at(self, ticks: Ticks) -> list[list[list[int]]]:
        """What stands at each tick."""
        notes, own = self.memory.notes, self._own
        return [notes.get(tick) or own.get(tick, []) for tick in ticks.tolist()]

    def _next_gaps(self, lags: Ticks) -> NDArray[np.int64]:
        """(lags,) the category of the gap to the next note of the bar so many ticks from here, −1 for none that may be."""
        here, moments, rhythm = self._moments[-1], self._all, self.rhythm
        ticks = self.memory.places[rhythm.ticks_at]
        at = np.searchsorted(moments, here + lags, side="right")
        place = moments[np.minimum(at, len(moments) - 1)] - lags
        gaps = np.full(len(lags), -1)
        if len(ticks):
            found = np.minimum(np.searchsorted(ticks, place), len(ticks) - 1)
            gaps = np.where(ticks[found] == place, rhythm.gaps[found], -1)
        gaps[place >= self.memory.end] = rhythm.end_gap
        gaps[at >= len(moments)] = -1
        if self.page.laned and self.hand.written:
            lane = self.hand.known[-1].columns[LANE_AT]
            gaps[[any(note[LANE_AT] > lane for note in notes) for notes in self._notes_at(here + lags)]] = 0
        return gaps

    def _there(self, name: str) -> list[int]:
        """The category that the field has where the note is found again, −1 for none."""
        note, at = self.hand.note, RAW_AT.get(name)
        if note.tick < 0:
            return [-1] * len(self._echoes.lags)
        if self._others is None:
            self._others = self._notes_at(int(self.memory.places[note.tick]) + self._echoes.lags)
        if name == "lane" and self.page.laned:
            before = self.hand.known[-1].columns[LANE_AT] if note.gap == 0 and self.hand.written else -1
            return [next((each[LANE_AT] for each in there if each[LANE_AT] > before), -1) for there in self._others]
        lane = note.columns[LANE_AT] if self.page.laned else NONE
        if self._like is None or self._like[0] != lane:
            like = [next((each for each in there if lane in (NONE, each[LANE_AT])), None) for there in self._others]
            self._like = lane, like
        found = self._like[1]
        if name == "length":
            kind = note.columns[KIND_AT]
            return [each[-1] if each is not None and each[KIND_AT] == kind else -1 for each in found]
        return [-1 if each is None or at is None else each[at] for each in found]

    def remember(self, note: Placed) -> None:
        """The note is one that others may be like."""
        if note.time < self.page.start:
            return
        tick = (
            int(self.memory.places[note.tick])
            if note.tick >= 0
            else int(beat_ticks(self.page.scene.beats, np.array([note.time]))[0])
        )
        lasting = beat_category((note.end - note.time) / self.hand.beat(note.time))
        self._own.setdefault(tick, []).append([*note.columns, lasting])
        if self.page.family is Family.OSU:
            self._figures.add(tick, scene_of_notes(self.page.scene, [*self.hand.known[-2:], note]))
        if self._moments[-1:] != [tick]:
            self._moments.append(tick)
