"""Which notes of a five-fret track are held, and for how long, once its rhythm stands."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

from dataclasses import replace

import numpy as np

from formats.chart import Chart
from generation.chart_notes import nearest_tick
from models.bundled.scenes import Scene

# Beats: a note is held before a pause from so long on, and at most so long. Of moments before a pause of a beat charters hold
# 57 % on Expert and 22 % on Easy, before two 74 and 70 %, and let go a quarter of a beat before the next note.
HELD_FROM, LONGEST_HELD = 0.9, 4.0


def sustained(rows: Scene, chart: Chart, share: float, until: float) -> Scene:
    """With so many of the moments held: those before the longest pauses, on the beat rather than off it.

    `until` (ms) is when the next note comes behind them, or what they are a part of ends.
    """
    times, at = np.unique(rows.time, return_inverse=True)
    if not len(times):
        return rows
    lasting = np.zeros(len(times))
    np.maximum.at(lasting, at, rows.end - rows.time)
    ticks = np.array([nearest_tick(chart.tempo_map, time) for time in (*times.tolist(), max(until, float(times[-1])))])
    gaps = np.diff(ticks) / chart.resolution
    beats, stretch = rows.beats.at(times + 1.0)
    in_bar = np.floor((beats - rows.beats.origins[stretch]) % rows.beats.meters[stretch] * 4)
    off_beat = np.where(in_bar % 4 > 0, 2, in_bar > 0)
    order = np.lexsort((off_beat, -np.round(np.minimum(gaps, LONGEST_HELD) * 2)))
    free = [number for number in order.tolist() if gaps[number] >= HELD_FROM and not lasting[number]]
    end = rows.end.copy()
    for number in free[: max(round(share * len(times)) - int((lasting > 0).sum()), 0)]:
        gap = float(gaps[number])
        beats_held = min(gap - (0.25 if gap < LONGEST_HELD else 0.5), LONGEST_HELD)
        end[at == number] = chart.tempo_map.time_at(int(ticks[number]) + int(beats_held * chart.resolution + 1e-6))
    return replace(rows, end=end)
