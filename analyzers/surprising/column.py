"""Mania note in a column that the model did not expect.

The pattern (stairs, trills, jacks, the hands' share) leads to another column.

Example: the third note of a staircase in the column of the second
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.finding import Category, Severity
from analyzers.repairs import replace_field
from analyzers.rule import MANIA, Issue, Repair, Rule, Template
from analyzers.surprising.retiming import is_free
from analyzers.surprising.scored import ScoredDifficulty, remark, unsafe
from formats.document import field
from formats.timeline import PLAYFIELD_WIDTH

COLUMN = Template(
    "other-column",
    Severity.INFORMATION,
    "This {what} stands in {column}; {instead}.",
    "A note stands in another column than the pattern leads to.",
)


def check(scored: ScoredDifficulty) -> Iterator[Issue]:
    for suspect in scored.suspected("lane"):
        row = suspect.row
        yield remark(
            scored,
            suspect,
            COLUMN,
            field(scored.notes[row].line, 0),
            expected=scored.expected(row, "lane"),
            repairs=_moved(scored, row),
            what=scored.what(row),
            column=scored.stands(row, "lane"),
            instead=scored.instead(suspect, "lane"),
        )


def _moved(scored: ScoredDifficulty, row: int) -> Iterator[Repair]:
    note, keys = scored.notes[row], scored.context.beatmap.key_count
    for each in scored.likelier(row, "lane"):
        lane = int(each.value)
        if lane < keys and is_free(scored, note, lane, note.time, note.end):
            x = int((lane + 0.5) * PLAYFIELD_WIDTH / keys)
            yield unsafe(f"Move to column {lane + 1}", replace_field(note.line, 0, str(x)))


RULE: Rule[ScoredDifficulty] = Rule("U110", "surprising-column", Category.SURPRISAL, __doc__, (COLUMN,), check, modes=MANIA)
