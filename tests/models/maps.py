"""Maps as the network reads them: small ones of given lines, and long ones drawn by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.osu import Mode
from formats.timeline import Timeline
from models.bundled.fields import COLUMN, FIELDS, Family, Value
from models.bundled.rows import Rows, rows_of
from models.bundled.scenes import (
    COMBO_AT,
    CONDITIONS,
    KIAI_AT,
    KIND_AT,
    LANE_AT,
    MODIFIER_AT,
    NONE,
    NOTE,
    RAW,
    SET_AT,
    SOUND_AT,
    VOLUME_AT,
    Beats,
    Categories,
    Scene,
    scene_of_timeline,
    scene_of_track,
)
from tests.builder import osu_text
from tests.chart_builder import chart_text

BEAT = 500.0  # ms
RED_LINE = "0,500,4,1,0,100,1,0"
KEYS = 4
_LANED = (Family.MANIA, Family.FRETS, Family.DRUMS)


def scene_of(text: str) -> Scene:
    return scene_of_timeline(Timeline(Beatmap.from_text(text)))


def rows(objects: Sequence[str], *green: str, mode: Mode = Mode.OSU) -> Rows:
    """The rows of a map at 120 BPM whose red line has normal samples at full volume."""
    return rows_of(scene_of(osu_text(objects, (RED_LINE, *green), mode=mode)))


def chart_rows(notes: Sequence[str], track: str = "ExpertSingle") -> Rows:
    """The rows of a track at 125 BPM with 192 ticks a beat."""
    chart = Chart.from_text(chart_text(notes, track=track))
    return rows_of(scene_of_track(chart, chart.tracks[0]))


def told(found: Rows, field: str) -> list[Value | None]:
    """What stands in a field of each note; None where it does not apply."""
    column = COLUMN[field]
    return [FIELDS[column].values[category - 1] if category else None for category in found.values[:, column].tolist()]


def drawn_scene(count: int, family: Family = Family.OSU, seed: int = 1) -> Scene:
    """A map drawn by chance at 120 BPM, without anything that lasts."""
    rng = np.random.default_rng(seed)
    time = np.cumsum(rng.choice((125.0, 250.0, 250.0, 500.0), count)) + 1_000
    x, y = (rng.integers(0, 512, count).astype(float), rng.integers(0, 384, count).astype(float))
    if family not in (Family.OSU, Family.CATCH):
        x, y = np.zeros(count), np.zeros(count)
    beats = Beats(np.zeros(1), np.full(1, BEAT), np.zeros(1), np.zeros(1), np.full(1, 4.0))
    columns = np.full((count, len(RAW)), NONE, np.int16)
    _fill_in(columns, family, rng)
    keys = KEYS if family is Family.MANIA else 0
    condition = np.full(CONDITIONS, 0.5, np.float32)
    return Scene(family, keys, time, time.copy(), x, y, x.copy(), y.copy(), np.ones(count), columns, beats, condition)


def _fill_in(columns: Categories, family: Family, rng: np.random.Generator) -> None:
    count = len(columns)
    if family in _LANED:
        columns[:, LANE_AT] = rng.integers(0, KEYS, count)
    if family in (Family.FRETS, Family.DRUMS):
        columns[:, MODIFIER_AT] = rng.integers(0, 3, count)
        return
    columns[:, KIND_AT] = NOTE if family is Family.MANIA else 5 + rng.integers(0, 4, count) if family is Family.TAIKO else 0
    columns[:, VOLUME_AT], columns[:, KIAI_AT] = 14, 0
    if family is not Family.TAIKO:
        columns[:, SOUND_AT], columns[:, SET_AT] = rng.choice((0, 0, 0, 1, 4), count), 1
    if family in (Family.OSU, Family.CATCH):
        columns[:, COMBO_AT] = rng.random(count) < 0.2
