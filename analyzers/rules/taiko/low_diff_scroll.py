"""Change of scroll speed on a Kantan or Futsuu.

Beginners rely on notes that move at one speed. On the two lowest levels the scroll speed (slider velocity × tempo) should
stay what it is in most of the map; a change of tempo wants a slider velocity that makes up for it.

Example: `20000,-80,4,1,0,100,0,0` in a Kantan that otherwise has slider velocity 1
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.guideline import level_name
from analyzers.rule import TAIKO, Issue, Level, Rule, Template
from formats.barlines import BarLines
from formats.osu import Mode
from formats.scroll import ScrollSection, main_speed, played, scroll_sections

LEVELS = frozenset({Level.EASY, Level.NORMAL})
MOST_OFF_BPM = 1.0

DIFFERS = Template(
    "scroll-speed",
    Severity.WARNING,
    "Notes scroll at {speed:.1f} BPM from here, in most of this {level} at {main:.1f} BPM.",
    "SV × BPM differs by more than 1 from the map's usual one in a section with notes or bar lines.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level not in LEVELS or not context.notes:
        return
    sections = played(scroll_sections(context.grid, context.timeline.end), context.timeline)
    main = main_speed(sections, context.timeline)
    barlines = BarLines(context.grid)
    named: float | None = None
    for section in sections:
        if abs(section.speed - main) <= MOST_OFF_BPM:
            named = None
        elif (named is None or abs(section.speed - named) > MOST_OFF_BPM) and _seen(context, section, barlines):
            named = section.speed
            yield DIFFERS(
                at=time_place(section.line), time=section.start, end=section.end, speed=section.speed, main=main,
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
