"""Change of scroll speed on an Easy.

Beginners rely on notes that move at one speed, so an Easy must not change it: slider velocity × tempo has to stay the
map's main tempo, within 2 %. Where the song changes its tempo, a green line on the red one makes up for it.

Example: `20000,-80,4,1,0,100,0,0` in an Easy
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import MANIA, Issue, Level, Rule, Template
from analyzers.scrolling import normalise
from formats.scroll import main_bpm, played, scroll_sections

MOST_OFF_SHARE = 0.02

CHANGED = Template(
    "changed-speed",
    Severity.ERROR,
    "Notes scroll at {speed:.2f}× here; an Easy must keep to 1× (SV × BPM equal to {main:.1f} BPM).",
    "On an Easy, SV × BPM differs from the main BPM by more than 2 %.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is not Level.EASY or not context.notes:
        return
    sections = played(scroll_sections(context.grid, context.timeline.end), context.timeline)
    main = main_bpm(sections, context.timeline)
    sections = [section for section in sections if section.end > context.timeline.start]
    off = [abs(section.speed / main - 1) > MOST_OFF_SHARE for section in sections]
    for changed, group in groupby(zip(off, sections, strict=True), key=itemgetter(0)):
        run = [section for _, section in group]
        if changed:
            yield CHANGED(
                at=time_place(run[0].line), time=run[0].start, end=run[-1].end, speed=run[0].speed / main, main=main,
                repairs=normalise(context, run, main),
            )  # fmt: skip


RULE = Rule("T501", "mania-easy-sv", Category.TIMING, __doc__, (CHANGED,), check, modes=MANIA, by_level=True)
