"""The samples that the heads of a difficulty's notes play, computed once for all rules that ask."""

from __future__ import annotations

from typing import cast

from formats.mapset import Difficulty
from formats.samples import Sample, head_samples

_KEPT = "head-samples"


def samples_of(difficulty: Difficulty) -> list[tuple[Sample, ...]]:
    """`head_samples` of the difficulty's notes, kept with it."""
    kept = difficulty.derived.get(_KEPT)
    if kept is None:
        kept = difficulty.derived[_KEPT] = head_samples(difficulty.timeline)
    return cast("list[tuple[Sample, ...]]", kept)
