"""What to draw of a section that may be written anew: the notes that go, those that come, and those that stay around them."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from itertools import accumulate

from server.daemon.looking import Drawn, drawn_of, frame_of
from server.daemon.protocol import Json
from server.daemon.subjects import Subject
from server.printers.as_json import number

# ms on either side of the section, how many notes there at most, and how many of each kind in it; so many points of a slider's
# body count as one more.
AROUND_MS = 1500.0
MOST_BESIDE, MOST_STAYING, MOST_CHANGED = 50, 200, 300
POINTS_A_NOTE = 14
# A note that begins this little (ms) before the section belongs to it, as whoever writes sees it.
ROUNDING = 1e-6
# What of a note follows from the notes before it.
_FOLLOWING = ("combo", "colour")


def look_at_section(subject: Subject, later: Subject, start: float, end: float, track: str, share: float = 1.0) -> Json:
    """`later` is the map as it would be; `share` of the most that is drawn. Without map and proposal, which the daemon knows."""
    before, after = drawn_of(subject, track), drawn_of(later, track)
    frame = {key: value for key, value in frame_of(subject, after, start, end).items() if key not in ("focus", "notes")}
    if before is None or after is None:
        return {**frame, "until_ms": number(end), "more_notes": 0, "stays": [], "before": [], "after": []}
    staying, changed = int(MOST_STAYING * share), int(MOST_CHANGED * share)
    # No more of them can be drawn, and a map may have very many.
    (old, old_until), (new, new_until) = (_notes(drawn, start, end, staying + changed + 1) for drawn in (before, after))
    kept = Counter(map(_known_as, old)) & Counter(map(_known_as, new))
    gone, _ = _parted(old, kept)
    come, stays = _parted(new, kept)
    beside = [*_within(after, start - AROUND_MS, start)[-MOST_BESIDE:], *_within(after, end, end + AROUND_MS)[:MOST_BESIDE]]
    until = min(old_until, new_until, _until(gone, changed, end), _until(come, changed, end), _until(stays, staying, end))
    return {
        **frame,
        "until_ms": number(until),
        "more_notes": len(_within(after, until, end)) if until < end else 0,
        "lines": after.lines(start - AROUND_MS, until + AROUND_MS),
        "stays": _first(stays, until, staying) + [after.note(row) for row in beside],
        "before": _first(gone, until, changed),
        "after": _first(come, until, changed),
    }


def _notes(drawn: Drawn, start: float, end: float, most: int) -> tuple[list[Json], float]:
    """The first so many notes of the section, and up to when these are all of them."""
    rows = _within(drawn, start, end)
    return [drawn.note(row) for row in rows[:most]], drawn.times[rows[most]] if len(rows) > most else end


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
    weights = accumulate(1 + len(note["path"] or ()) / POINTS_A_NOTE for note in notes)
    return next((float(note["time_ms"]) for note, weight in zip(notes, weights, strict=True) if weight > most), end)


def _first(notes: list[Json], until: float, most: int) -> list[Json]:
    return [note for note in notes if note["time_ms"] < until - ROUNDING][:most]
