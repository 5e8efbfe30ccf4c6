"""Time to read a map to its timeline, and to read it again after a one-line edit.

    python benchmarks/reading.py [--notes 2000] [--rounds 30] [MAP.osu|MAP.chart …]

Without maps it writes synthetic ones: every third object of the `.osu` a slider, the `.chart` with one track. Prints the
median and the 95th percentile in ms, and the ratio of the re-read to the whole read.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from formats.beatmap import Beatmap
from formats.chart import CHART, Chart
from formats.document import Document
from formats.osu import OSU
from formats.spans import Edit, Span
from formats.timeline import Timeline

SYNTHETIC_HEAD = (
    "osu file format v14\n\n[General]\nAudioFilename: audio.mp3\nMode: 0\n\n[Metadata]\nTitle:Long\n\n"
    "[Difficulty]\nSliderMultiplier:1.4\nSliderTickRate:1\n\n[TimingPoints]\n0,300,4,2,0,60,1,0\n"
)


def synthetic_osu(notes: int) -> str:
    lines = [f"{number * 1200},-{100 - number % 50},4,2,0,60,0,{number % 2}" for number in range(1, notes // 20)]
    lines.append("\n[HitObjects]")
    for number in range(notes):
        x, y, at = 64 + number * 37 % 384, 64 + number * 53 % 256, number * 150
        if number % 3:
            lines.append(f"{x},{y},{at},{5 if number % 8 == 1 else 1},0,0:0:0:0:")
        else:
            lines.append(f"{x},{y},{at},2,0,B|{x + 40}:{y - 30}|{x + 60}:{y + 20},1,70,2|0,0:0|0:0,0:0:0:0:")
    return SYNTHETIC_HEAD + "\n".join(lines) + "\n"


def synthetic_chart(notes: int) -> str:
    body = "".join(f"  {768 + number * 48} = N {number % 5} {24 if number % 8 == 0 else 0}\n" for number in range(notes))
    head = '[Song]\n{\n  Resolution = 192\n}\n[SyncTrack]\n{\n  0 = B 120000\n}\n[Events]\n{\n  768 = E "section A"\n}\n'
    return f"{head}[ExpertSingle]\n{{\n{body}}}\n"


def time_ms(rounds: int, work: Callable[[int], object]) -> list[float]:
    times: list[float] = []
    for number in range(rounds):
        start = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - start) * 1000)
    return times


def played(chart: Chart) -> Chart:
    """The chart with the note groups of every track computed."""
    for track in chart.tracks:
        len(track.groups)
    return chart


def measure(name: str, data: bytes, rounds: int) -> None:
    chart = name.endswith(".chart")
    grammar = CHART if chart else OSU

    def whole(_: int) -> object:
        document = Document.from_bytes(data, grammar)
        return played(Chart(document)) if chart else Timeline(Beatmap(document))

    document = Document.from_bytes(data, grammar)
    timeline = played(Chart(document)) if chart else Timeline(Beatmap(document))
    middle = document.index.starts[len(document.lines) * 2 // 3]
    digit = next(at for at in range(middle, len(document.text)) if document.text[at].isdigit())
    state: list[Any] = [document, timeline]

    def again(number: int) -> object:
        state[0] = state[0].edit([Edit(Span(digit, digit + 1), str(1 + number % 9))])
        state[1] = played(Chart(state[0], previous=state[1])) if chart else Timeline(Beatmap(state[0]), state[1])
        return state[1]

    full, edited = time_ms(rounds, whole), time_ms(rounds, again)
    for label, times in (("read", full), ("re-read", edited)):
        late = sorted(times)[int(len(times) * 0.95)]
        print(f"{name[-60:]:60} {label:8} median {statistics.median(times):7.2f} ms, p95 {late:7.2f} ms")
    print(f"{'':60} ratio    {statistics.median(edited) / statistics.median(full):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("maps", nargs="*", type=Path)
    parser.add_argument("--notes", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=30)
    args = parser.parse_args()
    if not args.maps:
        measure("synthetic.osu", synthetic_osu(args.notes).encode(), args.rounds)
        measure("synthetic.chart", synthetic_chart(args.notes).encode(), args.rounds)
    for path in args.maps:
        measure(path.name, path.read_bytes(), args.rounds)


if __name__ == "__main__":
    main()
