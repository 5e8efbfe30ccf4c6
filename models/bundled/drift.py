"""Timing that is wrong by ear: notes that lie off the sounds by more than the rest of the song does.

Around each note the onset network's answers become a distribution over shifts; a path through the song's half seconds adds
them up, where a change of the shift costs something. The grid of the red lines is a second ear: notes that all lie 15 ms
beside their ticks were moved, or their red line was. What stays away from the song's own delay is judged by logistic functions
learned from training songs (`benchmarks/train_onsets.py`).

A constant offset of a whole map cannot be told from the decoder's delay, which differs by some 7 ms from song to song: it is
found only where other difficulties say what the delay is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import exp, inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.bundled.beats import salience
from models.bundled.onsets import HOP, at, song_delay
from models.bundled.tempo_drift import heard_tempo, sections

# Candidate shifts: 40 ms is half the gap of a 1/4 stream at 190 BPM, beyond it lies the next note's sound.
STEP = 2.5  # ms
SHIFTS = np.arange(-40.0, 40.1, STEP)  # ms
REST = len(SHIFTS) // 2
# Songs wander within this much of their delay, from instrument to instrument.
IN_TIME = 5.0  # ms
OFF = np.abs(SHIFTS) > IN_TIME
# A grid that notes left is told to a ms, so that less is worth a word.
OFF_GRID = np.abs(SHIFTS) >= IN_TIME
# Notes are added up in bins of this length; a later one counts from the end of this many.
BIN, MOST_BINS = 500.0, 20_000  # ms, bins
# What a change of the shift costs, in nats.
CHANGE = 8.0
FEWEST_NOTES, SHORTEST = 6, 2_000.0  # notes, ms
# A section of a red line is judged as a whole from this many notes on.
FEWEST_IN_SECTION = 12
# A note lies on the grid within this much of a 1/4 or 1/6 tick (whole ms, half a step of `SHIFTS`, and some rounding).
ON_TICK = 2.0  # ms
# The share of a section's notes beyond which a stretch of moved notes is rather a moved red line.
WHOLE_SECTION = 0.8
# Difficulties of one song agree on the delay within 2 ms in 98 of 100 cases.
DISAGREEMENT, FEWEST_IN_MAP = 6.0, 30  # ms, notes
# From which probability on a stretch that is off by ear is reported: so that 2 % of untouched ones are where no grid is known,
# and 1 % where the notes lie on it, as then only a song that leaves its red line can be meant; 3 % for a red line's section.
HEARD_FROM, HEARD_ON_GRID_FROM, SECTION_FROM = 0.8, 0.9, 0.5
# Notes whose shift tells how far a song wanders by itself, and what is taken where there are too few, in ms.
WINDOW, UNKNOWN_WANDER = 24, 5.0
# What was moved off the grid is back on it once the shift is taken back: by this share of the notes at least.
BACK_ON_GRID = 0.6
# The share of reports on a tempo that are right where as many tempos are wrong as not.
TEMPO_SURE = 0.95
# Nats per note by which moved notes sound better once moved back, and notes over a moved red line sound worse.
MOVED, STAYED = 0.3, -0.4
HEARD_WEIGHTS = {
    "gain": 0.334, "gain_per_note": 1.51, "clear_per_note": -1.048, "notes": -0.288, "shift": -0.135, "song_level": 1.345,
    "others": -2.732, "constant": 1.736,
}  # fmt: skip
SECTION_WEIGHTS = {"gain": 1.051, "gain_per_note": 0.526, "wander": -0.206, "constant": -1.283}

Curves = NDArray[np.float64]


class Against(StrEnum):
    """What lies where it should not."""

    NOTES = "notes"  # the notes left both the grid and the sounds
    SECTION = "section"  # the notes, and the red line where they lie on its grid, against the sounds
    RED_LINE = "red line"  # the notes of a whole section lie off its grid alike
    MAP = "map"  # the whole map against the song's delay as other difficulties have it
    TEMPO = "tempo"  # the music runs away from a red line's grid


@dataclass(frozen=True, slots=True)
class Drift:
    """Notes from `start_ms` to `end_ms` (map time) lie `shift_ms` later than they should (earlier when negative).

    That is measured against the sounds; for `Against.RED_LINE` against the grid, so that the line lies `−shift_ms` late.
    `confidence`, 0…1, is the share of such reports that are right where as many stretches are mis-timed as not.
    `red_line_ms` is the red line to look at, None where only notes were moved. For `Against.TEMPO` the shift is that of the last
    note, and `beat_ms` the beat length that keeps time.
    """

    start_ms: float
    end_ms: float
    shift_ms: float
    confidence: float
    against: Against
    red_line_ms: float | None = None
    beat_ms: float | None = None


class Song(NamedTuple):
    """Note times with what is heard and what the grid says for each shift; arrays of shape (N, 33) unless said otherwise."""

    times: NDArray[np.float64]  # (N,)
    heard: Curves
    gridded: Curves
    on_grid: NDArray[np.bool_]
    bins: NDArray[np.int64]  # (N,)
    red_lines: NDArray[np.float64]  # (L, 2): time and beat length in ms
    level: float  # nats by which notes meet sounds better than chance
    wandering: NDArray[np.float64]  # (N // WINDOW,) ms by which windows of notes lie off by ear, at most 20


class Stretch(NamedTuple):
    """A candidate: notes `[first, stop)`, the number of its shift, and what a logistic function looks at."""

    first: int
    stop: int
    state: int
    evidence: dict[str, float]


def drifts(
    onsets: NDArray[np.float32],
    note_times: ArrayLike,
    red_lines: Sequence[tuple[float, float]] = (),
    *,
    delay: float | None = None,
) -> list[Drift]:
    """The stretches of a map that are mis-timed, in time order and apart from each other.

    `onsets` are the song's `onset_logits`, `note_times` the ms of heads (in any order, chords may repeat), `red_lines` time and
    beat length in ms of each, `delay` the song's delay as other difficulties have it (`song_delay` of their notes).
    """
    times = np.unique(np.asarray(note_times, dtype=np.float64))
    times = times[(times > -1_000) & (times < len(onsets) * HOP)]
    if len(times) < FEWEST_NOTES:
        return []
    own = song_delay(onsets, times)
    running = list(_running_away(onsets, times, own, red_lines))
    if not running and delay is not None and abs(own - delay) >= DISAGREEMENT and len(times) >= FEWEST_IN_MAP:
        line = float(red_lines[0][0]) if red_lines else None
        return [Drift(float(times[0]), float(times[-1]), delay - own, 0.95, Against.MAP, line)]
    song = listen(onsets, times, own, red_lines)
    return _apart([*running, *_moved(song), *_off_grid(song), *_sections(song), *_heard(song)])


def _running_away(
    onsets: NDArray[np.float32], times: NDArray[np.float64], delay: float, red_lines: Sequence[tuple[float, float]]
) -> Iterator[Drift]:
    """Red lines whose tempo is not the music's."""
    loud = salience(onsets)
    for start, end, beat in sections(red_lines, float(times[-1]) + 1):
        heard = heard_tempo(loud, max(start, float(times[0])) + delay, end + delay, beat)
        inside = times[(times >= start - 1) & (times < end)]
        if heard is not None and heard.is_off and len(inside) >= FEWEST_NOTES:
            yield Drift(
                float(inside[0]), float(inside[-1]), -heard.drift_ms, TEMPO_SURE, Against.TEMPO, start, 60_000 / heard.bpm
            )


