"""Finisher inside a pattern that is too quick for it.

A big note asks for both hands, which a player in the middle of a quick pattern does not have free. Kantan must not have
finishers in patterns of 1/2 or faster, Futsuu 1/3, Muzukashii 1/4, Oni 1/6; on Oni a finisher in a 1/4 pattern must be its
last note and of another colour than the note before. On Inner Oni and above the same is wanted up to 1/3.

Example: a big note in the middle of a 1/4 pattern on an Oni
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Severity
from analyzers.level import level_name
from analyzers.rule import TAIKO, Issue, Level, Rule, Template
from analyzers.taiko_gaps import TOLERANCE_MS, circle_gap
from formats.osu import Mode
from formats.taiko import common_beats, is_finisher, is_kat
from formats.timeline import NoteKind

# The quickest spacing, in beats, beside which a finisher must not stand at all, and beside which it should not.
FORBIDDEN = {Level.EASY: 1 / 2, Level.NORMAL: 1 / 3, Level.HARD: 1 / 4, Level.INSANE: 1 / 6}
DISCOURAGED_HARD = 1 / 3
# Up to these spacings a finisher must (Oni) or should (Inner Oni and above) end its pattern on another colour.
ENDING_INSANE, ENDING_EXPERT = 1 / 4, 1 / 3
MOST_NAMED, MOST_RELATED = 10, 20

IN_PATTERN = Template(
    "in-pattern",
    Severity.ERROR,
    "This finisher is {gap:.0f} ms from its nearest note; {level} must not have finishers in {snap} or faster patterns{more}.",
    "A finisher stands in a pattern that is too quick for it on this level.",
)
DISCOURAGED = Template(
    "in-quick-pattern",
    Severity.WARNING,
    "This finisher is {gap:.0f} ms from its nearest note; {level} should not have finishers in {snap} or faster patterns{more}.",
    "A Muzukashii finisher stands in a 1/3 pattern.",
)
NOT_LAST = Template(
    "not-last",
    Severity.ERROR,
    "This finisher is followed by a note after {gap:.0f} ms; in a {snap} pattern on {level} it must be the last note{more}.",
    "An Oni finisher stands in a 1/4 pattern, and not at its end.",
)
SAME_COLOUR = Template(
    "same-colour",
    Severity.ERROR,
    "The note {gap:.0f} ms before this finisher has its colour; in a {snap} pattern on {level} it must change{more}.",
    "An Oni finisher ends a 1/4 pattern without a change of colour.",
)
SHOULD_BE_LAST = Template(
    "should-be-last",
    Severity.WARNING,
    "This finisher precedes a note of its colour by {gap:.0f} ms; in a {snap} pattern on {level} it should be last{more}.",
    "An Inner Oni finisher stands in a 1/3 pattern or faster, and not at its end.",
)
SHOULD_CHANGE = Template(
    "should-change-colour",
    Severity.WARNING,
    "The note {gap:.0f} ms before this finisher has its colour; in a {snap} pattern on {level} it should change{more}.",
    "An Inner Oni finisher stands in a 1/3 pattern or faster without a change of colour.",
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Gaps in ms to the circles before and behind a finisher (infinite without one), and whether they have its colour."""

    beat: float
    before: float
    after: float
    same_before: bool
    same_after: bool

    def near(self, gap: float, snap: float) -> bool:
        return gap <= snap * self.beat + TOLERANCE_MS


# What to say about a finisher, and the gap (ms) and snap (beats) that it is about.
Judgement = tuple[Template, float, float]


def check(context: Context) -> Iterator[Issue]:
    if context.level is None:
        return
    found: dict[str, list[tuple[int, Judgement]]] = {}
    previous = -2
    for number, around in _finishers(context):
        judged = _judge(context.level, around)
        if judged is None:
            continue
        # A stream of finishers is one fault, named at its first note.
        if number != previous + 1:
            found.setdefault(judged[0].kind, []).append((number, judged))
        previous = number
    for places in found.values():
        # So many are no slips: the map is harder than its level says.
        for number, judged in places[:1] if len(places) > MOST_NAMED else places:
            yield _issue(context, context.level, number, judged, places)


def _issue(context: Context, level: Level, number: int, judged: Judgement, places: list[tuple[int, Judgement]]) -> Issue:
    template, gap, snap = judged
    others = places[1:] if len(places) > MOST_NAMED else []
    note = context.notes[number]
    return template(
        at=time_place(note),
        time=note.time,
        selection=context.selection(note),
        gap=gap,
        snap=f"1/{round(1 / snap)}",
        level=level_name(level, Mode.TAIKO),
        more=f" (and {len(others)} like it)" if others else "",
        related=[Related(context.path, context.notes[other].time, "here too") for other, _ in others[:MOST_RELATED]],
    )


def _judge(level: Level, around: Surroundings) -> Judgement | None:
    nearest = min(around.before, around.after)
    forbidden = FORBIDDEN.get(level)
    if forbidden and around.near(nearest, forbidden):
        return IN_PATTERN, nearest, forbidden
    if level is Level.HARD and around.near(nearest, DISCOURAGED_HARD):
        return DISCOURAGED, nearest, DISCOURAGED_HARD
    if level is Level.INSANE:
        return _judge_insane(around)
    return None if forbidden else _judge_expert(around)


def _judge_insane(around: Surroundings) -> Judgement | None:
    if around.near(around.after, ENDING_INSANE):
        return NOT_LAST, around.after, ENDING_INSANE
    if around.near(around.before, ENDING_INSANE) and around.same_before:
        return SAME_COLOUR, around.before, ENDING_INSANE
    return None


def _judge_expert(around: Surroundings) -> Judgement | None:
    # The criteria set no limit from Inner Oni on, so a finisher amid the pattern passes where the colour changes behind it.
    if around.near(around.after, ENDING_EXPERT) and around.same_after:
        return SHOULD_BE_LAST, around.after, ENDING_EXPERT
    if around.near(around.before, ENDING_EXPERT) and around.same_before:
        return SHOULD_CHANGE, around.before, ENDING_EXPERT
    return None


def _finishers(context: Context) -> Iterator[tuple[int, Surroundings]]:
    notes = context.notes
    beats: list[float] | None = None
    for number, note in enumerate(notes):
        if not is_finisher(note) or note.kind is not NoteKind.CIRCLE:
            continue
        beats = beats or common_beats(context.timeline)
        kat = is_kat(note)
        before, after = circle_gap(notes, number), circle_gap(notes, number + 1)
        yield (
            number,
            Surroundings(
                beats[number],
                inf if before is None else before,
                inf if after is None else after,
                before is not None and is_kat(notes[number - 1]) is kat,
                after is not None and is_kat(notes[number + 1]) is kat,
            ),
        )


RULE = Rule(
    "C306", "taiko-finisher", Category.COMPOSE, __doc__,
    (IN_PATTERN, DISCOURAGED, NOT_LAST, SAME_COLOUR, SHOULD_BE_LAST, SHOULD_CHANGE), check, modes=TAIKO, by_level=True,
)  # fmt: skip
