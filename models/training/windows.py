"""Windows of notes as the network is fed: drawn by weight, varied, with mistakes in some of them, and stacked into batches."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.bundled.echoes import echoes
from models.bundled.fields import COLUMN, FIELDS, MISTAKES, RELATIVE, SOUNDS, Family
from models.bundled.onsets import Heard
from models.bundled.rows import Rows, beats_of, rows_of
from models.bundled.scenes import (
    ADDITION_AT,
    BIG_DON,
    BIG_KAT,
    BIG_ROLL,
    DENDEN,
    DON,
    KAT,
    KIND_AT,
    LANE_AT,
    ROLL,
    SET_AT,
    SOUND_AT,
    TAIL_AT,
    VOLUME_AT,
    Scene,
    joined,
)
from models.training.corpus import Piece
from models.training.mistakes import Labels, with_mistakes

LENGTH = 256
# Notes read on both sides of a window, so that its first and last notes know their neighbours.
MARGIN = 3


@dataclass(frozen=True, slots=True)
class Variety:
    """How often a window is varied in each way (0 to 1); `spacing` in notes, `span` the notes of a stretch to be written anew."""

    mistakes: float = 0.65
    spacing: tuple[float, float] = (12.0, 45.0)
    stretch: float = 0.3
    permute: float = 0.3
    louder: float = 0.3
    forget: float = 0.15
    silence: float = 0.5
    unconditioned: float = 0.2
    one_sided: float = 0.08
    swap: float = 0.25
    spans: float = 0.4
    span: tuple[int, int] = (2, 128)


@dataclass(frozen=True, slots=True)
class Window:
    """At most LENGTH notes. `labels` (L, len(MISTAKES)); `asked` (L,) whether the fields of the note are to be predicted."""

    rows: Rows
    labels: Labels
    asked: NDArray[np.bool_]
    heard: Heard | None


def window_of(piece: Piece, rng: np.random.Generator, variety: Variety, length: int = LENGTH) -> Window:
    """A random stretch of the piece, varied."""
    count = len(piece.scene)
    start = int(rng.integers(-length // 4, max(count - 3 * length // 4, 1))) if count > length else 0
    start = min(max(start, 0), max(count - length, 0))
    first, last = max(start - MARGIN, 0), min(start + length + MARGIN, count)
    whole = _varied(piece.scene, rng, variety)
    scene, was = whole.taken(slice(first, last)), np.arange(last - first)
    labels: Labels = np.zeros((len(scene), len(MISTAKES)), bool)
    if rng.random() < variety.mistakes:
        scene, labels, was = with_mistakes(scene, rng.uniform(*variety.spacing), rng)
    cut = slice(start - first, start - first + length)
    forgotten = rng.random() < variety.forget and not labels.any()
    heard = None
    if piece.song is not None and rng.random() >= variety.silence:
        places, pace = _unstretched(scene.time, was, piece.scene.time[first:last])
        heard = piece.song.heard(places, scene.beat_lengths * pace, piece.delay).part(cut)
    spans = _spans(len(scene), rng, variety) if rng.random() < variety.spans else ()
    rows = rows_of(scene, _echo(whole, scene, first, last), spans).part(cut)
    if forgotten:
        rows = _forgotten(rows, rng)
    if rng.random() < variety.one_sided:
        rows = rows.unsighted()
    if rng.random() < variety.unconditioned:
        rows = replace(rows, condition=np.zeros_like(rows.condition))
    asked = np.logical_not(labels[cut].any(axis=1))
    return Window(rows, labels[cut], asked, heard)


def _echo(whole: Scene, part: Scene, first: int, last: int) -> NDArray[np.float32]:
    """What the whole map says of a part of it that was changed; the part stands for the notes `first` to `last`."""
    before, after = whole.taken(slice(0, first)), whole.taken(slice(last, None))
    spoilt = joined((before, part, after))
    return echoes(spoilt, beats_of(spoilt), first, first + len(part))


def _spans(count: int, rng: np.random.Generator, variety: Variety) -> tuple[tuple[int, int], ...]:
    """One stretch of notes that is asked for as if it were to be written anew; short ones as often as long ones."""
    fewest, most = variety.span
    length = round(math.exp(rng.uniform(math.log(fewest), math.log(most))))
    first = int(rng.integers(1, max(count - length // 2, 2)))
    return ((first, min(first + length, count)),)


def _unstretched(
    time: NDArray[np.float64], was: NDArray[np.intp], real: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Times in the song, and how much of it a ms of the window lasts.

    A line through what was kept, so that a moved or added note hears its own place.
    """
    kept = was >= 0
    if kept.sum() < 2 or np.ptp(time[kept]) <= 0:
        return np.take(real, was.clip(0)), 1.0
    slope, offset = np.polyfit(time[kept], real[was[kept]], 1).tolist()
    places: NDArray[np.float64] = time * slope + offset
    return places, slope


