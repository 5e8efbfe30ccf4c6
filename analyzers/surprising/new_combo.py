"""New combo that the model did not expect, or missed.

Mappers start a combo where a bar or a pattern begins; an object that starts one elsewhere, or goes on where one was due, is often
a slip.

Example: a new combo on the third circle of a triplet
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.finding import Category, Expected, Severity
from analyzers.repairs import replace_field
from analyzers.rule import CATCH, STD, Issue, Repair, Rule, Template
from analyzers.surprising.scored import ScoredDifficulty, percent, remark, unsafe
from formats.document import field

# Bits of a hit object's type: the new combo, and the colours that it skips.
NEW_COMBO, SKIPPED = 4, 112

STARTS = Template(
    "new-combo",
    Severity.INFORMATION,
    "This {what} starts a new combo; {chance} of the time the combo would go on here.",
    "An object starts a combo where none was expected.",
)
GOES_ON = Template(
    "no-new-combo",
    Severity.INFORMATION,
    "This {what} starts no new combo; {chance} of the time one would start here.",
    "An object goes on with a combo where a new one was expected.",
)


def check(scored: ScoredDifficulty) -> Iterator[Issue]:
    for suspect in scored.suspected("new combo"):
        row = suspect.row
        chance = scored.sure(suspect, "new_combo")
        yield remark(
            scored,
            suspect,
            STARTS if scored.notes[row].new_combo else GOES_ON,
            field(scored.notes[row].line, 3),
            expected=(Expected(scored.words("new_combo", not scored.notes[row].new_combo), round(chance, 4)),),
            repairs=[_switched(scored, row)],
            what=scored.what(row),
            chance=percent(chance),
        )


def _switched(scored: ScoredDifficulty, row: int) -> Repair:
    source = scored.notes[row].object
    if source.new_combo:
        return unsafe("Go on with the combo", replace_field(source.line, 3, str(source.type & ~(NEW_COMBO | SKIPPED))))
    return unsafe("Start a new combo", replace_field(source.line, 3, str(source.type | NEW_COMBO)))


RULE: Rule[ScoredDifficulty] = Rule(
    "U104", "surprising-new-combo", Category.SURPRISAL, __doc__, (STARTS, GOES_ON), check, modes=STD | CATCH
)
