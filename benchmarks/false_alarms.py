"""How noisy the rules are on maps that people published: findings per difficulty and the most frequent rules.

    python benchmarks/false_alarms.py FOLDER [--hits 10] [--rule NAME]

Checks every map under FOLDER with `maimod check --no-surprisal` (ranking standard) and looks at the difficulties with a
BeatmapSetID > 0. Prints the median number of errors and of findings of severity warning or above, the rules that speak
most often at warning or above, and (with --hits) a sample of each one's findings beside the lines of the map they point at.
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
from pathlib import Path

LOUD = ("error", "warning")


def published(path: Path) -> bool:
    found = re.search(rb"^BeatmapSetID\s*:\s*(\d+)", path.read_bytes(), re.MULTILINE)
    return bool(found and int(found.group(1)) > 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hits", type=int, default=0, help="findings of each frequent rule to print")
    parser.add_argument("--rule", help="print hits of this rule only")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    command = [sys.executable, "-m", "maimod", "check", "--no-surprisal", "--exit-zero", "--format", "json", str(args.folder)]
    run = subprocess.run(command, capture_output=True, check=False)
    files = [each for each in json.loads(run.stdout)["files"] if each["path"].endswith(".osu") and published(Path(each["path"]))]
    errors = [sum(f["severity"] == "error" for f in each["findings"]) for each in files]
    loud = [sum(f["severity"] in LOUD for f in each["findings"]) for each in files]
    middle = statistics.median(errors), statistics.median(loud)
    print(f"{len(files)} difficulties: median {middle[0]:g} errors, {middle[1]:g} errors and warnings;")
    print(f"90th percentile {statistics.quantiles(errors, n=10)[8]:g} and {statistics.quantiles(loud, n=10)[8]:g}\n")
    hits: dict[str, list[tuple[str, dict[str, object]]]] = defaultdict(list)
    for each in files:
        for finding in each["findings"]:
            if finding["severity"] in LOUD or finding["name"] == args.rule:
                hits[finding["name"]].append((each["path"], finding))
    rows = sorted(hits.items(), key=lambda row: -len({path for path, _ in row[1]}))
    print(f"{'rule':36}{'maps':>6}{'share':>8}{'findings':>10}")
    for name, found in rows[:25]:
        maps = len({path for path, _ in found})
        print(f"{name:36}{maps:6}{maps / len(files):8.0%}{len(found):10}")
    shown = rows[:10] if args.hits and not args.rule else [row for row in rows if row[0] == args.rule]
    for name, found in shown:
        print(f"\n{name}")
        by_map = {path: (path, finding) for path, finding in random.Random(args.seed).sample(found, len(found))}
        for path, finding in random.Random(args.seed).sample(list(by_map.values()), min(args.hits or 10, len(by_map))):
            show(path, finding)


def show(path: str, finding: dict[str, object]) -> None:
    line = finding["range"]["start"]["line"]  # type: ignore[index]
    lines = re.split(r"\r\n|\n|\r", Path(path).read_text(encoding="utf-8", errors="replace"))
    print(f"  {path[-90:]}\n    {finding['severity']} {finding['kind']}: {finding['message']}")
    print(f"    line {line + 1}: {lines[line][:110]}")


if __name__ == "__main__":
    main()
