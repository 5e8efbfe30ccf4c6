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
from models.bundled.recall import NO_ECHOES, Echoes, Moments, Parallels, beat_ticks, lags_of
from models.bundled.refrains import refrains
from models.bundled.scenes import KIND_AT, LANE_AT, NONE, Pause

# Ticks of a section that is compared with the rest of its song; tempos without sense have more.
MOST = 1 << 20

# The columns of each note of a moment as in `Scene`, and last the category of `length`.
Notes = list[list[int]]


@dataclass(frozen=True, slots=True)
class Memory:
    """The moments with notes outside of the section, in `ticks` of a 48th of a beat before and behind it, and what their notes
    are. `places` (T,) are the ticks of the page. `moves`: the movements to those whose note before stands outside too."""

    before: Moments
    behind: Moments
    notes: dict[int, Notes]
    places: NDArray[np.int64]
    parallels: Parallels
    end: int
    moves: dict[int, Move]


def memory_of(page: Page, song: Song | None = None, delay: float = 0.0, pause: Pause | None = None) -> Memory:
    """`song` sounds `delay` ms later than the times of the page say. `pause` is called now and then."""
    scene = page.scene
    ticks = beat_ticks(scene.beats, scene.time).tolist()
    _, stretch = scene.beats.at(np.array([page.start]))
    outside = [*range(page.first), *range(page.stop, len(scene))]
    notes: dict[int, Notes] = {}
    lasting = np.searchsorted(BEAT_BOUNDS, (scene.end - scene.time) / scene.beat_lengths)
    columns = np.column_stack((scene.columns, lasting)).tolist()
    for at in outside:
        notes.setdefault(ticks[at], []).append(columns[at])
    before, behind = (list(dict.fromkeys(each)) for each in (ticks[: page.first], ticks[page.stop :]))
    first, last = (int(each) for each in beat_ticks(scene.beats, np.array([page.start, page.end])))
    end, meter = behind[0] if behind else last, float(scene.beats.meters[stretch[0]])
    sounds = None
    if song is not None and (before or behind) and last - first <= MOST:
        known = [*before, *behind]
        if pause is not None:
            pause()
        sounds = refrains(song, delay, scene.beats, first, last, lags_of(meter, known[-1] - known[0]))
    if pause is not None:
        pause()
    parallels = Parallels.of(before, behind, end, meter, sounds, first)
    if pause is not None:
        pause()
    moves = dict[int, Move]()
    if page.family is Family.OSU:
        moves = {ticks[at]: move for at, move in enumerate(moves_of(scene)) if 0 < at < page.first or at > page.stop}
    one, other = (
        Moments(np.array(each, np.int64), np.array([_struck(notes[tick]) for tick in each], np.int64) if page.laned else None)
        for each in (before, behind)
    )
    return Memory(one, other, notes, beat_ticks(scene.beats, page.ticks.time), parallels, end, moves)


def _struck(notes: Notes) -> int:
    """The lanes of a moment, as bits."""
    return sum(1 << max(note[LANE_AT], 0) for note in notes)


