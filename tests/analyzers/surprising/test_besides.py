"""What a rule has said of an object is not told a second time as surprising."""

from __future__ import annotations

from itertools import pairwise

import pytest

from analyzers import catalogue
from analyzers.finding import Category, Finding, Severity
from analyzers.surprising.besides import SAME_MATTER, besides, told_once
from formats.spans import Span


def rule(name: str, time: float, *, at: int = 0, end: float | None = None) -> Finding:
    category = Category.CHART if name.startswith("chart-") else Category.TIMING
    return Finding("X", name, "", category, Severity.ERROR, Span(at, at), "", time, end)


def surprising(kind: str, time: float, *, at: int = 0, end: float | None = None) -> Finding:
    return Finding("U", "surprising", kind, Category.SURPRISAL, Severity.HINT, Span(at, at), "", time, end)


@pytest.mark.parametrize(
    ("finding", "repeats"),
    [
        (rule("object-unsnapped", 1000), surprising("off-the-grid", 1000)),
        (rule("object-unsnapped", 1500), surprising("other-length", 1000, end=1500)),
        (rule("std-abnormal-spacing", 750, end=1000), surprising("other-distance", 1000)),
        (rule("timing-volume-invalid", 900, at=10), surprising("other-volume", 1000, at=9_000, end=2000)),
        (rule("chart-baby-sustain", 1000, at=700), surprising("other-sustain", 1000, at=690)),
    ],
)
def test_the_same_of_one_object_is_told_once(finding: Finding, repeats: Finding) -> None:
    assert besides([finding], [repeats]) == []
    assert told_once([repeats, finding]) == [finding]


@pytest.mark.parametrize(
    ("finding", "says_more"),
    [
        (rule("object-unsnapped", 1000), surprising("off-the-grid", 1250)),
        (rule("object-unsnapped", 1000), surprising("other-distance", 1000)),
        (rule("snap-rare", 1000), surprising("off-the-grid", 1000)),
        (rule("timing-volume-invalid", 1100), surprising("other-volume", 1000, end=2000)),
        (rule("chart-baby-sustain", 1000, at=700), surprising("other-sustain", 1000, at=9_000)),
    ],
)
def test_what_says_something_else_stays(finding: Finding, says_more: Finding) -> None:
    assert besides([finding], [says_more]) == [says_more]
    assert told_once([finding, says_more]) == [finding, says_more]


def test_the_table_names_rules_and_what_they_can_say() -> None:
    assert set(SAME_MATTER) <= {rule.name for rule in (*catalogue.OSU_RULES, *catalogue.CHART_RULES)}
    kinds = {template.kind for rule in catalogue.SURPRISAL_RULES for template in rule.templates}
    assert {kind for kinds_of in SAME_MATTER.values() for kind in kinds_of} <= kinds


def test_kinds_tell_the_rules_of_the_model_apart() -> None:
    names = sorted((template.kind, rule.name) for rule in catalogue.SURPRISAL_RULES for template in rule.templates)
    assert [one for one, other in pairwise(names) if one[0] == other[0] and one[1] != other[1]] == []
