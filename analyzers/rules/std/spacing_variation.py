"""Distance to the next object that does not fit the rhythm.

On Easy and Normal players read the rhythm from the distances: objects that are as long apart in time should be as far
apart on screen as those shortly before. A jump among evenly spaced objects misleads them. Stacked objects are left out.

Example: 50 px, 50 px, then 120 px for the same beat
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Level, Rule, Standard, Template
from analyzers.spacing import Gap, gaps

# ms: gaps above this belong to no pattern (2 beats at 200 BPM), observations older than this no longer count (8 beats at
# 120 BPM), gaps that differ by up to this much count as equal (1/16 at 240 BPM).
LONGEST_GAP, MEMORY, SAME_GAP = 600.0, 4_000.0, 16.0
# osu!pixels: nearer than this objects are stacked or meant to look so.
STACKED = 12.0
# Share of the distance and osu!pixels on top by which it may differ from what is expected.
PROBLEM_SHARE, PROBLEM_PX = 0.30, 20.0
WARNING_SHARE, WARNING_PX = 0.15, 10.0

MESSAGE = "This object is {distance:.0f} px away, objects as long apart just before it are {expected:.0f} px apart."
IRREGULAR = Template(
    "irregular-spacing",
    Severity.WARNING,
    MESSAGE,
    "A distance differs by more than 15 % and 10 px from the mean of those before it with the same gap in time.",
)
VERY_IRREGULAR = Template(
    "very-irregular-spacing",
    Severity.ERROR,
    MESSAGE,
    "A distance differs by more than 30 % and 20 px from that mean (osu!lazer).",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level not in (Level.EASY, Level.NORMAL):
        return
    observed: list[Gap] = []
    for gap in gaps(context, LONGEST_GAP):
        if gap.distance < STACKED:
            continue
        expected = _expected(observed, gap)
        template = _judge(context.standard, abs(expected - gap.distance), gap.distance) if expected else None
        if template is None:
            # What was reported is not learnt from, so that one odd distance makes no other one odd.
            observed.append(gap)
            continue
        yield template(
            at=time_place(gap.after),
            time=gap.before.time,
            end=gap.after.time,
            selection=context.selection(gap.before, gap.after),
            distance=gap.distance,
            expected=expected,
        )


def _expected(observed: list[Gap], gap: Gap) -> float:
    """The distance that gaps like this one had within the last seconds; 0 when there were none."""
    count, speed = 0, 0.0
    for other in reversed(observed):
        if gap.after.time - other.after.time > MEMORY or abs(gap.time - other.time) > SAME_GAP:
            break
        count += 1
        speed += other.distance / max(other.time, 1.0)
    return speed / count * gap.time if count else 0.0


def _judge(standard: Standard, off: float, distance: float) -> Template | None:
    if standard is Standard.LAZER and (off - PROBLEM_PX) / distance >= PROBLEM_SHARE:
        return VERY_IRREGULAR
    return IRREGULAR if (off - WARNING_PX) / distance >= WARNING_SHARE else None


RULE = Rule(
    "D205", "std-spacing-variation", Category.SPREAD, __doc__, (IRREGULAR, VERY_IRREGULAR), check, modes=STD, by_level=True
)  # fmt: skip
