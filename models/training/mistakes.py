"""Mistakes put into scenes on purpose, so that the detector learns what they look like and what kind they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import ANY, MISTAKES, REPEATS, Family
from models.bundled.scenes import (
    ADDITION_AT,
    BIG_DON,
    BIG_KAT,
    CIRCLE,
    COMBO_AT,
    DON,
    HOLD,
    KAT,
    KIND_AT,
    LANE_AT,
    MODIFIER_AT,
    NONE,
    NOTE,
    REPEATS_AT,
    SET_AT,
    SLIDER,
    SOUND_AT,
    SPINNER,
    TAIL_AT,
    Scene,
    joined,
)

Rng = np.random.Generator
Labels = NDArray[np.bool_]
KIND = {name: number for number, name in enumerate(MISTAKES)}
# Objects that are moved stay this far (ms) from their neighbours.
ROOM = 40.0
_CHARTS = (Family.FRETS, Family.DRUMS)


@dataclass(slots=True)
class Draft:
    """A scene that is being changed in place; `left_out` and `added` are settled at the end. `rows`: the times as they were."""

    scene: Scene
    labels: Labels
    rows: NDArray[np.float64]
    left_out: set[int]
    added: list[Scene]
    rng: Rng

    def gap(self, note: int) -> tuple[float, float]:
        """ms to the nearest notes before and after that are not of the same time."""
        rows, time = self.rows, self.scene.time[note]
        before, after = np.searchsorted(rows, (time - 1, time + 1)).tolist()
        return (
            float(time - rows[before - 1]) if before else np.inf,
            float(rows[after] - time) if after < len(rows) else np.inf,
        )

    def row(self, note: int, by: int = 0) -> NDArray[np.intp]:
        """The notes of the same time, or of the next time before (−1) or after (+1)."""
        time = self.scene.time[note]
        before, after = self.gap(note)
        time = time + (0 if not by else after if by > 0 else -before)
        return np.flatnonzero(np.abs(self.scene.time - time) < 1)

    def beat(self, note: int) -> float:
        """ms that a beat lasts at the note."""
        _, stretch = self.scene.beats.at(self.scene.time[note : note + 1])
        return float(self.scene.beats.lengths[stretch[0]])

    def column(self, note: int, at: int) -> int:
        return int(self.scene.columns[note, at])

    def group(self, note: int) -> NDArray[np.intp]:
        """The notes of the same time, which a chart moves as one; elsewhere the note alone."""
        if self.scene.family not in _CHARTS:
            return np.array([note], np.intp)
        return self.row(note)

    def moved(self, note: int, by: float) -> bool:
        group = self.group(note)
        others = np.setdiff1d(self.others(note), group)
        to = self.scene.time[note] + by
        if to < self.scene.time[0] or to > self.scene.time[-1]:
            return False
        crossed = (self.scene.time[others] - self.scene.time[note]) * (self.scene.time[others] - to) < 0
        held = (self.scene.end[others] > to - ROOM) & (self.scene.time[others] < to + ROOM)
        if crossed.any() or held.any():
            return False
        self.scene.time[group] += by
        self.scene.end[group] += by
        self.labels[group, KIND["time"]] = True
        return True

    def others(self, note: int) -> NDArray[np.intp]:
        """The notes that a moved note must keep clear of: in mania those of its lane."""
        if self.scene.family is not Family.MANIA:
            return np.arange(len(self.scene))
        return np.flatnonzero(self.scene.columns[:, LANE_AT] == self.scene.columns[note, LANE_AT])


Mistake = Callable[[Draft, int], bool]


def _short(draft: Draft, note: int) -> bool:
    """A circle, a don or kat, a plain mania or chart note: what can be moved or left out."""
    kind = draft.column(note, KIND_AT)
    return kind in (CIRCLE, NOTE, DON, KAT, BIG_DON, BIG_KAT, NONE)


def off_grid(draft: Draft, note: int) -> bool:
    if not _short(draft, note):
        return False
    return draft.moved(note, round(float(draft.rng.choice((-1, 1))) * draft.rng.uniform(7, 21)))


def wrong_snap(draft: Draft, note: int) -> bool:
    if not _short(draft, note):
        return False
    share = draft.rng.choice((0.25, 0.25, 0.25, 1 / 3, 1 / 6, 1 / 8, 0.5))
    return draft.moved(note, float(draft.rng.choice((-1, 1)) * draft.beat(note) * share))


def extra(draft: Draft, note: int) -> bool:
    scene, family = draft.scene, draft.scene.family
    kind = draft.column(note, KIND_AT)
    if not _short(draft, note):
        return False
    chord = family in (Family.MANIA, *_CHARTS) and draft.rng.random() < 0.5
    after = draft.gap(note)[1]
    least = 0.45 if family in (Family.TAIKO, Family.MANIA, *_CHARTS) else draft.rng.choice((0.9, 0.9, 0.45))
    if not chord and not max(least * draft.beat(note), 2 * ROOM) <= after < np.inf:
        return False
    one = scene.taken(np.array([note]))
    one = replace(one, time=one.time.copy(), end=one.end.copy(), columns=one.columns.copy())
    if chord or scene.keys or family in _CHARTS:
        lanes = _free_lanes(draft, note)
        if not len(lanes):
            return False
        one.columns[0, LANE_AT] = draft.rng.choice(lanes)
    if not chord:
        one.time[0] = np.round(one.time[0] + after / 2)
        one.end[0] = one.time[0]
        if family is Family.TAIKO:
            one.columns[0, KIND_AT] = draft.rng.choice((DON, KAT))
        elif kind == CIRCLE:
            one.columns[0, COMBO_AT] = 0
        elif family is Family.FRETS:
            one.columns[0, MODIFIER_AT] = 0
    draft.added.append(one)
    return True


def _free_lanes(draft: Draft, note: int) -> NDArray[np.int16]:
    scene = draft.scene
    near = np.abs(scene.time - scene.time[note]) < ROOM
    held = (scene.time <= scene.time[note]) & (scene.end >= scene.time[note] - ROOM)
    used = np.unique(scene.columns[:, LANE_AT])
    return used[~np.isin(used, scene.columns[near | held, LANE_AT])]


def missing(draft: Draft, note: int) -> bool:
    before, after = draft.gap(note)
    if not _short(draft, note) or before + after > 3 * draft.beat(note):
        return False
    row = np.setdiff1d(draft.row(note), note)
    near = row if len(row) else np.concatenate((draft.row(note, -1), draft.row(note, 1)))
    if not len(near) or draft.left_out.intersection(near.tolist()):
        return False
    draft.left_out.add(note)
    draft.labels[near, KIND["missing"]] = True
    return True


def new_combo(draft: Draft, note: int) -> bool:
    if draft.column(note, KIND_AT) == SPINNER:
        return False
    draft.scene.columns[note, COMBO_AT] ^= 1
    return True


def wrong_place(draft: Draft, note: int) -> bool:
    scene = draft.scene
    if draft.column(note, KIND_AT) != CIRCLE:
        return False
    angle, reach = draft.rng.uniform(0, 2 * np.pi), draft.rng.uniform(90, 170)
    if scene.family is Family.CATCH:
        angle = 0.0 if angle < np.pi else np.pi
    x, y = scene.x[note] + reach * np.cos(angle), scene.y[note] + reach * np.sin(angle)
    if not (0 <= x <= 512 and 0 <= y <= 384):
        return False
    scene.x[note] = scene.tail_x[note] = np.floor(x)
    scene.y[note] = scene.tail_y[note] = np.floor(y)
    return True


def hit_sound(draft: Draft, note: int) -> bool:
    columns = draft.scene.columns
    if draft.scene.family is Family.MANIA and not (columns[:, SOUND_AT] > 0).mean() > 0.01:
        return False
    had = columns[note, SOUND_AT] > 0
    columns[note, SOUND_AT] ^= draft.rng.choice((1, 2, 4))
    if columns[note, SOUND_AT] == 0:
        columns[note, ADDITION_AT] = NONE
    elif not had:
        columns[note, ADDITION_AT] = columns[note, SET_AT]
    return True


def length(draft: Draft, note: int) -> bool:
    scene, beat = draft.scene, draft.beat(note)
    duration = scene.end[note] - scene.time[note]
    if scene.family is Family.MANIA:
        return _hold_length(draft, note, beat)
    if scene.family is Family.FRETS:
        return _sustain(draft, note, beat)
    if draft.column(note, KIND_AT) != SLIDER:
        return False
    factor = draft.rng.choice((0.5, 0.75, 1.25, 1.5))
    if factor > 1 and draft.gap(note)[1] < 1.6 * beat:
        return False
    scene.end[note] = scene.time[note] + duration * factor
    scene.tail_x[note] = scene.x[note] + (scene.tail_x[note] - scene.x[note]) * factor
    scene.tail_y[note] = scene.y[note] + (scene.tail_y[note] - scene.y[note]) * factor
    return True


def _hold_length(draft: Draft, note: int, beat: float) -> bool:
    scene = draft.scene
    if draft.column(note, KIND_AT) != HOLD:
        return False
    until = scene.end[note] + beat * draft.rng.choice((0.25, 0.5, 1, -0.25, -0.5, -1))
    if until < scene.time[note] + max(beat / 8, 30) or not _lane_free(draft, note, until):
        return False
    scene.end[note] = until
    return True


def _lane_free(draft: Draft, note: int, until: float) -> bool:
    scene = draft.scene
    same = (scene.columns[:, LANE_AT] == scene.columns[note, LANE_AT]) & (scene.time > scene.time[note])
    return not bool((scene.time[same] < until + ROOM).any())


def _sustain(draft: Draft, note: int, beat: float) -> bool:
    scene = draft.scene
    group = draft.row(note)
    later = scene.time[scene.time > scene.time[note] + 1]
    gap = float(later[0] - scene.time[note]) if len(later) else 0.0
    duration = float(scene.end[note] - scene.time[note])
    if duration <= 0:
        if gap < beat:
            return False
        scene.end[group] = scene.time[group] + gap / 2
    else:
        factor = draft.rng.choice((0, 0.5, 0.75, 1.25, 1.5))
        if duration * factor > gap > 0:
            return False
        scene.end[group] = scene.time[group] + duration * factor
    draft.labels[group, KIND["length"]] = True
    return True


def repeats(draft: Draft, note: int) -> bool:
    if draft.column(note, KIND_AT) != SLIDER or draft.gap(note)[1] < 2 * draft.beat(note):
        return False
    columns = draft.scene.columns
    columns[note, REPEATS_AT] = min(columns[note, REPEATS_AT] + 1, len(REPEATS) - 1)
    if draft.rng.random() < 0.8:
        columns[note, TAIL_AT] = 0
    return True


def lane(draft: Draft, note: int) -> bool:
    lanes = _free_lanes(draft, note)
    if not len(lanes):
        return False
    draft.scene.columns[note, LANE_AT] = draft.rng.choice(lanes)
    return True


def colour(draft: Draft, note: int) -> bool:
    swapped = {DON: KAT, KAT: DON, BIG_DON: BIG_KAT, BIG_KAT: BIG_DON}
    return _kind(draft, note, swapped)


def finisher(draft: Draft, note: int) -> bool:
    swapped = {DON: BIG_DON, KAT: BIG_KAT, BIG_DON: DON, BIG_KAT: KAT}
    big = draft.column(note, KIND_AT) in (BIG_DON, BIG_KAT)
    return (big or draft.rng.random() < 0.3) and _kind(draft, note, swapped)


def _kind(draft: Draft, note: int, swapped: dict[int, int]) -> bool:
    kind = draft.column(note, KIND_AT)
    if kind not in swapped:
        return False
    draft.scene.columns[note, KIND_AT] = swapped[kind]
    return True


def hold_kind(draft: Draft, note: int) -> bool:
    scene, kind = draft.scene, draft.column(note, KIND_AT)
    if not (scene.columns[:, KIND_AT] == HOLD).mean() > 0.02:
        return False
    if kind == HOLD:
        scene.columns[note, KIND_AT], scene.end[note] = NOTE, scene.time[note]
        return True
    until = scene.time[note] + draft.beat(note) * draft.rng.choice((0.25, 0.5, 1))
    if kind != NOTE or not _lane_free(draft, note, until):
        return False
    scene.columns[note, KIND_AT], scene.end[note] = HOLD, until
    return True


def modifier(draft: Draft, note: int) -> bool:
    scene = draft.scene
    group = draft.row(note)
    if scene.family is Family.FRETS:
        used = np.unique(scene.columns[:, MODIFIER_AT])
        others = used[used != scene.columns[note, MODIFIER_AT]]
        if not len(others):
            return False
        scene.columns[group, MODIFIER_AT] = draft.rng.choice(others)
        draft.labels[group, KIND["modifier"]] = True
        return True
    if draft.column(note, LANE_AT) not in (2, 3, 4) or not (scene.columns[:, MODIFIER_AT] > 2).any():
        return False
    bits = max(int(scene.columns[note, MODIFIER_AT]) - 2, 0) ^ 1
    scene.columns[note, MODIFIER_AT] = bits + 2 if bits else 0
    return True


_TIMES: tuple[tuple[str, Mistake], ...] = (*(("time", off_grid), ("time", wrong_snap), ("missing", missing), ("extra", extra)),)
# What each family is taught, with the name of the mistake in MISTAKES; all of a family are equally frequent.
OF_FAMILY: dict[Family, tuple[tuple[str, Mistake], ...]] = {
    Family.OSU: (
        *(("time", wrong_snap), ("time", off_grid), ("new combo", new_combo), ("position", wrong_place)),
        *(("hit sound", hit_sound), ("length", length), ("repeats", repeats), ("extra", extra), ("missing", missing)),
    ),
    Family.TAIKO: (("kind", colour), ("kind", finisher), *_TIMES),
    Family.CATCH: (("position", wrong_place), *_TIMES, ("new combo", new_combo), ("hit sound", hit_sound), ("length", length)),
    Family.MANIA: (("lane", lane), *_TIMES, ("length", length), ("kind", hold_kind), ("hit sound", hit_sound)),
    Family.FRETS: (("lane", lane), *_TIMES, ("length", length), ("modifier", modifier)),
    Family.DRUMS: (("lane", lane), *_TIMES, ("modifier", modifier)),
}
TRIES = 10


def with_mistakes(scene: Scene, spacing: float, rng: Rng) -> tuple[Scene, Labels, NDArray[np.intp]]:
    """A copy with about one mistake per `spacing` notes, its labels (N', len(MISTAKES)) and which row of the scene each row was.

    A missing note is labelled at both of its neighbours. Rows that were added were −1 before.
    """
    scene = scene.taken(np.arange(len(scene)))
    draft = Draft(scene, np.zeros((len(scene), len(MISTAKES)), bool), np.unique(scene.time), set(), [], rng)
    kinds = OF_FAMILY[scene.family]
    at = 2 + rng.integers(0, max(int(spacing), 1))
    while at < len(scene) - 3:
        name, mistake = kinds[rng.integers(len(kinds))]
        for note in at + rng.integers(0, max(int(spacing / 2), 1), TRIES):
            if 1 < note < len(scene) - 2 and mistake(draft, int(note)):
                if name != "missing":
                    draft.labels[note, KIND[name]] = name != "extra"
                break
        at += int(spacing * rng.uniform(0.6, 1.4)) + 1
    return _settled(draft)


def _settled(draft: Draft) -> tuple[Scene, Labels, NDArray[np.intp]]:
    keep = np.array([number for number in range(len(draft.scene)) if number not in draft.left_out], np.intp)
    scene = joined([draft.scene.taken(keep), *draft.added])
    extras = np.zeros((len(draft.added), len(MISTAKES)), bool)
    extras[:, KIND["extra"]] = True
    labels = np.concatenate((draft.labels[keep], extras))
    labels[:, ANY] = labels.any(axis=1)
    was = np.concatenate((keep, np.full(len(draft.added), -1)))
    order = np.lexsort((scene.columns[:, LANE_AT], np.round(scene.time, 3)))
    return scene.taken(order), labels[order], was[order]
