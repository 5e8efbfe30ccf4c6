"""Timing line volume outside 5 to 100 %.

The game plays every volume below 5 % as 5 % and none above 100 %, so such a value does not do what it says.

Example: `1000,500,4,2,1,3,1,0` (volume 3)
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import replace_field
from analyzers.rule import Issue, Repair, Rule, Template
from formats.document import field

LOWEST_PERCENT, HIGHEST_PERCENT = 5, 100

OUT_OF_RANGE = Template(
    "volume-out-of-range",
    Severity.ERROR,
    "This timing line's volume is {volume} %, outside 5 to 100 %.",
    "A line of [TimingPoints] has a volume below 5 % or above 100 %.",
)


def check(context: Context) -> Iterator[Issue]:
    for point in context.beatmap.timing_points:
        if LOWEST_PERCENT <= point.volume <= HIGHEST_PERCENT:
            continue
        clamped = min(max(point.volume, LOWEST_PERCENT), HIGHEST_PERCENT)
        yield OUT_OF_RANGE(
            at=field(point.line, 5),
            time=context.grid.time_of(point),
            volume=point.volume,
            repairs=[Repair(f"Set the volume to {clamped} %", Safety.SAFE, (replace_field(point.line, 5, str(clamped)),))],
        )


RULE = Rule("T105", "timing-volume-invalid", Category.TIMING, __doc__, (OUT_OF_RANGE,), check)
