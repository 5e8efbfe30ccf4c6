"""Time of `maimod check`: a cold process on one long map, and many real maps on all cores.

    python benchmarks/check_speed.py [--rounds 15] [--maps 1000] [--jobs 2] [FOLDER]

The long map is synthetic (6,000 lines). The many are the corpus' `.osu` (or those of FOLDER), in their folders. Prints
medians; the ratio of the cold process to a Python that does nothing; and the largest process's memory at a quarter of the
maps and at all of them, whose ratio says whether memory is flat.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple, dataclass
from pathlib import Path

from corpus import REPOSITORY, maps
from reading import synthetic_osu

COMMAND = (sys.executable, "-m", "maimod", "check", "--no-surprisal", "--exit-zero", "--format", "json")
LONG_MAP_NOTES = 5_700
COLD_BUDGET_S, RATE_BUDGET = 0.5, 40.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Wall-clock and processor time in s, the largest process's memory in MB."""

    wall: float
    cpu: float
    memory: float


def run(*arguments: str) -> Usage:
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=REPOSITORY)
    _, _, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = 0
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def cold(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.osu")
        path.write_text(synthetic_osu(LONG_MAP_NOTES), encoding="utf-8")
        lines = len(path.read_text(encoding="utf-8").splitlines())
        short = Path(folder, "short", "short.osu")
        short.parent.mkdir()
        short.write_text(synthetic_osu(100), encoding="utf-8")
        bare = statistics.median(run(sys.executable, "-c", "pass").wall for _ in range(rounds))
        for name, each in ((f"one map of {lines:,} lines", path), ("one map of 110 lines", short)):
            used = [run(*COMMAND, str(each)) for _ in range(rounds)]
            wall, cpu, memory = (statistics.median(column) for column in zip(*map(astuple, used), strict=True))
            took = f"{wall:.2f} s (CPU {cpu:.2f} s), {memory:.0f} MB"
            print(f"| cold process, {name} | {took} | ≤ {COLD_BUDGET_S} s | {wall / bare:.0f} × `python -c pass` |")


def many(folder: Path, count: int, jobs: int) -> None:
    paths = sorted(path for path in folder.rglob("*.osu"))[:count]
    quarter = run(*COMMAND, "--jobs", str(jobs), *map(str, paths[: count // 4]))
    whole = run(*COMMAND, "--jobs", str(jobs), *map(str, paths))
    rate = len(paths) / whole.wall
    print(f"| {len(paths):,} maps, {jobs} processes | {rate:.0f} maps/s ({whole.wall:.1f} s, CPU {whole.cpu:.1f} s) "
          f"| ≥ {RATE_BUDGET:.0f} maps/s | {rate / RATE_BUDGET:.1f} × the budget |")  # fmt: skip
    print(f"| memory, largest process | {quarter.memory:.0f} MB at {count // 4:,} maps, {whole.memory:.0f} MB at {len(paths):,} "
          f"| flat | {whole.memory / quarter.memory:.2f} × |")  # fmt: skip


def unpack(folder: Path, count: int) -> None:
    for number, (name, data) in enumerate(maps(".osu", odd=False)):
        if number >= count:
            return
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--maps", type=int, default=1_000)
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    print("| what | median | budget | ratio |\n|---|---|---|---|")
    cold(wanted.rounds)
    if wanted.folder:
        many(wanted.folder, wanted.maps, wanted.jobs)
    else:
        with tempfile.TemporaryDirectory() as folder:
            unpack(Path(folder), wanted.maps)
            many(Path(folder), wanted.maps, wanted.jobs)


if __name__ == "__main__":
    main()
