"""How noisy the rules are on maps that people published: findings per difficulty and the most frequent rules.

    python benchmarks/false_alarms.py FOLDER... [--hits 10] [--rule NAME] [--severity information]

Checks every map under the folders with `maimod check --no-surprisal` (ranking standard) and looks at the difficulties with a
BeatmapSetID > 0. Prints, for all and for each mode, the median and the 90th percentile of errors and of findings of severity
warning or above, the rules that speak most often at warning or above (or at information alone), and with --hits a sample of
each one's findings, one for a map, beside the lines of the map they point at. docs/false-alarms.md tells what came of it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LOUD = ("error", "warning")
Hit = tuple[str, dict[str, Any]]
"""A map's path and one of its findings."""


def published(path: Path) -> bool:
    found = re.search(rb"^BeatmapSetID\s*:\s*(\d+)", path.read_bytes(), re.MULTILINE)
    return bool(found and int(found.group(1)) > 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--hits", type=int, default=0, help="findings of each frequent rule to print")
    parser.add_argument("--rule", help="print hits of this rule only")
    parser.add_argument("--severity", choices=("warning", "information"), default="warning")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    command = [
        sys.executable,
        "-m",
        "maimod",
        "check",
        "--no-surprisal",
        "--exit-zero",
        "--format",
        "json",
        *map(str, args.folders),
    ]
    run = subprocess.run(command, capture_output=True, check=False)
    files = [each for each in json.loads(run.stdout)["files"] if each["path"].endswith(".osu") and published(Path(each["path"]))]
    print(f"{'':12}{'maps':>6}{'errors':>9}{'p90':>6}{'errors and warnings':>21}{'p90':>6}")
    for mode in ("all", *sorted({each["mode"] for each in files})):
        quantiles(mode, [each for each in files if mode in ("all", each["mode"])])
    rows = by_rule(files, LOUD if args.severity == "warning" else ("information",), args.rule)
    print(f"\n{'rule':36}{'maps':>6}{'share':>8}{'findings':>10}")
    for name, found in rows[:25]:
        maps = len({path for path, _ in found})
        print(f"{name:36}{maps:6}{maps / len(files):8.1%}{len(found):10}")
    for name, found in rows[:10] if args.hits and not args.rule else [row for row in rows if row[0] == args.rule]:
        print(f"\n{name}")
        for path, finding in sample(found, args.hits or 10, args.seed):
            show(path, finding)


def quantiles(name: str, files: list[dict[str, Any]]) -> None:
    errors = [sum(finding["severity"] == "error" for finding in each["findings"]) for each in files]
    loud = [sum(finding["severity"] in LOUD for finding in each["findings"]) for each in files]
    (e50, e90), (l50, l90) = ((statistics.median(row), statistics.quantiles(row, n=10)[8]) for row in (errors, loud))
    print(f"{name:12}{len(files):6}{e50:9g}{e90:6.3g}{l50:21g}{l90:6.3g}")


def by_rule(files: list[dict[str, Any]], severities: Sequence[str], rule: str | None) -> list[tuple[str, list[Hit]]]:
    """The findings of each rule, the rule that speaks in most maps first."""
    hits: dict[str, list[Hit]] = defaultdict(list)
    for each in files:
        for finding in each["findings"]:
            if finding["severity"] in severities or finding["name"] == rule:
                hits[finding["name"]].append((each["path"], finding))
    return sorted(hits.items(), key=lambda row: -len({path for path, _ in row[1]}))


def sample(found: list[Hit], count: int, seed: int) -> list[Hit]:
    """Random findings, no two of one map."""
    chance = random.Random(seed)
    by_map = {path: (path, finding) for path, finding in chance.sample(found, len(found))}
    return chance.sample(list(by_map.values()), min(count, len(by_map)))


def show(path: str, finding: dict[str, Any]) -> None:
    line = finding["range"]["start"]["line"]
    lines = re.split(r"\r\n|\n|\r", Path(path).read_text(encoding="utf-8", errors="replace"))
    print(f"  {path[-90:]}\n    {finding['severity']} {finding['kind']}: {finding['message']}")
    print(f"    line {line + 1}: {lines[line][:110]}")


if __name__ == "__main__":
    main()
