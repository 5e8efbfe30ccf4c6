"""Which clicks get a whistle, a finish or a clap: by what the model expects, what other bars have there, and the beat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.drafts import CLAP, FINISH, WHISTLE

BITS = (WHISTLE, FINISH, CLAP)
TICKS_PER_BEAT = 12
# A map of which fewer clicks have an addition is taken for one without hit sounds, and given what most maps have.
FEW = 0.08
USUAL = {WHISTLE: 0.3, FINISH: 0.09}
# What fewer clicks have is no habit of a map.
RARE = 0.01
# From so many clicks on what stands around tells how many additions there are.
ENOUGH = 32

# How much the network's odds and those of the same place of other bars count. Fitted on maps that nobody is measured on.
_NETWORK = {WHISTLE: 0.2, FINISH: 1.2, CLAP: 0.9}
_MEMORY = {WHISTLE: 1.7, FINISH: 1.2, CLAP: 1.2}
# How much likelier an addition is there (in nats), where no other bar tells.
_BY_BEAT: Mapping[int, Mapping[str, float]] = {
    WHISTLE: {"down": 0.2, "on": 0.2, "phrase": 0.2, "tail": -0.6},
    FINISH: {"down": 0.4, "phrase": 0.8, "back": -0.5, "tail": -0.3, "combo": 0.3},
    CLAP: {"back": 1.2, "down": -0.3, "on": -0.5, "combo": -0.4, "tail": -0.5, "off": -0.4},
}
# Bars after which what a bar has counts for 1/e; every second and fourth bar counts more.
_FADING = 6.0
_SECOND, _FOURTH = 0.5, 1.0
# How sure the network's odds may be, and those of other bars.
_CERTAIN, _SUREST = 0.9999, 0.98
# Rows of a table that are worked out at once.
_AT_ONCE = 512
_HALVINGS = 14

Sounds = NDArray[np.int64]
Shares = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Places:
    """(N,) of each click: `inside` ticks of its bar, of which `lasting` has so many; `bar` from the first; whether it starts a
    `combo`, and is an edge of a slider behind the head (`tail`)."""

    inside: Sounds
    lasting: Sounds
    bar: Sounds
    combo: Mask
    tail: Mask

    def on(self) -> Mapping[str, Mask]:
        """What may be said of a place in the bar."""
        beat = self.inside % TICKS_PER_BEAT == 0
        down = self.inside == 0
        back = beat & (self.inside // TICKS_PER_BEAT % 2 == 1)
        return {
            "down": down,
            "back": back,
            "on": beat & ~down & ~back,
            "off": self.inside % (TICKS_PER_BEAT // 2) != 0,
            "phrase": down & (self.bar % 4 == 0),
            "combo": self.combo,
            "tail": self.tail,
        }


@dataclass(frozen=True, slots=True)
class Sought:
    """(N,) clicks that are `asked`; those that are `known` say what belongs where, a click never of itself. `share` of those
    asked that get an addition, None as is usual. `noise` in nats."""

    asked: Mask
    known: Mask
    share: float | None = None
    noise: float = 0.0


def chosen_additions(chances: Shares, sounds: Sounds, places: Places, sought: Sought, rng: np.random.Generator) -> Sounds:
    """(N,) the bits of additions, of clicks that are not asked as they stand in `sounds`. `chances` (N, 8) of combinations.

    As many get each addition as the clicks around have at the same places; where nothing stands around, as many as the map has,
    or else most maps.
    """
    asked = sought.asked
    numbers = np.flatnonzero(asked)
    worth, wanted = np.zeros((len(BITS), len(numbers))), np.zeros(len(BITS))
    for at, bit in enumerate(BITS):
        there, trust = _remembered(sounds & bit > 0, places, sought)
        odds = _odds(chances[numbers][:, [each for each in range(8) if each << 1 & bit]].sum(axis=1), _CERTAIN)
        by_beat = sum(weight * places.on()[name][numbers] for name, weight in _BY_BEAT[bit].items())
        worth[at] = _NETWORK[bit] * odds + _MEMORY[bit] * _odds(there, _SUREST) * (trust > 0) + (1 - trust) * by_beat
        worth[at] += sought.noise * rng.normal(size=len(numbers))
        wanted[at] = there.sum()
    share = sought.share
    sounding = sounds[sought.known] > 0
    silent = not len(sounding) or float(sounding.mean()) < FEW
    own = sounds[asked]
    unsounded = silent and float((sounds > 0).mean()) < FEW
    if unsounded:
        claps = places.on()["back"][numbers].sum()
        wanted[:] = [USUAL[WHISTLE] * len(numbers), USUAL[FINISH] * len(numbers), claps]
    elif silent or len(sounding) < ENOUGH:
        wanted[:] = [float((own & bit > 0).sum()) for bit in BITS]
        share = float((own > 0).mean()) if share is None else share
    found = sounds.copy()
    found[numbers] = _strongest(worth, wanted, share)
    if not unsounded:
        found[numbers] = _usual_ones(found[numbers], worth, sounds)
    return found


def _strongest(worth: Shares, wanted: Shares, share: float | None) -> Sounds:
    """(n,) each bit where it is worth most, as often as `wanted`; scaled so that a `share` of clicks gets one at all."""
    order = np.argsort(-worth, axis=1, kind="stable")

    def taken(scale: float) -> Sounds:
        bits = np.zeros(worth.shape[1], np.int64)
        for at, bit in enumerate(BITS):
            bits[order[at, : round(min(scale * wanted[at], worth.shape[1]))]] |= bit
        return bits

    if share is None or not wanted.any():
        return taken(1.0)
    low, high = 0.0, worth.shape[1] / float(wanted[wanted > 0].min())
    for _ in range(_HALVINGS * 2):
        middle = (low + high) / 2
        if float((taken(middle) > 0).mean()) < share:
            low = middle
        else:
            high = middle
    return taken(high)


def _usual_ones(bits: Sounds, worth: Shares, known: Sounds) -> Sounds:
    """(n,) where a click got two additions that the map does not have together, the one that is worth more is left."""
    habits = {bit for bit in range(0, 16, 2) if float((known == bit).mean()) >= RARE} | {*BITS}
    for at in np.flatnonzero(~np.isin(bits, [0, *sorted(habits)])).tolist():
        best = max((number for number, bit in enumerate(BITS) if bits[at] & bit), key=lambda number: float(worth[number, at]))
        bits[at] = BITS[best]
    return bits


def _odds(share: Shares, surest: float) -> Shares:
    held: Shares = share.astype(np.float64).clip(1 - surest, surest)
    found: Shares = np.log(held / (1 - held))
    return found


def _remembered(has: Mask, places: Places, sought: Sought) -> tuple[Shares, Shares]:
    """(n,) of the asked clicks: the share of the same place of other bars that has it, and how much they tell, 0 to 1."""
    numbers = np.flatnonzero(sought.asked)
    rate = float(has[sought.known].mean()) if sought.known.any() else 0.0
    there, told = np.full(len(numbers), rate), np.zeros(len(numbers))
    key = places.inside * 4096 + places.lasting
    for place in np.unique(key[numbers]).tolist():
        others = np.flatnonzero(sought.known & (key == place))
        group = np.flatnonzero(key[numbers] == place)
        for part in np.array_split(group, len(group) // _AT_ONCE + 1):
            apart = np.abs(places.bar[numbers[part], None] - places.bar[None, others])
            weight = np.exp(-apart / _FADING) * (1 + _SECOND * (apart % 2 == 0) + _FOURTH * (apart % 4 == 0)) * (apart > 0)
            total = weight.sum(axis=1)
            there[part] = (weight @ has[others] + rate) / (total + 1)
            told[part] = total / (total + 1)
    return there, told
