"""Where a song's tempo changes, or its beat starts anew: the cheapest way through a set of grids, two seconds at a time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from models.bundled.beats import COMB, Bars, Curve, Sound, bars, comb, exact_tempo, phases

# Grids are looked for in windows of this length, and the way through them goes in steps.
WINDOW, HOP, STEP = 12_000.0, 6_000.0, 2_000.0  # ms
# What the quarters of a beat count.
QUARTERS = (1.0, 0.3, 0.6, 0.3)
# A change costs as much as so many beats of the song are worth, and what follows lasts at least so long.
CHANGE, SHORTEST = 16.0, 10_000.0  # beats, ms
# The tempo of a stretch lies within half an octave of the song's; so much apart (share) two are different.
OCTAVE, SAME_TEMPO = 2**0.5, 1.5e-3
TEMPOS, PHASES_EACH = 2, 2
# Beats of two stretches that fall together within this much (ms) are one grid.
TOGETHER = 15.0
# At the same tempo a beat starts anew where it jumps by more (ms): less is another instrument's way to begin.
JUMP = 32.0
# A stretch is none whose beats are worth less: the mean of the song is 1.
LEAST_WORTH = 0.5
# A stretch begins where little is lost (in beats) of both grids, a bar begins (in nats; no chance is less than this) and a sound
# so much louder than the mean is heard.
LEAST_BAR, LOUD = 0.05, 6.0


class Steady(NamedTuple):
    """From `start_ms` to `end_ms` beats of `beat_ms` fall at `phase_ms` and so on; ms of the decoded audio.

    All but the first begin with a bar of `meter` beats, as surely as `sure` says.
    """

    start_ms: float
    end_ms: float
    beat_ms: float
    phase_ms: float
    meter: int = 4
    sure: float = 1.0


def steady_stretches(sound: Sound, beat: float, phase: float, told: Callable[[float], object] = lambda _: None) -> list[Steady]:
    """The stretches of one grid each, in time order; `beat` and `phase` are the song's as a whole.

    `told` hears again and again what share of the work is done, 0 to 1; what it raises ends it.
    """
    whole = Steady(0.0, sound.length_ms, beat, phase)
    if sound.length_ms < 2 * WINDOW:
        return [whole]
    curve = sound.curves[:, 0] - sound.curves[:, 0].mean()
    grids = [(beat, phase), *_local_grids(sound, beat, told)]
    found = [whole]
    for _ in range(2):
        found = _way(sound, curve, grids)
        found = [_fitted(sound, each) for each in found]
        grids = [(beat, phase), *((each.beat_ms, each.phase_ms) for each in found)]
    return _with_edges(sound, curve, _merged(curve, found))


def _local_grids(sound: Sound, beat: float, told: Callable[[float], object]) -> list[tuple[float, float]]:
    """Grids that fit somewhere."""
    usual = 60_000 / beat
    near: Curve = usual * np.geomspace(1 / OCTAVE, OCTAVE, 400)
    found: list[tuple[float, float]] = []
    for start in np.arange(0, sound.length_ms - WINDOW / 2, HOP).tolist():
        told(start / sound.length_ms)
        part = sound.part(int(start // 10), int((start + WINDOW) // 10))
        if part.salience.std() < 1e-3:
            continue
        strength = part.spectrum()
        scores = comb(strength, near, COMB)
        tempos = [usual]
        for _ in range(TEMPOS):
            best = int(scores.argmax())
            tempos.append(exact_tempo(strength, float(near[best])))
            scores[np.abs(np.log(near / near[best])) < 0.02] = 0
        for bpm in tempos:
            length = 60_000 / bpm
            for place in phases(part, length)[:PHASES_EACH]:
                grid = (length, (place + int(start // 10) * 10) % length)
                if not any(_same(grid, other, start, start + WINDOW) for other in found):
                    found.append(grid)
    return found


def _same(one: tuple[float, float], other: tuple[float, float], start: float, end: float) -> bool:
    if abs(one[0] / other[0] - 1) > SAME_TEMPO:
        return False
    return all(abs(_off(other, _beat_near(one, time))) < TOGETHER for time in (start, end))


def _beat_near(grid: tuple[float, float], time: float) -> float:
    beat, phase = grid
    return phase + round((time - phase) / beat) * beat


def _off(grid: tuple[float, float], time: float) -> float:
    beat, phase = grid
    return (time - phase + beat / 2) % beat - beat / 2


def _way(sound: Sound, curve: Curve, grids: list[tuple[float, float]]) -> list[Steady]:
    """The best grid for each step of the song where a change costs something (Viterbi)."""
    steps = max(int(sound.length_ms // STEP), 1)
    worth = np.array([_worth(curve, grid, steps) for grid in grids])  # (grids, steps)
    per_beat = np.array([worth[number].sum() / (sound.length_ms / beat) for number, (beat, _) in enumerate(grids)])
    cost = CHANGE * max(float(per_beat[0]), float(per_beat.max()), 1e-6)
    score = worth[:, 0].copy()
    came = np.zeros(worth.shape, np.int64)
    stay = np.arange(len(grids))
    for step in range(1, steps):
        best = int(score.argmax())
        jump = score[best] - cost
        came[:, step] = np.where(score >= jump, stay, best)
        score = np.maximum(score, jump) + worth[:, step]
    way = [int(score.argmax())]
    for step in range(steps - 1, 0, -1):
        way.append(int(came[way[-1], step]))
    way.reverse()
    edges = [0, *(step for step in range(1, steps) if way[step] != way[step - 1]), steps]
    return [
        Steady(first * STEP, last * STEP if last < steps else sound.length_ms, *grids[way[first]])
        for first, last in pairwise(edges)
    ]


def _ticks(curve: Curve, grid: tuple[float, float]) -> tuple[Curve, Curve]:
    """The quarters of the beats in ms, and how much more begins there than elsewhere."""
    beat, phase = grid
    length = len(curve) * 10.0
    numbers = np.arange(int((length - phase) / beat * 4))
    times: Curve = phase + numbers * beat / 4
    frames = np.clip(np.round(times / 10.0), 0, len(curve) - 1).astype(np.int64)
    values: Curve = curve[frames] * np.array(QUARTERS)[numbers % 4]
    return times, values


def _worth(curve: Curve, grid: tuple[float, float], steps: int) -> Curve:
    """(steps,) the same added up."""
    times, values = _ticks(curve, grid)
    total = np.zeros(steps)
    np.add.at(total, np.minimum((times // STEP).astype(np.int64), steps - 1), values)
    return total


def _fitted(sound: Sound, each: Steady) -> Steady:
    """The same with its tempo and place as the sounds of the stretch alone have them."""
    if each.end_ms - each.start_ms < SHORTEST:
        return each
    first = int(each.start_ms // 10)
    part = sound.part(first, int(each.end_ms // 10))
    beat = 60_000 / exact_tempo(part.spectrum(), 60_000 / each.beat_ms)
    # A tempo that is a little different turns about the middle of the stretch.
    middle = _beat_near((each.beat_ms, each.phase_ms), (each.start_ms + each.end_ms) / 2)
    phase = part.exactly(beat, (middle - first * 10) % beat) + first * 10
    return each._replace(beat_ms=beat, phase_ms=phase % beat)


def _merged(curve: Curve, found: list[Steady]) -> list[Steady]:
    """Without stretches that are too short, whose beats are hardly heard, or that go on as the one before does."""
    kept: list[Steady] = []
    for each in found:
        if kept and (not _stands(curve, each) or _goes_on(kept[-1], each)):
            kept[-1] = kept[-1]._replace(end_ms=each.end_ms)
        elif not kept or _stands(curve, kept[-1]):
            kept.append(each)
        else:
            kept[-1] = each._replace(start_ms=kept[-1].start_ms)
    return kept


def _stands(curve: Curve, each: Steady) -> bool:
    return each.end_ms - each.start_ms >= SHORTEST and _beat_worth(curve, each) >= LEAST_WORTH


def _beat_worth(curve: Curve, each: Steady) -> float:
    """How much more begins on the ticks of a beat of the stretch than elsewhere."""
    times, values = _ticks(curve, (each.beat_ms, each.phase_ms))
    inside = (times >= each.start_ms) & (times < each.end_ms)
    return float(values[inside].mean()) * len(QUARTERS) if inside.any() else 0.0


def _goes_on(one: Steady, other: Steady) -> bool:
    if abs(one.beat_ms / other.beat_ms - 1) > SAME_TEMPO:
        return False
    return abs(_off((other.beat_ms, other.phase_ms), _beat_near((one.beat_ms, one.phase_ms), other.start_ms))) < JUMP


def _with_edges(sound: Sound, curve: Curve, found: list[Steady]) -> list[Steady]:
    """The changes at the beat that parts the two grids best and is likely to begin a bar."""
    for at in range(1, len(found)):
        one, other = found[at - 1], found[at]
        low, high = (other.start_ms + side * 2 * STEP for side in (-1, 1))
        numbers = np.arange(int((high - low) / other.beat_ms))
        beats = _beat_near((other.beat_ms, other.phase_ms), low) + other.beat_ms * numbers
        before, after = (_ticks(curve, (each.beat_ms, each.phase_ms)) for each in (one, other))
        gains = [
            before[1][(before[0] >= low) & (before[0] < edge - 20)].sum()
            + after[1][(after[0] >= edge - 20) & (after[0] < high)].sum()
            for edge in beats.tolist()
        ]
        chances, meter = _bars(sound, other, float(beats[0]))
        bar = chances[numbers % meter]
        beat, loud = max(_beat_worth(curve, other), LEAST_WORTH), (sound.on(beats)[:, 0] / LOUD).clip(max=1)
        best = int((np.array(gains) / beat + np.log(bar.clip(LEAST_BAR)) + loud).argmax())
        edge = min(max(float(beats[best]), one.start_ms + one.beat_ms), sound.length_ms)
        found[at - 1] = one._replace(end_ms=edge)
        found[at] = other._replace(start_ms=edge, meter=meter, sure=float(bar[best]))
    return found


def _bars(sound: Sound, each: Steady, first: float) -> Bars:
    """Of the beats of a stretch from the one at `first` on."""
    cut = int(each.start_ms // 10)
    from_cut = (each.phase_ms - cut * 10.0) % each.beat_ms
    found = bars(sound.part(cut, int(each.end_ms // 10)), each.beat_ms, from_cut)
    number = round((first - cut * 10.0 - from_cut) / each.beat_ms)
    return found._replace(chances=np.roll(found.chances, -(number % found.meter)))
