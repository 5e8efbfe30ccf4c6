"""What a map does elsewhere, so that what is written into it stays within its own bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import COLUMN, FIELDS, REPEATS, SNAPS, Family
from models.bundled.rows import Rows
from models.bundled.scenes import CURVE_AT, KIND_AT, LANE_AT, MODIFIER_AT, REPEATS_AT, SLIDER, Floats, Scene

# Maps with fewer notes do not show their habits: then everything usual is allowed.
ENOUGH_NOTES = 40
LANED = frozenset((Family.MANIA, Family.FRETS, Family.DRUMS))
# Snap divisors that every map may use, and the share of a map's notes from which on one of the others is usual in it.
COMMON_SNAPS, RARE = (1, 2), 0.004
UNKNOWN_SNAPS = (1, 2, 4, 3, 8, 6)
# ms, whatever the map does: from the end of an object to the next, from a note to the next of its lane, sustains to notes.
LEAST_GAP, LEAST_LANE_GAP, SUSTAIN_GAP = 12.0, 32.0, 41.0
LEAST_HOLD, LEAST_SUSTAIN, LEAST_SPINNER = 40.0, 105.0, 650.0
# Where `Scene.condition` has half the slider multiplier.
MULTIPLIER_AT = 5
# Fields whose values are only taken from those that the map uses.
BOUND = ("kind", "repeats", "curve", "hitsound", "tail_hitsound", "sample_set", "addition_set", "modifier", "anchors")


@dataclass(frozen=True, slots=True)
class Habits:
    """`used`: (size of the field,) bool of each of BOUND. `gap` ms between objects, `lane_gap` in one lane, `step` between
    moments of a laned family, `longest` beats without a note, `shortest` ms that a note lasts. `fastest` osu!pixels per ms
    from note to note. `reach` how far sliders get as a share of their length, per curve; `across` in osu!catch the share that
    goes sideways. `chords` the sets of lanes that are struck together, as bits, at most `most_together`; `marks` the (lane,
    modifier) pairs; `extended` whether notes begin while a sustain of another fret lasts; `even` whether a chord's notes last
    alike.
    """

    divisors: tuple[int, ...]
    used: Mapping[str, NDArray[np.bool_]]
    gap: float
    lane_gap: float
    step: float
    longest: float
    shortest: float
    fastest: float
    reach: Mapping[int, Floats]
    across: Floats
    chords: frozenset[int]
    most_together: int
    marks: frozenset[tuple[int, int]]
    extended: bool
    even: bool


def lasting_until(scene: Scene) -> Floats:
    """(N,) ms at which each note ends, a slider with all its spans."""
    spans = np.array(REPEATS)[scene.columns[:, REPEATS_AT].clip(0)]
    return scene.time + (scene.end - scene.time) * np.where(scene.columns[:, REPEATS_AT] > 0, spans, 1)


def slider_pixels(scene: Scene) -> Floats:
    """(N,) osu!pixels that a slider of each note's length is long: of one span, at the velocity in force."""
    beats = (scene.end - scene.time) / scene.beat_lengths
    pixels: Floats = beats * 200.0 * float(scene.condition[MULTIPLIER_AT]) * scene.speed
    return pixels


def habits_of(scene: Scene, rows: Rows) -> Habits:
    """Of the notes of a map that stand; `rows` are theirs."""
    pixels = slider_pixels(scene)
    known = len(scene) >= ENOUGH_NOTES
    laned = scene.family in LANED
    ends = lasting_until(scene)
    between = scene.time[1:] - (scene.time if laned else ends)[:-1]
    gap = _low(between[between > 0], 0.005, LEAST_GAP) if known else 60.0
    shapes = _shapes(scene) if laned else []
    lasts = (scene.end - scene.time)[scene.end > scene.time]
    return Habits(
        _divisors(rows, known=known),
        _used(rows, known=known),
        gap,
        _lane_gap(scene, known=known) if laned else 0.0,
        gap,
        _longest(scene) if known else 4.0,
        _low(lasts, 0.01, LEAST_GAP) if len(lasts) >= 10 else 60.0,
        _fastest(scene) if known else 2.0,
        _reaches(scene, pixels),
        _across(scene, pixels),
        frozenset(shapes),
        max((shape.bit_count() for shape in shapes), default=1),
        frozenset(zip(scene.columns[:, LANE_AT].tolist(), scene.columns[:, MODIFIER_AT].tolist(), strict=True)),
        _extended(scene, ends) if scene.family is Family.FRETS else True,
        _even(scene),
    )


