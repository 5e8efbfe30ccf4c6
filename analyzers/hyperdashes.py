"""The hyperdashes of a catch difficulty in their runs, and how quick the ranking criteria let them be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from analyzers.context import Context
from analyzers.rule import Level
from formats.catch import CatchKind, CatchObject

# Level: ms from a hyperdash to its target that are the least, and from which on the snap counts as a basic one.
SNAPS = {Level.HARD: (125, 250), Level.INSANE: (62, 125)}
IN_SLIDER = frozenset({CatchKind.DROP, CatchKind.REPEAT})


@dataclass(frozen=True, slots=True)
class Hyperdash:
    """The catcher hyperdashes from `source` to `target`, in ms `gap`."""

    source: CatchObject
    target: CatchObject

    @property
    def gap(self) -> int:
        # Whole ms, since heads are cut off to them and a 1/2 must not count as quicker for that.
        return round(self.target.time - self.source.time)

    @property
    def in_slider(self) -> bool:
        """True on a drop or a repeat, which a juice stream leaves no choice about."""
        return self.source.kind in IN_SLIDER


def hyperdashes(context: Context) -> Iterator[Hyperdash]:
    """Every hyperdash, in time order."""
    return (Hyperdash(here, there) for here, there in pairwise(context.catch_objects) if here.hyper)


def runs(context: Context) -> Iterator[list[Hyperdash]]:
    """Hyperdashes in a row: each begins on the target of the one before."""
    run: list[Hyperdash] = []
    for dash in hyperdashes(context):
        if run and run[-1].target is not dash.source:
            yield run
            run = []
        run.append(dash)
    if run:
        yield run
