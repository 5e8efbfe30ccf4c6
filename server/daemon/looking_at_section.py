"""What to draw of a section that may be written anew: the notes that go, those that come, and those that stay around them."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from formats.spans import Edit
from server.daemon.looking import Drawn, drawn_of, edited, frame_of
from server.daemon.protocol import Json
from server.daemon.subjects import Subject
from server.printers.as_json import number

# ms on either side of the section, how many notes there at most, and how many of each kind in it.
AROUND_MS = 1500.0
MOST_BESIDE, MOST_STAYING, MOST_CHANGED = 50, 300, 400
# A note that begins this little (ms) before the section belongs to it, as whoever writes sees it.
ROUNDING = 1e-6
# What of a note follows from the notes before it.
_FOLLOWING = ("combo", "colour")


def look_at_section(subject: Subject, edits: Sequence[Edit], start: float, end: float, track: str) -> Json:
    """Without map and proposal, which the daemon knows."""
    before, after = drawn_of(subject, track), drawn_of(edited(subject, edits), track)
    frame = {key: part for key, part in frame_of(subject, after, start, end).items() if key not in ("focus", "notes")}
    if before is None or after is None:
        return {**frame, "until_ms": number(end), "stays": [], "before": [], "after": []}
    old, new = ([drawn.note(row) for row in _within(drawn, start, end)] for drawn in (before, after))
    kept = Counter(map(_known_as, old)) & Counter(map(_known_as, new))
    gone, _ = _parted(old, kept)
    come, stays = _parted(new, kept)
    beside = [*_within(after, start - AROUND_MS, start)[-MOST_BESIDE:], *_within(after, end, end + AROUND_MS)[:MOST_BESIDE]]
    until = min(_until(gone, MOST_CHANGED, end), _until(come, MOST_CHANGED, end), _until(stays, MOST_STAYING, end))
    return {
        **frame,
        "until_ms": number(until),
        "lines": after.lines(start - AROUND_MS, until + AROUND_MS),
        "stays": _first(stays, until, MOST_STAYING) + [after.note(row) for row in beside],
        "before": _first(gone, until, MOST_CHANGED),
        "after": _first(come, until, MOST_CHANGED),
    }


def _within(drawn: Drawn, start: float, end: float) -> range:
    return range(bisect_left(drawn.times, start - ROUNDING), bisect_left(drawn.times, end - ROUNDING))


def _known_as(note: Json) -> str:
    return json.dumps({key: part for key, part in note.items() if key not in _FOLLOWING})


def _parted(notes: list[Json], kept: Counter[str]) -> tuple[list[Json], list[Json]]:
    """Those that are not kept, and those that are."""
    left = Counter(kept)
    parts: tuple[list[Json], list[Json]] = ([], [])
    for note in notes:
        name = _known_as(note)
        stays = left[name] > 0
        left[name] -= stays
        parts[stays].append(note)
    return parts


def _until(notes: list[Json], most: int, end: float) -> float:
    """Up to when no more than so many are drawn."""
    return end if len(notes) <= most else float(notes[most]["time_ms"])


def _first(notes: list[Json], until: float, most: int) -> list[Json]:
    return [note for note in notes if note["time_ms"] < until + ROUNDING][:most]
