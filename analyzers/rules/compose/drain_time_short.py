"""Less than 30 seconds of drain time.

A difficulty needs at least 30 seconds in which the health bar drains: from its first object to the end of its last, breaks left
out. A break takes away the whole gap between the two objects around it; by osu!lazer's standard only its own length.

Example: a map whose objects run from 00:01:000 to 00:30:000.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Standard, Template
from formats.document import whole
from formats.timeline import Timeline

SHORTEST_DRAIN_MS = 30_000

TOO_SHORT = Template(
    "too-short",
    Severity.ERROR,
    "The drain time is {drain:.1f} s, at least {least} s are needed.",
    "From the first object to the end of the last, without breaks, there are less than 30 seconds.",
)


def check(context: Context) -> Iterator[Issue]:
    timeline = context.timeline
    drain = timeline.drain_time if context.standard is Standard.LAZER else timeline.play_time - _paused(timeline)
    if drain < SHORTEST_DRAIN_MS:
        home = context.beatmap.headers.get("HitObjects") or context.first_line
        # Cut off, not rounded: 29.97 s must not read as the 30.0 s that would do.
        yield TOO_SHORT(whole(home), drain=int(drain / 100) / 10, least=SHORTEST_DRAIN_MS // 1000)


def _paused(timeline: Timeline) -> float:
    """ms of the gaps between objects that hold a break, each gap once."""
    following = {bisect_right(timeline.times, pause.start + timeline.beatmap.time_offset) for pause in timeline.beatmap.breaks}
    notes = timeline.notes
    return sum(max(notes[at].time - notes[at - 1].end, 0.0) for at in following if 0 < at < len(notes))


RULE = Rule("C103", "drain-time-short", Category.COMPOSE, __doc__, (TOO_SHORT,), check)
