"""The beat of a song by ear: how fast, where it falls, where bars begin.

Curves of what begins (the onset network, and the rise of four groups of bands) are held against regular pulses. The spectrum of
the whole curve tells the period to a few thousandths of a BPM, as a pulse that is wrong by so little is out of step after some
minutes. Which of the pulses people count (90 or 180, on the kick or between) is told by a linear reading of what sounds at the
twelfths of the beat, learned from human maps (`benchmarks/train_beats.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from math import log2
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.bundled.onset_network import onset_logits
from models.bundled.onsets import GROUPS, HOP, at, beginnings
from models.errors import WeightsDamaged, WeightsMissing

WEIGHTS = Path(__file__).with_name("beats.npz")
SLOWEST, FASTEST = 50.0, 320.0  # BPM
# The running mean that the onset network's answers are held against, and what counts at most.
AROUND, MOST = 200, 6.0  # frames on either side, nats
# Length of the spectrum: steps of 0.011 BPM. Longer songs are cut.
SPECTRUM = 1 << 19  # frames
PULSES = (0.9, 17.0)  # Hz, where the spectrum's peaks are looked for
MOST_PEAKS, APART = 12, 0.006
# A peak is the beat or its 2nd … 8th harmonic.
HARMONICS = (1, 2, 3, 4, 6, 8)
MOST_PERIODS, SAME_PERIOD = 10, 0.004
# What else the two best may be counted as.
RATIOS = (1 / 2, 2, 2 / 3, 3 / 2, 1 / 3, 3, 3 / 4, 4 / 3)
# How harmonics 1 to 4 weigh where periods are compared, and where one is made exact.
COMB, EXACT = (1.0, 1.0, 0.6, 1.0), (1.0, 1.5, 1.0, 2.0)
# Songs are made at whole BPM, seldom at halves: taken where the comb loses no more than this share.
WHOLE_LOSS, HALF_LOSS = 0.12, 0.02
PHASES, BETWEEN = 6, 30.0  # places of the beat in a period, ms between them
FOLD_STEP = 2.0  # ms
TICKS = 12
KNOTS = np.log2([60, 75, 90, 105, 120, 135, 150, 165, 180, 200, 220, 250, 300])
BESIDE = (1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3, 4, 6, 8)
BAR = 4
# A song less clear than this is made of several beats: a part of so many frames tells more.
BROKEN, PART = 14.0, 3_000
# Of a bare metronome: how long a click sounds at most (ms), within 40 dB of the loudest frame and 10 above the quietest; the
# share of frames that must be heard with clicks, and of clicks that must be heard; how far an accent's bands differ from others'.
CLICK, BELOW_LOUDEST, ABOVE_SILENCE, ALL_BUT, ACCENT = 130.0, 93, 24, 0.97, 8.0
MOST_IN_BAR = 7
# How sure a bar is that begins with an accent, or with the first click of many that are alike.
ACCENTED, ALIKE = 0.9, 0.5
# How much more alike (correlation) beats three apart must be before bars have three.
THREE_LEAD = 0.1

Curve = NDArray[np.float64]
Numbers = NDArray[np.floating[Any]]


class Pulse(NamedTuple):
    """A way to count a song: `beat_ms`, the first beat's `phase_ms` in the decoded audio, and what the reader looks at."""

    beat_ms: float
    phase_ms: float
    seen: Curve


