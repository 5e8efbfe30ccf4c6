"""What a request may name in a map: its lanes, its kinds of notes, and the parts that its notes have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analyzers.wording import lanes_by_name
from formats.timestamps import format_time
from generation.parts import Part
from generation.request import CannotWrite, Request
from models.bundled.fields import Family

_SLIDING = ("circle", "slider", "spinner")
_KINDS: Mapping[Family, tuple[str, ...]] = {
    Family.OSU: _SLIDING,
    Family.CATCH: _SLIDING,
    Family.TAIKO: ("don", "kat", "big don", "big kat", "drumroll", "big drumroll", "denden"),
    Family.MANIA: ("note", "hold"),
}
_PARTS = {
    Family.OSU: frozenset((Part.RHYTHM, Part.POSITIONS, Part.HITSOUNDS, Part.COMBOS)),
    Family.CATCH: frozenset((Part.RHYTHM, Part.POSITIONS, Part.HITSOUNDS, Part.COMBOS)),
    Family.TAIKO: frozenset((Part.RHYTHM, Part.POSITIONS)),
    Family.MANIA: frozenset((Part.RHYTHM, Part.POSITIONS, Part.HITSOUNDS)),
    Family.FRETS: frozenset((Part.RHYTHM, Part.POSITIONS, Part.FLAGS)),
    Family.DRUMS: frozenset((Part.RHYTHM, Part.POSITIONS, Part.FLAGS)),
}
_NAMES = {
    Family.OSU: "osu!",
    Family.TAIKO: "osu!taiko",
    Family.CATCH: "osu!catch",
    Family.MANIA: "osu!mania",
    Family.FRETS: "a five-fret track",
    Family.DRUMS: "a drum track",
}


def kinds_of(family: Family) -> tuple[str, ...]:
    """What kinds of notes may be asked for; none where all are of one kind."""
    return _KINDS.get(family, ())


def settled(request: Request, family: Family, keys: int = 0, *, five_lane: bool = False) -> Request:
    """The request with its lanes as numbers, from 0 ms on. `keys` columns has a map of osu!mania, `five_lane`s some drum tracks.

    Raises `CannotWrite` where it names what the map does not have, or leaves nothing to write.
    """
    name = _NAMES[family]
    if request.start < request.end <= 0:
        raise CannotWrite(f"the section ends at {format_time(request.end)}, before the song begins: choose one from 00:00:000 on")
    if not request.add and _PARTS[family] <= request.keep:
        *known, last = (part for part in Part if part in _PARTS[family])
        had = f"{', '.join(known)} and {last}"
        raise CannotWrite(f"nothing would be written anew: notes of {name} have {had}, and all of that is kept")
    kinds = kinds_of(family)
    if unknown := sorted((request.kinds or frozenset()) - {*kinds}):
        had = f"its kinds are {', '.join(kinds)}" if kinds else "its notes are of one kind"
        raise CannotWrite(f"{name} has no {unknown[0]}: {had}")
    lanes = _lanes(request, family, keys, five_lane=five_lane)
    return replace(request, start=max(request.start, 0.0), lanes=lanes, lane_names=frozenset())


def _lanes(request: Request, family: Family, keys: int, *, five_lane: bool) -> frozenset[int] | None:
    """From 0, None for all."""
    if request.lanes is None and not request.lane_names:
        return None
    wanted = request.lanes or frozenset()
    if family is Family.MANIA:
        if request.lane_names:
            raise CannotWrite(f"columns of osu!mania have no names such as {min(request.lane_names)}: count them from the left")
        if beyond := sorted(lane for lane in wanted if lane >= keys):
            raise CannotWrite(f"the map has {keys} columns, so there is no column {beyond[0] + 1}")
        return wanted
    named = lanes_by_name(family, five_lane=five_lane)
    if not named:
        raise CannotWrite(f"notes of {_NAMES[family]} have no lanes: those are for osu!mania and charts")
    if unknown := sorted(request.lane_names - {*named}) or [str(lane + 1) for lane in sorted(wanted - {*named.values()})]:
        raise CannotWrite(f"there is no lane {unknown[0]} on {_NAMES[family]}: its lanes are {', '.join(named)}")
    return wanted | {named[each] for each in request.lane_names}
