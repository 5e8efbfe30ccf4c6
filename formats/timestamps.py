"""The editor's time stamps: `00:12:345 (1,2)`, what a modder pastes and what `osu://edit` opens."""

from __future__ import annotations

import re
from math import isfinite
from urllib.parse import quote

# osu.Game/Rulesets/Edit/EditorTimestampParser.cs, strict form.
_STAMP = re.compile(r"(\d{2,}):([0-5]?\d)[:.](\d{3})(?:\s*\(([^)]+)\))?")


def format_time(ms: float) -> str:
    """`mm:ss:mmm`; times below 0 carry a minus sign, what is not finite reads `--:--:---`."""
    if not isfinite(ms):
        return "--:--:---"
    whole = int(ms + 0.5) if ms >= 0 else -int(-ms + 0.5)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    minutes, rest = divmod(whole, 60_000)
    return f"{sign}{minutes:02d}:{rest // 1000:02d}:{rest % 1000:03d}"


def format_stamp(ms: float, selection: str = "") -> str:
    """`00:12:345 (1,2)`; `selection` holds combo numbers, or `time|column` pairs in mania."""
    return f"{format_time(ms)} ({selection})" if selection else format_time(ms)


def edit_link(ms: float, selection: str = "") -> str:
    """The link that makes an open osu! editor seek there and select the objects."""
    return "osu://edit/" + quote(format_stamp(ms, selection), safe=":(),|-")


def parse_stamp(text: str) -> tuple[int, str] | None:
    """The first time stamp of `text` as (ms, selection); None when it holds none."""
    found = _STAMP.search(text)
    if not found:
        return None
    minutes, seconds, ms, selection = found.groups()
    return int(minutes) * 60_000 + int(seconds) * 1000 + int(ms), selection or ""