def listen(
    onsets: NDArray[np.float32], times: NDArray[np.float64], delay: float, red_lines: Sequence[tuple[float, float]]
) -> Song:
    lines = np.array(sorted(red_lines), dtype=np.float64).reshape(-1, 2)
    logits = at(onsets, times[:, None] + delay - SHIFTS).astype(np.float64)
    heard = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    bins = np.minimum((times - times[0]) // BIN, MOST_BINS - 1).astype(np.int64)
    on_grid, gridded = _grid(times, lines)
    level = float(heard[:, REST].mean() + np.log(len(SHIFTS)))
    return Song(times, heard, gridded, on_grid, bins, lines, level, _wandering(heard))


def _wandering(heard: Curves) -> NDArray[np.float64]:
    windows = len(heard) // WINDOW
    sums = heard[: windows * WINDOW].reshape(windows, WINDOW, -1).sum(axis=1)
    offsets: NDArray[np.float64] = np.minimum(np.abs(SHIFTS[sums.argmax(axis=1)]), 20.0)
    return offsets


def _grid(times: NDArray[np.float64], lines: NDArray[np.float64]) -> tuple[NDArray[np.bool_], Curves]:
    """Whether each note lies on the grid once a shift is taken back, and how much that says in nats."""
    if not len(lines):
        return np.zeros((len(times), len(SHIFTS)), bool), np.zeros((len(times), len(SHIFTS)))
    line = np.maximum(np.searchsorted(lines[:, 0], times + 1, side="right") - 1, 0)
    beats = np.clip(np.nan_to_num(lines[line, 1], nan=1_000.0), 6.0, 60_000.0)[:, None]
    places = times[:, None] - SHIFTS - lines[line, 0][:, None]
    on_grid = np.zeros(places.shape, bool)
    for divisor in (4, 6):
        tick = beats / divisor
        on_grid |= np.abs((places + tick / 2) % tick - tick / 2) <= ON_TICK
    # Eight ticks a beat are 1/4 or 1/6: so often a note lies on one by chance.
    chance = np.minimum(2 * ON_TICK * 8 / beats, 0.8)
    usual = np.clip(on_grid[:, REST].mean(), 0.5, 0.97)
    on: Curves = np.log(usual / chance)
    off: Curves = np.log((1 - usual) / (1 - chance))
    return on_grid, np.where(usual > chance, np.where(on_grid, on, off), 0.0)


def heard_stretches(song: Song) -> list[Stretch]:
    """Candidates by ear alone."""
    return _stretches(song, song.heard)


def moved_stretches(song: Song) -> list[Stretch]:
    """Candidates by ear and grid: notes that were moved."""
    return _stretches(song, song.heard + song.gridded) if len(song.red_lines) else []


def off_grid_stretches(song: Song) -> list[Stretch]:
    """Candidates by the grid alone, the smaller shift where two are as good: red lines that were moved."""
    return _stretches(song, song.gridded - np.abs(SHIFTS) / 100, OFF_GRID) if len(song.red_lines) else []


def section_stretches(song: Song) -> list[Stretch]:
    """Each section of a map with several red lines as a candidate with the shift that is heard in it."""
    edges = np.searchsorted(song.times, [*(song.red_lines[1:, 0] - 1), np.inf])
    found: list[Stretch] = []
    for first, stop in zip([0, *edges], edges, strict=False):
        if FEWEST_IN_SECTION <= stop - first <= len(song.times) // 2 and song.times[stop - 1] - song.times[first] >= SHORTEST:
            state = int(song.heard[first:stop].sum(axis=0).argmax())
            if OFF[state]:
                found.append(_stretch(song, int(first), int(stop), state, 0.0))
    return found


def _stretches(song: Song, curves: Curves, off: NDArray[np.bool_] = OFF) -> list[Stretch]:
    sums = np.zeros((int(song.bins[-1]) + 1, len(SHIFTS)))
    np.add.at(sums, song.bins, curves)
    states = _path(sums)[song.bins]
    edges = [0, *(np.flatnonzero(np.diff(states)) + 1).tolist(), len(states)]
    off_share = float(off[states].mean())
    found: list[Stretch] = []
    for first, stop in pairwise(edges):
        long_enough = stop - first >= FEWEST_NOTES and song.times[stop - 1] - song.times[first] >= SHORTEST
        if off[states[first]] and long_enough:
            found.append(_stretch(song, first, stop, int(states[first]), off_share - (stop - first) / len(states)))
    return found


def _path(sums: Curves) -> NDArray[np.int64]:
    """The best shift of each bin where a change costs `CHANGE` (Viterbi)."""
    score = sums[0] - CHANGE / 2 * (np.arange(len(SHIFTS)) != REST)
    came = np.zeros(sums.shape, np.int64)
    stay = np.arange(len(SHIFTS))
    for row in range(1, len(sums)):
        best = int(score.argmax())
        jump = score[best] - CHANGE
        came[row] = np.where(score >= jump, stay, best)
        score = np.maximum(score, jump) + sums[row]
    path = np.zeros(len(sums), np.int64)
    path[-1] = score.argmax()
    for row in range(len(sums) - 1, 0, -1):
        path[row - 1] = came[row, path[row]]
    return path


def _stretch(song: Song, first: int, stop: int, state: int, others: float) -> Stretch:
    total, notes = song.heard[first:stop].sum(axis=0), stop - first
    gain = float(total[state] - total[~OFF].max())
    clear = float(total[state] - np.delete(total, slice(max(state - 2, 0), state + 3)).max())
    elsewhere = np.concatenate([song.wandering[: first // WINDOW], song.wandering[-(-stop // WINDOW) :]])
    back = song.on_grid[first:stop, state].mean() - song.on_grid[first:stop, REST].mean()
    evidence = {
        "gain": float(np.log(max(gain, 0.1))),
        "gain_per_note": gain / notes,
        "clear_per_note": clear / notes,
        "notes": float(np.log(notes)),
        "shift": float(abs(SHIFTS[state])),
        "song_level": song.level,
        "others": max(others, 0.0),
        "wander": float(elsewhere.mean()) if len(elsewhere) else UNKNOWN_WANDER,
        "back_on_grid": float(back),
    }
    return Stretch(first, stop, state, evidence)


def _moved(song: Song) -> list[Drift]:
    """Notes that left the grid and the sounds together."""
    return [
        _drift(song, stretch, 0.97 if stretch.evidence["gain_per_note"] > MOVED else 0.85, Against.NOTES, None)
        for stretch in moved_stretches(song)
        if stretch.evidence["back_on_grid"] >= BACK_ON_GRID and not _is_red_line(song, stretch)
    ]


def _off_grid(song: Song) -> list[Drift]:
    """Red lines that left the notes and the sounds."""
    return [
        replace(
            _drift(song, stretch, 0.95, Against.RED_LINE, _section_of(song, stretch)[0]), shift_ms=_beside_ticks(song, stretch)
        )
        for stretch in off_grid_stretches(song)
        if stretch.evidence["back_on_grid"] >= BACK_ON_GRID and _is_red_line(song, stretch)
    ]


def _beside_ticks(song: Song, stretch: Stretch) -> float:
    """By how many ms the notes of a stretch lie off the ticks, to a fraction of a step: the median."""
    shift = float(SHIFTS[stretch.state])
    times = song.times[stretch.first : stretch.stop]
    line = np.maximum(np.searchsorted(song.red_lines[:, 0], times + 1, side="right") - 1, 0)
    starts, beats = song.red_lines[line, 0], np.clip(song.red_lines[line, 1], 6.0, 60_000.0)
    offs = times - shift - starts
    quarter, third = _beside(offs, beats / 4), _beside(offs, beats / 6)
    return shift + float(np.median(np.where(np.abs(quarter) <= np.abs(third), quarter, third)))


def _beside(offs: NDArray[np.float64], ticks: NDArray[np.float64]) -> NDArray[np.float64]:
    """ms to the nearest tick."""
    return (offs + ticks / 2) % ticks - ticks / 2


def _is_red_line(song: Song, stretch: Stretch) -> bool:
    """Whether it was rather the line that moved: its notes sound right, or they are the whole section and hardly sound wrong."""
    gain = stretch.evidence["gain_per_note"]
    return gain < STAYED or (gain < MOVED and _section_of(song, stretch)[1] >= WHOLE_SECTION)


def _sections(song: Song) -> list[Drift]:
    return _likely(song, section_stretches(song), SECTION_WEIGHTS, SECTION_FROM)


def _heard(song: Song) -> list[Drift]:
    return _likely(song, heard_stretches(song), HEARD_WEIGHTS, HEARD_ON_GRID_FROM if len(song.red_lines) else HEARD_FROM)


def _likely(song: Song, candidates: list[Stretch], weights: dict[str, float], least: float) -> list[Drift]:
    judged = [(stretch, _probability(stretch, weights)) for stretch in candidates]
    return [
        _drift(song, stretch, probability, Against.SECTION, _section_of(song, stretch)[0])
        for stretch, probability in judged
        if probability >= least
    ]


def _probability(stretch: Stretch, weights: dict[str, float]) -> float:
    logit = sum(weight * stretch.evidence.get(name, 1.0) for name, weight in weights.items())
    return 1 / (1 + exp(-min(max(logit, -30.0), 30.0)))


def _section_of(song: Song, stretch: Stretch) -> tuple[float | None, float]:
    """The red line in force in the middle of a stretch, and which share of its section's notes the stretch holds."""
    if not len(song.red_lines):
        return None, (stretch.stop - stretch.first) / len(song.times)
    middle = float(song.times[(stretch.first + stretch.stop - 1) // 2])
    number = max(int(np.searchsorted(song.red_lines[:, 0], middle + 1, side="right")) - 1, 0)
    starts: list[float] = song.red_lines[:, 0].tolist()
    start, end = np.searchsorted(song.times, [starts[number] - 1 if number else -inf, [*starts, inf][number + 1] - 1]).tolist()
    return starts[number], (stretch.stop - stretch.first) / max(end - start, 1)


def _drift(song: Song, stretch: Stretch, confidence: float, against: Against, line: float | None) -> Drift:
    start, end = float(song.times[stretch.first]), float(song.times[stretch.stop - 1])
    return Drift(start, end, float(SHIFTS[stretch.state]), confidence, against, line)


def _apart(found: list[Drift]) -> list[Drift]:
    """The drifts in time order, of overlapping ones that which comes first in the list."""
    kept: list[Drift] = []
    for drift in found:
        if all(drift.end_ms < other.start_ms or drift.start_ms > other.end_ms for other in kept):
            kept.append(drift)
    return sorted(kept, key=lambda drift: drift.start_ms)
