"""What one panel of the picture shows, free of the map itself: small, picklable, already as coarse as the picture."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from analyzers.wording import Aspect, aspect_of, title
from formats.timestamps import format_stamp
from models.bundled.fields import FIELDS, Family
from models.surprisal import Surprisal
from server.printable import one_line, printable
from server.printers.as_surprisal_text import stands, surprising_fields
from server.scored_maps import Landmarks, Part, ScoredMap, display_name, within

# A bar and the gap beside it, in pixels of the picture.
PIXELS_PER_BAR = 3
# A label takes so much of the picture's width; beyond it they only crowd out each other.
PIXELS_PER_LABEL, MOST_LABELS = 90, 40


@dataclass(frozen=True, slots=True)
class Label:
    """One of the strongest notes: where it stands, how high its bar is, what is said of it."""

    time: float
    height: float
    stamp: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One difficulty or track from `start` to `end` ms.

    `bars` (number of bars, len(aspects)) are bits beyond what was expected, of the most surprising note in each of as many
    equal parts of the time; `aspects` are named for the reader. `labels` come with the strongest first.
    """

    title: str
    model: str
    notes: int
    start: float
    end: float
    aspects: tuple[tuple[Aspect, str], ...]
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
    aspects = aspects_of(part.family)
    beyond = beyond_expected(surprisal, part.family, aspects, rows)
    count = max(width // PIXELS_PER_BAR, 1)
    strongest = np.argsort(-surprisal.score[rows].astype(np.float64), kind="stable")[
        : min(width // PIXELS_PER_LABEL * 3, MOST_LABELS)
    ]
    bars = _bars(times, beyond, first, last, count, strongest)
    labels = tuple(_label(part, int(rows[at]), float(beyond[at].sum())) for at in strongest.tolist())
    name = one_line(printable(display_name(scored, part)))
    named = tuple((aspect, title(aspect, part.family)) for aspect in aspects)
    return Panel(name, surprisal.model, len(rows), first, last, named, bars, labels, part.landmarks)


def _extent(times: NDArray[np.float64], ends: list[float], start: float, end: float) -> tuple[float, float]:
    """From where to where the picture goes: what was asked for, else from the first note (0 at the latest) to the last end."""
    first = start if isfinite(start) else float(times[np.isfinite(times)].min(initial=0.0))
    last = end if isfinite(end) else max([first + 1000.0, *(time for time in ends if isfinite(time))])
    return first, max(last, first + 1.0)


def aspects_of(family: Family) -> tuple[Aspect, ...]:
    """What notes of that family can surprise by, in the order of the stack."""
    there = {aspect_of(field.name, family) for field in FIELDS if family in field.families}
    return tuple(aspect for aspect in Aspect if aspect in there)


def beyond_expected(
    surprisal: Surprisal, family: Family, aspects: tuple[Aspect, ...], rows: NDArray[np.intp]
) -> NDArray[np.float32]:
    """(rows, aspects) bits by which the fields of each aspect surprised more than was to be expected of them."""
    excess = np.nan_to_num(surprisal.bits[rows] - surprisal.entropy[rows], nan=0.0, posinf=0.0).clip(0.0, 64.0)
    beyond = np.zeros((len(rows), len(aspects)), np.float32)
    for column, field in enumerate(FIELDS):
        if family in field.families:
            beyond[:, aspects.index(aspect_of(field.name, family))] += excess[:, column]
    return beyond


def _bars(
    times: NDArray[np.float64], beyond: NDArray[np.float32], first: float, last: float, count: int, strongest: NDArray[np.intp]
) -> NDArray[np.float32]:
    """(count, aspects): of the notes of each part of the time the one that surprised most; one with a label before others."""
    bars = np.zeros((count, beyond.shape[1]), np.float32)
    known = np.isfinite(times)
    places = ((np.where(known, times, first) - first) / (last - first) * count).astype(np.intp).clip(0, count - 1)
    height = beyond.sum(1)
    height[strongest] += 1e6
    order = np.argsort(height, kind="stable")
    order = order[known[order]]
    bars[places[order]] = beyond[order]
    return bars


def _label(part: Part, note: int, height: float) -> Label:
    time = part.surprisal.notes[note].time
    [field, *_] = surprising_fields(part.surprisal, note, 1)
    stamp = format_stamp(time, "" if "|" in part.selections[note] else part.selections[note])
    return Label(time, height, stamp, stands(part, note, field))