class Recollection:
    """Of one candidate."""

    def __init__(self, memory: Memory, hand: Hand, rhythm: Rhythm) -> None:
        self.memory, self.hand, self.page, self.rhythm = memory, hand, hand.page, rhythm
        self._own: dict[int, Notes] = {}
        # The same moments as in a memory.
        self._written, self._lanes = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._all = memory.before
        # Where what comes next may be found, where what then stands there, and where what stands at the tick `_tick` does.
        self._next, self._coming, self._there = NO_ECHOES, NO_ECHOES, NO_ECHOES
        self._tick: int = NONE
        self._others: list[Notes] = []
        self._like: tuple[int, list[list[int] | None]] | None = None
        self._figures, self._looked = Figures(memory.moves), False

    def begin(self) -> None:
        """Turns to the next note."""
        memory = self.memory
        ticks = np.concatenate((memory.before.ticks, self._written, memory.behind.ticks))
        contents = None
        if memory.before.contents is not None and memory.behind.contents is not None:
            contents = np.concatenate((memory.before.contents, self._lanes, memory.behind.contents))
        self._all = Moments(ticks, contents)
        self._next, self._coming = memory.parallels.at(self._all, len(memory.before.ticks) + len(self._own))
        self._like, self._looked = None, False

    def _here(self) -> int:
        """The tick of the last moment."""
        return next(reversed(self._own), int(self.memory.before.ticks[-1]) if len(self.memory.before.ticks) else NONE)

    def figures(self) -> Figures:
        """What the note may be like, whose time is known."""
        if not self._looked and self.hand.note.tick >= 0:
            stand = len(self.memory.before.ticks) + len(self._written)
            moments = self._all.ticks[:stand][-LOOKED_AT:].tolist()
            self._figures.look(int(self.memory.places[self.hand.note.tick]), moments, self._next)
            self._looked = True
        return self._figures

    def recalled(self, number: int, size: int) -> tuple[NDArray[np.float64], float] | None:
        """(size,) how much speaks for each category of the field by what other bars have here, their sum 1, and how far that
        is to be trusted, 0 to 1; None where they tell nothing."""
        name = FIELDS[number].name
        if name in FIGURED:
            return self.figures().recalled(name, size) if self.page.family is Family.OSU else None
        if name == "gap":
            return self._gaps(size)
        self._turn()
        return _votes(self._there, self._values(name), size)

    # When the next note begins

    def _gaps(self, size: int) -> tuple[NDArray[np.float64], float] | None:
        onward = _votes(self._next, self._next_gaps(), size) if len(self._next.lags) else None
        if not self.page.laned or not self.hand.written or self._tick != self._here() or not len(self._there.lags):
            return onward
        # Another note of this moment, or the next moment.
        written, weight = len(self._own[self._tick]), self._there.weight
        beside = np.array([len(notes) > written for notes in self._others])
        share = float(weight[beside].sum() / weight.sum())
        trust = float(weight @ self._there.trust / weight.sum())
        votes, further = (np.zeros(size), 0.0) if onward is None else onward
        votes = (1 - share) * votes
        votes[0] += share
        return votes, share * trust + (1 - share) * further

    def _next_gaps(self) -> NDArray[np.int64]:
        """(lags,) the category of the gap to the next note of the bar so many ticks from here, −1 for none that may be."""
        lags, moments, rhythm = self._next.lags, self._all.ticks, self.rhythm
        ticks = self.memory.places[rhythm.ticks_at]
        at = np.searchsorted(moments, self._here() + lags, side="right")
        place = moments[np.minimum(at, len(moments) - 1)] - lags
        gaps = np.full(len(lags), -1)
        if len(ticks):
            found = np.minimum(np.searchsorted(ticks, place), len(ticks) - 1)
            gaps = np.where(ticks[found] == place, rhythm.gaps[found], -1)
        gaps[place >= self.memory.end] = rhythm.end_gap
        gaps[at >= len(moments)] = -1
        return gaps

    # What it is

    def _turn(self) -> None:
        """To the notes of other bars at the tick of the note."""
        note = self.hand.note
        tick = int(self.memory.places[note.tick]) if note.tick >= 0 else NONE
        if tick == self._tick and tick != NONE:
            return
        self._tick, self._there = tick, self._coming if tick != NONE else NO_ECHOES
        notes, own = self.memory.notes, self._own
        self._others = [notes.get(each) or own.get(each, []) for each in (tick + self._there.lags).tolist()]

    def _values(self, name: str) -> NDArray[np.int64]:
        """(lags,) the category that the field has where the note is found again, −1 for none."""
        note, at = self.hand.note, RAW_AT.get(name)
        if name == "lane" and self.page.laned:
            before = self.hand.known[-1].columns[LANE_AT] if note.gap == 0 and self.hand.written else -1
            found = [next((each[LANE_AT] for each in there if each[LANE_AT] > before), -1) for there in self._others]
            return np.array(found, np.int64)
        lane = note.columns[LANE_AT] if self.page.laned else NONE
        if self._like is None or self._like[0] != lane:
            like = [next((each for each in there if lane in (NONE, each[LANE_AT])), None) for there in self._others]
            self._like = lane, like
        if name == "length":
            kind = note.columns[KIND_AT]
            found = [each[-1] if each is not None and each[KIND_AT] == kind else -1 for each in self._like[1]]
        else:
            found = [-1 if each is None or at is None else each[at] for each in self._like[1]]
        return np.array(found, np.int64)

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
        if tick not in self._own:
            self._own[tick] = []
            self._written, self._lanes = np.append(self._written, tick), np.append(self._lanes, 0)
        self._own[tick].append([*note.columns, lasting])
        self._lanes[-1] = _struck(self._own[tick])
        if self.page.family is Family.OSU:
            self._figures.add(tick, scene_of_notes(self.page.scene, [*self.hand.known[-2:], note]))


def _votes(echoes: Echoes, categories: NDArray[np.int64], size: int) -> tuple[NDArray[np.float64], float] | None:
    """As `Recollection.recalled`: what stands at each of the echoes, −1 for nothing that counts."""
    known = (categories >= 0) & (categories < size)
    if not known.any():
        return None
    weight = echoes.weight[known]
    votes = np.bincount(categories[known], weight, size)
    return votes / float(weight.sum()), float(weight @ echoes.trust[known]) / float(echoes.weight.sum())
