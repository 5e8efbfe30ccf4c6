"""What a whole map is like, in a few numbers that a written one should share with people's."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import Family
from models.bundled.habits import LANED, lasting_until
from models.bundled.scenes import COMBO_AT, KIND_AT, LANE_AT, REPEATS_AT, SLIDER, SPINNER, Floats, Scene

Manner = Mapping[str, float]

# ms by which a note lasts if it is held.
HELD = 20.0
# Beats: notes of charts that are nearer are hammered on or pulled off; the game's own threshold at 192 ticks a beat.
NEAR = 65 / 192
# Objects before one that it may lie upon, and osu!pixels within which it is stacked rather than laid over them.
BEFORE, STACKED = 3, 4.0
# ms from a note to the next that a spacing is measured over at most.
SPACED = 1_500.0
# Beats of a phrase.
PHRASE = 16


def manner(scene: Scene) -> Manner:
    """By what is told of it; shares from 0 to 1 where nothing else is said."""
    if not len(scene):
        return {}
    return _of_lanes(scene) if scene.family in LANED else _of_places(scene)


def _of_lanes(scene: Scene) -> Manner:
    """`lane n` of notes; of moments: `chords`, `held`, those with the lanes of the one `before`, and in charts `hopo`; `step`
    lanes from note to note; `lanes` that are used in four bars."""
    times, at = np.unique(np.round(scene.time, 1), return_inverse=True)
    lanes = scene.columns[:, LANE_AT].astype(np.int64)
    shapes = np.zeros(len(times), np.int64)
    np.add.at(shapes, at, 1 << lanes)
    lasting = np.zeros(len(times))
    np.maximum.at(lasting, at, scene.end - scene.time)
    beats, stretch = scene.beats.at(times)
    near = np.diff(times) / scene.beats.lengths[stretch][1:] <= NEAR + 1e-6
    single = np.array([shape.bit_count() == 1 for shape in shapes.tolist()])
    lowest = np.array([(shape & -shape).bit_length() - 1 for shape in shapes.tolist()])
    alike = shapes[1:] == shapes[:-1]
    lone = single[1:] & single[:-1]
    phrases = (beats // PHRASE).astype(np.int64)
    used = [int(np.bitwise_or.reduce(shapes[phrases == each])).bit_count() for each in np.unique(phrases)]
    found = {f"lane {lane}": float((lanes == lane).mean()) for lane in range(scene.keys or 5)}
    found |= {"chords": float(1 - single.mean()), "before": _share(alike)}
    if scene.family is not Family.DRUMS:
        found["held"] = float((lasting > HELD).mean())
    if scene.family is Family.FRETS:
        found["hopo"] = _share(near & single[1:] & ~alike)
    found["step"] = float(np.abs(np.diff(lowest))[lone].mean()) if lone.any() else 0.0
    return found | {"lanes": statistics.mean(used)}


def _of_places(scene: Scene) -> Manner:
    """Of objects: `sliders`, `spinners` a map, `speeds` of sliders that a map has; where it has combos, objects of the `combo`
    in the mean and in the `longest`; of osu!standard those `over` one of the three before, and how `uneven` the spacing is
    (spread over mean)."""
    kind = scene.columns[:, KIND_AT]
    sliders = kind == SLIDER
    found = {"spinners": float((kind == SPINNER).sum())}
    if scene.family is Family.TAIKO:
        return {**found, **{f"kind {number}": float((kind == number).mean()) for number in np.unique(kind).tolist()}}
    starts = np.flatnonzero(np.append(True, scene.columns[1:, COMBO_AT] > 0))
    combos = np.diff(np.append(starts, len(scene)))
    found |= {
        "sliders": float(sliders.mean()),
        "speeds": float(len(np.unique(np.round(scene.speed[sliders], 2)))),
        "combo": float(combos.mean()),
        "longest": float(combos.max()),
    }
    if scene.family is not Family.OSU:
        return found
    return found | {"over": _over(scene), "uneven": _uneven(scene)}


def _over(scene: Scene) -> float:
    """Objects whose head covers half of one that is still there when it comes up."""
    radius, rate = 54.4 - 4.48 * 10 * float(scene.condition[1]), 10 * float(scene.condition[2])
    preempt = 1200 + (120 if rate < 5 else 150) * (5 - rate)
    ends = lasting_until(scene)
    places = scene.x + 1j * scene.y
    tails = scene.tail_x + 1j * scene.tail_y
    over = np.zeros(len(scene), bool)
    plain = scene.columns[:, KIND_AT] != SPINNER
    for back in range(1, BEFORE + 1):
        for others in (places, tails):
            way = np.abs(places[back:] - others[:-back])
            seen = scene.time[back:] - ends[:-back] < preempt
            over[back:] |= (way > STACKED) & (way < radius) & seen & plain[back:] & plain[:-back]
    return float(over.mean())


def _uneven(scene: Scene) -> float:
    """The spread of osu!pixels a ms from an end to the next head, over their mean."""
    ends = lasting_until(scene)
    gaps = scene.time[1:] - ends[:-1]
    back = scene.columns[:, REPEATS_AT] % 2 == 1
    x, y = np.where(back, scene.x, scene.tail_x), np.where(back, scene.y, scene.tail_y)
    way = np.hypot(scene.x[1:] - x[:-1], scene.y[1:] - y[:-1])
    plain = scene.columns[:, KIND_AT] != SPINNER
    near = (gaps > 0) & (gaps <= SPACED) & plain[1:] & plain[:-1] & (way > STACKED)
    speeds: Floats = way[near] / gaps[near]
    return float(speeds.std() / speeds.mean()) if len(speeds) > 1 else 0.0


def _share(mask: NDArray[np.bool_]) -> float:
    return float(mask.mean()) if len(mask) else 0.0


def compared(ours: Sequence[Manner], theirs: Sequence[Manner]) -> str:
    """A line of each number: the mean over maps of ours and of people's, and how far a map is from theirs in the median."""
    lines: list[str] = []
    for name in dict.fromkeys(name for each in (*ours, *theirs) for name in each):
        apart = statistics.median(abs(one.get(name, 0.0) - other.get(name, 0.0)) for one, other in zip(ours, theirs, strict=True))
        lines.append(f"    {name:10s} {_mean(ours, name):7.2f}  people {_mean(theirs, name):7.2f}  apart {apart:.2f}")
    lanes = [name for name in theirs[0] if name.startswith("lane ")]
    if lanes:
        off = sum(abs(_mean(ours, name) - _mean(theirs, name)) for name in lanes) / 2
        lines.append(f"    {100 * off:.0f} % of notes would have to change their lane")
    return "\n".join(lines)


def _mean(group: Sequence[Manner], name: str) -> float:
    return statistics.mean(each.get(name, 0.0) for each in group)
