"""Where the hit sounds of a set's difficulties agree, at the moments that two or more of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzers.additions import CLAP, FINISH, WHISTLE, Sound, sounds
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode
from formats.timeline import Note

# ms between moments of two difficulties that count as one.
SAME_MOMENT = 2.0
# Below this volume an edge is silenced on purpose, so what it lacks cannot be missed.
AUDIBLE_PERCENT = 5
# A difficulty that disagrees at so many moments, and so large a share of those it shares, has hit sounds of its own.
OWN_COUNT, OWN_SHARE = 8, 0.25
_KEY = "hit sound agreement"
_SINGLE = (WHISTLE, FINISH, CLAP)


@dataclass(frozen=True, slots=True)
class Heard:
    """One sound of a difficulty; `additions` hold those of all that it plays at the moment."""

    time: float
    additions: int
    note: Note
    sound: Sound


@dataclass(frozen=True, slots=True)
class Moment:
    """What each difficulty (by its number in the set) plays at one moment."""

    heard: Mapping[int, Heard]

    def others_with(self, addition: int, number: int) -> list[int]:
        """The other difficulties that play `addition` here."""
        return [other for other, heard in self.heard.items() if other != number and heard.additions & addition]

    def expected(self, number: int, witnesses: int) -> int:
        """The additions that more than half of the other difficulties, and at least so many of them, play here."""
        least = max(witnesses, (len(self.heard) - 1) // 2 + 1)
        return sum(each for each in _SINGLE if len(self.others_with(each, number)) >= least)

    def some(self, number: int) -> int:
        """The additions that any other difficulty plays here."""
        return sum(each for each in _SINGLE if self.others_with(each, number))

    @property
    def agreed(self) -> bool:
        return len({heard.additions for heard in self.heard.values()}) == 1


@dataclass(frozen=True, slots=True)
class Agreement:
    """The moments at which not all play the same, without the difficulties in `own`: those disagree with the rest at
    (count, of so many) moments. `shared` says how many moments each of the others shares."""

    moments: Sequence[Moment]
    shared: Mapping[int, int]
    own: Mapping[int, tuple[int, int]]


def agreement(mapset: Mapset, modes: frozenset[Mode]) -> Agreement:
    """Computed once for a set and kept with its first difficulty."""
    kept = mapset.difficulties[0].derived.get(_KEY)
    if isinstance(kept, tuple) and kept[0] is mapset and kept[1] == modes:
        known: Agreement = kept[2]
        return known
    found = _compare(mapset, modes)
    mapset.difficulties[0].derived[_KEY] = (mapset, modes, found)
    return found


def _compare(mapset: Mapset, modes: frozenset[Mode]) -> Agreement:
    heard = {
        number: _heard(difficulty)
        for number, difficulty in enumerate(mapset.difficulties)
        if difficulty.beatmap.mode in modes and difficulty.timeline.notes
    }
    moments = _moments(heard)
    own: dict[int, tuple[int, int]] = {}
    while len(heard) > 1 and (odd := _odd_one(moments)) is not None:
        number, *counts = odd
        own[number] = (counts[0], counts[1])
        del heard[number]
        moments = _without(moments, number)
    shared = Counter(number for moment in moments for number in moment.heard)
    return Agreement([moment for moment in moments if not moment.agreed], shared, own)


def _heard(difficulty: Difficulty) -> list[Heard]:
    """What can be compared: not what is silenced, has a sample file of its own, or a storyboard sample beside it."""
    known = difficulty.derived.get("heard")
    if isinstance(known, list):
        return known
    volume_at = difficulty.timeline.grid.volume_at
    beside = {round(sample.time) for sample in difficulty.beatmap.samples}
    found: list[Heard] = []
    for note in difficulty.timeline.notes:
        if note.object.sample.filename:
            continue
        found += [
            Heard(sound.time, sound.additions, note, sound)
            for sound in sounds(note)
            if volume_at(sound.time) > AUDIBLE_PERCENT and round(sound.time) not in beside
        ]
    found.sort(key=lambda each: each.time)
    difficulty.derived["heard"] = found
    return found


def _moments(heard: Mapping[int, Sequence[Heard]]) -> list[Moment]:
    """The moments at which two difficulties or more play something."""
    every = sorted(((each.time, number, each) for number, listed in heard.items() for each in listed), key=lambda one: one[:2])
    moments: list[Moment] = []
    here: dict[int, Heard] = {}
    start = 0.0
    for time, number, each in every:
        if here and time - start > SAME_MOMENT:
            _close(moments, here)
            here = {}
        if not here:
            start = time
        before = here.get(number)
        here[number] = (
            each if before is None else Heard(before.time, before.additions | each.additions, before.note, before.sound)
        )
    _close(moments, here)
    return moments


def _close(moments: list[Moment], here: dict[int, Heard]) -> None:
    if len(here) > 1:
        moments.append(Moment(here))


def _odd_one(moments: Sequence[Moment]) -> tuple[int, int, int] | None:
    """The difficulty that disagrees most, when it does so by a lot: its number, the moments, and of how many."""
    shared: Counter[int] = Counter()
    apart: Counter[int] = Counter()
    for moment in moments:
        agreed = moment.agreed
        for number, heard in moment.heard.items():
            shared[number] += 1
            if not agreed and _disagrees(moment, number, heard.additions):
                apart[number] += 1
    if not apart:
        return None
    number = max(apart, key=lambda each: (apart[each], each))
    # Of two difficulties that disagree each is as far from the other: the later one is named.
    above_average = apart[number] * len(shared) > apart.total() or len(shared) == 2
    if apart[number] < OWN_COUNT or apart[number] <= OWN_SHARE * shared[number] or not above_average:
        return None
    return number, apart[number], shared[number]


def _disagrees(moment: Moment, number: int, additions: int) -> bool:
    """True where more than half of the others play an addition that this one lacks, or lack one that it plays."""
    others = len(moment.heard) - 1
    for each in _SINGLE:
        having = len(moment.others_with(each, number))
        if having * 2 > others if not additions & each else having * 2 < others:
            return True
    return False


def _without(moments: Sequence[Moment], number: int) -> list[Moment]:
    left: list[Moment] = []
    for moment in moments:
        heard = {other: each for other, each in moment.heard.items() if other != number}
        _close(left, heard)
    return left
