"""Slider with far more nodes than its length needs.

A slider of 100 osu!pixels is smooth with a dozen nodes. More than 10 × √length of them (100 nodes on 100 osu!pixels) come from
a tool or from points stacked by accident; they slow the game down and can make the slider's shape differ between clients.
The head counts as a node, as in the editor.

Example: a slider of 25 osu!pixels drawn with 51 nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template

NODES_PER_ROOT_OF_LENGTH = 10

TOO_MANY = Template(
    "too-many-nodes",
    Severity.WARNING,
    "This slider has {nodes} nodes on {length:.0f} osu!pixels, more than the {most:.0f} that are usual at most.",
    "A slider has more than 10 × √(its length in osu!pixels) nodes, head included.",
)


def check(context: Context) -> Iterator[Issue]:
    for note in context.notes:
        curves = note.object.curves
        if not curves:
            continue
        nodes = 1 + sum([len(curve.points) for curve in curves])
        length = max(note.object.length or 0.0, 0.0)
        # Cheap first: nearly every slider has a handful of nodes. A slider without a length is as long as it is drawn.
        if nodes > NODES_PER_ROOT_OF_LENGTH and nodes * nodes > NODES_PER_ROOT_OF_LENGTH**2 * (length or note.path.length):
            length = length or note.path.length
            most = NODES_PER_ROOT_OF_LENGTH * sqrt(length)
            selection = context.selection(note)
            yield TOO_MANY(time_place(note), note.time, note.end, selection=selection, nodes=nodes, length=length, most=most)


RULE = Rule("C101", "abnormal-slider-nodes", Category.COMPOSE, __doc__, (TOO_MANY,), check, local=True)
