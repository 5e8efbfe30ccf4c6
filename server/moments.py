"""Times, and places in a file, as people write them on a command line."""

from __future__ import annotations

import os
import re

# 01:23:456 as editors show it, 1:23 and 1:23.5 as players do, 83500 as the file has it.
_CLOCK = re.compile(r"(-?)(\d+):([0-5]?\d)(?:[:.,](\d{1,3}))?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

# A place behind the file's name: a line, or a time stamp as `maimod check` shows it, with or without its selection.
_PLACE = re.compile(r"(.+?):(?:([1-9]\d*)|(-?\d+:\d\d:\d{3})(?: \([^()]*\))?)", re.DOTALL)


def parse_moment(text: str) -> float:
    """ms. Raises `ValueError` with a sentence."""
    text = text.strip()
    if found := _CLOCK.fullmatch(text):
        sign, minutes, seconds, rest = found.groups()
        ms = int(minutes) * 60_000 + int(seconds) * 1000 + (int(rest.ljust(3, "0")) if rest else 0)
        return float(-ms if sign else ms)
    if _NUMBER.fullmatch(text):
        return float(text)
    raise ValueError(f"{text!r} is no time; write 01:23:456, 1:23 or milliseconds")


def split_place(place: str) -> tuple[str, int | None, str | None]:
    """`map.osu:12` and `map.osu:00:12:345 (1)` as the path, the line and the time; a file may itself be named so."""
    match = None if os.path.exists(place) else _PLACE.fullmatch(place)
    if match is None:
        return place, None, None
    path, line, time = match.groups()
    return path, int(line) if line else None, time
