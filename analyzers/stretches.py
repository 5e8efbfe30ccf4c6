"""Phrases, solos and lanes of a chart that hold no note, and the fix that deletes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from analyzers.chart_context import ChartContext
from analyzers.finding import Safety
from analyzers.repairs import delete_line
from analyzers.rule import Issue, Repair, Template
from formats.chart_tracks import Stretch, Track
from formats.document import whole


def without_notes(
    context: ChartContext, stretches: Callable[[Track], Sequence[Stretch]], template: Template, noun: str
) -> Iterator[Issue]:
    """An issue for each of these stretches of every track that has no note in it; `noun` names one in the fix."""
    for track in context.tracks:
        for stretch in stretches(track):
            if track.has_note_in(stretch):
                continue
            start, end = context.times(stretch)
            deletion = tuple(delete_line(line) for line in stretch.lines)
            yield template(
                at=whole(stretch.lines[0]),
                time=start,
                end=end,
                track=track.label,
                repairs=[Repair(f"Delete the empty {noun}", Safety.SAFE, deletion)],
            )
