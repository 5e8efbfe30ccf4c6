"""How well a song's timing is found by ear, and how well red lines that disagree with it are: against human maps.

    python -m benchmarks.song_timing --mel DIR [--split valid|tune|train] [--no-librosa] [--json] [--songs]

Songs of the split that a map has with one tempo: BPM right within 0.05 (octave errors are wrong), beats within 10 ms modulo the
beat. The corpus holds features of the songs, not the songs, and nothing of how they were decoded, so that the delay between
audio and map differs from song to song; `offset` is told with the constant that maimod takes off, and with the song's own
delay, which the notes of its maps tell. librosa's beat_track is given the same onset curve; its BPM is told as it says it and
as a line through its beats has it, its offset is the mean phase of its beats in the human beat, less the best constant.

Songs with several tempos: how many of the changes that a map has are found within a beat, and how many are told that no map has.

Findings: how many maps get one as they are, and how many get the right one when their red line is moved, or its tempo changed,
with the notes left where they were, and with the notes moved along.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.corpus import archives, maps
from benchmarks.timing_shift import OPT_OUT, member
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.timeline import Timeline
from models.bundled.onset_network import onset_logits
from models.bundled.onsets import song_delay
from models.training.corpus import Split, split_of

FEWEST_NOTES = 40
# A red line goes on with the grid of the one before where its beat is as long and its beats fall together.
SAME_BEAT, SAME_PLACE = 2e-4, 3.0  # share, ms


class Human(NamedTuple):
    """A stretch of one tempo as a map has it, ms."""

    start: float
    beat: float
    meter: int


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A song and the timing that a map of it has; what the map has at a time is heard `delay` ms later."""

    name: str
    path: str
    set_key: str
    charted: bool
    features: np.ndarray
    onsets: np.ndarray
    times: np.ndarray
    lines: tuple[tuple[float, float], ...]
    sections: tuple[Human, ...]
    delay: float

    @property
    def bpm(self) -> float:
        return 60_000 / self.sections[0].beat

    def off(self, heard_ms: float) -> float:
        """By how many ms a moment of the audio lies off the beats of the first section, −beat/2 to beat/2."""
        start, beat, _ = self.sections[0]
        return (heard_ms - self.delay - start + beat / 2) % beat - beat / 2


def references(mel: Path, split: str) -> Iterator[Reference]:
    """A song of the split each, with the map that has fewest tempos, of these the one with most notes."""
    manifest = next(folder / "manifest.jsonl" for folder in {path.parent for path in archives()})
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    index = json.loads(member(mel, "index.json"))
    wanted = {
        row["path"]: row
        for row in rows
        if row["path"] in index and split_of(row["set_key"], valid=row["split"] == "valid") is Split(split)
    }
    songs: dict[str, list[tuple[str, np.ndarray, list[tuple[float, float]], list[Human], float]]] = defaultdict(list)
    for path, data in maps(".osu", ".chart", odd=False):
        if path not in wanted or OPT_OUT.search(data):
            continue
        times, lines = osu_lines(data) if path.endswith(".osu") else chart_lines(data)
        if len(times) >= FEWEST_NOTES and lines:
            red = [(start, beat) for start, beat, _ in lines]
            songs[index[path]].append((path, times, red, joined(lines, float(times[-1])), float(times[0])))
    for name, found in sorted(songs.items()):
        features = np.load(BytesIO(member(mel, f"{name}.npy")))
        onsets = onset_logits(features)
        delay = float(np.median([song_delay(onsets, times) for _, times, _, _, _ in found]))
        path, times, red, sections, _ = min(found, key=lambda one: (len(one[3]), -len(one[1]), one[0]))
        charted = path.endswith(".chart")
        yield Reference(name, path, wanted[path]["set_key"], charted, features, onsets, times, tuple(red), tuple(sections), delay)


def osu_lines(data: bytes) -> tuple[np.ndarray, list[Human]]:
    timeline = Timeline(Beatmap.from_bytes(data))
    grid = timeline.grid
    lines = [Human(time, point.beat_length, point.meter) for time, point in zip(grid.red_times, grid.red, strict=True)]
    return np.unique(timeline.times), [line for line in lines if line.beat > 0]


def chart_lines(data: bytes) -> tuple[np.ndarray, list[Human]]:
    """The track with most notes; tempo markers are its red lines."""
    chart = Chart.from_bytes(data)
    if not chart.charted:
        return np.zeros(0), []
    track = max(chart.charted, key=lambda track: len(track.groups))
    tempo = chart.tempo_map
    meters = {signature.tick: signature.numerator for signature in chart.time_signatures}
    lines: list[Human] = []
    meter = 4
    for start, tick in zip(tempo.times, tempo.ticks, strict=True):
        meter = next((meters[at] for at in sorted(meters, reverse=True) if at <= tick), meter)
        lines.append(Human(start + chart.offset, 60_000 / tempo.bpm_at(tick), meter))
    return np.unique([start + chart.offset for start in track.times]), lines


def joined(lines: Sequence[Human], last: float) -> list[Human]:
    """The tempos up to the last note; lines that go on with the grid before them are none of their own."""
    found: list[Human] = []
    for line in sorted(lines):
        if found and line.start > last:
            break
        if found:
            before = found[-1]
            off = (line.start - before.start + before.beat / 2) % before.beat - before.beat / 2
            if abs(line.beat / before.beat - 1) < SAME_BEAT and abs(off) < SAME_PLACE:
                continue
        found.append(line)
    return found
