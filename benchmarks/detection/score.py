"""Runs a command over the copies of `make` and prints how many mistakes stand among the notes with the highest scores.

    python -m benchmarks.detection.score --dir DIR --command 'maimod surprisal --format json' [--json]

The command is called as COMMAND FILE... and prints {"files": [{"path": ..., "notes": [{"line": 12, "score": 3.4, ...}]}]}, `line`
1-based, higher scores being more suspicious. A mistake is found when one of its lines is among the top 2 % (5 %) of its map's
notes, of a chart: of its track's.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SHARES = (0.02, 0.05)
Notes = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Recall:
    """How many of `n` mistakes, in `maps` different maps, were found in the top 2 % and 5 %."""

    mode: str
    kind: str
    n: int = 0
    top2: int = 0
    top5: int = 0

    def add(self, place: int, count: int) -> None:
        self.n += 1
        self.top2 += place < min(max(1, SHARES[0] * count), count)
        self.top5 += place < min(max(1, SHARES[1] * count), count)


def places_of(rows: Iterable[Mapping[str, Any]], notes: Notes) -> list[tuple[Mapping[str, Any], int, int]]:
    """For each mistake of a file the best place of its lines, counted from 0, and among how many notes."""
    ranks: dict[tuple[int, int] | None, tuple[dict[int, int], int]] = {}
    found: list[tuple[Mapping[str, Any], int, int]] = []
    for row in rows:
        within = tuple(row["within"]) if row.get("within") else None
        if within not in ranks:
            ranks[within] = _ranked(notes, within)
        rank, count = ranks[within]
        found.append((row, min((rank.get(line, count) for line in row["lines"]), default=count), count))
    return found


def _ranked(notes: Notes, within: tuple[int, ...] | None) -> tuple[dict[int, int], int]:
    """The place of each line, highest score first, and the number of notes."""
    mine = [note for note in notes if within is None or within[0] <= note["line"] <= within[1]]
    rank: dict[int, int] = {}
    for place, note in enumerate(sorted(mine, key=lambda note: -note["score"])):
        rank.setdefault(note["line"], place)
    return rank, len(mine)


def scored(truth: Sequence[Mapping[str, Any]], answers: Mapping[str, Notes]) -> list[Recall]:
    """Recall for each mode and kind, for each mode, and for everything together."""
    by_file: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in truth:
        by_file[row["file"]].append(row)
    table: dict[tuple[str, str], Recall] = {}
    for name, rows in by_file.items():
        for row, place, count in places_of(rows, answers.get(name, ())):
            for key in ((row["mode"], row["kind"]), (row["mode"], "all"), ("all", "all")):
                table.setdefault(key, Recall(*key)).add(place, count)
    return [table[key] for key in sorted(table, key=lambda key: (key[0] == "all", key[0], key[1] == "all", key[1]))]


def answers_of(command: str, folder: Path, names: Sequence[str], batch: int) -> dict[str, Notes]:
    """What the command says on each file, `batch` files for each call."""
    answers: dict[str, Notes] = {}
    for begin in range(0, len(names), batch):
        files = [str(folder / name) for name in names[begin : begin + batch]]
        run = subprocess.run([*shlex.split(command), *files], stdout=subprocess.PIPE, check=False)
        answers |= {Path(each["path"]).name: each["notes"] for each in json.loads(run.stdout)["files"]}
    return answers


def table_of(recalls: Sequence[Recall]) -> str:
    rows = [f"{'mode':8}{'kind':15}{'n':>7}{'in top 2 %':>12}{'in top 5 %':>12}"]
    rows += [f"{each.mode:8}{each.kind:15}{each.n:7}{each.top2 / each.n:12.3f}{each.top5 / each.n:12.3f}" for each in recalls]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--command", required=True)
    parser.add_argument("--batch", type=int, default=20, help="files for each call of the command")
    parser.add_argument("--mode", action="append", help="only files of this mode; may be repeated")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    truth = [json.loads(row) for row in (args.dir / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    truth = [row for row in truth if not args.mode or row["mode"] in args.mode]
    names = sorted({row["file"] for row in truth})
    recalls = scored(truth, answers_of(args.command, args.dir, names, args.batch))
    print(json.dumps([asdict(each) for each in recalls], indent=1) if args.json else table_of(recalls))


if __name__ == "__main__":
    main()
