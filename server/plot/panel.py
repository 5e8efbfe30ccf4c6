"""What one panel of the picture shows, free of the map itself: small, picklable, already as coarse as the picture."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from analyzers.wording import Aspect, aspect_of, title, words
from formats.timestamps import format_stamp
from models.bundled.fields import ANY, COLUMN, FIELDS, RELATIVE, Family
from models.surprisal import Surprisal
from server.printable import one_line, printable
from server.printers.as_surprisal_text import likeliest_mistake, others_of, stands, surprising_fields
from server.scored_maps import Landmarks, Part, ScoredMap, display_name, within

# A bar and the gap beside it, in pixels of the picture.
PIXELS_PER_BAR = 3
# A label takes so much of the picture's width; beyond it they only crowd out each other.
PIXELS_PER_LABEL, MOST_LABELS = 90, 40
# Notes this suspicious have labels, and the tallest bars if they reach so many bits: published maps have few of either.
WORTH_A_LABEL, TALL, MOST_TALL = 0.3, 12.0, 3
# After this long without notes (ms), as at the start, nothing is said of how a note lies to the one before it.
PAUSE = 3000.0


@dataclass(frozen=True, slots=True)
class Label:
    """What is said of one note. `suspicion` None: its bar is among the tallest, `bits` high, though nothing looks wrong there."""

    time: float
    suspicion: float | None
    bits: float
    stamp: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One difficulty or track from `start` to `end` ms, in as many equal parts as there are bars.

    `suspicion` (number of bars,) is the probability of a mistake at the most suspicious note of each part; `bars` (number of
    bars, len(aspects)) are bits beyond what was expected, of the most surprising one; `aspects` are named for the reader.
    `labels` come with the most suspicious first.
    """

    title: str
    model: str
    notes: int
    start: float
    end: float
    aspects: tuple[tuple[Aspect, str], ...]
    suspicion: NDArray[np.float32]
    bars: NDArray[np.float32]
    labels: tuple[Label, ...]
    landmarks: Landmarks


def panels_of(scored: ScoredMap, width: int, start: float = -inf, end: float = inf) -> tuple[Panel, ...]:
    """The panels of one file, for a picture so many pixels wide; of a stretch of the song where one is asked for."""
    return tuple(_panel(scored, part, width, start, end) for part in scored.parts)


