"""Rows of notes drawn by hypothesis, and what comes of them as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from formats.beatmap import Beatmap
from formats.spans import apply_edits
from formats.timeline import Note, Timeline
from generation.objects import section_edits
from generation.parts import Part
from models.bundled.echoes import WIDTH
from models.bundled.rows import rows_of
from models.bundled.scenes import NONE, RAW, Scene, ordered_notes, scene_of_timeline

ALL = frozenset(Part)


def empty(scene: Scene) -> Scene:
    return scene.taken(slice(0, 0))


def row(
    like: Scene, time: float, end: float | None = None, x: float = 256, y: float = 192, speed: float = 1.0, **columns: int
) -> Scene:
    """One row; `columns` by the names of RAW, 'tail_x' and 'tail_y' for where a slider ends."""
    tail = float(columns.pop("tail_x", x)), float(columns.pop("tail_y", y))
    values = np.array([[columns.get(name, NONE) for name in RAW]], np.int16)
    numbers: dict[str, float] = {
        "time": time,
        "end": time if end is None else end,
        "x": x,
        "y": y,
        "tail_x": tail[0],
        "tail_y": tail[1],
        "speed": speed,
    }
    arrays: dict[str, Any] = {name: np.array([value], float) for name, value in numbers.items()}
    return replace(like, columns=values, **arrays)


def timeline_of(text: str) -> Timeline:
    return Timeline(Beatmap.from_text(text))


def rewritten(
    timeline: Timeline,
    removed: Sequence[Note],
    rows: Scene,
    sources: Sequence[Note | None] | None = None,
    anew: frozenset[Part] = ALL,
) -> Timeline:
    """The map after the edits."""
    edits = section_edits(timeline, removed, rows, sources or [None] * len(rows), anew)
    return timeline_of(apply_edits(timeline.beatmap.document.text, edits))


def objects(timeline: Timeline) -> list[str]:
    return [each.line.content for each in timeline.beatmap.hit_objects]


def lines(timeline: Timeline) -> list[str]:
    return [each.line.content for each in timeline.beatmap.timing_points]


def categories(scene: Scene) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    return rows_of(scene, np.zeros((len(scene), WIDTH), np.float32)).values


def scene(timeline: Timeline) -> Scene:
    return scene_of_timeline(timeline)


def notes(timeline: Timeline) -> list[Note]:
    return ordered_notes(timeline)
