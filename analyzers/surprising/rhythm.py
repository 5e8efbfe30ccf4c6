"""Rhythm that the model did not expect.

A note on another tick than the rhythm around it leads to, a note that seems one too many, a place where one seems to be
missing, and a circle where a slider was expected or the other way round.

Example: a circle 1/4 after the one before, in a bar whose other circles are 1/2 apart
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzers.context import time_place
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import Change, Issue, Repair, Rule, Template
from analyzers.surprising.retiming import (
    is_off_grid,
    other_rhythms,
    other_rhythms_of_track,
    taken_away,
    taken_from_track,
)
from analyzers.surprising.scored import (
    EVERY_STANDARD,
    TOGETHER,
    Scored,
    ScoredDifficulty,
    ScoredTrack,
    Suspect,
    percent,
    remark,
    seems,
)
from formats.chart_lines import tick_place
from formats.document import Place, whole
from formats.osu import ObjectKind
from models.bundled.fields import MISTAKES, Family

# Bits of a hit object's type that a circle made of it keeps: new combo and the colours that it skips.
COMBO_BITS, CIRCLE_BIT = 4 | 112, 1

ELSEWHERE = Template(
    "other-rhythm",
    Severity.INFORMATION,
    "This {what} comes {gap}; {instead}.",
    "A note stands on another tick than the notes around it lead to.",
)
EXTRA = Template(
    "one-too-many",
    Severity.INFORMATION,
    "This {what} {seems} one too many ({chance}); without it the rhythm is as usual here.",
    "A note stands where the notes around it leave none to be expected.",
)
MISSING = Template(
    "one-missing",
    Severity.INFORMATION,
    "A note {seems} missing ({chance}) between this {what} and the next, {gap} later.",
    "Two notes are farther apart than the notes around them lead to.",
)
OTHER_KIND = Template(
    "other-kind",
    Severity.INFORMATION,
    "This is {what}; {instead}.",
    "A circle stands where a slider or spinner was expected, or the other way round.",
)


def check(scored: Scored) -> Iterator[Issue]:
    if not isinstance(scored, (ScoredDifficulty, ScoredTrack)):
        return
    for suspect in scored.suspected("time"):
        if not is_off_grid(scored, suspect.row):
            yield _elsewhere(scored, suspect)
    for suspect in scored.suspected("extra"):
        yield _extra(scored, suspect)
    for suspect in scored.suspected("missing"):
        yield from _missing(scored, suspect)
    if isinstance(scored, ScoredDifficulty) and scored.family in (Family.OSU, Family.CATCH):
        for suspect in scored.suspected("kind"):
            yield _other_kind(scored, suspect)


def _place(scored: ScoredDifficulty | ScoredTrack, row: int) -> Place:
    return time_place(scored.notes[row]) if isinstance(scored, ScoredDifficulty) else tick_place(scored.notes[row].line)


def _elsewhere(scored: ScoredDifficulty | ScoredTrack, suspect: Suspect) -> Issue:
    if isinstance(scored, ScoredTrack):
        # A chord comes as one: its first note tells how long after the chord before.
        suspect = replace(suspect, row=scored.first_row(suspect.row))
        repairs = other_rhythms_of_track(scored, suspect.row)
    else:
        repairs = other_rhythms(scored, suspect.row)
    return remark(
        scored,
        suspect,
        ELSEWHERE,
        _place(scored, suspect.row),
        expected=scored.expected(suspect.row, "gap"),
        repairs=repairs,
        what=scored.what(suspect.row),
        gap=_after(scored, suspect.row),
        instead=scored.instead(suspect, "gap"),
    )


def _after(scored: ScoredDifficulty | ScoredTrack, row: int) -> str:
    gap = scored.actual(row, "gap")
    if gap is None:
        return "first"
    return "together with the one before" if str(gap) == TOGETHER else f"{scored.after(row, row - 1)} after the one before"


def _extra(scored: ScoredDifficulty | ScoredTrack, suspect: Suspect) -> Issue:
    row = suspect.row
    return remark(
        scored,
        suspect,
        EXTRA,
        whole(scored.notes[row].line),
        repairs=taken_away(scored, row) if isinstance(scored, ScoredDifficulty) else taken_from_track(scored, row),
        what=scored.what(row) if isinstance(scored, ScoredDifficulty) else scored.single(row),
        chance=percent(suspect.suspicion or 0.0),
        seems=seems(suspect.suspicion or 0.0),
    )


def _missing(scored: ScoredDifficulty | ScoredTrack, suspect: Suspect) -> Iterator[Issue]:
    pair = _apart(scored, suspect.row)
    if pair is None:
        return
    before, after = pair
    yield remark(
        scored,
        suspect,
        MISSING,
        whole(scored.notes[before].line),
        rows=pair,
        end=scored.notes[after].time,
        what=scored.what(before),
        gap=scored.after(after, before),
        chance=percent(suspect.suspicion or 0.0),
        seems=seems(suspect.suspicion or 0.0),
    )


def _apart(scored: Scored, row: int) -> tuple[int, int] | None:
    """The two notes between which one is missing: of the note's neighbours the more suspect one is the other."""
    notes, suspicion = scored.surprisal.notes, scored.surprisal.suspicion[:, MISTAKES.index("missing")]
    time = notes[row].time
    before = next((at for at in range(row - 1, -1, -1) if notes[at].time < time), None)
    after = next((at for at in range(row + 1, len(notes)) if notes[at].time > time), None)
    if before is None or after is None:
        return None if before is None and after is None else (row, after) if after is not None else (before or 0, row)
    return (before, row) if suspicion[before] > suspicion[after] else (row, after)


def _other_kind(scored: ScoredDifficulty, suspect: Suspect) -> Issue:
    row = suspect.row
    note = scored.notes[row]
    expects_circle = any(each.value == "circle" for each in scored.likelier(row, "kind"))
    return remark(
        scored,
        suspect,
        OTHER_KIND,
        whole(note.line),
        expected=scored.expected(row, "kind"),
        repairs=_as_circle(scored, row) if expects_circle and note.object.kind is ObjectKind.SLIDER else (),
        what=scored.with_article("kind", scored.actual(row, "kind") or "note"),
        instead=scored.instead(suspect, "kind"),
    )


def _as_circle(scored: ScoredDifficulty, row: int) -> list[Repair]:
    source = scored.notes[row].object
    x, y, time, bits, sound = source.line.content.split(",")[:5]
    text = ",".join((x, y, time, str(int(bits) & COMBO_BITS | CIRCLE_BIT), sound, "0:0:0:0:"))
    return [Repair("Make it a circle", Safety.UNSAFE, (Change(whole(source.line), text),))]


RULE: Rule[Scored] = Rule(
    "U102",
    "surprising-rhythm",
    Category.SURPRISAL,
    __doc__,
    (ELSEWHERE, EXTRA, MISSING, OTHER_KIND),
    check,
    standards=EVERY_STANDARD,
)
