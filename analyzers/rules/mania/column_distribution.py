"""Columns with far more or fewer notes than the others, or with none.

An empty column means that the map has the wrong key count. A column with a fifth more or fewer notes than the mean makes
one finger work more than the rest. The leftmost column of an N+1 map is a scratch and not counted.

Example: 300 notes in column 1 of a 4K map, 200 in each of the others
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context, time_place
from analyzers.finding import Category, Severity
from analyzers.rule import MANIA, Issue, Rule, Template
from formats.document import whole

UNEVEN_SHARE, VERY_UNEVEN_SHARE = 0.20, 0.35

UNUSED = Template(
    "unused-column",
    Severity.ERROR,
    "Column {column} has no notes; set the key count to what the map uses.",
    "A column of the key count has no note at all.",
)
UNEVEN = Template(
    "uneven-column",
    Severity.WARNING,
    "Column {column} has {count} notes, {percent:.0f} % {relation} than the mean of {mean:.0f}.",
    "A column has 20 % more or fewer notes than the mean of all columns.",
)
VERY_UNEVEN = Template(
    "very-uneven-column",
    Severity.WARNING,
    "Column {column} has {count} notes, {percent:.0f} % {relation} than the mean of {mean:.0f}: very uneven.",
    "A column has 35 % more or fewer notes than the mean of all columns.",
)


def check(context: Context) -> Iterator[Issue]:
    if not context.notes:
        return
    counts = [0] * context.beatmap.key_count
    for note in context.notes:
        counts[note.lane] += 1
    columns = list(enumerate(counts))[1 if context.beatmap.general.flag("SpecialStyle") else 0 :]
    mean = sum(count for _, count in columns) / len(columns) if columns else 0.0
    for column, count in columns:
        if count == 0:
            yield UNUSED(at=whole(context.key_place(context.beatmap.difficulty, "CircleSize").line), column=column + 1)
        elif abs(share := count / mean - 1) >= UNEVEN_SHARE:
            yield (VERY_UNEVEN if abs(share) >= VERY_UNEVEN_SHARE else UNEVEN)(
                at=time_place(next(note for note in context.notes if note.lane == column)), column=column + 1, count=count,
                percent=abs(share) * 100, relation="more" if share > 0 else "fewer", mean=mean,
            )  # fmt: skip


RULE = Rule(
    "C501", "mania-column-distribution", Category.COMPOSE, __doc__, (UNUSED, UNEVEN, VERY_UNEVEN), check, modes=MANIA
)  # fmt: skip
