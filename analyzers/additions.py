"""The additions (whistle, finish, clap) that a note plays at each of its edges, without asking for its path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from formats.osu import Additions
from formats.timeline import EdgeKind, Note, NoteKind

# Bits of a sound, plain numbers because every edge of a set is compared: an IntFlag takes ten times as long.
WHISTLE, FINISH, CLAP = (int(each) for each in (Additions.WHISTLE, Additions.FINISH, Additions.CLAP))
ADDITIONS = WHISTLE | FINISH | CLAP


class Sound(NamedTuple):
    """An edge of a note: `edge` counts a slider's edges from its head, `time` in ms, `additions` as bits without hitnormal."""

    kind: EdgeKind
    edge: int
    time: float
    additions: int


def sounds(note: Note) -> Iterator[Sound]:
    """The moments at which a note sounds: a circle's and hold's head, a slider's edges, a spinner's end."""
    if note.kind is NoteKind.SLIDER:
        yield from _slider_sounds(note)
    elif note.kind is NoteKind.SPINNER:
        yield Sound(EdgeKind.TAIL, 0, note.end, note.object.sound & ADDITIONS)
    else:
        yield Sound(EdgeKind.HEAD, 0, note.time, note.object.sound & ADDITIONS)


def _slider_sounds(note: Note) -> Iterator[Sound]:
    source = note.object
    whole = source.sound & ADDITIONS
    listed = source.edge_sounds or ()
    times = note.edge_times
    for place, time in enumerate(times):
        tail = place == len(times) - 1
        index = note.span_count if tail else place
        additions = listed[index] & ADDITIONS if index < len(listed) else whole
        yield Sound(EdgeKind.TAIL if tail else EdgeKind.REVERSE if place else EdgeKind.HEAD, index, time, additions)


def addition_names(additions: int) -> str:
    """`whistle`, `finish and clap`."""
    return " and ".join(name for bit, name in ((WHISTLE, "whistle"), (FINISH, "finish"), (CLAP, "clap")) if additions & bit)
