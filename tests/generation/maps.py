"""Maps of every family to write into, drawn by chance at 120 and 125 BPM with what lasts among the notes."""

from __future__ import annotations

import random

from analyzers.analysis import Choices
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode
from generation.subjects import ChartSubject, OsuSubject, Subject
from tests.builder import osu_text
from tests.chart_builder import chart_text

TRACKS = {"frets": "ExpertSingle", "drums": "ExpertDrums"}
MODES = {"osu": Mode.OSU, "taiko": Mode.TAIKO, "catch": Mode.CATCH, "mania": Mode.MANIA}
FAMILIES = (*MODES, *TRACKS)
# ms: 1/4 at 120 BPM.
STEP = 125


def subject(family: str, notes: int = 120, seed: int = 1, extra: str = "") -> Subject:
    """A map of that family; `extra` stands among the notes of an `.osu`."""
    if family in TRACKS:
        return ChartSubject("notes.chart", Chart.from_text(chart(family, notes, seed)), TRACKS[family], None, None, Choices())
    difficulty = Difficulty("a.osu", Beatmap.from_text(osu(family, notes, seed, extra)))
    return OsuSubject(difficulty, Mapset((difficulty,)), Choices())


def osu(family: str, notes: int, seed: int, extra: str = "") -> str:
    rng = random.Random(seed)  # noqa: S311
    lines: list[str] = []
    time = 1_000
    while len(lines) < notes:
        x, y, long = rng.randrange(40, 430), rng.randrange(40, 330), rng.random() < 0.25
        combo = 4 * (rng.random() < 0.2)
        if family == "mania":
            for lane in sorted(rng.sample(range(4), rng.choice((1, 1, 2)))):
                column = 64 + 128 * lane
                lines.append(f"{column},192,{time},128,0,{time + 250}:0:0:0:0:" if long else f"{column},192,{time},1,0,0:0:0:0:")
        elif long:
            lines.append(f"{x},{y},{time},{2 + combo},0,L|{x + 50}:{y},1,50,0|0,0:0|0:0,0:0:0:0:")
        else:
            lines.append(f"{x},{y},{time},{1 + combo},{rng.choice((0, 0, 2, 8))},0:0:0:0:")
        time += STEP * rng.choice((2, 2, 4)) + (250 if long else 0)
    if extra:
        lines.insert(notes // 2, extra)
    return osu_text(lines, mode=MODES[family], difficulty=(*_DIFFICULTY,))


_DIFFICULTY = (
    "HPDrainRate:5", "CircleSize:4", "OverallDifficulty:7", "ApproachRate:8", "SliderMultiplier:1", "SliderTickRate:1",
)  # fmt: skip


def chart(family: str, notes: int, seed: int) -> str:
    rng = random.Random(seed)  # noqa: S311
    lines: list[str] = []
    tick = 768
    while len(lines) < notes:
        sustain = 96 if family == "frets" and rng.random() < 0.2 else 0
        lines += [f"{tick} = N {lane} {sustain}" for lane in sorted(rng.sample(range(5), rng.choice((1, 1, 2))))]
        tick += rng.choice((96, 96, 192)) + (96 if sustain else 0)
    return chart_text(lines, track=TRACKS[family])
