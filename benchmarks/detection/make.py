"""Writes copies of real taiko, catch and mania maps and Clone Hero charts with one known mistake per 50 objects.

    python -m benchmarks.detection.make --out DIR --seed 1 [--copies N] MAP...
    python -m benchmarks.detection.make --out DIR --seed 1 [--copies N] --manifest manifest.jsonl --corpus FOLDER --split valid

`--copies` writes several copies of each map, each with other mistakes: few maps then give steadier figures. truth.jsonl has a
row for each mistake: file, mode, kind, the 1-based lines at which it may be found, the lines as they were, and for a chart the
track with its first and last line, since notes are ranked within their track.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from benchmarks.detection.catch_map import CatchMap
from benchmarks.detection.chart_track import ChartTrack, tracks_of
from benchmarks.detection.corpus_split import add_options, chosen
from benchmarks.detection.mania_map import ManiaMap
from benchmarks.detection.mistake import FEWEST, Mistake, mistakes_of, written
from benchmarks.detection.osu_map import OsuMap
from benchmarks.detection.taiko_map import TaikoMap
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.osu import Mode

MODES: dict[Mode, type[OsuMap]] = {Mode.TAIKO: TaikoMap, Mode.CATCH: CatchMap, Mode.MANIA: ManiaMap}
Row = dict[str, object]


def scopes_of(name: str, data: bytes) -> tuple[str, Sequence[OsuMap] | Sequence[ChartTrack]]:
    """The mode, and what receives mistakes; nothing where the map is of osu!standard, too short or without a red line."""
    if name.endswith(".chart"):
        return "chart", tracks_of(Chart.from_bytes(data))
    beatmap = Beatmap.from_bytes(data)
    kind = MODES.get(beatmap.mode)
    played = kind(beatmap) if kind is not None else None
    usable = played is not None and played.count >= FEWEST and played.timeline.grid.red
    return beatmap.mode.name.lower(), [played] if played is not None and usable else []


def spoilt(name: str, data: bytes, made_so_far: dict[str, Counter[str]], chance: Random) -> tuple[bytes, list[Row]]:
    """The map with mistakes in it, and a row of truth for each; counts into `made_so_far` of its mode."""
    mode, scopes = scopes_of(name, data)
    counts = made_so_far.setdefault(mode, Counter())
    made = [(scope, mistake) for scope in scopes for mistake in mistakes_of(scope, counts, chance)]
    if not made:
        return data, []
    document = scopes[0].document
    copy, numbers = written(document, [mistake for _, mistake in made])
    return copy, [{"mode": mode, **_truth(scope, mistake, numbers)} for scope, mistake in made]


def _truth(scope: OsuMap | ChartTrack, mistake: Mistake, numbers: list[int]) -> Row:
    was = [scope.document.lines[number].content for number in sorted(mistake.lines)]
    lines = [numbers[number] + place for number, place in mistake.shown]
    row: Row = {"kind": mistake.kind, "lines": lines, "was": was}
    return row | ({"track": scope.name, "within": [numbers[scope.first], numbers[scope.last]]} if scope.name else {})


def make(paths: Sequence[Path], out: Path, seed: int, copies: int) -> list[Row]:
    out.mkdir(parents=True, exist_ok=True)
    counts: dict[str, Counter[str]] = {}
    truth: list[Row] = []
    for number, path in enumerate(sorted(paths)):
        data = path.read_bytes()
        for copy in range(copies):
            chance = Random(f"{seed}:{copy}:{path.parent.name}/{path.name}")
            text, rows = spoilt(path.name, data, counts, chance)
            if rows:
                name = f"{number:04d}-{copy:02d}-{path.name}"
                (out / name).write_bytes(text)
                truth += [{"file": name, **row} for row in rows]
    (out / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in truth), encoding="utf-8")
    return truth


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copies", type=int, default=1)
    add_options(parser)
    args = parser.parse_args()
    truth = make(chosen(args), args.out, args.seed, args.copies)
    for mode in sorted({str(row["mode"]) for row in truth}):
        rows = [row for row in truth if row["mode"] == mode]
        print(
            mode, len({row["file"] for row in rows}), "files,", len(rows), "mistakes:", dict(Counter(row["kind"] for row in rows))
        )


if __name__ == "__main__":
    main()
