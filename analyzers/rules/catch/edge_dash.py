"""Dash that is almost a hyperdash.

Where two objects are a few pixels short of a hyperdash, the first must be caught with the very edge of the plate and the
dash be started at once. Salads and Platters must not ask for that, Rains better not.

Example: two fruits 5 px short of a hyperdash on a Platter
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.level import level_name
from analyzers.rule import CATCH, Issue, Level, Rule, Template
from formats.osu import Mode

# osu!pixels that a dash is short of a hyperdash.
EDGE_PX, STRONG_PX = 10.0, 50.0

MESSAGE = "This dash is {spare:.0f} px short of a hyperdash, an edge dash{advice}."
FORBIDDEN = Template(
    "edge-dash", Severity.ERROR, MESSAGE, "A dash of a Salad or a Platter is at most 10 px short of a hyperdash."
)
DOUBTFUL = Template("edge-dash-doubtful", Severity.WARNING, MESSAGE, "A dash of a Rain is at most 10 px short of a hyperdash.")
NOTED = Template("edge-dash-noted", Severity.INFORMATION, MESSAGE, "A dash of an Overdose is at most 10 px short of a hyperdash.")
STRONG = Template(
    "strong-dash",
    Severity.INFORMATION,
    "This dash is {spare:.0f} px short of a hyperdash, a strong one for a {level}.",
    "A dash of a Salad or a Platter is at most 50 px short of a hyperdash.",
)
TEMPLATES = {Level.NORMAL: FORBIDDEN, Level.HARD: FORBIDDEN, Level.INSANE: DOUBTFUL, Level.EXPERT: NOTED}
ADVICE = {Level.INSANE: "; better make it a hyperdash or weaker", Level.EXPERT: ""}


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in TEMPLATES:
        return
    level = level_name(context.level, Mode.CATCH)
    # From Rain on strong dashes are what a difficulty is made of.
    widest = STRONG_PX if context.level in (Level.NORMAL, Level.HARD) else EDGE_PX
    for here, there in pairwise(context.catch_objects):
        if not here.dash or here.spare > widest:
            continue
        template = TEMPLATES[context.level] if here.spare <= EDGE_PX else STRONG
        yield template(
            at=time_place(here.note), time=here.time, end=there.time,
            selection=context.selection(here.note), spare=here.spare, level=level,
            advice=ADVICE.get(context.level, f", which a {level} must not have"),
        )  # fmt: skip


RULE = Rule(
    "C402", "catch-edge-dash", Category.COMPOSE, __doc__, (FORBIDDEN, DOUBTFUL, NOTED, STRONG), check,
    modes=CATCH, by_level=True,
)  # fmt: skip
