"""What the benchmarks of the daemon share: maps to save, a daemon in a process of its own, and how much memory it takes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from math import cos, sin, tau
from pathlib import Path

import psutil

from server.daemon import state_file
from server.daemon.client import find_running
from server.daemon.state_file import Running

ROOT = Path(__file__).parent.parent
NAMES = ("Easy", "Normal", "Hard", "Insane", "Extra")
BEAT_MS = 400
START_SECONDS = 30.0
# Each save moves the last object, so that its effect is known again: this long (ms) behind the one before it, or a little more.
PAUSE_MS = 1000
HEAD = """osu file format v14

[General]
AudioFilename: audio.mp3
Mode: 0

[Metadata]
Title:Song {number}
Artist:Band
Creator:Mapper
Version:{name}

[Difficulty]
HPDrainRate:5
CircleSize:4
OverallDifficulty:7
ApproachRate:8
SliderMultiplier:1.6
SliderTickRate:1

[TimingPoints]
0,{beat},4,1,0,60,1,0

[HitObjects]
"""


class Map:
    """One map on disk, saved again and again; `mark` is the time (ms) of its last object after the last save."""

    def __init__(self, path: Path, text: str, last_ms: int) -> None:
        self.path = path
        self.mark = last_ms + PAUSE_MS
        self._text = text
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._saved(), encoding="utf-8")

    def _saved(self) -> str:
        return f"{self._text}256,192,{self.mark},1,0\n"

    def save(self, *, by_rename: bool) -> float:
        """Writes the map with its last object elsewhere, as editors do; when it was done."""
        self.mark += 1
        if by_rename:
            beside = self.path.with_suffix(".tmp")
            beside.write_text(self._saved(), encoding="utf-8")
            beside.replace(self.path)
        else:
            self.path.write_text(self._saved(), encoding="utf-8")
        return time.perf_counter()


def make_maps(folder: Path, count: int, objects: int, seed: int = 1) -> list[Map]:
    """So many maps in sets of five, with objects that do not differ much from what mappers make."""
    dice = random.Random(seed)
    made: list[Map] = []
    for place in range(count):
        number, name = divmod(place, len(NAMES))
        lines = [HEAD.format(number=number, name=NAMES[name], beat=BEAT_MS)]
        turn = dice.uniform(0, tau)
        for at in range(objects):
            turn = turn + dice.choice((0.3, 0.45)) if at % 16 else turn - 1.2
            x, y, time_ms = 256 + round(170 * sin(turn)), 192 + round(120 * cos(turn)), 1000 + at * BEAT_MS // 2
            sound = (0, 0, 8, 0)[at % 4]
            if at % 4 == 3:
                lines.append(f"{x},{y},{time_ms},2,{sound},L|{x + 60}:{y},1,40\n")
            else:
                lines.append(f"{x},{y},{time_ms},{5 if at % 8 == 0 else 1},{sound}\n")
        path = folder / f"{number} Band - Song" / f"Band - Song {number} (Mapper) [{NAMES[name]}].osu"
        made.append(Map(path, "".join(lines), 1000 + objects * BEAT_MS // 2))
    return made


@contextmanager
def daemon(folder: Path, state: Path, *, surprisal: bool) -> Generator[tuple[Running, psutil.Process]]:
    """A daemon of its own that watches the folder."""
    if not surprisal:
        (folder / "maimod.toml").write_text("surprisal = false\n", encoding="utf-8")
    os.environ[state_file.STATE_FOLDER] = str(state)
    process = subprocess.Popen(
        [sys.executable, "-m", "maimod", "serve", "--port", "0", str(folder)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + START_SECONDS
        while (running := find_running()) is None:
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit("the daemon did not start")
            time.sleep(0.02)
        yield running, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def memory_mb(process: psutil.Process) -> float:
    """What the daemon and its workers hold, in MB."""
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 2**20


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
