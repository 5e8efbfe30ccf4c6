"""Object at a place that the model did not expect.

The distance from where the player leaves the object before, and the turn that the movement makes there, are unlike what the
time between the two and the objects around them lead to. In catch it is how far the fruit lies to the side. One object that was
moved makes the movements to and from it look wrong: the remark stands at the object itself.

Example: a circle 310 px from the one before, in a stream whose circles are 40 px apart
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.finding import Category, Severity
from analyzers.rule import CATCH, STD, Issue, Rule, Template
from analyzers.surprising.placing import arrival, degrees, movement, other_columns_of_fruit, other_places, pixels
from analyzers.surprising.scored import ScoredDifficulty, Suspect, remark
from formats.document import Place, field
from models.bundled.fields import COLUMN, Family

DISTANCE = Template(
    "other-distance",
    Severity.INFORMATION,
    "This {what} is {pixels} px away from where the object before ends; {instead}.",
    "The spacing is unlike what the rhythm and the objects around lead to.",
)
TURN = Template(
    "other-turn",
    Severity.INFORMATION,
    "The movement to this {what} turns {turn}; {instead}.",
    "The direction is unlike what the objects around lead to.",
)
STRAIGHT = Template(
    "other-turn",
    Severity.INFORMATION,
    "The movement to this {what} goes {turn}; {instead}.",
    "The direction is unlike what the objects around lead to, and does not turn.",
)
SIDEWAYS = Template(
    "other-shift",
    Severity.INFORMATION,
    "This {what} lies {shift} the one before; {instead}.",
    "A fruit is farther to the side, or less far, than the fruits around it lead to.",
)


def check(scored: ScoredDifficulty) -> Iterator[Issue]:
    for suspect in scored.suspected("position"):
        if scored.family is Family.CATCH:
            yield _sideways(scored, suspect)
        elif _surprise(scored, suspect.row, "angle") > _surprise(scored, suspect.row, "distance"):
            yield _turned(scored, suspect)
        else:
            yield _distant(scored, suspect)


def _surprise(scored: ScoredDifficulty, row: int, name: str) -> float:
    """Bits above what was to be expected."""
    if not scored.applies(row, name):
        return -1.0
    at = COLUMN[name]
    return float(scored.surprisal.bits[row, at] - scored.surprisal.entropy[row, at])


def _place(scored: ScoredDifficulty, row: int) -> Place:
    """The two coordinates."""
    x, y = field(scored.notes[row].line, 0), field(scored.notes[row].line, 1)
    return Place(x.line, x.start, y.end)


def _distant(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row = suspect.row
    return remark(
        scored,
        suspect,
        DISTANCE,
        _place(scored, row),
        expected=scored.expected(row, "distance"),
        repairs=other_places(scored, row, "distance"),
        what=scored.what(row),
        pixels=pixels(movement(scored, row)),
        instead=scored.instead(suspect, "distance"),
    )


def _turned(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row = suspect.row
    turn = scored.stands(row, "angle")
    if not turn.startswith("straight"):
        turn = scored.words("angle", degrees(movement(scored, row), arrival(scored, row)))
    return remark(
        scored,
        suspect,
        STRAIGHT if turn.startswith("straight") else TURN,
        _place(scored, row),
        expected=scored.expected(row, "angle"),
        repairs=other_places(scored, row, "angle"),
        what=scored.what(row),
        turn=turn,
        instead=scored.instead(suspect, "angle"),
    )


def _sideways(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row = suspect.row
    shift = scored.words("shift", round(movement(scored, row).real))
    return remark(
        scored,
        suspect,
        SIDEWAYS,
        _place(scored, row),
        expected=scored.expected(row, "shift"),
        repairs=other_columns_of_fruit(scored, row),
        what=scored.what(row),
        shift=shift if shift.startswith("straight") else f"{shift} of",
        instead=scored.instead(suspect, "shift"),
    )


RULE: Rule[ScoredDifficulty] = Rule(
    "U103",
    "surprising-position",
    Category.SURPRISAL,
    __doc__,
    (DISTANCE, TURN, STRAIGHT, SIDEWAYS),
    check,
    modes=STD | CATCH,
)
