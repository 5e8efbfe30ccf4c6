"""Where the hit sounds of a set's difficulties differ, at the moments that two or more of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from analyzers.additions import CLAP, FINISH, WHISTLE, Sound, sounds
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode
from formats.timeline import Note

# ms between moments of two difficulties that count as one; times are taken in whole ms.
SAME_MOMENT = 2
# Up to this volume an edge is silenced on purpose, so what it lacks cannot be missed.
SILENT_PERCENT = 5
# A difficulty that disagrees at so many moments, and so large a share of those it shares, has hit sounds of its own.
OWN_COUNT, OWN_SHARE = 8, 0.25
_KEPT = "hit sound agreement"
_SINGLE = (WHISTLE, FINISH, CLAP)


class Moment(NamedTuple):
    """What each difficulty (by its number in the set) plays at `time` or up to 2 ms later, where they differ."""

    time: int
    heard: Mapping[int, int]

    def others_with(self, addition: int, number: int) -> list[int]:
        """The other difficulties that play `addition` here."""
        return [other for other, additions in self.heard.items() if other != number and additions & addition]

    def expected(self, number: int, witnesses: int) -> int:
        """The additions that more than half of the other difficulties, and at least so many of them, play here."""
        least = max(witnesses, (len(self.heard) - 1) // 2 + 1)
        return sum(each for each in _SINGLE if len(self.others_with(each, number)) >= least)

    def some(self, number: int, share: float) -> int:
        """The additions that at least this share of the other difficulties plays here."""
        least = max(share * (len(self.heard) - 1), 1)
        return sum(each for each in _SINGLE if len(self.others_with(each, number)) >= least)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The moments at which not all play the same, without the difficulties in `own`: those disagree with the rest at
    (count, of so many) moments. `shared` says how many moments each of the others shares."""

    moments: Sequence[Moment]
    shared: Mapping[int, int]
    own: Mapping[int, tuple[int, int]]


class _Kept(NamedTuple):
    mapset: Mapset
    modes: frozenset[Mode]
    agreement: Agreement


def agreement(mapset: Mapset, modes: frozenset[Mode]) -> Agreement:
    """Computed once for a set and kept with its first difficulty."""
    kept = mapset.difficulties[0].derived.get(_KEPT)
    if isinstance(kept, _Kept) and kept.mapset is mapset and kept.modes == modes:
        return kept.agreement
    found = _compare(mapset, modes)
    mapset.difficulties[0].derived[_KEPT] = _Kept(mapset, modes, found)
    return found


def _compare(mapset: Mapset, modes: frozenset[Mode]) -> Agreement:
    heard = {
        number: _heard(difficulty)
        for number, difficulty in enumerate(mapset.difficulties)
        if difficulty.beatmap.mode in modes and difficulty.timeline.notes
    }
    moments, shared = _moments(_aligned(heard))
    own: dict[int, tuple[int, int]] = {}
    while len(shared) > 1 and (odd := _odd_one(moments, shared)) is not None:
        own[odd[0]] = odd[1:]
        del heard[odd[0]]
        moments, shared = _moments(_aligned(heard))
    return Agreement(moments, shared, own)


def _heard(difficulty: Difficulty) -> dict[int, int]:
    """The additions by ms: not where it is silenced, has a sample file of its own, or a storyboard sample beside it."""
    known = difficulty.derived.get("heard")
    if known is not None:
        return cast("dict[int, int]", known)
    grid = difficulty.timeline.grid
    silences = any(point.volume <= SILENT_PERCENT for point in grid.points)
    found: dict[int, int] = {}
    for note in difficulty.timeline.notes:
        if note.object.sample.filename:
            continue
        for _, _, moment, additions in sounds(note):
            if silences and grid.volume_at(moment) <= SILENT_PERCENT:
                continue
            time = round(moment)
            found[time] = found.get(time, 0) | additions
    for sample in difficulty.beatmap.samples:
        found.pop(round(sample.time), None)
    difficulty.derived["heard"] = found
    return found


def sounds_at(difficulty: Difficulty, moments: Iterable[Moment]) -> dict[int, tuple[Note, Sound]]:
    """The difficulty's first sound at each of the moments, by the moment's time."""
    wanted = {moment.time + late: moment.time for moment in moments for late in range(SAME_MOMENT, -1, -1)}
    found: dict[int, tuple[Note, Sound]] = {}
    for note in difficulty.timeline.notes:
        for sound in sounds(note):
            time = wanted.get(round(sound.time))
            if time is not None:
                found.setdefault(time, (note, sound))
    return found


def _aligned(heard: Mapping[int, Mapping[int, int]]) -> dict[int, Mapping[int, int]]:
    """The same with moments at most 2 ms apart under the first one's time."""
    moved: dict[int, int] = {}
    start = None
    for time in sorted(set[int]().union(*heard.values())):
        if start is not None and time - start <= SAME_MOMENT:
            moved[time] = start
        else:
            start = time
    return {number: _move(times, moved) for number, times in heard.items()} if moved else dict(heard)


def _move(times: Mapping[int, int], moved: Mapping[int, int]) -> Mapping[int, int]:
    if not moved.keys() & times.keys():
        return times
    found: dict[int, int] = {}
    for time, additions in times.items():
        target = moved.get(time, time)
        found[target] = found.get(target, 0) | additions
    return found


def _moments(heard: Mapping[int, Mapping[int, int]]) -> tuple[list[Moment], Counter[int]]:
    """The moments at which the difficulties differ, in time order, and how many moments each shares with another."""
    numbers = list(heard)
    look_ups = [times.get for times in heard.values()]
    shared: Counter[int] = Counter(dict.fromkeys(numbers, 0))
    everywhere = 0
    moments: list[Moment] = []
    for time in sorted(set[int]().union(*heard.values())):
        row = [look_up(time) for look_up in look_ups]
        absent = row.count(None)
        if len(row) - absent < 2:
            continue
        if absent:
            shared.update(number for number, additions in zip(numbers, row, strict=True) if additions is not None)
        else:
            everywhere += 1
        present = [additions for additions in row if additions is not None]
        if present.count(present[0]) < len(present):
            moments.append(Moment(time, {number: each for number, each in zip(numbers, row, strict=True) if each is not None}))
    shared.update(dict.fromkeys(numbers, everywhere))
    return moments, shared


def _odd_one(moments: Iterable[Moment], shared: Mapping[int, int]) -> tuple[int, int, int] | None:
    """The difficulty that disagrees most, when it does so by a lot: its number, the moments, and of how many."""
    apart: Counter[int] = Counter()
    for moment in moments:
        apart.update(number for number, additions in moment.heard.items() if _disagrees(moment, number, additions))
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