def _low(values: Floats, share: float, least: float) -> float:
    return max(float(np.quantile(values, share)) * 0.97, least) if len(values) else least


def _divisors(rows: Rows, *, known: bool) -> tuple[int, ...]:
    if not known:
        return UNKNOWN_SNAPS
    counts = np.bincount(rows.values[:, COLUMN["snap"]], minlength=len(SNAPS) + 2)[1 : len(SNAPS) + 1]
    usual = [divisor for divisor, count in zip(SNAPS, counts, strict=True) if count >= max(RARE * len(rows), 2)]
    return tuple(sorted({*COMMON_SNAPS, *usual}))


def _used(rows: Rows, *, known: bool) -> dict[str, NDArray[np.bool_]]:
    found: dict[str, NDArray[np.bool_]] = {}
    for name in BOUND:
        field = FIELDS[COLUMN[name]]
        seen = np.bincount(rows.values[:, COLUMN[name]], minlength=field.size + 1)[1 : field.size + 1] > 0
        found[name] = seen if known and seen.any() else np.ones(field.size, bool)
    return found


def _shapes(scene: Scene) -> list[int]:
    bits = np.int64(1) << scene.columns[:, LANE_AT].astype(np.int64).clip(0, 40)
    _, row = np.unique(np.round(scene.time, 1), return_inverse=True)
    sums = np.zeros(row.max() + 1 if len(row) else 0, np.int64)
    np.add.at(sums, row, bits)
    shapes: list[int] = np.unique(sums).tolist()
    return shapes


def _longest(scene: Scene) -> float:
    """Beats from a note to the next that only one in a hundred gaps of the map exceeds."""
    gaps = np.diff(scene.time) / scene.beat_lengths[:-1]
    gaps = gaps[gaps > 0]
    return max(float(np.quantile(gaps, 0.99)) * 1.05, 1.0) if len(gaps) else 4.0


def _lane_gap(scene: Scene, *, known: bool) -> float:
    gaps = [
        np.diff(scene.time[lane]) - (scene.end - scene.time)[lane][:-1]
        for lane in (scene.columns[:, LANE_AT] == number for number in range(18))
        if lane.sum() > 1
    ]
    between = np.concatenate(gaps) if gaps else np.zeros(0)
    return _low(between[between > 0], 0.03, LEAST_LANE_GAP) if known else 80.0


def _fastest(scene: Scene) -> float:
    if scene.family not in (Family.OSU, Family.CATCH):
        return np.inf
    back = scene.columns[:, REPEATS_AT] % 2 == 1
    x, y = np.where(back, scene.x, scene.tail_x), np.where(back, scene.y, scene.tail_y)
    way = np.hypot(scene.x[1:] - x[:-1], (scene.y[1:] - y[:-1]) * (scene.family is Family.OSU))
    speed = way / (scene.time[1:] - lasting_until(scene)[:-1]).clip(15)
    return max(float(np.quantile(speed, 0.99)) * 1.03, 0.1)


def _reaches(scene: Scene, pixels: Floats) -> dict[int, Floats]:
    curve = scene.columns[:, CURVE_AT]
    long = (scene.columns[:, KIND_AT] == SLIDER) & (pixels > 1)
    way = np.hypot(scene.tail_x - scene.x, scene.tail_y - scene.y) / pixels.clip(1)
    return {number: way[long & (curve == number)].clip(0.05, 1) for number in range(5)}


def _across(scene: Scene, pixels: Floats) -> Floats:
    long = (scene.columns[:, KIND_AT] == SLIDER) & (pixels > 1)
    shares: Floats = (np.abs(scene.tail_x - scene.x) / pixels.clip(1))[long].clip(0, 1)
    return shares


def _extended(scene: Scene, ends: Floats) -> bool:
    reach = np.maximum.accumulate(ends)[:-1] if len(ends) else ends
    over = (scene.time[1:] > scene.time[:-1]) & (reach > scene.time[1:] + 1)
    return bool(over.sum() > max(0.02 * len(scene), 3))


def _even(scene: Scene) -> bool:
    chord = np.diff(scene.time) == 0
    unlike = chord & (np.abs(np.diff(scene.end)) > 2)
    return bool(unlike.sum() <= 0.02 * max(chord.sum(), 1))
