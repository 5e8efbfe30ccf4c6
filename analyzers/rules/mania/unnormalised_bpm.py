"""Change of tempo that changes the scroll speed.

Where a song changes its tempo, notes move faster or slower unless a green line on the red one makes up for it: slider
velocity × tempo should stay the map's main tempo, within 2 %. The green line has to stand on the red line itself, or the
notes jump in between.

Example: `30000,250,4,1,0,100,1,0` (240 BPM) in a song of 120 BPM, without `30000,-200,4,1,0,100,0,0`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Severity
from analyzers.rule import MANIA, Issue, Rule, Template
from analyzers.scrolling import normalise
from formats.scroll import ScrollSection, main_bpm, played, scroll_sections

MOST_OFF_SHARE = 0.02
# With more red lines than this the whole map is left as it is, which one finding tells better.
MOST_NAMED, MOST_RELATED = 5, 20

NOT_NORMALISED = Template(
    "red-without-green",
    Severity.WARNING,
    "The tempo changes to {bpm:.1f} BPM here, and the scroll speed with it (main tempo {main:.1f} BPM).",
    "A red line with another tempo than the main one has no green line that makes up for it.",
)
NOWHERE = Template(
    "red-without-green",
    Severity.WARNING,
    "The scroll speed follows the tempo at {count} red lines, the first here ({bpm:.1f} BPM, main tempo {main:.1f} BPM).",
    "More than five red lines with another tempo have no green line that makes up for it.",
)
OTHER_VALUE = Template(
    "unnormalised-value",
    Severity.WARNING,
    "The tempo changes to {bpm:.1f} BPM, and SV {velocity:.2f} makes it scroll at {speed:.1f}, not at the main {main:.1f} BPM.",
    "The green line on a red line with another tempo does not bring the scroll speed back to the main tempo.",
)
OTHER_VALUES = Template(
    "unnormalised-value",
    Severity.WARNING,
    "At {count} changes of tempo the SV keeps no speed, the first here ({bpm:.1f} BPM, scrolling at {speed:.1f} of {main:.1f}).",
    "More than five green lines on red lines with another tempo do not bring the scroll speed back to the main tempo.",
)
NOT_ON_RED = Template(
    "green-not-on-red",
    Severity.ERROR,
    "This green line makes up for the tempo of {bpm:.1f} BPM, but stands {late:.0f} ms behind its red line.",
    "The green line that makes up for another tempo does not stand on its red line.",
)


def check(context: Context) -> Iterator[Issue]:
    if not context.notes or len({point.beat_length for point in context.grid.red}) < 2:
        return
    sections = played(scroll_sections(context.grid, context.timeline.end), context.timeline)
    main = main_bpm(sections, context.timeline)
    alone: list[ScrollSection] = []
    valued: list[ScrollSection] = []
    for number, section in enumerate(sections):
        if not section.red or not _off(section.bpm, main) or not _off(section.speed, main):
            continue
        later = None if section.green else _normal_later(sections, number, main)
        if section.green:
            valued.append(section)
        elif later:
            yield NOT_ON_RED(
                at=time_place(later.line), time=later.start, bpm=section.bpm, late=later.start - section.start,
                repairs=normalise(context, [section], main),
            )  # fmt: skip
        else:
            alone.append(section)
    yield from _issues(context, alone, main, NOT_NORMALISED, NOWHERE)
    yield from _issues(context, valued, main, OTHER_VALUE, OTHER_VALUES)


def _issues(context: Context, sections: list[ScrollSection], main: float, one: Template, several: Template) -> Iterator[Issue]:
    many = len(sections) > MOST_NAMED
    for section in sections[:1] if many else sections:
        yield (several if many else one)(
            at=time_place(section.line), time=section.start, bpm=section.bpm, main=main, count=len(sections),
            speed=section.speed, velocity=section.velocity,
            repairs=normalise(context, sections if many else [section], main),
            related=[Related(context.path, each.start, f"{each.bpm:.1f} BPM") for each in sections[1:MOST_RELATED] if many],
        )  # fmt: skip


def _off(value: float, main: float) -> bool:
    return abs(value / main - 1) > MOST_OFF_SHARE


def _normal_later(sections: list[ScrollSection], number: int, main: float) -> ScrollSection | None:
    """The first green line behind the red one of this section and ahead of the next, if it makes up for the tempo."""
    following = sections[number + 1] if number + 1 < len(sections) else None
    if following is None or following.red or _off(following.speed, main):
        return None
    return following


RULE = Rule(
    "T502", "mania-unnormalised-bpm", Category.TIMING, __doc__,
    (NOT_NORMALISED, NOWHERE, OTHER_VALUE, OTHER_VALUES, NOT_ON_RED), check, modes=MANIA,
)  # fmt: skip
