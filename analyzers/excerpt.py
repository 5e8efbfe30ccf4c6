"""The stretches of a difficulty to which an edit of objects can matter, for rules that look no farther than `REACH` objects."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analyzers.context import Context
from analyzers.rule import REACH
from formats.document import Document, LineKind
from formats.mapset import Difficulty, Mapset
from formats.sequences import common_ends
from formats.spans import Span
from formats.timeline import Timeline

# Stacking compares fewer notes with one in maps longer than this, so a part of such a map tells nothing of the whole.
MOST_NOTES = 15_000
# With more stretches than this it is as quick to look at everything.
MOST_STRETCHES = 4


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The notes around an edit, a context for each stretch. What a local rule says of those that stand on `lines` (numbers
    in `document`) is as new; what it said of the others before the edit still holds."""

    document: Document
    contexts: tuple[Context, ...]
    lines: frozenset[int]

    def holds(self, span: Span) -> bool:
        """Whether what stands there is to be looked at again."""
        return self.document.index.line_of(span.start) in self.lines


def excerpt(context: Context, before: Difficulty) -> Excerpt | None:
    """The part of the difficulty that local rules must look at again since `before`; None where that is too much of it."""
    old, new = before.timeline, context.timeline
    document, notes = context.document, new.notes
    if len(notes) > MOST_NOTES or not (old.same_basis(new) and _same_but_objects(before.beatmap.document, document)):
        return None
    inside = _joined(((first - REACH, last + REACH) for first, last in _changed(old, new)), len(notes))
    if len(inside) > MOST_STRETCHES or sum(last - first for first, last in inside) > len(notes) // 2:
        return None
    seen = _joined(((first - REACH, last + REACH) for first, last in inside), len(notes))
    contexts = tuple(_context(context, new.excerpt(first, last)) for first, last in seen)
    lines = frozenset(document.number_of(note.line) for first, last in inside for note in notes[first:last])
    return Excerpt(document, contexts, lines)


def _context(whole: Context, part: Timeline) -> Context:
    difficulty = Difficulty(whole.path, whole.beatmap)
    difficulty.__dict__["timeline"] = part
    return Context(difficulty, Mapset((difficulty,)), standard=whole.standard, level=whole.level)


def _same_but_objects(before: Document, after: Document) -> bool:
    """Whether all lines that differ stand in [HitObjects]."""
    head, tail = common_ends(before.lines, after.lines)
    changed = [*before.lines[head : len(before.lines) - tail], *after.lines[head : len(after.lines) - tail]]
    return all(line.section == "HitObjects" and line.kind is not LineKind.HEADER for line in changed)


def _changed(old: Timeline, new: Timeline) -> Iterator[tuple[int, int]]:
    """Stretches `[first, last)` of the new notes that are not as they were: put in, next to one taken out, or with another
    combo number."""
    head, tail = common_ends(old.notes, new.notes)
    end, stop, shift = len(new.notes) - tail, len(old.notes) - tail, len(old.notes) - len(new.notes)
    numbers = dict(zip(map(id, old.notes[head:stop]), old.combo_number[head:stop], strict=True))
    for number in range(head, end):
        if numbers.pop(id(new.notes[number]), 0) != new.combo_number[number]:
            yield number, number + 1
    for number in range(end, len(new.notes)):
        # These notes are as they were, and once their combo numbers are too, so are all that follow.
        if old.combo_number[number + shift] == new.combo_number[number]:
            break
        yield number, number + 1
    for note in old.notes[head:stop]:
        if id(note) in numbers:
            at = bisect_left(new.times, note.time)
            yield at, at


def _joined(stretches: Iterable[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """The stretches, held inside `0` to `count`, in order, and as one where they touch."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted((max(first, 0), min(last, count)) for first, last in stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return joined
