"""Objects close in time that do not overlap on a low difficulty.

On an Easy (and on a Normal that is the set's lowest difficulty) objects that follow each other quickly should overlap, so
that new players see that they belong together. osu!lazer also asks the reverse: objects further apart in time should not
overlap. A slider's tail need not be overlapped, since nobody has to reach it.

Example: two circles 100 ms and 200 px apart
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Level, Rule, Standard, Template
from analyzers.spacing import Gap, gaps
from formats.osu import Mode

# ms between two objects: below the first they must overlap, below the second they should.
RANKING_MUST, RANKING_SHOULD = 125.0, 188.0
LAZER_MUST, LAZER_SHOULD = 150.0, 175.0
# ms between two objects above which osu!lazer wants them apart.
LAZER_APART = 250.0
# osu!pixels by which two circles may touch before osu!lazer calls it an overlap.
LAZER_LENIENCY = 5.0
# Circles fade in over 400 ms, quicker when they appear less than 450 ms ahead.
FADE_IN, FADE_IN_PREEMPT = 400.0, 450.0

MUST_OVERLAP = Template(
    "should-overlap",
    Severity.ERROR,
    "These objects are {gap:.0f} ms apart and must overlap, their distance is {distance:.0f} px.",
    "Two objects are less than 125 ms apart (osu!lazer: 150 ms) and do not overlap.",
)
SHOULD_OVERLAP = Template(
    "should-probably-overlap",
    Severity.WARNING,
    "These objects are {gap:.0f} ms apart and should overlap, their distance is {distance:.0f} px.",
    "Two objects are less than 188 ms apart (osu!lazer: 175 ms) and do not overlap.",
)
MUST_NOT_OVERLAP = Template(
    "should-not-overlap",
    Severity.ERROR,
    "These objects are {gap:.0f} ms apart and should not overlap, their distance is {distance:.0f} px.",
    "Two objects are more than 250 ms apart and overlap (osu!lazer).",
)


def check(context: Context) -> Iterator[Issue]:
    lazer = context.standard is Standard.LAZER
    if context.level is not Level.EASY and (lazer or not _lowest_normal(context)):
        return
    beatmap = context.beatmap
    visible = beatmap.preempt + FADE_IN * min(1.0, beatmap.preempt / FADE_IN_PREEMPT)
    for gap in gaps(context, visible if lazer else RANKING_SHOULD):
        template = _judge_lazer(gap, beatmap.radius, visible) if lazer else _judge(gap, beatmap.radius)
        if template:
            yield template(
                at=time_place(gap.after), time=gap.before.time, end=gap.after.time,
                selection=context.selection(gap.before, gap.after), gap=gap.time, distance=gap.distance,
            )  # fmt: skip


def _judge(gap: Gap, radius: float) -> Template | None:
    if gap.before.is_slider or gap.distance < 2 * radius or gap.time >= RANKING_SHOULD:
        return None
    return MUST_OVERLAP if gap.time < RANKING_MUST else SHOULD_OVERLAP


def _judge_lazer(gap: Gap, radius: float, visible: float) -> Template | None:
    if gap.time >= visible:
        return None
    if gap.distance < 2 * (radius - LAZER_LENIENCY):
        return MUST_NOT_OVERLAP if gap.time > LAZER_APART else None
    if gap.before.is_slider or gap.time >= LAZER_SHOULD:
        return None
    return MUST_OVERLAP if gap.time < LAZER_MUST else SHOULD_OVERLAP


def _lowest_normal(context: Context) -> bool:
    """True for a Normal with nothing easier beside it, as far as the folder is known."""
    if context.level is not Level.NORMAL or (context.mapset.files is None and not context.others):
        return False
    levels = [context.level_of(other) for other in context.others if other.beatmap.mode is Mode.OSU]
    return Level.EASY not in levels


RULE = Rule(
    "D201", "std-close-overlap", Category.SPREAD, __doc__, (MUST_OVERLAP, SHOULD_OVERLAP, MUST_NOT_OVERLAP), check,
    modes=STD, by_level=True, whole_set=True,
)  # fmt: skip
