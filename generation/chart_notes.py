"""The text of notes: rows of a scene as lines of a track of a `.chart` file."""

from __future__ import annotations

from collections.abc import Sequence

from formats.chart import Chart
from formats.chart_tracks import ChartNote, Track
from formats.spans import Edit
from generation.parts import Part
from models.bundled.scenes import Scene


def track_edits(
    chart: Chart, track: Track, removed: Sequence[ChartNote], rows: Scene, sources: Sequence[ChartNote | None], anew: frozenset[Part]
) -> tuple[Edit, ...]:
    """As `generation.objects.section_edits` for a five-fret or drum track. Times of rows lie on ticks of the chart."""
    raise NotImplementedError
