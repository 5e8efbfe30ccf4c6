"""Notes or sections behind the end of the song.

The chart says how long its song is (`song_length` in song.ini, else `Length` in `[Song]`). What stands behind that can never
be reached, or the length is wrong.

Example: `song_length = 180000` and a note at 3:05
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import EventKind, tick_place
from formats.document import whole
from formats.timestamps import format_time

# Lengths are often rounded to the second.
SLACK_MS = 1_000.0

NOTES_AFTER_END = Template(
    "noteAfterEnd",
    Severity.WARNING,
    "{count} notes of {track} from here on stand behind the end of the song at {end_of_song}.",
    "Notes stand behind the song's written length.",
)
SECTIONS_AFTER_END = Template(
    "sectionAfterEnd",
    Severity.WARNING,
    "{count} sections from here on stand behind the end of the song at {end_of_song}.",
    "Sections stand behind the song's written length.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    end = _end(context)
    if end is None:
        return
    stamp = format_time(end)
    for track in context.tracks:
        first = bisect_right(track.times, end + SLACK_MS)
        late = track.groups[first:]
        if late:
            yield NOTES_AFTER_END(
                at=tick_place(late[0].line), time=late[0].time, count=len(late), track=track.label, end_of_song=stamp
            )
    sections = context.chart.events_of(EventKind.SECTION)
    times = [context.chart.time_at(section.tick) for section in sections]
    first = bisect_right(times, end + SLACK_MS)
    if first < len(times):
        yield SECTIONS_AFTER_END(at=whole(sections[first].line), time=times[first], count=len(times) - first, end_of_song=stamp)


def _end(context: ChartContext) -> float | None:
    """ms of chart time at which the song ends; None where nothing says so."""
    length = context.ini.song_length if context.ini is not None else None
    if length is None:
        length = context.chart.song.number("Length", 0) * 1000
    if length <= 0:
        return None
    delay = context.ini.delay if context.ini is not None else 0.0
    return length - context.chart.offset - delay


RULE = Rule(
    "G120", "chart-after-song-end", Category.CHART, __doc__, (NOTES_AFTER_END, SECTIONS_AFTER_END), check, standards=CLONE_HERO
)
