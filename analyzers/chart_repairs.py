"""The changes that repairs of charts are made of: another length, another tick, a joined chord."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import islice

from analyzers.repairs import delete_line
from analyzers.rule import Change
from formats.chart_lines import Timed, TrackNote, length_place, tick_place
from formats.chart_tracks import ChartNote, ChartSection, Track
from formats.document import Document, Line, Place

# A sustain ends this long before the next note, and is at least that long itself.
SUSTAIN_GAP_MS, SHORTEST_SUSTAIN_MS = 40.0, 100.0
# Times come out of sums of fractions; two that should be equal differ by less than this.
ROUNDING_MS = 1e-6
# A sustain that would have to be shortened more often than this runs through a wall of notes: it goes.
MOST_STEPS = 100


def set_length(track: Track, note: ChartNote, length: int) -> tuple[Change, ...]:
    """The note gets another sustain; lines that say the same note are no longer than that."""
    return tuple(_set_length(record, length) for record in track.records_of(note) if record.length > length)


def _set_length(record: TrackNote, length: int) -> Change:
    place = length_place(record.line)
    return Change(place, str(length) if place.end > place.start else f" {length}")


def set_tick(
    document: Document, section: ChartSection, records: Sequence[Timed], tick: int, dropped: Sequence[Timed] = ()
) -> tuple[Change, ...]:
    """The records' lines get another tick and, where the order of ticks asks for it, another place; `dropped` go."""
    number = section.places
    touched = {id(record) for record in (*records, *dropped)}
    at = bisect_right(section.timed, tick, key=_tick)
    earlier = _untouched(map(section.timed.__getitem__, range(at - 1, -1, -1)), touched)
    later = _untouched(map(section.timed.__getitem__, range(at, len(section.timed))), touched)
    places = [number[id(record.line)] for record in records]
    before = [number[id(other.line)] for other in earlier]
    behind = [number[id(other.line)] for other in later]
    if all(at < min(places) for at in before) and all(at > max(places) for at in behind):
        return *(Change(tick_place(record.line), str(tick)) for record in records), *map(_deletion, dropped)
    target = before[0] + 1 if before else behind[0]
    text = "".join(_retimed(record, tick) + document.newline for record in records)
    return _moved(section, [*records, *dropped], target, text)


def _moved(section: ChartSection, removed: Sequence[Timed], target: int, text: str) -> tuple[Change, ...]:
    """The removed records' lines go, `text` comes to where line number `target` of the section is."""
    lines = {section.places[id(record.line)]: record.line for record in removed}
    changes = {number: delete_line(line) for number, line in lines.items()}
    if target in lines:
        # An edit holds each place once, so the line that stood there becomes the new ones.
        changes[target] = Change(Place(lines[target], 0, len(lines[target].text)), text)
    elif target < len(section.lines):
        changes[target] = Change(Place(section.lines[target], 0, 0), text)
    else:
        changes[target - 1] = _behind(section.lines[-1], text, stays=target - 1 not in lines)
    return tuple(changes.values())


def _behind(line: Line, text: str, *, stays: bool) -> Change:
    """`text` as lines behind the last one of a section that nothing closes, or in its place."""
    end = len(line.text)
    if not stays:
        return Change(Place(line, 0, end), text)
    return Change(Place(line, end, end), text if len(line.content) < end else "\n" + text)


def _untouched(records: Iterable[Timed], touched: set[int]) -> list[Timed]:
    """The first of the records that stays where it is, if any."""
    return list(islice((record for record in records if id(record) not in touched), 1))


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
        length = min(track.tempo_map.tick_at(target) - note.tick, note.length)
        target = track.time_at(note.tick + length)
        if target - note.time < SHORTEST_SUSTAIN_MS - ROUNDING_MS:
            return 0
        gap = _note_within(track, target, target + SUSTAIN_GAP_MS - ROUNDING_MS, note.tick)
        if gap is None:
            return length
        target = gap - SUSTAIN_GAP_MS
    return 0


def _note_within(track: Track, start: float, end: float, after: int) -> float | None:
    """The time of the first group behind tick `after` whose time lies in `[start, end)`."""
    at = max(bisect_left(track.times, start - ROUNDING_MS), bisect_right(track.ticks, after))
    return track.times[at] if at < len(track.times) and track.times[at] < end else None
