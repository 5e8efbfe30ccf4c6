"""What falls in osu!catch: fruits and drops in time order, and between which of them the catcher hyperdashes.

As osu.Game.Rulesets.Catch/Beatmaps/CatchBeatmapProcessor.cs without mods. Droplets (the tiny ones between drops) and
bananas take no part in hyperdashes and are left out, so nothing here is random.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from formats.timeline import PLAYFIELD_WIDTH, EdgeKind, Note, NoteKind, Timeline

# osu!pixels: the catcher's width at CS 5 (osu.Game.Rulesets.Catch/UI/Catcher.cs).
CATCHER_WIDTH = 106.75
# osu!pixels per ms.
DASH_SPEED, WALK_SPEED = 1.0, 0.5
# ms that the game takes off the time to the next object: a quarter of a frame at 60 Hz.
GRACE = 1000 / 60 / 4
# Drops beyond these are not followed: no map that can be played has as many.
MOST_DROPS = 50_000


class CatchKind(StrEnum):
    FRUIT = "fruit"
    HEAD = "head"
    DROP = "drop"
    REPEAT = "repeat"
    TAIL = "tail"


@dataclass(slots=True, eq=False)
class CatchObject:
    """One object to catch. `time` in ms, `x` in osu!pixels.

    `hyper` says that the catcher hyperdashes from it to the next. `spare` is how many osu!pixels further away the next
    could be before that happens (0 on a hyperdash), `dash` whether the next can be reached by dashing only.
    """

    note: Note
    kind: CatchKind
    time: float
    x: float
    hyper: bool = False
    spare: float = 0.0
    dash: bool = False


_EDGES = {EdgeKind.HEAD: CatchKind.HEAD, EdgeKind.REVERSE: CatchKind.REPEAT, EdgeKind.TAIL: CatchKind.TAIL}


def half_catcher_width(circle_size: float) -> float:
    """Half of the catcher in osu!pixels, margins included, as hyperdashes are reckoned with it."""
    return CATCHER_WIDTH * abs(1 - 0.7 * (circle_size - 5) / 5) / 2


def catch_objects(timeline: Timeline) -> list[CatchObject]:
    """Fruits and drops in time order, with their hyperdashes."""
    objects: list[CatchObject] = []
    drops = 0
    for note in timeline.notes:
        objects += _fruits(note)
        if note.kind is NoteKind.SLIDER and drops < MOST_DROPS:
            drops += len(note.ticks)
            objects += [CatchObject(note, CatchKind.DROP, tick, _inside(note.position_at(tick)[0])) for tick in note.ticks]
    objects.sort(key=lambda each: each.time)
    _walk(objects, half_catcher_width(timeline.beatmap.circle_size))
    return objects


def _fruits(note: Note) -> Iterator[CatchObject]:
    if note.kind is NoteKind.CIRCLE:
        yield CatchObject(note, CatchKind.FRUIT, note.time, _inside(note.x))
    elif note.kind is NoteKind.SLIDER:
        for edge in note.edges:
            yield CatchObject(note, _EDGES[edge.kind], edge.time, _inside(edge.x))


def _inside(x: float) -> float:
    return min(max(x, 0.0), float(PLAYFIELD_WIDTH))


def _walk(objects: list[CatchObject], half_width: float) -> None:
    """Follows the catcher from object to object. What a dash leaves over helps the next one in the same direction."""
    direction, excess = 0, half_width
    for here, there in pairwise(objects):
        turn = 1 if there.x > here.x else -1
        # The game cuts both times to whole ms.
        time = int(there.time) - int(here.time) - GRACE
        way = abs(there.x - here.x) - (excess if turn == direction else half_width)
        spare = time * DASH_SPEED - way
        here.hyper = spare < 0
        here.spare = max(spare, 0.0)
        here.dash = not here.hyper and way > time * WALK_SPEED
        excess = half_width if here.hyper else min(spare, half_width)
        direction = turn
