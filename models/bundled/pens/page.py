"""The section that is written, the same for every candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import Family
from models.bundled.habits import LANED, Habits
from models.bundled.scenes import Floats, Scene
from models.bundled.ticks import Ticks

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lines:
    """What the timing lines say at each tick, (T,): slider velocity, and the categories of volume, kiai and sample set."""

    speed: Floats
    volume: NDArray[np.int64]
    kiai: NDArray[np.int64]
    sample_set: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Page:
    """The section to be written, the same for every candidate.

    `scene` is the whole map as it stands; notes `first` to `stop` are the section's, of which those in `stays` (N,) are left
    as they are. Heads are written in [start, end) ms, and nothing lasts beyond `end`. `ticks` are the times in the section,
    `free` (T,) which of them may be used; without `lines` velocity, volume and kiai are written too. `again`: every note that
    does not stay is written again at its own time, else others take their place. `kept` are the fields of which notes keep
    what stands at their time. `lanes` and `kinds`: only these are written. `pace`: moments with notes a second to aim at,
    `course` (T,) how many are wanted until each tick, where that is not the same everywhere; both of `lanes` alone where they are
    named. `tidy`: objects keep clear of those still seen; `spacing`: osu!pixels per ms from each end to the next head, None for
    as it comes. `company`: notes of a moment on average to aim at, in lanes. `shares`: of a field the share of notes that usually
    has each category, the last for that and all further ones; held where what was written has others.
    """

    scene: Scene
    first: int
    stop: int
    start: float
    end: float
    stays: Mask
    ticks: Ticks
    free: Mask
    lines: Lines | None
    habits: Habits
    again: bool = False
    kept: frozenset[str] = frozenset()
    lanes: frozenset[int] | None = None
    kinds: frozenset[int] | None = None
    pace: float | None = None
    course: Floats | None = None
    tidy: bool = False
    spacing: float | None = None
    company: float | None = None
    shares: Mapping[str, Floats] = field(default_factory=dict[str, Floats])

    @property
    def family(self) -> Family:
        return self.scene.family

    @property
    def laned(self) -> bool:
        return self.family in LANED

    @property
    def sighted(self) -> bool:
        """Whether the notes are so much as they were that each is written between those on both sides of it."""
        return self.again and {"distance", "shift", "lane"} <= self.kept
