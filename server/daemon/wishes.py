"""What a client wishes to have written anew, read key by key from its message."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from math import isnan, nan

from generation.parts import Part
from generation.request import MOST_SEED, SHARES, SOUND_TEMPERATURES, TEMPERATURES, Request
from models.bundled.fields import KINDS
from server.daemon.protocol import Code, Message, Refused
from server.daemon.questions import Sounds
from server.rewrite_options import Given, WrongOption

# ms: no song begins earlier or ends later, and no section is longer.
TIMES, LONGEST = (-3_600_000.0, 86_400_000.0), 600_000.0
MOST_CANDIDATES, USUAL_CANDIDATES = 8, 3
LONGEST_TRACK_NAME = 32


def notes_wished(message: Message) -> Request:
    """Raises `Refused`."""
    with _options(message) as given:
        return Request(
            *_section(given),
            message.text("track", "", LONGEST_TRACK_NAME),
            given.whole("seed", 0, 0, MOST_SEED),
            given.whole("count", USUAL_CANDIDATES, 1, MOST_CANDIDATES),
            given.number("temperature", 1.0, TEMPERATURES),
            given.density(),
            frozenset(Part(word) for word in given.words("keep", Part) or ()),
            bool(given.flag("add")),
            given.lanes(),
            given.words("kinds", KINDS) or None,
        )


def sounds_wished(message: Message) -> Sounds:
    """Raises `Refused`."""
    with _options(message) as given:
        return Sounds(
            _section(given) if message.has("start_ms") or message.has("end_ms") else None,
            bool(given.flag("add")),
            bool(given.flag("sets")),
            bool(given.flag("volumes")),
            given.number("share", 1.0, SHARES) if message.has("share") else None,
            given.whole("seed", 0, 0, MOST_SEED),
            given.number("temperature", 1.0, SOUND_TEMPERATURES),
        )


@contextmanager
def _options(message: Message) -> Generator[Given]:
    try:
        yield Given(message.keys)
    except WrongOption as trouble:
        raise Refused(Code.MALFORMED, f"In a message of type {message.type!r} {trouble}.") from None


def _section(given: Given) -> tuple[float, float]:
    start, end = (given.number(key, nan, TIMES) for key in ("start_ms", "end_ms"))
    if isnan(start) or isnan(end):
        raise WrongOption("start_ms and end_ms are needed, times in ms")
    if not start < end:
        raise WrongOption("the section ends before it begins: choose a later end")
    if end - start > LONGEST:
        raise WrongOption(f"the section is longer than {LONGEST / 60_000:.0f} minutes: choose a shorter one")
    return start, end
