"""The network's input: every note as categories of fields and as numbers, seen from before and from behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.bundled.echoes import echoes
from models.bundled.fields import (
    BARS,
    BEAT_NUMBERS,
    COLUMN,
    DISTANCES,
    ERRORS,
    FIELDS,
    OFF_PHASE,
    RELATIVE,
    SHIFTS,
    SNAPS,
    SPEEDS,
    Family,
)
from models.bundled.scenes import (
    BIG_ROLL,
    DENDEN,
    HOLD,
    KIND_AT,
    LANE_AT,
    RAW,
    REPEATS_AT,
    ROLL,
    SLIDER,
    SPINNER,
    Categories,
    Floats,
    Order,
    Pause,
    Scene,
)

Numbers = NDArray[np.float32]
# x + iy in osu!pixels.
Moves = NDArray[np.complex128]

# A time within this of a tick (ms) stands on it: whole milliseconds, and tempos written with few digits.
ON_TICK = 2.0
# The divisors that an object off the grid is measured from.
COARSE = (4, 3)
# Movements shorter than this (osu!pixels) have no direction.
STILL = 4.0
# Widths of the number inputs.
OWN, SEEN, BRIDGE = 8, 6, 11


@dataclass(frozen=True, slots=True)
class Rows:
    """Arrays over N notes; categories are stored + 1, 0 = does not apply.

    `values` (N, len(FIELDS)); `behind` (N, len(RELATIVE)) the relative fields against the note after; `phase`, `bar` (N,) the
    place in the beat (48ths) and in four bars; `own` (N, OWN), `seen` and `seen_behind` (N, SEEN) numbers of the note and of its
    relation to the note before and after; `after` (N,) the number of the first note that is seen from behind, 0 for none;
    `bridge_gap` (N,) and `bridge` (N, BRIDGE) the relation of the note before to that one, which says nothing of the note
    itself; `beat` (N,) beats since the first note; `echo` (N, WIDTH) what other
    bars say of the note.
    """

    family: Family
    values: Categories
    behind: Categories
    phase: Categories
    bar: Categories
    own: Numbers
    seen: Numbers
    seen_behind: Numbers
    after: Order
    bridge_gap: Categories
    bridge: Numbers
    beat: Floats
    echo: Numbers
    condition: Numbers

    def __len__(self) -> int:
        return len(self.values)

    def part(self, cut: slice) -> Rows:
        """The rows of some notes, their beats counted from the first of them."""
        rows: dict[str, Any] = {name: getattr(self, name)[cut] for name in OF_NOTES}
        rows["beat"] = rows["beat"] - rows["beat"][:1]
        rows["after"] = within(self.after, cut)
        return replace(self, **rows)

    def unsighted(self) -> Rows:
        """The same notes, of which each knows only those before it."""
        after, gap, bridge = np.zeros_like(self.after), np.zeros_like(self.bridge_gap), np.zeros_like(self.bridge)
        return replace(self, after=after, bridge_gap=gap, bridge=bridge)


def within(after: Order, cut: slice) -> Order:
    """`Rows.after` of some of the notes, counted from the first of them; a note behind the last is not seen."""
    start = cut.indices(len(after))[0]
    part = after[cut]
    return np.where((part > 0) & (part - start < len(part)), part - start, 0)


# The arrays of `Rows` with an entry for each note.
OF_NOTES = (*("values", "behind", "phase", "bar", "own", "seen", "seen_behind", "after", "bridge_gap", "bridge", "beat", "echo"),)


def beats_of(scene: Scene) -> Floats:
    """(N,) beats since the first note, each gap counted in the tempo in which it begins."""
    if not len(scene):
        return np.zeros(0)
    _, stretch = scene.beats.at(scene.time)
    gaps: Floats = np.diff(scene.time) / scene.beats.lengths[stretch][:-1]
    return np.concatenate((np.zeros(1), gaps.cumsum()))


def rows_of(scene: Scene, echo: Numbers | None = None, spans: Sequence[tuple[int, int]] = (), pause: Pause | None = None) -> Rows:
    """Every note of the scene as the network reads it; `echo` where it is known from a larger scene.

    `spans`: stretches (first note, first note after) of which only what stands around them is seen from behind, as when they
    are written anew. The note after a span is asked for once more as if it belonged to it: there the span ends.
    `pause` is called now and then while other bars are looked at.
    """
    counted = beats_of(scene)
    beat, stretch = scene.beats.at(scene.time)
    length = scene.beats.lengths[stretch]
    snap, error = snapped(beat, length)
    end_beat, end_stretch = scene.beats.at(scene.end)
    end_snap, _ = snapped(end_beat, scene.beats.lengths[end_stretch])
    leave_x, leave_y = _left_at(scene)
    ahead = _relation(scene, scene.time, scene.x, scene.y, leave_x, leave_y, length)
    behind = _relation(
        _flipped(scene), -scene.time[::-1], leave_x[::-1], leave_y[::-1], scene.x[::-1], scene.y[::-1], length[::-1]
    )
    values = _values(scene, ahead, snap, error, end_snap, length)
    bars = np.floor(beat - scene.beats.origins[stretch] + ON_TICK / length)
    meter = scene.beats.meters[stretch]
    after = _after(len(scene), spans)
    bridge_gap, bridge = _bridge(scene, leave_x, leave_y, length, after, _open(len(scene), spans))
    return Rows(
        scene.family,
        values,
        np.stack([column[::-1] for column in behind.columns], axis=1).astype(np.int16),
        (np.where(np.abs(error) > ON_TICK, OFF_PHASE, np.round(beat % 1 * 48) % 48) + 1).astype(np.int16),
        (np.minimum(bars % meter, 7) + 8 * (bars // meter % (BARS // 8)) + 1).astype(np.int16),
        _own(scene, length),
        ahead.numbers,
        np.ascontiguousarray(behind.numbers[::-1]),
        after,
        bridge_gap,
        bridge,
        counted,
        echoes(scene, counted, pause=pause) if echo is None else echo,
        scene.condition,
    )


def _midpoints(table: tuple[float, ...]) -> Floats:
    numbers = np.array(table, float)
    middles: Floats = (numbers[1:] + numbers[:-1]) / 2
    return middles


_BEAT_BOUNDS, DISTANCE_BOUNDS = _midpoints(BEAT_NUMBERS), _midpoints(DISTANCES)
SHIFT_BOUNDS, _ERROR_BOUNDS = _midpoints(SHIFTS), _midpoints(ERRORS)


def _nearest(bounds: Floats, values: Floats) -> NDArray[np.intp]:
    return np.searchsorted(bounds, values)


def snapped(beat: Floats, length: Floats) -> tuple[NDArray[np.intp], Floats]:
    """(category of the snap divisor, ms off the tick) of beats (N,) that last `length` ms each."""
    snap = np.full(len(beat), len(SNAPS), np.intp)
    error = np.full(len(beat), np.inf)
    for category, divisor in enumerate(SNAPS):
        off = (beat - np.round(beat * divisor) / divisor) * length
        found = (snap == len(SNAPS)) & (np.abs(off) <= ON_TICK)
        snap[found], error[found] = category, off[found]
    for divisor in COARSE:
        off = (beat - np.round(beat * divisor) / divisor) * length
        nearer = (snap == len(SNAPS)) & (np.abs(off) < np.abs(error))
        error[nearer] = off[nearer]
    return snap, error


def _left_at(scene: Scene) -> tuple[Floats, Floats]:
    """Where the player leaves each note: a slider of even spans at its head."""
    back = scene.columns[:, REPEATS_AT] % 2 == 1
    return np.where(back, scene.x, scene.tail_x), np.where(back, scene.y, scene.tail_y)


def _flipped(scene: Scene) -> Scene:
    return scene.taken(slice(None, None, -1))


class _Relation(NamedTuple):
    columns: list[NDArray[np.int64]]
    numbers: Numbers


def _relation(scene: Scene, time: Floats, x: Floats, y: Floats, leave_x: Floats, leave_y: Floats, length: Floats) -> _Relation:
    """Each note against the one before it in the given order: the RELATIVE columns (+ 1) and SEEN numbers."""
    count = len(time)
    gap = np.zeros(count)
    move: Moves = np.zeros(count, np.complex128)
    if count > 1:
        gap[1:] = np.diff(time)
        move[1:] = (x[1:] - leave_x[:-1]) + 1j * (y[1:] - leave_y[:-1])
    first = np.arange(count) == 0
    along = (leave_x - x) + 1j * (leave_y - y)
    came = np.where(np.abs(along) > 2 * STILL, along, move)
    before = np.concatenate((np.zeros(1, np.complex128), came))[:count]
    placed, caught = scene.family is Family.OSU, scene.family is Family.CATCH
    columns = [
        np.where(first, 0, _nearest(_BEAT_BOUNDS, gap / length) + 1),
        np.where(first | (not placed), 0, _nearest(DISTANCE_BOUNDS, np.abs(move)) + 1),
        _turn(move, before) * placed,
        np.where(first | (not caught), 0, _nearest(SHIFT_BOUNDS, move.real) + 1),
        _slider_turn(scene, np.where(np.abs(move) < STILL, before, move)) * placed,
    ]
    return _Relation(columns, _seen(gap, length, move))


def _seen(gap: Floats, length: Floats, move: Moves) -> Numbers:
    """(N, SEEN): how long since the note before in ms and in beats, how far, how fast and where to."""
    distance = np.abs(move)
    columns = [
        np.log2(np.abs(gap).clip(0, 60_000) + 20) / 4 - 1.8,
        np.log2(gap.clip(0, None) / length + 0.05).clip(-5, 6) / 3,
        (distance / 256).clip(0, 4),
        (distance / (np.abs(gap) + 30)).clip(0, 6),
        (move.real / 256).clip(-4, 4),
        (move.imag / 256).clip(-4, 4),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _slider_turn(scene: Scene, arrived: Moves) -> NDArray[np.int64]:
    """Category + 1 of the angle from the movement to a slider to its own direction, 0 where there is none."""
    shape = (scene.tail_x - scene.x) + 1j * (scene.tail_y - scene.y)
    return np.where(scene.columns[:, KIND_AT] == SLIDER, _turn(shape, arrived), 0)


def _turn(move: Moves, before: Moves) -> NDArray[np.int64]:
    """Category + 1 of the angle from `before` to `move`, in steps of 15°; 0 where either hardly moves."""
    degrees = np.degrees(np.angle(move * np.conj(before)))
    turn = (np.round(degrees / 15).astype(np.int64) + 12) % 24 + 1
    return np.where((np.abs(move) < STILL) | (np.abs(before) < STILL), 0, turn)


def _values(
    scene: Scene, ahead: _Relation, snap: NDArray[np.intp], error: Floats, end_snap: NDArray[np.intp], length: Floats
) -> Categories:
    values = np.zeros((len(scene), len(FIELDS)), np.int16)
    for name, column in zip(RELATIVE, ahead.columns, strict=True):
        values[:, COLUMN[name]] = column
    for at, name in enumerate(RAW):
        values[:, COLUMN[name]] = scene.columns[:, at] + 1
    values[:, COLUMN["snap"]] = snap + 1
    values[:, COLUMN["error"]] = _nearest(_ERROR_BOUNDS, error) + 1
    duration = scene.end - scene.time
    lasting = _lasting(scene)
    values[:, COLUMN["length"]] = np.where(lasting, _nearest(_BEAT_BOUNDS, duration / length) + 1, 0)
    values[:, COLUMN["end_snap"]] = np.where(lasting & (duration > 0), end_snap + 1, 0)
    if scene.family not in (Family.FRETS, Family.DRUMS):
        eighths = np.round(np.log2(scene.speed) * 8).clip(-(len(SPEEDS) // 2), len(SPEEDS) // 2)
        values[:, COLUMN["slider_velocity"]] = eighths + len(SPEEDS) // 2 + 1
    if scene.family is Family.TAIKO:
        values[:, COLUMN["repeats"]] = 0
    return values


def _lasting(scene: Scene) -> NDArray[np.bool_]:
    """Which notes have a length: sliders, spinners, holds, rolls; of charts all (0 = no sustain)."""
    kind = scene.columns[:, KIND_AT]
    if scene.family in (Family.FRETS, Family.DRUMS):
        return np.ones(len(scene), bool)
    return np.isin(kind, (SLIDER, SPINNER, HOLD, ROLL, BIG_ROLL, DENDEN))


def _own(scene: Scene, length: Floats) -> Numbers:
    placed = float(scene.family in (Family.OSU, Family.CATCH))
    columns = [
        (scene.x / 512 - 0.5) * placed,
        (scene.y / 384 - 0.5) * placed,
        (scene.tail_x / 512 - 0.5) * placed,
        (scene.tail_y / 384 - 0.5) * placed,
        np.log2(length / 400).clip(-4, 4) / 2,
        np.log2((scene.end - scene.time).clip(0, 60_000) + 20) / 4 - 1.8,
        (scene.columns[:, LANE_AT] / max(scene.keys, 8)).astype(float),
        np.log2(scene.speed) / 2,
    ]
    return np.stack(columns, axis=1).clip(-4, 4).astype(np.float32)


def _after(count: int, spans: Sequence[tuple[int, int]]) -> Order:
    after = np.arange(1, count + 1)
    after[-1:] = 0
    for first, stop in spans:
        after[first : stop + 1] = stop if stop < count else 0
    return after


def _open(count: int, spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which notes are asked for without saying how many stand between the one before and the one after."""
    found = np.zeros(count, bool)
    for first, stop in spans:
        found[first : stop + 1] = True
    return found


