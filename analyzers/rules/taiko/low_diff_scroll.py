"""Change of scroll speed on a Kantan or Futsuu.

Beginners rely on notes that move at one speed. On the two lowest levels the scroll speed (slider velocity × tempo) should
stay what it is in most of the map; a change of tempo wants a slider velocity that makes up for it.

Example: `20000,-80,4,1,0,100,0,0` in a Kantan that otherwise has slider velocity 1
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.level import level_name
from analyzers.rule import TAIKO, Issue, Level, Rule, Template
from formats.barlines import BarLines
from formats.osu import Mode
from formats.scroll import ScrollSection, main_speed, played, scroll_sections

LEVELS = frozenset({Level.EASY, Level.NORMAL})
MOST_OFF_BPM = 1.0

DIFFERS = Template(
    "scroll-speed",
    Severity.WARNING,
    "Notes scroll at {speeds} BPM here, in most of this {level} at {main:.1f} BPM.",
    "SV × BPM differs by more than 1 from the map's usual one in a section with notes or bar lines.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in LEVELS or not context.notes:
        return
    sections = played(scroll_sections(context.grid, context.timeline.end), context.timeline)
    main = main_speed(sections, context.timeline)
    barlines = BarLines(context.grid)
    off = [abs(section.speed - main) > MOST_OFF_BPM for section in sections]
    for changed, group in groupby(zip(off, sections, strict=True), key=itemgetter(0)):
        seen = [section for _, section in group if changed and _seen(context, section, barlines)]
        if seen:
            speeds = (min(section.speed for section in seen), max(section.speed for section in seen))
            yield DIFFERS(
                at=time_place(seen[0].line), time=seen[0].start, end=seen[-1].end, main=main,
                speeds=f"{speeds[0]:.1f}" + (f" to {speeds[1]:.1f}" if speeds[1] - speeds[0] >= MOST_OFF_BPM else ""),
                level=level_name(context.level, Mode.TAIKO),
            )  # fmt: skip


def _seen(context: Context, section: ScrollSection, barlines: BarLines) -> bool:
    end = min(section.end, context.timeline.end)
    return bool(context.timeline.between(section.start, section.end)) or (
        end > section.start and barlines.any_in(section.start, end)
    )


RULE = Rule(
    "T306", "taiko-low-diff-scroll", Category.TIMING, __doc__, (DIFFERS,), check, modes=TAIKO, by_level=True
)  # fmt: skip
