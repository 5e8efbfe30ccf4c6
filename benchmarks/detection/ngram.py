"""The baseline: an n-gram that has read the same maps left to right, with the command line that `score` expects.

    python -m benchmarks.detection.ngram train --model DIR --manifest manifest.jsonl --corpus FOLDER --split train
    python -m benchmarks.detection.ngram score --model DIR --format json FILE...

Each field of a note is guessed from the fields before it in the note and from up to four notes before; a note's score is the
sum of −log₂ p over its fields, or the largest of them, whichever found more on a sixth of the training sets that was held back
(as did the chains of contexts below).
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import opted_out
from benchmarks.detection.corpus_split import add_options, chosen
from benchmarks.detection.tokens import Passage, passages_of
from benchmarks.detection.witten_bell import Chain, Columns, bits, trained

_GAP: Chain = (("place", 1), ("gap", 1), ("gap", 2), ("gap", 3), ("gap", 4))
_DIVISOR: Chain = (("divisor", 1), ("divisor", 2), ("divisor", 3))
_ERROR: Chain = (("error", 1), ("error", 2), ("error", 3), ("divisor", 0))
_SOUND: Chain = (("sound", 1), ("place", 0), ("beat", 0), ("sound", 2), ("sound", 3), ("sound", 4))
_COMBO: Chain = (("since", 0), ("place", 0), ("beat", 0), ("gap", 0), ("kind", 0), ("kind", 1))
_LENGTH: Chain = (("kind", 0), ("length", 1), ("place", 0), ("length", 2), ("length", 3))

CHAINS: dict[str, dict[str, Chain]] = {
    "osu": {
        "gap": (("place", 1), ("length", 1), ("gap", 1), ("gap", 2), ("gap", 3), ("gap", 4)),
        "divisor": _DIVISOR,
        "error": _ERROR,
        "kind": (("gap", 0), ("place", 0), ("kind", 1), ("kind", 2), ("kind", 3)),
        "new_combo": _COMBO,
        "distance": (("gap", 0), ("distance", 1), ("kind", 1), ("distance", 2), ("distance", 3)),
        "angle": (("distance", 0), ("angle", 1), ("angle", 2), ("angle", 3)),
        "length": _LENGTH,
        "slides": (("length", 0), ("slides", 1), ("slides", 2)),
        "sound": _SOUND,
    },
    "taiko": {
        "gap": _GAP,
        "divisor": _DIVISOR,
        "error": _ERROR,
        "colour": (("gap", 0), ("colour", 1), ("gap", 1), ("colour", 2), ("place", 0), ("colour", 3), ("gap", 2), ("colour", 4)),
        "finisher": (("gap", 0), ("finisher", 1), ("place", 0), ("beat", 0), ("colour", 0), ("finisher", 2)),
        "length": (("colour", 0), ("length", 1), ("place", 0)),
    },
    "catch": {
        "gap": (("place", 1), ("length", 1), ("gap", 1), ("gap", 2), ("gap", 3), ("gap", 4)),
        "divisor": _DIVISOR,
        "error": _ERROR,
        "kind": (("gap", 0), ("place", 0), ("kind", 1), ("kind", 2), ("kind", 3)),
        "new_combo": _COMBO,
        "distance": (("gap", 0), ("distance", 1), ("kind", 1), ("distance", 2)),
        "side": (("distance", 0), ("side", 1), ("side", 2), ("side", 3)),
        "length": _LENGTH,
        "sound": _SOUND,
    },
    "mania": {
        "gap": (("chord", 0), ("place", 1), ("gap", 1), ("gap", 2), ("gap", 3), ("gap", 4)),
        "error": _ERROR,
        "lane": (("keys", 0), ("left", 0), ("row_before", 0), ("gap", 0), ("lane", 1)),
        "length": (("length", 1), ("gap", 0), ("place", 0), ("length", 2), ("length", 3)),
        "sound": _SOUND,
    },
    "frets": {
        "gap": _GAP,
        "error": (("error", 1), ("error", 2), ("error", 3)),
        "mask": (("mask", 1), ("mask", 2), ("gap", 0), ("mask", 3), ("mask", 4)),
        "length": (("length", 1), ("gap", 0), ("place", 0), ("length", 2), ("length", 3)),
        "flags": (("flags", 1), ("shape", 0), ("gap", 0), ("flags", 2), ("flags", 3)),
    },
    "drums": {
        "gap": _GAP,
        "error": (("error", 1), ("error", 2), ("error", 3)),
        "mask": (("gap", 0), ("mask", 1), ("mask", 2), ("place", 0), ("mask", 3), ("mask", 4)),
        "flags": (("mask", 0), ("flags", 1), ("flags", 2), ("flags", 3)),
    },
}
# A map with this line asks not to be trained on.
Together = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Bits of (fields, notes) → a score for each note."""


