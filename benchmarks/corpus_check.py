"""Reads every file of the corpus, writes it back, runs all rules on it alone, and names the slowest files.

    python benchmarks/corpus_check.py [--worst 5]

A file that raises, or that is not written back byte for byte, is printed and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from analyzers.analysis import Choices, analyse_chart_bytes, analyse_difficulty
from analyzers.finding import Finding
from benchmarks.corpus import maps
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.mapset import Difficulty, Mapset
from formats.song_ini import SongIni


def check(name: str, data: bytes) -> tuple[bytes, list[Finding]]:
    """The bytes that the reader writes back, and the findings."""
    if name.lower().endswith(".chart"):
        return Chart.from_bytes(data).document.to_bytes(), analyse_chart_bytes(name, data, None, None, Choices())
    if name.lower().endswith(".ini"):
        return SongIni.from_bytes(data).document.to_bytes(), []
    difficulty = Difficulty(name, Beatmap.from_bytes(data))
    return difficulty.beatmap.document.to_bytes(), analyse_difficulty(difficulty, Mapset((difficulty,)), Choices())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worst", type=int, default=5)
    args = parser.parse_args()
    times: list[tuple[float, int, str]] = []
    faults: list[str] = []
    for name, data in maps():
        start = time.perf_counter()
        try:
            back, findings = check(name, data)
        except Exception as trouble:  # noqa: BLE001  every kind of failure is what this looks for
            faults.append(f"{name}: {type(trouble).__name__}: {trouble}")
            continue
        times.append((time.perf_counter() - start, len(data), name))
        if back != data:
            faults.append(f"{name}: written back otherwise")
        faults += [f"{name}: {finding.message}" for finding in findings if finding.kind == "rule-failed"]
    times.sort(reverse=True)
    seconds = [each for each, _, _ in times]
    print(
        f"{len(times)} files, {len(faults)} faults; median {statistics.median(seconds) * 1000:.0f} ms, sum {sum(seconds):.0f} s"
    )
    for each, size, name in times[: args.worst]:
        print(f"{each:7.2f} s {size / 1000:8.0f} kB  {name}")
    print(*faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
