"""Kiai that the model did not expect, or missed.

Kiai belongs to the song's high points. Told is where it starts or ends although the song and the objects around do not lead to
that, unless another difficulty of the set has it so too.

Example: kiai that starts one bar before the chorus, in which the patterns change
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.finding import Category, Severity
from analyzers.rule import Change, Issue, Rule, Template
from analyzers.surprising.line_stretches import EFFECTS, Stretch
from analyzers.surprising.scored import ScoredDifficulty, Suspect, percent, remark, unsafe
from formats.document import whole
from formats.osu import Effects

ON = Template(
    "kiai",
    Severity.HINT,
    "It is kiai from this {what} on; {chance} of the time it would not be here.",
    "Kiai where none was expected.",
)
OFF = Template(
    "no-kiai",
    Severity.HINT,
    "It is not kiai from this {what} on; {chance} of the time it would be here.",
    "No kiai where it was expected.",
)


def check(scored: ScoredDifficulty) -> Iterator[Issue]:
    for suspect in scored.suspected("kiai"):
        row = suspect.row
        on = bool(scored.actual(row, "kiai"))
        changes = _switched(scored, suspect, on=not on)
        yield remark(
            scored,
            suspect,
            ON if on else OFF,
            whole(scored.notes[suspect.first].line),
            rows=(suspect.first,),
            end=scored.notes[suspect.last].end,
            expected=scored.expected(row, "kiai"),
            repairs=[unsafe("Switch kiai off here" if on else "Switch kiai on here", *changes)] if changes else (),
            what=scored.what(suspect.first),
            chance=percent(scored.sure(suspect, "kiai")),
        )


def _switched(scored: ScoredDifficulty, suspect: Suspect, *, on: bool) -> tuple[Change, ...]:
    stretch = Stretch(scored, suspect)
    if not stretch.points:
        return ()
    # Lines differ in their other effect, the hidden barline; a stretch of one kind is what a slip makes.
    effects = stretch.points[0].effects
    wanted = effects | Effects.KIAI if on else effects & ~Effects.KIAI
    return stretch.set(EFFECTS, str(int(wanted)), lambda point: point.effects == effects)


RULE: Rule[ScoredDifficulty] = Rule("U109", "surprising-kiai", Category.SURPRISAL, __doc__, (ON, OFF), check)
