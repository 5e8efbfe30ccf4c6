"""The text of notes: rows of a scene as lines of an `.osu` file."""

from __future__ import annotations

from collections.abc import Sequence

from formats.spans import Edit
from formats.timeline import Note, Timeline
from generation.parts import Part
from models.bundled.scenes import Scene


def section_edits(
    timeline: Timeline, removed: Sequence[Note], rows: Scene, sources: Sequence[Note | None], anew: frozenset[Part]
) -> tuple[Edit, ...]:
    """The fewest edits after which the notes `rows` stand where `removed` stood.

    `removed`: every old note of the section that does not stay as it is (those that a row is made from among them). `rows` in
    time order; `sources[i]` is the old note that row i is made from, or None for a note made from nothing. Of a note with a
    source only the parts `anew` may change: its line keeps everything else, byte for byte, and is not touched where nothing
    changed. Rows speak of the velocity, volume, sample sets and kiai that they want: green lines are added only where what is in force differs
    from that, and put back behind the section.
    """
    raise NotImplementedError