class Sound:
    """What begins in a song (or a stretch of it), as the readers hear it."""

    def __init__(self, features: NDArray[np.uint8], onsets: NDArray[np.float32] | None = None) -> None:
        logits = onset_logits(features) if onsets is None else onsets
        self.features = features
        self.salience: Curve = salience(logits)
        rises = beginnings(features).astype(np.float64)
        curves = np.column_stack([self.salience, rises])  # (frames, 1 + GROUPS)
        # The loudest of three frames: what begins within 10 ms of a tick begins there.
        wide = np.maximum(curves, np.maximum(np.roll(curves, 1, 0), np.roll(curves, -1, 0)))
        self.curves: Curve = wide / np.maximum(curves.mean(axis=0), 1e-6)
        self._narrow = self.salience.astype(np.float32)

    @property
    def length_ms(self) -> float:
        return len(self.salience) * HOP

    def part(self, first: int, stop: int) -> Sound:
        """The frames [first, stop) alone."""
        part = object.__new__(Sound)
        part.features, part.salience, part.curves = self.features[first:stop], self.salience[first:stop], self.curves[first:stop]
        part._narrow = self._narrow[first:stop]
        return part

    def spectrum(self) -> Curve:
        """Strength of each frequency (multiples of 100 / SPECTRUM Hz) in the salience."""
        curve = self.salience[:SPECTRUM] - self.salience[:SPECTRUM].mean()
        strength: Curve = np.abs(np.fft.rfft(curve, SPECTRUM)) / max(float(np.sqrt((curve**2).sum())), 1e-9)
        return strength

    def on(self, times: Numbers) -> Curve:
        """(…, 1 + GROUPS) the curves at these ms."""
        frames = np.clip(np.round(times / HOP), 0, len(self.curves) - 1).astype(np.int64)
        found: Curve = self.curves[frames]
        return found

    def exactly(self, beat: float, phase: float) -> float:
        """The place near `phase` where pulses meet the salience best, in fractions of a ms."""
        shifts = np.arange(-12, 12.1, 1.0)
        starts = phase + beat * np.arange(1, max(int(self.length_ms / beat) - 1, 2))
        sums = at(self._narrow, starts[:, None] + shifts).sum(axis=0).astype(np.float64)
        best = min(max(int(sums.argmax()), 1), len(sums) - 2)
        return float(phase + shifts[best] + _vertex(*sums[best - 1 : best + 2])) % beat

    def fold(self, beat: float) -> Curve:
        """The mean salience at each `FOLD_STEP` ms of the beat."""
        starts = beat * np.arange(max(int(self.length_ms / beat) - 1, 1))
        places = starts[:, None] + np.arange(0, beat, FOLD_STEP)
        folded: Curve = at(self._narrow, places).mean(axis=0).astype(np.float64)
        return folded


def salience(onsets: NDArray[np.float32]) -> Curve:
    """How far the onset network's answers stand out of those around them, 0 to MOST nats; shape (frames,)."""
    logits = onsets.astype(np.float64)
    standing_out: Curve = np.clip(logits - _running_mean(logits, AROUND), 0, MOST) if len(logits) else logits
    return standing_out


def _vertex(before: float, peak: float, after: float) -> float:
    bend = before - 2 * peak + after
    return min(max(0.5 * (before - after) / bend, -1.0), 1.0) if bend < 0 else 0.0


def _running_mean(curve: Curve, reach: int) -> Curve:
    total = np.cumsum(np.pad(curve, (reach + 1, reach), mode="edge"))
    mean: Curve = (total[2 * reach + 1 :] - total[: -2 * reach - 1]) / (2 * reach + 1)
    return mean


def comb(strength: Curve, bpm: Numbers, weights: Sequence[float] = COMB) -> Curve:
    """How strong the first harmonics of these tempos are together."""
    total = np.zeros(len(bpm))
    for harmonic, weight in enumerate(weights, 1):
        total += weight * _read(strength, bpm / 60 * harmonic)
    return total


def _read(strength: Curve, hertz: Numbers) -> Curve:
    places = np.clip(hertz * SPECTRUM * HOP / 1000, 0, len(strength) - 2)
    first = places.astype(np.int64)
    share = places - first
    return strength[first] * (1 - share) + strength[first + 1] * share


