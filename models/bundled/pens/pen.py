"""Writes notes into a map one after another: what may stand at the next note, and what then does."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import FIELDS, REPEATS, Family
from models.bundled.pens.hand import LOOKED_AT, READ, Choice, Hand
from models.bundled.pens.kinds import Kinds
from models.bundled.pens.lane_field import LaneField
from models.bundled.pens.lanes import Lanes
from models.bundled.pens.lengths import Lengths
from models.bundled.pens.memories import Memory, Recollection
from models.bundled.pens.movements import Movements
from models.bundled.pens.notes import RAW_AT, Placed, standing
from models.bundled.pens.page import Page
from models.bundled.pens.rhythm import Rhythm
from models.bundled.pens.shares import Shares
from models.bundled.pens.sliders import Sliders
from models.bundled.pens.sounds import Sounds
from models.bundled.scenes import KIND_AT, REPEATS_AT, SPINNER
from models.bundled.ticks import described

# ms of what was written last that is held against the course of a page.
LATELY = 16_000.0


class Pen:
    """Writes one candidate, or one try of it.

    `bold`: 1 for the likeliest rhythm, more for a bolder one. `bits` what was drawn costs, by what is wanted too; `cost` the same
    of the note that is being written by the network alone, `costs` of those before it. `ending`: ends are tried from here on;
    `behind` bits of the first note behind the section.
    """

    def __init__(self, page: Page, memory: Memory, rng: np.random.Generator, candidate: int = 0) -> None:
        self.page, self.candidate = page, candidate
        self.bold = 1.0
        self.bits = self.cost = self.behind = 0.0
        self.costs: list[float] = []
        self.ending = False
        self.hand = Hand(page, rng)
        self._lanes = Lanes(self.hand)
        self._lengths = Lengths(self.hand, self._lanes)
        self._shares = Shares(page.shares)
        self._rhythm = Rhythm(self.hand, self._lanes)
        self._recollection = Recollection(memory, self.hand, self._rhythm)
        self._movements = Movements(self.hand, self._recollection)
        self._sliders = Sliders(self.hand, self._lengths, self._movements.bounds, self._recollection)
        self._sounds = Sounds(self.hand, self._lanes, self._lengths, self._recollection)
        kinds = Kinds(self.hand, self._lengths)
        self._lane = LaneField(self.hand, self._lanes, self._lengths)
        sounds, lengths, sliders, movements = self._sounds, self._lengths, self._sliders, self._movements
        self._choices: Mapping[str, Callable[[], Choice]] = {
            "gap": self._rhythm.gap,
            "snap": self._rhythm.snap,
            "error": self._rhythm.error,
            "kind": kinds.choice,
            "lane": self._lane.choice,
            "new_combo": sounds.new_combo,
            "distance": movements.distance,
            "angle": movements.angle,
            "shift": movements.shift,
            "length": lengths.length,
            "end_snap": lengths.end_snap,
            "repeats": lengths.repeats,
            "curve": sliders.curve,
            "anchors": sliders.anchors,
            "slider_angle": sliders.angle,
            "hitsound": self._hitsound,
            "tail_hitsound": sounds.tail,
            "sample_set": sounds.sample_set,
            "addition_set": partial(sounds.usual, "addition_set"),
            "modifier": sounds.modifier,
            "volume": partial(sounds.of_lines, "volume"),
            "slider_velocity": sounds.velocity,
            "kiai": partial(sounds.of_lines, "kiai"),
        }
        self._takes: Mapping[str, Callable[[int], None]] = {
            "gap": self._rhythm.take_gap,
            "snap": self._rhythm.take_snap,
            "lane": self._lane.take,
            "distance": movements.take_distance,
            "angle": movements.take_angle,
            "shift": movements.take_shift,
            "length": lengths.take_length,
            "end_snap": lengths.take_end_snap,
            "slider_angle": sliders.take_angle,
            "slider_velocity": sounds.take_velocity,
        }
        # The moments that were written, ms; where only some lanes are, those of others do not count.
        self._begun: list[float] = []
        scene = page.scene
        for at in range(max(page.first - LOOKED_AT, 0), page.first):
            self._pass(standing(scene, at))
        self.hand.known = [standing(scene, at) for at in range(max(page.first - READ, 0), page.first)]

    def copied(self, rng: np.random.Generator) -> Pen:
        """One that goes on from here by other chances."""
        memory = self._recollection.memory
        shared = (
            self.page,
            memory,
            memory.moves,
            self._movements.bounds,
            self._movements.haunts,
            self.hand.rng,
            *self.hand.known,
        )
        other = deepcopy(self, {id(each): each for each in shared})
        other.hand.rng = rng
        return other

    @property
    def done(self) -> bool:
        return self.hand.done

    @property
    def note(self) -> Placed:
        """The note that is being written."""
        return self.hand.note

    @property
    def known(self) -> list[Placed]:
        """The notes before it, the last of which this pen has written."""
        return self.hand.known

    @property
    def written(self) -> int:
        """So many of them."""
        return self.hand.written

    @property
    def time(self) -> float:
        """Where the pen is, ms."""
        return max(self.hand.time, self.page.start)

    @property
    def next_seen(self) -> int:
        """The next note of the scene that is seen from behind, −1 for none."""
        return self.hand.following

    # What comes next

    def begin(self) -> None:
        """Turns to the next note."""
        hand, page = self.hand, self.page
        hand.note = Placed()
        self._recollection.begin()
        hand.held = hand.queue[0] if hand.queue else -1
        self._rhythm.begin()
        if hand.held < 0 and page.again:
            hand.done = True
        elif hand.held >= 0 and (page.again or not self._rhythm.room()):
            hand.give(hand.held)
        elif hand.held < 0 and not self._rhythm.room():
            hand.done = True

    def heard_at(self) -> tuple[int, int]:
        """`phase` and `bar` of the note."""
        note, page = self.hand.note, self.page
        ticks = page.ticks if note.tick >= 0 else described(page.scene.beats, np.array([note.time]), np.array([note.time]))
        at = max(note.tick, 0)
        return int(ticks.phase[at]), int(ticks.bar[at])

    # Fields

    def choice(self, number: int) -> Choice:
        """What the field may take."""
        if self.hand.done or self.hand.note.given:
            return 0
        if self.page.family not in FIELDS[number].families:
            return 0
        return self._choices[FIELDS[number].name]()

    def take(self, number: int, category: int) -> None:
        """The field is `category`."""
        name = FIELDS[number].name
        self._shares.take(name, category)
        if name in self._takes:
            self._takes[name](category)
        else:
            self.hand.note.columns[RAW_AT[name]] = category

    def leaning(self, number: int) -> NDArray[np.float64] | None:
        """(size,) nats that speak for each category of the field beside the network; None for none."""
        name = FIELDS[number].name
        leaning = self._lane.leaning(self.hurry()) if name == "lane" else self._movements.leaning(name)
        return self._shares.leaning(name) if leaning is None else leaning

    def recalled(self, number: int, size: int) -> tuple[NDArray[np.float64], float] | None:
        """(size,) how much speaks for each category of the field by what other bars have here, their sum 1, and how far that
        is to be trusted, 0 to 1; None where they tell nothing."""
        return self._recollection.recalled(number, size)

    def _hitsound(self) -> Choice:
        if self.page.family is Family.CATCH and self._lengths.slides():
            self._sliders.settle_sideways()
        return self._sounds.usual("hitsound")

    # The end of a note

    def finish(self) -> None:
        """The note is whole."""
        hand, note = self.hand, self.hand.note
        if not self._lengths.slides() and note.columns[KIND_AT] != SPINNER and not note.given:
            note.tail = note.place
        self._movements.finish()
        self._lengths.finish()
        self._pass(note)
        hand.known.append(note)
        hand.written += 1
        if not note.given:
            self.costs.append(self.cost)
        self.cost = 0.0

    def _pass(self, note: Placed) -> None:
        """Goes on from a note."""
        hand, page = self.hand, self.page
        spans = REPEATS[note.columns[REPEATS_AT]] if note.columns[REPEATS_AT] > 0 else 1
        until = note.time + (note.end - note.time) * spans
        same = abs(note.time - hand.time) < 1e-6
        if page.laned:
            self._lanes.strike(note, until, same=same)
        else:
            if np.isfinite(hand.time):
                self._movements.follow(hand.gap_of(note.time), note.place - hand.leave)
            hand.move(note)
        if note.time >= page.start:
            counts = page.lanes is None or not note.given
            if counts and (not self._begun or note.time > self._begun[-1] + 1e-6):
                self._begun.append(note.time)
            self._recollection.remember(note)
        hand.time, hand.speed = note.time, note.speed
        hand.until = max(until, hand.until)

    def company(self) -> float:
        """Above 0 where fewer notes were written beside others than `company` of the page asks for, below where more."""
        page, moments = self.page, len(self._begun)
        if page.lanes is not None:
            # Beside a note of another lane it is one more moment of these.
            return self.hurry()
        if page.company is None or not moments:
            return 0.0
        return float(np.clip((page.company * moments - self.hand.written) / np.sqrt(moments + 4.0), -3.0, 3.0))

    def hurry(self) -> float:
        """Above 0 where fewer moments were written than `pace` asks for, below where more."""
        page = self.page
        if page.pace is None or not np.isfinite(self.hand.time):
            return 0.0
        written = len(self._begun)
        if page.course is None:
            wanted = page.pace * max(self.hand.time - page.start, 0.0) / 1000
        else:
            # Only the last bars count, so that a dense part is not paid for by the next one.
            lately = self.hand.time - LATELY
            now, then = np.interp((self.hand.time, lately), page.ticks.time, page.course).tolist()
            wanted, written = now - then, written - bisect_left(self._begun, lately)
        return float(np.clip((wanted - written) / np.sqrt(wanted + 4.0), -3.0, 3.0))
