"""The surprisal of a map over its song, in as many stretches as an overlay can show."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analyzers.wording import Aspect, title
from models.bundled.fields import ANY
from server.daemon.protocol import Json
from server.plot.panel import aspects_of, beyond_expected, openings
from server.scored_maps import Part, ScoredMap

# Stretches of the song at most, and the shortest one, in ms.
MOST_BINS, SHORTEST_MS = 480, 100.0
# Bits are told to a tenth, probabilities to a hundredth.
OF_BITS, OF_CHANCES = 1, 2


def strip_of(scored: ScoredMap) -> Json | None:
    """The strip of all parts together (a chart's tracks); None where no note was scored."""
    times = [np.array([note.time for note in part.surprisal.notes], np.float64) for part in scored.parts]
    every = np.concatenate(times) if times else np.zeros(0)
    every = every[np.isfinite(every)]
    if not len(every):
        return None
    start = float(min(every.min(), 0.0))
    width = max((float(every.max()) - start + 1.0) / MOST_BINS, SHORTEST_MS)
    count = min(int((float(every.max()) - start) / width) + 1, MOST_BINS)
    aspects = [aspect for aspect in Aspect if any(aspect in aspects_of(part.family) for part in scored.parts)]
    bits = np.zeros((count, len(aspects)), np.float32)
    suspicion = np.zeros(count, np.float32)
    for part, when in zip(scored.parts, times, strict=True):
        _add(part, when, start, width, aspects, bits, suspicion)
    family = scored.parts[0].family
    return {
        "start_ms": round(start, 3),
        "bin_ms": round(width, 3),
        "categories": [aspect.value for aspect in aspects],
        "titles": [title(aspect, family) for aspect in aspects],
        "bits": np.round(bits.T.astype(np.float64), OF_BITS).tolist(),
        "suspicion": np.round(suspicion.astype(np.float64).clip(0, 1), OF_CHANCES).tolist(),
    }


def _add(
    part: Part,
    times: NDArray[np.float64],
    start: float,
    width: float,
    aspects: list[Aspect],
    bits: NDArray[np.float32],
    suspicion: NDArray[np.float32],
) -> None:
    """Raises each stretch to what the most surprising of the part's notes in it has."""
    rows = np.flatnonzero(np.isfinite(times))
    places = ((times[rows] - start) / width).astype(np.intp).clip(0, len(suspicion) - 1)
    own = aspects_of(part.family)
    beyond = beyond_expected(part.surprisal, part.family, own, rows, openings(part)[rows])
    np.maximum.at(suspicion, places, np.nan_to_num(part.surprisal.suspicion[rows, ANY]))
    columns = np.array([aspects.index(aspect) for aspect in own], np.intp)
    # Of each stretch the note whose bits are the most together: a bar is one note's, not a mixture.
    order = np.argsort(beyond.sum(1), kind="stable")
    highest = np.zeros((len(suspicion), len(own)), np.float32)
    highest[places[order]] = beyond[order]
    higher = highest.sum(1) > bits[:, columns].sum(1)
    rows_higher = np.flatnonzero(higher)
    bits[rows_higher] = 0.0
    bits[np.ix_(rows_higher, columns)] = highest[rows_higher]
