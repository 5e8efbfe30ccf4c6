"""The changes that repairs of charts are made of: another length, another tick, a joined chord."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from analyzers.repairs import delete_line, insert_after
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


def set_tick(document: Document, section: ChartSection, record: Timed, tick: int) -> tuple[Change, ...]:
    """The record's line gets another tick and, where the order of ticks asks for it, another place in its section."""
    others = [other for other in section.timed if other is not record]
    number = {id(line): at for at, line in enumerate(section.lines)}
    here = number[id(record.line)]
    earlier = [other for other in others if other.tick <= tick]
    later = [other for other in others if other.tick > tick]
    stays = all(number[id(other.line)] < here for other in earlier[-1:]) and all(
        number[id(other.line)] > here for other in later[:1]
    )
    place = tick_place(record.line)
    if stays:
        return (Change(place, str(tick)),)
    text = record.line.content[: place.start] + str(tick) + record.line.content[place.end :]
    if earlier:
        return delete_line(record.line), insert_after(document, earlier[-1].line, text)
    return delete_line(record.line), Change(Place(later[0].line, 0, 0), text + document.newline)


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
