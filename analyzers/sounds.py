"""What is heard when a note is played: its edges with their additions and volumes, without its path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formats.osu import Additions
from formats.timeline import EdgeKind, Note, NoteKind

ADDITIONS = Additions.WHISTLE | Additions.FINISH | Additions.CLAP
# A hostile slider has thousands of slides; no map that can be played has more than this.
MOST_EDGES = 1_000


@dataclass(frozen=True, slots=True)
class Sound:
    """An edge of a note: `index` counts a slider's edges from its head, `time` in ms, `additions` without hitnormal."""

    kind: EdgeKind
    index: int
    time: float
    additions: Additions


def sounds(note: Note) -> Iterator[Sound]:
    """The moments at which a note sounds: a circle's and hold's head, a slider's edges, a spinner's end."""
    source = note.object
    whole = Additions(source.sound) & ADDITIONS
    if note.kind is NoteKind.SPINNER:
        yield Sound(EdgeKind.TAIL, 0, note.end, whole)
        return
    if note.kind is not NoteKind.SLIDER:
        yield Sound(EdgeKind.HEAD, 0, note.time, whole)
        return
    listed = source.edge_sounds or ()
    for index in range(min(note.span_count, MOST_EDGES) + 1):
        additions = Additions(listed[index]) & ADDITIONS if index < len(listed) else whole
        if index == 0:
            yield Sound(EdgeKind.HEAD, 0, note.time, additions)
        elif index == note.span_count:
            yield Sound(EdgeKind.TAIL, index, note.end, additions)
        else:
            yield Sound(EdgeKind.REVERSE, index, note.time + index * note.span_duration, additions)


def addition_names(additions: Additions) -> str:
    """`whistle`, `finish and clap`."""
    names = [
        each.name.lower() for each in (Additions.WHISTLE, Additions.FINISH, Additions.CLAP) if each & additions and each.name
    ]
    return " and ".join(names)
