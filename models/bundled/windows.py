"""The windows in which a map is scored: cut by content, so that an edit moves only the cuts next to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import FIELDS
from models.bundled.onsets import Heard, unheard
from models.bundled.rows import Rows, within

# A window scores so many notes and also reads CONTEXT notes on either side, as far as there are; WHOLE notes need no second one.
FEWEST, MOST, CONTEXT, WHOLE = 176, 248, 8, 264
# One note in so many, by the hash of what stands there and before it, may begin a window.
RARITY = 32

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Notes `start` to `stop` are scored; the network reads `first` to `last`."""

    first: int
    start: int
    stop: int
    last: int


def stretches(rows: Rows) -> list[Stretch]:
    """The windows of a map, in order: every note is scored in one."""
    count, cuts = len(rows), [0]
    if count > WHOLE:
        marks = np.flatnonzero(_hashes(rows) % RARITY == 0)
        while count - cuts[-1] > MOST:
            at = np.searchsorted(marks, cuts[-1] + FEWEST)
            near = int(marks[at]) if at < len(marks) else count
            cuts.append(min(near, cuts[-1] + MOST))
    bounds = [*cuts, count]
    return [Stretch(max(start - CONTEXT, 0), start, stop, min(stop + CONTEXT, count)) for start, stop in pairwise(bounds)]


def _hashes(rows: Rows) -> Hashes:
    """(N,) of each note together with the two before it."""
    factors: Hashes = np.random.default_rng(0).integers(1, 2**63, len(FIELDS), dtype=np.uint64) | np.uint64(1)
    with np.errstate(over="ignore"):
        own: Hashes = (rows.values.astype(np.uint64) * factors).sum(axis=1, dtype=np.uint64)
        mixed = own.copy()
        mixed[1:] += own[:-1] * np.uint64(0x9E3779B97F4A7C15)
        mixed[2:] += own[:-2] * np.uint64(0xC2B2AE3D27D4EB4F)
        hashes: Hashes = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD) >> np.uint64(40)
    return hashes


Inputs = dict[str, NDArray[np.float32] | NDArray[np.int64]]


def inputs_of(rows: Rows, stretch: Stretch, heard: Heard | None) -> Inputs:
    """What the exported graph is fed for one window (a batch of one), by the names of `Batch`."""
    cut = slice(stretch.first, stretch.last)
    sound = unheard(stretch.last - stretch.first) if heard is None else heard.part(cut)
    whole: Inputs = {
        "family": np.array([int(rows.family)]),
        "condition": rows.condition[None],
        "audio": sound.around[None],
        "ahead": sound.ahead[None],
        "after": within(rows.after, cut)[None].astype(np.int64),
        "beat": (rows.beat[cut] - rows.beat[stretch.first]).astype(np.float32)[None],
    }
    for name in ("values", "behind", "phase", "bar", "bridge_gap"):
        whole[name] = getattr(rows, name)[cut].astype(np.int64)[None]
    for name in ("own", "seen", "seen_behind", "bridge", "echo"):
        whole[name] = np.ascontiguousarray(getattr(rows, name)[cut])[None]
    return whole


def key_of(inputs: Inputs, names: Sequence[str]) -> bytes:
    """Equal for windows that are alike in these inputs."""
    digest = blake2b(digest_size=16)
    for name in names:
        array = inputs[name]
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.digest()