def tempos(strength: Curve) -> list[float]:
    """BPMs that a song may be counted in, the best first, each exact."""
    named = [60 * peak / harmonic for peak in _peaks(strength) for harmonic in HARMONICS]
    within = np.array(sorted(bpm for bpm in named if SLOWEST <= bpm <= FASTEST))
    if not len(within):
        return []
    found: list[float] = []
    for bpm in within[np.argsort(-comb(strength, within))].tolist():
        if len(found) < MOST_PERIODS and _is_new(bpm, found):
            found.append(bpm)
    for bpm in [best * ratio for best in found[:2] for ratio in RATIOS]:
        if SLOWEST <= bpm <= FASTEST and _is_new(bpm, found):
            found.append(bpm)
    return [exact_tempo(strength, bpm) for bpm in found]


def clarity(strength: Curve) -> float:
    """How far the best tempo stands out of all others: noise has some 2.5, a song with a beat 5 to 100."""
    scores = comb(strength, np.geomspace(SLOWEST, FASTEST, 4_000))
    return float(scores.max() / max(float(np.median(scores)), 1e-9))


def clearest_part(sound: Sound) -> tuple[tuple[int, int], float]:
    """(first frame, stop) of what is to be read, and its clarity: the whole song, or a part where the beat changes within it."""
    best = (0, len(sound.salience)), clarity(sound.spectrum())
    if best[1] < BROKEN:
        for first in range(0, len(sound.salience) - PART + 1, PART // 2):
            part = (first, first + PART), clarity(sound.part(first, first + PART).spectrum())
            best = max(best, part, key=lambda one: one[1])
    return best


def _is_new(bpm: float, known: Iterable[float]) -> bool:
    return all(abs(bpm / other - 1) > SAME_PERIOD for other in known)


def _peaks(strength: Curve) -> list[float]:
    """The strongest frequencies in Hz."""
    left = strength.copy()
    low, high = (int(hertz * SPECTRUM * HOP / 1000) for hertz in PULSES)
    left[:low] = 0
    left[high:] = 0
    found: list[float] = []
    while len(found) < MOST_PEAKS:
        best = int(left.argmax())
        if left[best] <= 0:
            break
        found.append(best / (SPECTRUM * HOP / 1000))
        left[int(best * (1 - APART)) : int(best * (1 + APART)) + 1] = 0
    return found


def exact_tempo(strength: Curve, bpm: float) -> float:
    """The tempo near `bpm` (0.3 %) that meets the song best, whole where that is as good."""
    for step in (1e-4, 1e-5):
        near = bpm * (1 + np.arange(-30, 31) * step)
        bpm = float(near[comb(strength, near, EXACT).argmax()])
    return rounded(strength, bpm)


def rounded(strength: Curve, bpm: float) -> float:
    best = float(comb(strength, np.array([bpm]), EXACT)[0])
    for steps, loss in ((1, WHOLE_LOSS), (2, HALF_LOSS)):
        near = round(bpm * steps) / steps
        if abs(near / bpm - 1) < 3e-3 and float(comb(strength, np.array([near]), EXACT)[0]) >= (1 - loss) * best:
            return near
    return bpm


def phases(sound: Sound, beat: float) -> list[float]:
    """Places of the beat in a period at which most begins, in ms, the likeliest by that alone first."""
    left = sound.fold(beat)
    reach = round(BETWEEN / FOLD_STEP)
    found: list[float] = []
    for _ in range(PHASES):
        best = int(left.argmax())
        if left[best] <= 0:
            break
        found.append(sound.exactly(beat, best * FOLD_STEP))
        left[np.arange(best - reach, best + reach + 1) % len(left)] = 0
    return found


def pulses(sound: Sound, bpms: Sequence[float] = ()) -> list[Pulse]:
    """All ways to count the song that are worth a look; of these tempos alone where any are given."""
    strength = sound.spectrum()
    candidates = list(bpms) or tempos(strength)
    best = max(comb(strength, np.array(candidates)).max(), 1e-9) if candidates else 1.0
    return [
        Pulse(60_000 / bpm, phase, look(sound, strength / best, 60_000 / bpm, phase))
        for bpm in candidates
        for phase in phases(sound, 60_000 / bpm)
    ]


def look(sound: Sound, strength: Curve, beat: float, phase: float) -> Curve:
    """What tells whether people would count so: the sounds at the twelfths of a beat, what goes on over four beats, the tempo."""
    count = max(int((sound.length_ms - phase) // beat), 1)
    heard = sound.on(phase + beat * (np.arange(count)[:, None] + np.arange(TICKS) / TICKS))  # (beats, 12, C)
    profile = heard.mean(axis=0) - 1
    whole = count // BAR * BAR
    bars = heard[:whole].reshape(-1, BAR, TICKS, GROUPS + 1).mean(axis=0) if whole else np.zeros((BAR, TICKS, GROUPS + 1))
    turns = np.abs(np.fft.fft(bars[:, [0, TICKS // 2]], axis=0))[1:3] / BAR
    bpm = 60_000 / beat
    return np.concatenate([
        profile.ravel() / 2,
        turns.ravel(),
        _hats(bpm),
        comb(strength, np.array([bpm])),
        _read(strength, bpm / 60 * np.array(BESIDE)),
    ])  # fmt: skip


def _hats(bpm: float) -> Curve:
    """Where the tempo lies between the knots: weights that sum to 1."""
    numbers: Curve = np.arange(len(KNOTS), dtype=np.float64)
    place = float(np.interp(log2(bpm), KNOTS, numbers))
    hats: Curve = np.clip(1 - np.abs(numbers - place), 0, 1)
    return hats


class Metronome(NamedTuple):
    """Clicks and nothing else, each a beat, in bars of `meter`, the first of which begins at `start_ms` as surely as `sure`."""

    beat_ms: float
    start_ms: float
    meter: int
    sure: float


def metronome(sound: Sound, beat: float, phase: float, per_beat: Sequence[float] = (1, 2, 1 / 2)) -> Metronome | None:
    """Where bars begin if all that is heard are clicks, so many for a beat: with the accent, else with the first click."""
    levels = sound.features.max(axis=1).astype(np.int64)
    audible = max(int(levels.min()) + ABOVE_SILENCE, int(levels.max()) - BELOW_LOUDEST)
    # A frame hears a click some ms ahead.
    heard = np.flatnonzero(levels > audible) * HOP - phase + 2 * HOP
    for step in [beat / clicks for clicks in per_beat] if len(heard) else ():
        numbers = np.unique((heard // step).astype(np.int64))
        if step < 2 * CLICK or (heard % step < CLICK).mean() < ALL_BUT or len(numbers) < ALL_BUT * np.ptp(numbers):
            continue
        accents = numbers[_accents(sound, phase + numbers * step, audible)]
        gaps = np.diff(accents)
        meter = int(np.bincount(gaps).argmax()) if len(gaps) > 1 else 0
        # Where every other click differs, either half may be the accents.
        if 2 < meter <= MOST_IN_BAR and (gaps == meter).mean() > 1 / 2:
            return Metronome(step, phase + float(accents[0]) * step, meter, ACCENTED)
        return Metronome(step, phase + float(numbers[0]) * step, BAR, ALIKE)
    return None


def _accents(sound: Sound, clicks: Numbers, audible: int) -> NDArray[np.int64]:
    """The numbers of the clicks that differ from most."""
    frames = np.round(clicks / HOP).astype(np.int64)[:, None] + np.arange(-2, 6)
    bands = sound.features[frames.clip(0, len(sound.features) - 1)].max(axis=1).clip(audible).astype(np.float64)
    bands = bands[:, bands.max(axis=0) > audible]
    apart = np.abs(bands - np.median(bands, axis=0)).mean(axis=1)
    return np.flatnonzero(apart > max(ACCENT, float(apart.max()) / 2))


class Reader(NamedTuple):
    """A linear reading: `chances` of the ways to count a song, which sum to 1."""

    mean: Curve
    scale: Curve
    weights: Curve

    def chances(self, seen: Sequence[Curve]) -> Curve:
        scores = (np.array(seen) - self.mean) * self.scale @ self.weights
        chances: Curve = np.exp(scores - np.logaddexp.reduce(scores))
        return chances


@cache
def readers() -> dict[str, Reader]:
    """`pulse` chooses among `Pulse.seen`, `bar` among `bar_looks`."""
    try:
        with np.load(BytesIO(WEIGHTS.read_bytes()), allow_pickle=False) as held:
            parts = {name: held[name].astype(np.float64) for name in held.files}
    except OSError as error:
        raise WeightsMissing(f"{WEIGHTS.name} is missing, so no beat can be heard; install maimod again") from error
    except Exception as error:  # a damaged archive raises whatever zipfile, zlib or numpy trip over
        raise WeightsDamaged(f"{WEIGHTS.name} is damaged, so no beat can be heard; install maimod again") from error
    return {name: Reader(*(parts[f"{name}_{part}"] for part in Reader._fields)) for name in ("pulse", "bar")}


class Bars(NamedTuple):
    """How probable it is of each of the `meter` beats from the first one on that bars begin with it."""

    chances: Curve
    meter: int


def bars(sound: Sound, beat: float, phase: float, meter: int | None = None) -> Bars:
    """Where bars begin; how many beats they have is heard too where it is not given."""
    meter = meter or (3 if bar_of_three(sound, beat, phase) else BAR)
    looks = bar_looks(sound, beat, phase, meter)
    if meter == BAR:
        return Bars(readers()["bar"].chances(looks), meter)
    loud = np.array([look[: len(look) // meter].sum() for look in looks])
    return Bars(np.exp(loud - np.logaddexp.reduce(loud)), meter)


def bar_of_three(sound: Sound, beat: float, phase: float) -> bool:
    """Whether what sounds at the beats comes again after three rather than after two or four."""
    count = int((sound.length_ms - phase) // beat)
    if count < 24:
        return False
    starts = phase + beat * np.arange(count)
    heard = np.column_stack([sound.on(starts), _changes(sound, starts, beat)])  # (beats, C)
    heard = (heard - heard.mean(axis=0)) / (heard.std(axis=0) + 1e-6)
    alike = {lag: float((heard[lag:] * heard[:-lag]).mean()) for lag in (2, 3, 4, 6)}
    return min(alike[3], alike[6]) > max(alike[2], alike[4]) + THREE_LEAD


def bar_looks(sound: Sound, beat: float, phase: float, meter: int = BAR) -> list[Curve]:
    """For each beat of the bar that may be its first: what sounds, and how much changes, at each beat from it on."""
    count = int((sound.length_ms - phase) // beat) // meter * meter
    if count < 2 * meter:
        return [np.zeros((meter, 2 * (GROUPS + 1) + 1)).ravel() for _ in range(meter)]
    starts = phase + beat * np.arange(count)
    heard = sound.on(starts[:, None] + np.array([0, beat / 2])).reshape(count, -1)  # (beats, 2 C)
    rows = np.column_stack([heard, _changes(sound, starts, beat)]).reshape(-1, meter, heard.shape[1] + 1).mean(axis=0)
    rows = rows - rows.mean(axis=0)
    return [np.roll(rows, -first, axis=0).ravel() for first in range(meter)]


def _changes(sound: Sound, starts: Numbers, beat: float) -> Curve:
    """(beats,) how much the sound of each beat differs from that of the beat before: chords change with bars."""
    edges = np.clip(np.round(np.append(starts, starts[-1] + beat) / HOP), 0, len(sound.features)).astype(np.int64)
    total = np.concatenate([np.zeros((1, sound.features.shape[1])), np.cumsum(sound.features, axis=0, dtype=np.float64)])
    means = (total[edges[1:]] - total[edges[:-1]]) / np.maximum(np.diff(edges), 1)[:, None]
    changes = np.abs(np.diff(means, axis=0, prepend=means[:1])).mean(axis=1)
    changes /= max(changes.mean(), 1e-6)
    result: Curve = changes
    return result
