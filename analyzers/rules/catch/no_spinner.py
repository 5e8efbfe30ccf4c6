"""Difficulty without a spinner.

Catch difficulties are expected to hold at least one spinner, so that there are bananas for extra score.

Example: a difficulty of fruits and juice streams alone
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import CATCH, Issue, Rule, Template
from formats.document import whole

NO_SPINNER = Template(
    "no-spinner",
    Severity.INFORMATION,
    "This difficulty has no spinner.",
    "No spinner stands among the hit objects of a catch difficulty.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.notes and not any(note.is_spinner for note in context.notes):
        yield NO_SPINNER(at=whole(context.beatmap.headers.get("HitObjects", context.first_line)))


RULE = Rule("C404", "catch-no-spinner", Category.COMPOSE, __doc__, (NO_SPINNER,), check, modes=CATCH)
