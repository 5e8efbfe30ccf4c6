"""The changes that repairs of charts are made of: another length, another tick, a joined chord."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from analyzers.repairs import delete_line
from analyzers.rule import Change
from formats.chart_lines import Timed, TrackNote, length_place, tick_place
from formats.chart_tracks import ChartNote, ChartSection, Track
from formats.document import Document, Place

# A sustain ends this long before the next note, and is at least that long itself.
SUSTAIN_GAP_MS, SHORTEST_SUSTAIN_MS = 40.0, 100.0
# Times come out of sums of fractions; two that should be equal differ by less than this.
ROUNDING_MS = 1e-6
# A sustain that would have to be shortened more often than this runs through a wall of notes: it goes.
MOST_STEPS = 100


def set_length(record: TrackNote, length: int) -> Change:
    """The `N` line gets another sustain."""
    place = length_place(record.line)
    return Change(place, str(length) if place.end > place.start else f" {length}")


def set_tick(
    document: Document, section: ChartSection, records: Sequence[Timed], tick: int, dropped: Sequence[Timed] = ()
) -> tuple[Change, ...]:
    """The records' lines get another tick and, where the order of ticks asks for it, another place; `dropped` go."""
    number = {id(line): at for at, line in enumerate(section.lines)}
    touched = {id(record) for record in (*records, *dropped)}
    others = [other for other in section.timed if id(other) not in touched]
    earlier = others[: bisect_right(others, tick, key=_tick)]
    later = others[len(earlier) : len(earlier) + 1]
    places = [number[id(record.line)] for record in records]
    before = [number[id(other.line)] for other in earlier[-1:]]
    behind = [number[id(other.line)] for other in later]
    if all(at < min(places) for at in before) and all(at > max(places) for at in behind):
        return *(Change(tick_place(record.line), str(tick)) for record in records), *map(_deletion, dropped)
    text = "".join(_retimed(record, tick) + document.newline for record in records)
    removed = sorted((*records, *dropped), key=lambda record: number[id(record.line)])
    at = before[0] + 1 if before else behind[0]
    changes: list[Change] = []
    for record in removed:
        # Where the new place is that of a removed line, that line becomes the new ones: an edit holds each place once.
        here = number[id(record.line)] == at
        changes.append(Change(Place(record.line, 0, len(record.line.text)), text) if here else _deletion(record))
    if all(number[id(record.line)] != at for record in removed):
        target = section.lines[at - 1] if before else section.lines[at]
        place = Place(target, len(target.text), len(target.text)) if before else Place(target, 0, 0)
        changes.append(Change(place, text))
    return tuple(changes)


def _deletion(record: Timed) -> Change:
    return delete_line(record.line)


def _retimed(record: Timed, tick: int) -> str:
    place = tick_place(record.line)
    content = record.line.content
    return content[: place.start] + str(tick) + content[place.end :]


def _tick(record: Timed) -> int:
    return record.tick


def fitting_length(track: Track, note: ChartNote) -> int:
    """The longest sustain in ticks, not above the note's, that leaves a gap before the next note; 0 where it would be short."""
    target = note.end
    for _ in range(MOST_STEPS):
        if target - note.time < SHORTEST_SUSTAIN_MS - ROUNDING_MS:
            return 0
        length = min(track.tempo_map.tick_at(target) - note.tick, note.length)
        target = track.time_at(note.tick + length)
        gap = _note_within(track, target, target + SUSTAIN_GAP_MS - ROUNDING_MS, note.tick)
        if gap is None:
            return length
        target = gap - SUSTAIN_GAP_MS
    return 0


def _note_within(track: Track, start: float, end: float, after: int) -> float | None:
    """The time of the first group behind tick `after` whose time lies in `[start, end)`."""
    at = max(bisect_left(track.times, start - ROUNDING_MS), bisect_right(track.ticks, after))
    return track.times[at] if at < len(track.times) and track.times[at] < end else None
