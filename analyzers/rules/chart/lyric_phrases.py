"""Lyrics and phrases that do not fit together.

A lyric is shown in its phrase, from `phrase_start` to `phrase_end` or the next `phrase_start`. A `phrase_end` without a start
does nothing, a phrase that never ends stays on the screen, and a lyric outside of any phrase is not shown.

Example: `E "phrase_end"` twice in a row
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import EventKind
from formats.document import whole

END_WITHOUT_START = Template(
    "phraseEndWithoutStart",
    Severity.WARNING,
    "This phrase_end has no phrase_start before it.",
    "A phrase_end stands where no phrase is open.",
)
START_WITHOUT_END = Template(
    "phraseStartWithoutEnd",
    Severity.WARNING,
    "This phrase never ends: no phrase_end follows.",
    "The last phrase_start is not followed by a phrase_end.",
)
OUTSIDE = Template(
    "lyricOutsidePhrase",
    Severity.INFORMATION,
    "The lyric '{lyric}' stands in no phrase, so it is not shown.",
    "A lyric stands before the first phrase or between two.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    chart = context.chart
    phrases = chart.vocal_phrases
    ends = {id(end) for _, end in phrases if end is not None}
    for event in chart.events_of(EventKind.PHRASE_END):
        if id(event) not in ends:
            yield END_WITHOUT_START(at=whole(event.line), time=chart.time_at(event.tick))
    if phrases and phrases[-1][1] is None:
        last = phrases[-1][0]
        yield START_WITHOUT_END(at=whole(last.line), time=chart.time_at(last.tick))
    starts = [start.tick for start, _ in phrases]
    for lyric in chart.events_of(EventKind.LYRIC) if phrases else ():
        at = bisect_right(starts, lyric.tick) - 1
        end = phrases[at][1] if at >= 0 else None
        # A lyric on the very tick of the end still belongs to the phrase.
        if at < 0 or (end is not None and lyric.tick > end.tick):
            yield OUTSIDE(at=whole(lyric.line), time=chart.time_at(lyric.tick), lyric=lyric.name.strip())


RULE = Rule(
    "G124",
    "chart-lyric-phrases",
    Category.CHART,
    __doc__,
    (END_WITHOUT_START, START_WITHOUT_END, OUTSIDE),
    check,
    standards=CLONE_HERO,
)
