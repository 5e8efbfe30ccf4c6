"""A model for tests: its answers are drawn by chance, the same for the same map, so that nothing needs weights."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_tracks import Played, Track
from formats.mapset import Difficulty
from formats.timeline import Timeline
from models.bundled.fields import ANY, FIELDS, MISTAKES, SIZES
from models.bundled.rows import rows_of
from models.bundled.scenes import Scene, ordered_notes, scene_of_timeline, scene_of_track, scored_family
from models.surprisal import Surprisal
from server.scored_maps import Part, ScoredMap, scored_difficulty

MODEL = "drawn by chance"


def drawn(scene: Scene, notes: list[Played], seed: int = 1) -> Surprisal:
    """What a model might say: mostly sure of what stands there, sometimes not."""
    rng = np.random.default_rng(seed)
    rows = rows_of(scene)
    values = rows.values - 1
    chances = np.zeros((len(notes), sum(SIZES)), np.float32)
    bits = np.full((len(notes), len(FIELDS)), np.nan, np.float32)
    entropy = bits.copy()
    start = 0
    for column, field in enumerate(FIELDS):
        part = rng.gamma(0.08, size=(len(notes), field.size)) + 1e-6
        here = np.flatnonzero(values[:, column] >= 0)
        part[here, values[here, column]] += rng.gamma(0.5, 2.0, len(here))
        part /= part.sum(1, keepdims=True)
        chances[:, start : start + field.size] = part
        bits[here, column] = -np.log2(part[here, values[here, column]])
        entropy[here, column] = -(part * np.log2(part)).sum(1)[here]
        start += field.size
    suspicion = rng.beta(0.5, 8, (len(notes), len(MISTAKES))).astype(np.float32)
    score = np.nan_to_num(bits - entropy, nan=-99.0).max(1) if len(notes) else np.zeros(0, np.float32)
    suspicion[:, ANY] = 1 / (1 + np.exp2(8 - score))
    return Surprisal(MODEL, notes, score.astype(np.float32), suspicion, bits, entropy, chances.astype(np.float16), values)


class Drawn:
    """A scorer of such answers."""

    name = "drawn"

    def __init__(self, weights: str | None = None) -> None:
        """As `server.scoring.scorer` is called."""

    def timeline(self, timeline: Timeline, song: NDArray[np.uint8] | None = None) -> Surprisal:  # noqa: ARG002  the interface
        return drawn(scene_of_timeline(timeline), list(ordered_notes(timeline)))

    def track(self, chart: Chart, track: Track, song: NDArray[np.uint8] | None = None) -> Surprisal | None:  # noqa: ARG002
        return drawn(scene_of_track(chart, track), list(track.notes)) if scored_family(track) is not None else None


def use_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the commands of this process ask `Drawn`."""
    monkeypatch.setattr("server.scoring.scorer", Drawn)


def scored(text: str, path: str = "songs/a.osu") -> ScoredMap:
    return scored_difficulty(Difficulty(path, Beatmap.from_text(text)), Drawn())


def only_part(text: str) -> Part:
    [part] = scored(text).parts
    return part
