"""The stretch of a difficulty to which an edit of objects can matter, for rules that look no farther than `REACH` objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from analyzers.context import Context
from analyzers.rule import REACH
from formats.document import Document, LineKind
from formats.mapset import Difficulty, Mapset
from formats.spans import Span
from formats.timeline import Timeline

T = TypeVar("T")

# Stacking compares fewer notes with one in maps longer than this, so a part of such a map tells nothing of the whole.
MOST_NOTES = 15_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The notes around an edit. What a local rule says of those inside `span` (offsets of the text) is as new; what it said
    of the others before the edit still holds."""

    context: Context
    span: Span

    def holds(self, span: Span) -> bool:
        """Whether what stands there is to be looked at again."""
        return self.span.start <= span.start < self.span.end


def excerpt(context: Context, before: Difficulty) -> Excerpt | None:
    """The part of the difficulty that local rules must look at again since `before`; None where that is all of it."""
    old, new = before.timeline, context.timeline
    document = context.document
    if not (_same_but_objects(before.beatmap.document, document) and old.same_basis(new)):
        return None
    if not new.notes or len(new.notes) > MOST_NOTES or not (old.in_file_order and new.in_file_order):
        return None
    first, last = _changed(old, new)
    first, last = max(first - REACH, 0), min(last + REACH, len(new.notes))
    if last - first > len(new.notes) // 2:
        return None
    part = new.excerpt(max(first - REACH, 0), last + REACH)
    difficulty = Difficulty(context.path, context.beatmap)
    difficulty.__dict__["timeline"] = part
    seen = Context(difficulty, Mapset((difficulty,)), standard=context.standard, level=context.level)
    start = document.line_span(new.notes[first].line).start if first else 0
    end = document.line_span(new.notes[last - 1].line).end if last < len(new.notes) else document.index.length
    return Excerpt(seen, Span(start, max(start, end)))


def _same_but_objects(before: Document, after: Document) -> bool:
    """Whether all lines that differ stand in [HitObjects]."""
    head, tail = common_ends(before.lines, after.lines)
    changed = [*before.lines[head : len(before.lines) - tail], *after.lines[head : len(after.lines) - tail]]
    return all(line.section == "HitObjects" and line.kind is not LineKind.HEADER for line in changed)


def _changed(old: Timeline, new: Timeline) -> tuple[int, int]:
    """The numbers `[first, last)` of the new notes that are not as they were, their combo numbers included."""
    head, tail = common_ends(old.notes, new.notes)
    first, last = head, len(new.notes) - tail
    shift = len(old.notes) - len(new.notes)
    while last < len(new.notes) and new.combo_number[last] != old.combo_number[last + shift]:
        last += 1
    return first, last


def common_ends(one: list[T], other: list[T]) -> tuple[int, int]:
    """How many items at the start, and of the rest at the end, are the same; the items must compare by identity."""
    most = min(len(one), len(other))
    head = _common(one, other, most)
    tail = _common(one[head:][::-1], other[head:][::-1], most - head)
    return head, tail


def _common(one: list[T], other: list[T], most: int) -> int:
    """By halving: comparing two slices is quicker than any loop over their items."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
