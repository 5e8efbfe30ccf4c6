"""What to draw around a finding: the notes near it, the grid, and what the map's notes would be after each of its fixes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from analyzers.finding import Finding, Fix
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.spans import Edit
from formats.timeline import PLAYFIELD_HEIGHT, PLAYFIELD_WIDTH
from server.daemon.looking_at_chart import Frets
from server.daemon.looking_at_osu import Objects
from server.daemon.protocol import Json
from server.daemon.questions import Noted
from server.daemon.subjects import Subject
from server.printable import printable
from server.printers.as_json import number
from server.report import MODE_NAMES

# ms around the finding, and how many notes at most, before and after it.
BEFORE_MS, AFTER_MS = 1500.0, 1500.0
MOST_NOTES, MOST_CHANGED = 64, 16
# A finding over a longer stretch is shown at its beginning.
LONGEST_MS = 4000.0
# Notes this near (ms) to a finding's time are what it is about.
NEAR_MS = 2.0

Drawn = Objects | Frets


def look_at(subject: Subject, noted: Noted, only_fix: int | None = None) -> Json:
    """The `look` at a finding, without the revision and ids that the daemon adds; with the outcome of one fix alone if asked."""
    finding = noted.finding
    drawn = drawn_of(subject, noted.track)
    time = finding.time_ms
    if drawn is None or time is None or not isfinite(time):
        return {**frame_of(subject, None, 0, 0), "time_ms": number(time), "actual": [], "expected": []}
    last = finding.end_ms if finding.end_ms is not None and isfinite(finding.end_ms) else time
    start, end = time - BEFORE_MS, min(max(last, time), time + LONGEST_MS) + AFTER_MS
    rows = _nearest(drawn, start, end, time)
    notes = [drawn.note(row) for row in rows]
    focus = _focus(drawn, rows, noted.line, time)
    fixes = [
        each
        for which, fix in enumerate(finding.fixes)
        if (only_fix is None or which == only_fix)
        and (each := _outcome(subject, noted, which, fix, (start, end), notes)) is not None
    ]
    return {
        **frame_of(subject, drawn, start, end),
        "time_ms": number(time),
        "lines": drawn.lines(start, end),
        "focus": focus,
        "notes": notes,
        "actual": drawn.facts(rows[focus[0]]) if focus else [],
        "expected": fixes,
    }


def drawn_of(subject: Subject, track_name: str | None) -> Drawn | None:
    """The notes of a map, of a chart those of that track, else of its first one; None where it has none."""
    if subject.difficulty is not None:
        return Objects(subject.difficulty)
    if subject.chart is None:
        return None
    track = subject.chart.track(track_name) if track_name else None
    charted = subject.chart.charted
    chosen = track or (charted[0] if charted else None)
    return Frets(subject.chart, chosen) if chosen is not None else None


def frame_of(subject: Subject, drawn: Drawn | None, start: float, end: float) -> Json:
    difficulty = subject.difficulty
    beatmap = difficulty.beatmap if difficulty is not None else None
    return {
        "shape": drawn.shape if drawn is not None else "none",
        "mode": MODE_NAMES[beatmap.mode] if beatmap is not None else None,
        "start_ms": number(start) or 0,
        "end_ms": number(end) or 0,
        "width": PLAYFIELD_WIDTH,
        "height": PLAYFIELD_HEIGHT,
        "radius": number(beatmap.radius) if beatmap is not None else 32,
        "preempt_ms": number(beatmap.preempt) if beatmap is not None else 1000,
        "lanes": drawn.lanes if drawn is not None else [],
        "lines": [],
        "focus": [],
        "notes": [],
    }


def _nearest(drawn: Drawn, start: float, end: float, time: float) -> list[int]:
    """The numbers of the notes to show, in order; where they are too many those nearest to the time."""
    first, last = bisect_left(drawn.times, start), bisect_right(drawn.times, end)
    rows = [row for row in range(max(first - 1, 0), last) if row >= first or drawn.ends(row) >= start]
    if len(rows) > MOST_NOTES:
        rows = sorted(sorted(rows, key=lambda row: abs(drawn.times[row] - time))[:MOST_NOTES])
    return rows


def _focus(drawn: Drawn, rows: Sequence[int], line: int, time: float) -> list[int]:
    """The places in `rows` of what the finding is about: the note of its line, else what happens at its time."""
    at_line = [place for place, row in enumerate(rows) if drawn.line(row) == line]
    if at_line:
        return at_line
    return [place for place, row in enumerate(rows) if abs(drawn.times[row] - time) <= NEAR_MS]


def _outcome(
    subject: Subject, noted: Noted, which: int, fix: Fix, stretch: tuple[float, float], notes: list[Json]
) -> Json | None:
    """What the notes of the stretch would be after a fix; None where it changes none of them."""
    if not fix.edits:
        return None
    after = drawn_of(edited(subject, fix.edits), noted.track)
    if after is None:
        return None
    start, end = stretch
    # Those that the limit leaves out are no change.
    low, high = (notes[0]["time_ms"], notes[-1]["time_ms"]) if len(notes) == MOST_NOTES else (start, end)
    span = range(max(bisect_left(after.times, low - NEAR_MS) - 1, 0), bisect_right(after.times, high + NEAR_MS))
    new = [after.note(row) for row in span if after.ends(row) >= start]
    gone = [place for place, note in enumerate(notes) if note not in new]
    come = [note for note in new if note not in notes]
    if not gone and not come:
        return None
    return {
        "fix": which,
        "title": printable(fix.title),
        "probability": _probability(noted.finding, which),
        "notes": come[:MOST_CHANGED],
        "instead_of": gone[:MOST_CHANGED],
    }


def edited(subject: Subject, edits: Sequence[Edit]) -> Subject:
    document = subject.document.edit(edits)
    if subject.difficulty is not None:
        return replace(subject, document=document, difficulty=subject.difficulty.edited(Beatmap(document)))
    if subject.chart is not None:
        return replace(subject, document=document, chart=Chart(document, subject.chart.modifiers, subject.chart))
    return subject


def _probability(finding: Finding, which: int) -> float | None:
    """How likely the model held what a fix makes: its fixes come in the order of what it expected."""
    surprisal = finding.surprisal
    if surprisal is None or which >= len(surprisal.expected):
        return None
    return round(surprisal.expected[which].probability, 4)
