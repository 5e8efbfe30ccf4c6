"""Fixes that make a slider, spinner or long note end elsewhere: as long as was expected, and before what follows."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

from analyzers.context import end_place
from analyzers.repairs import format_number, replace_field
from analyzers.rule import Change, Repair
from analyzers.snapping import ROUNDING_MS, stretch_slider
from analyzers.surprising.scored import MOST_FIXES, ScoredDifficulty, unsafe
from formats.document import field
from formats.timeline import Note
from formats.timestamps import format_time
from models.bundled.fields import REPEATS, Family

# Lists of a slider's line that hold one entry for each of its edges.
EDGE_FIELDS = (8, 9)
CIRCLE_BIT, HOLD_BIT = 1, 128


def other_lengths(scored: ScoredDifficulty, row: int) -> list[Repair]:
    """Fixes that give the object the likelier lengths, as far as they end before the next one."""
    repairs: list[Repair] = []
    for length in scored.likelier(row, "length"):
        end = scored.notes[row].time + float(Fraction(str(length.value))) * scored.beat(row)
        repairs += _ending(scored, row, end)
    return repairs[:MOST_FIXES]


def _ending(scored: ScoredDifficulty, row: int, span_end: float) -> list[Repair]:
    """The fix after which the first span ends then."""
    note = scored.notes[row]
    last = note.time + (span_end - note.time) * note.span_count
    if not note.time < last <= ends_before(scored, row):
        return []
    title = f"End at {format_time(last)}"
    if note.is_slider:
        stretched = stretch_slider(note, last)
        return [unsafe(title, stretched)] if stretched else []
    snap = scored.grid.snap(last)
    end = snap.time if abs(snap.error) <= ROUNDING_MS else round(last)
    return [unsafe(title, Change(end_place(note), format_number(end - scored.grid.offset)))] if end > note.time else []


def ends_before(scored: ScoredDifficulty, row: int) -> float:
    """ms: the head of the next object (in mania of the same column), which an end may reach."""
    note, notes = scored.notes[row], scored.notes
    alike = scored.family is not Family.MANIA
    return next((other.time for other in islice(notes, row + 1, None) if alike or other.lane == note.lane), float("inf"))


def other_repeats(scored: ScoredDifficulty, row: int) -> list[Repair]:
    """Fixes that give the slider the likelier numbers of reverses."""
    note, free = scored.notes[row], ends_before(scored, row)
    spans = [int(each.value) for each in scored.likelier(row, "repeats") if int(each.value) < REPEATS[-1]]
    fitting = [count for count in spans if note.time + count * note.span_duration <= free]
    return [unsafe(_reversing(count), *_spans(note, count)) for count in fitting][:MOST_FIXES]


def _reversing(spans: int) -> str:
    return "Take the reverses away" if spans == 1 else f"Make it {spans - 1} reverse{'s' if spans > 2 else ''}"


def _spans(note: Note, count: int) -> list[Change]:
    """The number of slides, and one sound and sample set for each edge: the first ones and the tail's are kept."""
    changes = [replace_field(note.line, 6, str(count))]
    parts = note.line.content.split(",")
    for index in EDGE_FIELDS:
        entries = field(note.line, index).text.split("|") if index < len(parts) and parts[index].strip() else []
        if len(entries) > 1:
            changes.append(replace_field(note.line, index, "|".join(_edges(entries, count + 1))))
    return changes


def _edges(entries: list[str], count: int) -> list[str]:
    """`count` entries: inner ones are left out or repeated, head and tail stay."""
    inner = entries[1:-1] or entries[:1]
    inner = (inner + inner[-1:] * count)[: count - 2]
    return [entries[0], *inner, entries[-1]]


def as_plain_note(scored: ScoredDifficulty, row: int) -> list[Repair]:
    """The fix that makes a long note a plain one."""
    source = scored.notes[row].object
    parts = source.line.content.split(",")
    if not source.type & HOLD_BIT or len(parts) < 6:
        return []
    sample = parts[5].strip().partition(":")[2] or "0:0:0:0:"
    bits = source.type & ~HOLD_BIT | CIRCLE_BIT
    return [unsafe("Make it a plain note", replace_field(source.line, 3, str(bits)), replace_field(source.line, 5, sample))]
