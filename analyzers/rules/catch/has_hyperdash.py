"""Hyperdash on a difficulty that should have none.

Cup and Salad must do without hyperdashes. A Platter must not have them on the drops and repeats of a juice stream, where
nothing shows that one is coming.

Example: two fruits 400 px and 200 ms apart on a Salad
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.hyperdashes import hyperdashes
from analyzers.level import level_name
from analyzers.rule import CATCH, Issue, Level, Rule, Template
from formats.osu import Mode

HYPERDASH = Template(
    "hyperdash",
    Severity.ERROR,
    "There is a hyperdash here ({distance:.0f} px in {gap} ms), which a {level} must not have.",
    "Two objects of a Cup or a Salad are so far apart that a hyperdash stands between them.",
)
ON_SLIDER = Template(
    "hyperdash-on-slider-part",
    Severity.ERROR,
    "There is a hyperdash on the {kind} of this juice stream, which a {level} must not have.",
    "A drop or a repeat of a Platter carries a hyperdash.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in (Level.EASY, Level.NORMAL, Level.HARD):
        return
    level = level_name(context.level, Mode.CATCH)
    for dash in hyperdashes(context):
        if context.level is Level.HARD and not dash.in_slider:
            continue
        template = ON_SLIDER if context.level is Level.HARD else HYPERDASH
        yield template(
            at=time_place(dash.source.note), time=dash.source.time, end=dash.target.time,
            selection=context.selection(dash.source.note), level=level, gap=dash.gap, kind=dash.source.kind.value,
            distance=abs(dash.target.x - dash.source.x),
        )  # fmt: skip


RULE = Rule(
    "C403", "catch-has-hyperdash", Category.COMPOSE, __doc__, (HYPERDASH, ON_SLIDER), check, modes=CATCH, by_level=True
)  # fmt: skip