def _panel(scored: ScoredMap, part: Part, width: int, start: float, end: float) -> Panel:
    surprisal, inside = part.surprisal, within(part, start, end)
    rows = np.array(inside, np.intp)
    times = np.array([surprisal.notes[row].time for row in inside], np.float64)
    first, last = _extent(times, [surprisal.notes[row].end for row in inside], start, end)
    aspects, opening = aspects_of(part.family), openings(part)
    beyond = beyond_expected(surprisal, part.family, aspects, rows, opening[rows])
    suspicion = np.nan_to_num(surprisal.suspicion[rows, ANY])
    count = max(width // PIXELS_PER_BAR, 1)
    places = _places(times, first, last, count)
    most = min(width // PIXELS_PER_LABEL * 3, MOST_LABELS)
    labels = _labels(part, rows, suspicion, beyond.sum(1), opening, most)
    name = one_line(printable(display_name(scored, part)))
    named = tuple((aspect, title(aspect, part.family)) for aspect in aspects)
    highest, bars = _highest(suspicion[:, None], places, count), _highest(beyond, places, count)
    return Panel(name, surprisal.model, len(rows), first, last, named, highest[:, 0], bars, labels, part.landmarks)


def _extent(times: NDArray[np.float64], ends: list[float], start: float, end: float) -> tuple[float, float]:
    """From where to where the picture goes: what was asked for, else from the first note (0 at the latest) to the last end."""
    first = start if isfinite(start) else float(times[np.isfinite(times)].min(initial=0.0))
    last = end if isfinite(end) else max([first + 1000.0, *(time for time in ends if isfinite(time))])
    return first, max(last, first + 1.0)


def aspects_of(family: Family) -> tuple[Aspect, ...]:
    """What notes of that family can surprise by, in the order of the stack."""
    there = {aspect_of(field.name, family) for field in FIELDS if family in field.families}
    return tuple(aspect for aspect in Aspect if aspect in there)


def openings(part: Part) -> NDArray[np.bool_]:
    """(N,) whether a note is the first one, or the first after a pause: how far away the one before it is tells nothing."""
    notes = part.surprisal.notes
    times, ends = (np.array([getattr(note, name) for note in notes], np.float64) for name in ("time", "end"))
    opening = np.ones(len(notes), np.bool_)
    opening[1:] = times[1:] - np.maximum.accumulate(ends)[:-1] >= PAUSE
    return opening


def beyond_expected(
    surprisal: Surprisal, family: Family, aspects: tuple[Aspect, ...], rows: NDArray[np.intp], opening: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """(rows, aspects) bits by which the fields of each aspect surprised more than was to be expected of them."""
    excess = np.nan_to_num(surprisal.bits[rows] - surprisal.entropy[rows], nan=0.0, posinf=0.0).clip(0.0, 64.0)
    for name in RELATIVE:
        excess[opening, COLUMN[name]] = 0.0
    beyond = np.zeros((len(rows), len(aspects)), np.float32)
    for column, field in enumerate(FIELDS):
        if family in field.families:
            beyond[:, aspects.index(aspect_of(field.name, family))] += excess[:, column]
    return beyond


def _places(times: NDArray[np.float64], first: float, last: float, count: int) -> NDArray[np.intp]:
    """In which of `count` equal parts of the time each note is; −1 where it has no time."""
    known = np.isfinite(times)
    places = ((np.where(known, times, first) - first) / (last - first) * count).astype(np.intp).clip(0, count - 1)
    return np.where(known, places, -1)


def _highest(values: NDArray[np.float32], places: NDArray[np.intp], count: int) -> NDArray[np.float32]:
    """(parts of the time, columns): of the notes of each part the one whose values are the highest together."""
    highest = np.zeros((count, values.shape[1]), np.float32)
    order = np.argsort(values.sum(1), kind="stable")
    order = order[places[order] >= 0]
    highest[places[order]] = values[order]
    return highest


def _labels(
    part: Part,
    rows: NDArray[np.intp],
    suspicion: NDArray[np.float32],
    bits: NDArray[np.float32],
    opening: NDArray[np.bool_],
    most: int,
) -> tuple[Label, ...]:
    """Of the suspicious notes, the most suspicious first, then of the tallest bars."""
    order = np.argsort(-part.surprisal.score[rows].astype(np.float64), kind="stable")
    suspicious = order[suspicion[order] >= WORTH_A_LABEL][:most]
    tallest = np.argsort(-bits, kind="stable")[: most + MOST_TALL]
    tall = [at for at in tallest.tolist() if bits[at] >= TALL and suspicion[at] < WORTH_A_LABEL][:MOST_TALL]
    chosen = [(at, float(suspicion[at])) for at in suspicious.tolist()] + [(at, None) for at in tall]
    return tuple(_label(part, int(rows[at]), chance, float(bits[at]), opening) for at, chance in chosen)


def _label(part: Part, note: int, chance: float | None, bits: float, opening: NDArray[np.bool_]) -> Label:
    time = part.surprisal.notes[note].time
    stamp = format_stamp(time, "" if "|" in part.selections[note] else part.selections[note])
    fields = [name for name in surprising_fields(part.surprisal, note) if not (opening[note] and name in RELATIVE)]
    said = instead(part, note, fields[0]) if fields else f"perhaps {likeliest_mistake(part, note)}"
    return Label(time, chance, bits, stamp, said)


def instead(part: Part, note: int, field: str) -> str:
    """`slider, not circle`; of what is there or not `new combo, not expected`."""
    [other, *_] = others_of(part.surprisal, note, field)
    said = words(field, other.value, part.family, five_lane=part.five_lane)
    plain = isinstance(other.value, bool) or said.startswith("no ")
    return f"{stands(part, note, field)}, not {'expected' if plain else said}"
