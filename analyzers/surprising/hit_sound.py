"""Hit sound that the model did not expect.

The additions (whistle, finish, clap) or the sample set of an object, or of a slider's tail, are unlike what mappers put on such
a beat of the song and what the same beats of this map have. In taiko it is the note itself: don or kat, big or small.

Example: a circle without the clap that every other third beat has
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template
from analyzers.surprising.scored import ScoredDifficulty, Suspect, remark
from analyzers.surprising.sounding import EDGE_SOUNDS, other_drums, other_sets, other_sounds
from formats.document import Place, field, whole
from models.bundled.fields import Family

SOUND = Template(
    "other-addition",
    Severity.INFORMATION,
    "The hit sound of this {what} is {stands}; {instead}.",
    "The whistle, finish or clap of an object's head is not what was expected.",
)
TAIL = Template(
    "other-tail-addition",
    Severity.HINT,
    "The hit sound of this {what}'s tail is {stands}; {instead}.",
    "The whistle, finish or clap of a slider's end is not what was expected.",
)
SET = Template(
    "other-sample-set",
    Severity.HINT,
    "The {noun} of this {what} is {stands}; {instead}.",
    "An object sounds with another sample set than was expected.",
)
DRUM = Template(
    "other-drum",
    Severity.INFORMATION,
    "This is {what}; {instead}.",
    "A taiko note has another colour or size than was expected.",
)
_NOUNS = {"sample_set": "sample set", "addition_set": "addition set"}


def check(scored: ScoredDifficulty) -> Iterator[Issue]:
    for suspect in scored.suspected("hit sound"):
        yield _addition(scored, suspect, SOUND, "hitsound")
    for suspect in scored.suspected("tail_hitsound"):
        yield _addition(scored, suspect, TAIL, "tail_hitsound")
    for suspect in scored.suspected(*_NOUNS):
        yield _set(scored, suspect)
    if scored.family is Family.TAIKO:
        for suspect in scored.suspected("kind"):
            yield _drum(scored, suspect)


def _addition(scored: ScoredDifficulty, suspect: Suspect, template: Template, name: str) -> Issue:
    row = suspect.row
    return remark(
        scored,
        suspect,
        template,
        _place(scored, row, name),
        expected=scored.expected(row, name),
        repairs=other_sounds(scored, row, name),
        what=scored.what(row),
        stands=scored.stands(row, name),
        instead=scored.instead(suspect, name),
    )


def _place(scored: ScoredDifficulty, row: int, name: str) -> Place:
    return field(scored.notes[row].line, 4 if name == "hitsound" else EDGE_SOUNDS)


def _set(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row, name = suspect.row, suspect.measure
    return remark(
        scored,
        suspect,
        SET,
        whole(scored.notes[row].line),
        expected=scored.expected(row, name),
        repairs=other_sets(scored, row, name),
        noun=_NOUNS[name],
        what=scored.what(row),
        stands=scored.stands(row, name),
        instead=scored.instead(suspect, name),
    )


def _drum(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row = suspect.row
    return remark(
        scored,
        suspect,
        DRUM,
        field(scored.notes[row].line, 4),
        expected=scored.expected(row, "kind"),
        repairs=other_drums(scored, row),
        what=scored.with_article("kind", scored.actual(row, "kind") or "note"),
        instead=scored.instead(suspect, "kind"),
    )


RULE: Rule[ScoredDifficulty] = Rule("U106", "surprising-hit-sound", Category.SURPRISAL, __doc__, (SOUND, TAIL, SET, DRUM), check)