_BEHIND = {COLUMN[name]: at for at, name in enumerate(RELATIVE)}


def _forgotten(rows: Rows, rng: np.random.Generator) -> Rows:
    """Takes one to four fields away, so that the network learns not to lean on any."""
    values, behind = rows.values.copy(), rows.behind.copy()
    for column in rng.choice(np.arange(3, len(FIELDS)), rng.integers(1, 5), replace=False).tolist():
        values[:, column] = 0
        if column in _BEHIND:
            behind[:, _BEHIND[column]] = 0
    return replace(rows, values=values, behind=behind)


def _varied(scene: Scene, rng: np.random.Generator, variety: Variety) -> Scene:
    scene = replace(scene, columns=scene.columns.copy())
    if rng.random() < variety.stretch:
        scene = _stretched(scene, rng.uniform(0.8, 1.25))
    if scene.family in (Family.OSU, Family.CATCH):
        scene = _moved(scene, rng)
    if scene.family is Family.MANIA and rng.random() < 0.5:
        scene.columns[:, LANE_AT] = scene.keys - 1 - scene.columns[:, LANE_AT]
        scene = scene.taken(np.lexsort((scene.columns[:, LANE_AT], scene.time)))
    if scene.family is Family.TAIKO and rng.random() < variety.swap:
        kinds = scene.columns[:, KIND_AT]
        scene.columns[:, KIND_AT] = np.array([*range(DON), KAT, DON, BIG_KAT, BIG_DON, ROLL, BIG_ROLL, DENDEN])[kinds]
    if scene.family not in (Family.TAIKO, Family.FRETS, Family.DRUMS):
        _revoiced(scene, rng, variety)
    if scene.columns[:, VOLUME_AT].max(initial=-1) > 0 and rng.random() < variety.louder:
        scene.columns[:, VOLUME_AT] = (scene.columns[:, VOLUME_AT] + rng.integers(-3, 4)).clip(0, 20)
    return scene


def _stretched(scene: Scene, factor: float) -> Scene:
    beats = replace(scene.beats, starts=scene.beats.starts * factor, lengths=scene.beats.lengths * factor)
    return replace(scene, time=scene.time * factor, end=scene.end * factor, beats=beats)


def _moved(scene: Scene, rng: np.random.Generator) -> Scene:
    """Mirrored, and in osu!standard turned about the middle of the playfield."""
    x, y, tail_x, tail_y = scene.x, scene.y, scene.tail_x, scene.tail_y
    if rng.random() < 0.5:
        x, tail_x = 512 - x, 512 - tail_x
    if scene.family is Family.OSU:
        if rng.random() < 0.5:
            y, tail_y = 384 - y, 384 - tail_y
        if rng.random() < 0.25:
            turn = np.exp(1j * rng.uniform(0, 2 * np.pi))
            head, tail = (x - 256 + 1j * (y - 192)) * turn, (tail_x - 256 + 1j * (tail_y - 192)) * turn
            x, y, tail_x, tail_y = head.real + 256, head.imag + 192, tail.real + 256, tail.imag + 192
    return replace(scene, x=x, y=y, tail_x=tail_x, tail_y=tail_y)


def _revoiced(scene: Scene, rng: np.random.Generator, variety: Variety) -> None:
    """Another mapper's scheme: whistle, finish and clap change places, and so do the sample sets."""
    columns = scene.columns
    if rng.random() < variety.permute:
        order = rng.permutation(3)
        table = np.array([sum((sound >> bit & 1) << order[bit] for bit in range(3)) for sound in range(len(SOUNDS))])
        for at in (SOUND_AT, TAIL_AT):
            used = columns[:, at] >= 0
            columns[used, at] = table[columns[used, at]]
    if rng.random() < variety.permute:
        table = rng.permutation(3)
        for at in (SET_AT, ADDITION_AT):
            used = columns[:, at] >= 0
            columns[used, at] = table[columns[used, at]]
