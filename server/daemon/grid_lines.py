"""The lines of the beat grid in a stretch of a song, the coarser ones where a finer one falls on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil, isfinite

from server.daemon.protocol import Json
from server.printers.as_json import number

KINDS = {1: "beat", 2: "half", 3: "third", 4: "quarter", 6: "sixth", 8: "eighth"}
# More lines are of no use to anybody: of a faster tempo the coarser ones are told.
MOST_LINES = 200
# Beats of a tempo farther apart than the song's own rounding.
ROUNDING = 1e-6


def lines_of(sections: Iterable[tuple[float, float, float, float, int]], divisors: Iterable[int]) -> list[Json]:
    """Lines in `(from, until, start of the grid, ms per beat, beats per bar)`, by the finest of `divisors` that fits."""
    known = list(sections)
    chosen = sorted({1, *divisors})
    while len(chosen) > 1 and sum((until - since) / beat * max(chosen) for since, until, _, beat, _ in known) > MOST_LINES:
        chosen.pop()
    found = [line for section in known for line in _of(section, chosen)]
    return [{"time_ms": number(time), "kind": kind} for time, kind in found[:MOST_LINES]]


def _of(section: tuple[float, float, float, float, int], divisors: list[int]) -> Iterator[tuple[float, str]]:
    since, until, start, beat, meter = section
    if not isfinite(beat) or beat <= 0 or (until - since) / beat > MOST_LINES:
        return
    kinds: dict[float, str] = {}
    for divisor in sorted(divisors, reverse=True):
        step = beat / divisor
        count = ceil((since - start) / step - ROUNDING)
        while (time := start + count * step) < until - ROUNDING:
            bar = divisor == 1 and count % max(meter, 1) == 0
            kinds[round(time, 3)] = "bar" if bar else KINDS[divisor]
            count += 1
    yield from sorted(kinds.items())
