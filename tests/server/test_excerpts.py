"""Rules that call themselves local say the same after an edit whether they look at all objects or only around it."""

from __future__ import annotations

from random import Random

import pytest

from analyzers.catalogue import OSU_RULES
from analyzers.context import Context
from analyzers.engine import run_rule
from analyzers.excerpt import excerpt
from analyzers.rule import Level, Standard
from formats.beatmap import Beatmap
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode
from formats.spans import Edit, Span
from server.shelves import Shelves
from tests.builder import osu_text

LOCAL = [rule for rule in OSU_RULES if rule.local]
OBJECTS = 600


def an_object(random: Random, time: int) -> str:
    """An object that is as likely to be at fault as not: stacked, off the screen, turning back, without length."""
    x, y = random.randrange(513), random.randrange(385)
    if random.random() < 0.2:
        # Not more often: a stack without end would reach over any stretch.
        x, y = random.choice([(100, 100), (102, 101), (300, 200), (500, 380), (0, 0)])
    bits = random.choice([0, 0, 0, 4])
    match random.randrange(5):
        case 0:
            curve = random.choice(["L|200:100", "B|150:100|100:100|160:100|100:100", "B|100:100", "L|500:384|100:100"])
            return f"{x},{y},{time},{bits + 2},0,{curve},{random.choice([1, 2, 3])},{random.choice([-5, 0, 40, 120])}"
        case 1 if random.random() < 0.2:
            return f"256,192,{time},{bits + 8},0,{time + random.choice([0, 100, 900])}"
        case _:
            return f"{x},{y},{time},{bits + 1},0"


def a_map(random: Random, mode: Mode) -> str:
    times = [1000 + number * random.choice([80, 100]) for number in range(OBJECTS)]
    return osu_text([an_object(random, time) for time in sorted(times)], mode=mode, timing=["0,400,4,1,0,60,1,0"])


def an_edit(random: Random, text: str) -> Edit:
    """An object changed, taken away or put in, or a character typed, anywhere among the objects."""
    start = text.index("[HitObjects]") + len("[HitObjects]\n")
    lines = text[start:].splitlines(keepends=True)
    number = random.randrange(len(lines))
    at = start + sum(map(len, lines[:number]))
    time = lines[number].split(",")[2]
    match random.randrange(4):
        case 0:
            return Edit(Span(at, at + len(lines[number])), "")
        case 1:
            return Edit(Span(at, at), an_object(random, int(time) - 3 if time.isdigit() else 0) + "\n")
        case 2:
            return Edit(Span(at, at + len(lines[number])), an_object(random, int(time) if time.isdigit() else 0) + "\n")
        case _:
            column = at + random.randrange(len(lines[number]))
            return Edit(Span(column, column), random.choice("0123456789,"))


def a_context(difficulty: Difficulty, standard: Standard) -> Context:
    return Context(difficulty, Mapset((difficulty,)), standard=standard, level=Level.INSANE, levels=[Level.INSANE])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("standard", [Standard.RANKING, Standard.LAZER])
def test_around_the_edit_is_enough(seed: int, standard: Standard) -> None:
    random = Random(seed)  # noqa: S311  the same maps each time
    text = a_map(random, Mode.OSU)
    before = Difficulty("a.osu", Beatmap.from_text(text))
    rules = [rule for rule in LOCAL if Mode.OSU in rule.modes and standard in rule.standards]
    parts = 0
    for _ in range(8):
        edit = an_edit(random, before.beatmap.document.text)
        document = before.beatmap.document.edit([edit])
        after = before.edited(Beatmap(document))
        context = a_context(after, standard)
        part = excerpt(context, before)
        if part is not None:
            parts += 1
            for rule in rules:
                shelves = Shelves()
                shelves.put(rule.code, 0, run_rule(rule, a_context(before, standard), before.beatmap.document))
                shelves.edited(1, edit)
                stands = [each for each in shelves.moved(rule.code) if not part.holds(each.span)]
                found = [each for seen in part.contexts for each in run_rule(rule, seen, document) if part.holds(each.span)]
                assert {*stands, *found} == {*run_rule(rule, context, document)}, rule.name
        before = after
    assert parts


def test_an_edit_outside_the_objects_has_no_excerpt() -> None:
    text = a_map(Random(1), Mode.OSU)  # noqa: S311
    before = Difficulty("a.osu", Beatmap.from_text(text))
    at = text.index("0,400,4")
    after = before.edited(Beatmap(before.beatmap.document.edit([Edit(Span(at, at), "1")])))
    assert excerpt(a_context(after, Standard.RANKING), before) is None


def test_an_object_that_moves_far_has_an_excerpt_at_both_ends() -> None:
    text = osu_text([f"0,0,{1000 * number},{5 if number % 8 == 0 else 1},0" for number in range(1, 900)])
    before = Difficulty("a.osu", Beatmap.from_text(text))
    assert before.timeline.notes
    at = text.index(",80000,") + 2
    after = before.edited(Beatmap(before.beatmap.document.edit([Edit(Span(at, at), "0")])))
    part = excerpt(a_context(after, Standard.RANKING), before)
    assert part is not None and len(part.contexts) == 2


def test_every_local_rule_is_tried_here() -> None:
    assert all(Mode.OSU in rule.modes for rule in LOCAL)
    assert LOCAL