def summed(each: NDArray[np.float64]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = each.sum(axis=0)
    return total


def largest(each: NDArray[np.float64]) -> NDArray[np.float64]:
    most: NDArray[np.float64] = each.max(axis=0)
    return most


TOGETHER: dict[str, Together] = {style: largest if style in ("taiko", "mania") else summed for style in CHAINS}


def columns_of(passage: Passage) -> Columns:
    return {name: np.array([row[name] for row in passage.rows], np.int64) for name in passage.rows[0]}


def train(paths: Iterable[Path], model: Path) -> None:
    """One file of counts for each mode, of charts for frets and drums."""
    model.mkdir(parents=True, exist_ok=True)
    by_style: dict[str, list[Columns]] = defaultdict(list)
    for path in paths:
        data = path.read_bytes()
        for passage in passages_of(path.name, data) if not opted_out(data) else ():
            if passage.rows:
                by_style[passage.style].append(columns_of(passage))
    for style, passages in by_style.items():
        arrays = {
            f"{field}/{name}": array
            for field, chain in CHAINS[style].items()
            for name, array in trained(passages, field, chain).items()
        }
        np.savez(model / f"{style}.npz", **arrays)  # type: ignore[arg-type]
        print(f"{style}: {len(passages)} maps or tracks, {sum(len(columns['gap']) for columns in passages)} objects")


def field_bits(model: Mapping[str, NDArray[np.generic]], passage: Passage) -> dict[str, NDArray[np.float64]]:
    """−log₂ p of each field at every object."""
    columns = columns_of(passage)
    found: dict[str, NDArray[np.float64]] = {}
    for field, chain in CHAINS[passage.style].items():
        counts = {name.removeprefix(f"{field}/"): model[name] for name in model if name.startswith(f"{field}/")}
        found[field] = bits(counts, columns, field, chain)
    return found


class Model:
    """The counts of every style, each read when it is first wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._styles: dict[str, dict[str, NDArray[np.generic]]] = {}

    def of(self, style: str) -> dict[str, NDArray[np.generic]]:
        if style not in self._styles:
            with np.load(self.folder / f"{style}.npz") as arrays:
                self._styles[style] = dict(arrays)
        return self._styles[style]


def answered(path: Path, model: Model) -> dict[str, object]:
    notes: list[dict[str, object]] = []
    for passage in passages_of(path.name, path.read_bytes()):
        if not passage.rows:
            continue
        by_field = field_bits(model.of(passage.style), passage)
        scores = TOGETHER[passage.style](np.stack(list(by_field.values())))
        for at, lines in enumerate(passage.lines):
            fields = {name: round(float(each[at]), 3) for name, each in by_field.items()}
            note: dict[str, object] = {"time_ms": passage.times[at], "score": float(scores[at]), "fields": fields}
            notes += [{"line": line, **note} for line in lines]
    return {"path": str(path), "notes": notes}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train")
    training.add_argument("--model", type=Path, required=True)
    add_options(training)
    scoring = commands.add_parser("score")
    scoring.add_argument("--model", type=Path, required=True)
    scoring.add_argument("--format", choices=("json",), default="json")
    scoring.add_argument("files", type=Path, nargs="+")
    args = parser.parse_args()
    if args.command == "train":
        train(chosen(args), args.model)
    else:
        model = Model(args.model)
        files = [answered(path, model) for path in args.files]
        print(json.dumps({"version": 1, "model": "n-gram", "files": files}))


if __name__ == "__main__":
    main()
