"""Hyperdash within a juice stream of a Rain.

On drops and repeats nothing but the shape of the stream tells that a hyperdash is coming, so a Rain should use them with
care.

Example: a juice stream that doubles back 300 px within 100 ms
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.hyperdashes import hyperdashes
from analyzers.rule import CATCH, Issue, Level, Rule, Template

ON_SLIDER = Template(
    "hyperdash-on-slider-part",
    Severity.WARNING,
    "There is a hyperdash on the {kind} of this juice stream; make sure that it can be read on a Rain.",
    "A drop or a repeat of a Rain carries a hyperdash.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is not Level.INSANE:
        return
    for dash in hyperdashes(context):
        if dash.in_slider:
            yield ON_SLIDER(
                at=time_place(dash.source.note), time=dash.source.time, end=dash.target.time,
                selection=context.selection(dash.source.note), kind=dash.source.kind.value,
            )  # fmt: skip


RULE = Rule(
    "C410", "catch-rain-slider-hyperdash", Category.COMPOSE, __doc__, (ON_SLIDER,), check, modes=CATCH, by_level=True
)  # fmt: skip
