"""Slider, spinner, drumroll or long note whose length or shape the model did not expect.

It lasts longer or shorter than the rhythm around it leads to, has other reverses, another shape or direction, or it is a long
note where a plain one was expected.

Example: a slider of 3/4 in a map whose other sliders last 1/2 or 1 beat
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import end_place
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template
from analyzers.surprising.lasting import as_plain_note, other_lengths, other_repeats
from analyzers.surprising.scored import ScoredDifficulty, Suspect, remark
from formats.document import field, whole
from models.bundled.fields import Family

LENGTH = Template(
    "other-length",
    Severity.INFORMATION,
    "This {what} lasts {length}; {instead}.",
    "It ends on another tick than the rhythm around it leads to.",
)
SPAN = Template(
    "other-length",
    Severity.INFORMATION,
    "Each span of this {what} lasts {length}; {instead}.",
    "A slider with reverses turns on other ticks than the rhythm around it leads to.",
)
REVERSES = Template(
    "other-reverses",
    Severity.INFORMATION,
    "This slider has {reverses}; {instead}.",
    "A slider reverses more or less often than was expected.",
)
SHAPE = Template(
    "other-shape",
    Severity.INFORMATION,
    "This slider is {shape}; {instead}.",
    "A slider is straight, an arc or a bezier where another shape was expected.",
)
DIRECTION = Template(
    "other-direction",
    Severity.INFORMATION,
    "This slider sets off {turn} from the movement to it; {instead}.",
    "A slider leads in another direction than was expected.",
)
LONG = Template(
    "long-or-not",
    Severity.INFORMATION,
    "This is {what}; {instead}.",
    "A long note stands where a plain one was expected, or the other way round.",
)


def check(scored: ScoredDifficulty) -> Iterator[Issue]:
    for suspect in scored.suspected("length"):
        yield _length(scored, suspect)
    for suspect in scored.suspected("repeats"):
        yield _reverses(scored, suspect)
    for suspect in scored.suspected("curve", "slider_angle"):
        yield _shape(scored, suspect)
    if scored.family is Family.MANIA:
        for suspect in scored.suspected("kind"):
            yield _long_or_not(scored, suspect)


def _length(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row = suspect.row
    note = scored.notes[row]
    return remark(
        scored,
        suspect,
        SPAN if note.span_count > 1 else LENGTH,
        end_place(note),
        end=note.end,
        expected=scored.expected(row, "length"),
        repairs=other_lengths(scored, row),
        what=scored.what(row),
        length=scored.lasting(row, note.span_duration),
        instead=scored.instead(suspect, "length"),
    )


def _reverses(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row = suspect.row
    note = scored.notes[row]
    return remark(
        scored,
        suspect,
        REVERSES,
        field(note.line, 6),
        end=note.end,
        expected=scored.expected(row, "repeats"),
        repairs=other_repeats(scored, row),
        reverses=scored.stands(row, "repeats"),
        instead=scored.instead(suspect, "repeats"),
    )


def _shape(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row, name = suspect.row, suspect.measure
    stands = scored.stands(row, name)
    return remark(
        scored,
        suspect,
        SHAPE if name == "curve" else DIRECTION,
        field(scored.notes[row].line, 5),
        expected=scored.expected(row, name),
        shape="straight" if stands == "straight" else f"a{'n' if stands == 'arc' else ''} {stands}",
        turn=stands,
        instead=scored.instead(suspect, name),
    )


def _long_or_not(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row = suspect.row
    return remark(
        scored,
        suspect,
        LONG,
        whole(scored.notes[row].line),
        expected=scored.expected(row, "kind"),
        repairs=as_plain_note(scored, row),
        what=scored.with_article("kind", scored.actual(row, "kind") or "note"),
        instead=scored.instead(suspect, "kind"),
    )


RULE: Rule[ScoredDifficulty] = Rule(
    "U105",
    "surprising-slider",
    Category.SURPRISAL,
    __doc__,
    (LENGTH, SPAN, REVERSES, SHAPE, DIRECTION, LONG),
    check,
)