def _bridge(
    scene: Scene, leave_x: Floats, leave_y: Floats, length: Floats, after: Order, unknown: NDArray[np.bool_]
) -> tuple[Categories, Numbers]:
    count = len(scene)
    category = np.zeros(count, np.int16)
    numbers = np.zeros((count, BRIDGE), np.float32)
    if not count:
        return category, numbers
    numbers[0, 8] = 1
    numbers[after == 0, 9] = 1
    numbers[unknown, 10] = 1
    here = np.flatnonzero(after > 0)
    here = here[here > 0]
    before, behind = here - 1, after[here]
    gap = scene.time[behind] - scene.time[before]
    category[here] = _nearest(_BEAT_BOUNDS, gap / length[before]) + 1
    numbers[here, 0] = np.log2(gap.clip(0, 60_000) + 20) / 4 - 1.8
    numbers[here, 1] = np.log2(gap.clip(0, None) / length[before] + 0.05).clip(-5, 6) / 3
    if scene.family in (Family.OSU, Family.CATCH):
        x, y = scene.x[behind] - leave_x[before], scene.y[behind] - leave_y[before]
        places = (leave_x[before] / 512 - 0.5, leave_y[before] / 384 - 0.5, scene.x[behind] / 512 - 0.5)
        for at, column in enumerate((x / 256, y / 256, np.hypot(x, y) / 256, *places), start=2):
            numbers[here, at] = column.clip(-4, 4)
    return category, numbers
