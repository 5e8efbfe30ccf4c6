"""What a client wishes to have written anew, read key by key from its message."""

from __future__ import annotations

from math import nan

from generation.parts import Part
from generation.request import DENSITIES, MOST_LANES, MOST_SEED, SHARES, SOUND_TEMPERATURES, TEMPERATURES, Request
from models.bundled.fields import KINDS
from server.daemon.protocol import Code, Message, Refused
from server.daemon.questions import Sounds

# ms: no song begins earlier or ends later, and no section is longer.
EARLIEST, LATEST, LONGEST = -3_600_000.0, 86_400_000.0, 600_000.0
MOST_CANDIDATES, USUAL_CANDIDATES = 8, 3
LONGEST_TRACK_NAME = 32


def notes_wished(message: Message) -> Request:
    """Raises `Refused`."""
    start, end = _section(message)
    return Request(
        start,
        end,
        message.text("track", "", LONGEST_TRACK_NAME),
        _seed(message),
        message.counted("count", 1, MOST_CANDIDATES, USUAL_CANDIDATES),
        message.bounded("temperature", *TEMPERATURES, 1.0),
        message.bounded("density", *DENSITIES, 1.0),
        frozenset(Part(name) for name in message.some("keep", [part.value for part in Part])),
        message.says("add"),
        message.some("lanes", range(MOST_LANES)) or None,
        message.some("kinds", KINDS) or None,
    )


def sounds_wished(message: Message) -> Sounds:
    """Raises `Refused`."""
    section = _section(message) if message.has("start_ms") or message.has("end_ms") else None
    return Sounds(
        section,
        message.says("add"),
        message.says("sets"),
        message.says("volumes"),
        message.bounded("share", *SHARES, 1.0) if message.has("share") else None,
        _seed(message),
        message.bounded("temperature", *SOUND_TEMPERATURES, 1.0),
    )


def _section(message: Message) -> tuple[float, float]:
    start, end = (message.bounded(key, EARLIEST, LATEST, nan) for key in ("start_ms", "end_ms"))
    if not start < end:
        raise Refused(Code.MALFORMED, "The section ends before it begins: choose a later end.")
    if end - start > LONGEST:
        raise Refused(Code.MALFORMED, f"The section is longer than {LONGEST / 60_000:.0f} minutes: choose a shorter one.")
    return start, end


def _seed(message: Message) -> int:
    return message.counted("seed", 0, MOST_SEED, 0)
