"""A surprisal made by hand: the notes' true fields, the suspicions and the expected values that a test puts in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan

import numpy as np

from analyzers.analysis import Choices
from analyzers.finding import Finding, Fix
from analyzers.surprising.findings import surprising_chart_findings, surprising_findings
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_tracks import Played, Track
from formats.mapset import Difficulty
from formats.spans import apply_edits
from formats.timeline import Timeline
from models.bundled.drift import Drift
from models.bundled.fields import COLUMN, FIELDS, MISTAKES, SIZES, Value
from models.bundled.rows import Rows, rows_of
from models.bundled.scenes import ordered_notes, scene_of_timeline, scene_of_track
from models.surprisal import Surprisal

Suspicion = Mapping[tuple[int, str], float]
"""(row, mistake) to its probability."""
Expects = Mapping[tuple[int, str], Mapping[Value, float]]
"""(row, field) to the probabilities of values; what stands there has the rest."""

CALM = 0.001
STARTS = np.concatenate(([0], np.cumsum(SIZES)))


def surprisal_of(timeline: Timeline, suspicion: Suspicion | None = None, expects: Expects | None = None) -> Surprisal:
    return _surprisal(ordered_notes(timeline), rows_of(scene_of_timeline(timeline)), suspicion or {}, expects or {})


def surprisal_of_track(
    chart: Chart, track: Track, suspicion: Suspicion | None = None, expects: Expects | None = None
) -> Surprisal:
    return _surprisal(track.notes, rows_of(scene_of_track(chart, track)), suspicion or {}, expects or {})


def _surprisal(notes: Sequence[Played], rows: Rows, suspicion: Suspicion, expects: Expects) -> Surprisal:
    values = rows.values.astype(np.int16) - 1
    count = len(values)
    chances = np.zeros((count, int(STARTS[-1])), np.float16)
    for column in range(len(FIELDS)):
        known = np.flatnonzero(values[:, column] >= 0)
        chances[known, STARTS[column] + values[known, column]] = 1
    for (row, field), likely in expects.items():
        chances[row, STARTS[COLUMN[field]] + values[row, COLUMN[field]]] = max(1 - sum(likely.values()), 1e-4)
        for value, chance in likely.items():
            chances[row, STARTS[COLUMN[field]] + FIELDS[COLUMN[field]].values.index(value)] = chance
    feared = np.full((count, len(MISTAKES)), CALM, np.float32)
    for (row, mistake), chance in suspicion.items():
        feared[row, MISTAKES.index(mistake)] = chance
    bits, entropy = _bits(chances, values)
    return Surprisal("by hand", notes, feared.max(axis=1, initial=0), feared, bits, entropy, chances, values)


def _bits(
    chances: np.typing.NDArray[np.float16], values: np.typing.NDArray[np.int16]
) -> tuple[np.typing.NDArray[np.float32], ...]:
    bits, entropy = np.full(values.shape, nan, np.float32), np.full(values.shape, nan, np.float32)
    for column in range(len(FIELDS)):
        known = np.flatnonzero(values[:, column] >= 0)
        table = chances[known, STARTS[column] : STARTS[column + 1]].astype(np.float64)
        logs = -np.log2(table.clip(1e-6, 1))
        bits[known, column] = logs[np.arange(len(known)), values[known, column]]
        entropy[known, column] = (table * logs).sum(axis=1)
    return bits, entropy


def difficulty_of(text: str) -> Difficulty:
    return Difficulty("0.osu", Beatmap.from_text(text))


def found(
    text: str,
    suspicion: Suspicion | None = None,
    expects: Expects | None = None,
    *,
    drifts: Sequence[Drift] = (),
    choices: Choices | None = None,
    others: Sequence[str] = (),
) -> list[Finding]:
    """The findings on an `.osu` text of which the model thinks so; `others` are texts of the set's other difficulties."""
    difficulty = difficulty_of(text)
    surprisal = surprisal_of(difficulty.timeline, suspicion, expects)
    return surprising_findings(difficulty, surprisal, choices or Choices(), drifts, [difficulty_of(other) for other in others])


def found_in_chart(
    text: str, suspicion: Suspicion | None = None, expects: Expects | None = None, track: str = ""
) -> list[Finding]:
    """The findings on the first track (or that one) of a chart."""
    chart = Chart.from_text(text)
    one = (chart.track(track) if track else None) or chart.charted[0]
    return surprising_chart_findings(chart, [(one, surprisal_of_track(chart, one, suspicion, expects))], Choices())


def after(text: str, fix: Fix) -> str:
    return apply_edits(text, fix.edits)


def fields_of(text: str, *names: str) -> list[tuple[Value | None, ...]]:
    """What stands in these fields of each note of an `.osu` text."""
    return _told(surprisal_of(difficulty_of(text).timeline), names)


def fields_of_track(text: str, *names: str) -> list[tuple[Value | None, ...]]:
    chart = Chart.from_text(text)
    return _told(surprisal_of_track(chart, chart.charted[0]), names)


def _told(surprisal: Surprisal, names: Sequence[str]) -> list[tuple[Value | None, ...]]:
    return [tuple(surprisal.actual(row, name) for name in names) for row in range(len(surprisal))]
