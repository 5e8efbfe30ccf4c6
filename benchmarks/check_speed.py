"""Time of `maimod check`: a cold process on one long map, and many real maps on all cores.

    python benchmarks/check_speed.py [--rounds 15] [--maps 1000] [--jobs 2] [--rules | --surprisal] [FOLDER]

By the rules alone and with the surprisal model, whose findings nothing but the notes decide: no song lies beside the maps.

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

COMMAND = (sys.executable, "-m", "maimod", "check", "--exit-zero", "--format", "json")
LONG_MAP_NOTES = 5_700


@dataclass(frozen=True, slots=True)
class Way:
    """With the model or without, and what may be expected: s for a cold process, maps a second for many."""

    name: str
    option: str
    cold_budget: float
    rate_budget: float

    @property
    def command(self) -> tuple[str, ...]:
        return (*COMMAND, self.option)


RULES = Way("rules", "--no-surprisal", 0.5, 40.0)
SURPRISAL = Way("rules and model", "--surprisal", 1.2, 10.0)


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


def cold(way: Way, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.osu")
        path.write_text(synthetic_osu(LONG_MAP_NOTES), encoding="utf-8")
        lines = len(path.read_text(encoding="utf-8").splitlines())
        short = Path(folder, "short", "short.osu")
        short.parent.mkdir()
        short.write_text(synthetic_osu(100), encoding="utf-8")
        bare = statistics.median(run(sys.executable, "-c", "pass").wall for _ in range(rounds))
        for name, each in ((f"one map of {lines:,} lines", path), ("one map of 110 lines", short)):
            used = [run(*way.command, str(each)) for _ in range(rounds)]
            wall, cpu, memory = (statistics.median(column) for column in zip(*map(astuple, used), strict=True))
            took = f"{wall:.2f} s (CPU {cpu:.2f} s), {memory:.0f} MB"
            print(f"| {way.name}: cold process, {name} | {took} | ≤ {way.cold_budget} s | {wall / bare:.0f} × `python -c pass` |")


def many(way: Way, folder: Path, count: int, jobs: int) -> None:
    paths = sorted(path for path in folder.rglob("*.osu"))[:count]
    quarter = run(*way.command, "--jobs", str(jobs), *map(str, paths[: count // 4]))
    whole = run(*way.command, "--jobs", str(jobs), *map(str, paths))
    rate = len(paths) / whole.wall
    print(f"| {way.name}: {len(paths):,} maps, {jobs} processes | {rate:.0f} maps/s ({whole.wall:.1f} s, CPU {whole.cpu:.1f} s) "
          f"| ≥ {way.rate_budget:.0f} maps/s | {rate / way.rate_budget:.1f} × the budget |")  # fmt: skip
    print(f"| {way.name}: memory, largest process | {quarter.memory:.0f} MB at {count // 4:,} maps, "
          f"{whole.memory:.0f} MB at {len(paths):,} | flat | {whole.memory / quarter.memory:.2f} × |")  # fmt: skip


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
    parser.add_argument("--rules", dest="ways", action="store_const", const=(RULES,), default=(RULES, SURPRISAL))
    parser.add_argument("--surprisal", dest="ways", action="store_const", const=(SURPRISAL,))
    wanted = parser.parse_args()
    print("| what | median | budget | ratio |\n|---|---|---|---|")
    for way in wanted.ways:
        cold(way, wanted.rounds)
    with tempfile.TemporaryDirectory() as folder:
        if not wanted.folder:
            unpack(Path(folder), wanted.maps)
        for way in wanted.ways:
            many(way, wanted.folder or Path(folder), wanted.maps, wanted.jobs)


if __name__ == "__main__":
    main()
