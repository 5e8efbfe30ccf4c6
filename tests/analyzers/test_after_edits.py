"""What a difficulty keeps from before an edit never shows: the rules say of it what they say of the text read afresh."""

from __future__ import annotations

from random import Random

import pytest

from analyzers.analysis import Choices, analyse_difficulty
from analyzers.rule import Level, Standard
from formats.beatmap import Beatmap
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode
from formats.spans import Edit, Span
from tests.builder import osu_text

EDITS = 25
OBJECTS = 60


def an_object(random: Random) -> str:
    x, y, time = random.randrange(513), random.randrange(385), 1000 + random.choice([125, 166, 200]) * random.randrange(OBJECTS)
    sound = random.choice([0, 0, 2, 4, 8])
    match random.randrange(6):
        case 0:
            curve = random.choice(["L|200:100", "B|150:100|100:100|160:100|100:100", "P|500:384|100:100", "L|100:100"])
            return f"{x},{y},{time},2,{sound},{curve},{random.choice([1, 2, 3])},{random.choice([20, 50, 120])}"
        case 1:
            return f"256,192,{time},12,{sound},{time + random.choice([0, 100, 900])},0:0:0:0:"
        case 2:
            return f"{x},{y},{time},128,{sound},{time + random.choice([10, 25, 250])}:0:0:0:0:"
        case _:
            return f"{x},{y},{time},{random.choice([1, 5])},{sound},0:0:0:{random.choice([0, 0, 10])}:"


def a_line(random: Random) -> str:
    time, volume, kiai = random.choice([0, 1500, 1503, 2000, 4007]), random.choice([3, 10, 60]), random.randrange(2)
    if random.random() < 0.3:
        return f"{time},{random.choice([500, 400, 333.33])},{random.choice([3, 4])},1,0,{volume},1,{kiai}"
    return f"{time},{random.choice([-100, -50, -133.3])},4,{random.randrange(3)},0,{volume},0,{kiai}"


def an_edit(random: Random, text: str) -> Edit:
    """A line put in, changed or taken away, or a character typed, among the settings, the timing lines or the objects."""
    section = random.choice(["[Difficulty]", "[TimingPoints]", "[HitObjects]", "[HitObjects]"])
    start = text.index("\n", text.index(section)) + 1
    lines = text[start:].partition("\n\n")[0].splitlines(keepends=True)
    number = random.randrange(len(lines) + 1)
    at = start + sum(map(len, lines[:number]))
    end = at + len(lines[number]) if number < len(lines) else at
    make = {"[TimingPoints]": a_line, "[HitObjects]": an_object}.get(section)
    if make is None or random.random() < 0.3:
        column = random.randint(start, max(end - 1, start))
        return Edit(Span(column, column), random.choice("0123456789,.-"))
    return Edit(Span(at, random.choice([at, end])), random.choice(["", make(random) + "\n", make(random) + "\n"]))


@pytest.mark.parametrize("standard", [Standard.RANKING, Standard.LAZER])
@pytest.mark.parametrize("mode", list(Mode))
def test_edited_difficulties_are_judged_like_fresh_ones(mode: Mode, standard: Standard) -> None:
    random = Random(mode.value)  # noqa: S311  the same maps each time
    objects = sorted((an_object(random) for _ in range(OBJECTS)), key=lambda line: int(line.split(",")[2]))
    edited = Difficulty("a.osu", Beatmap.from_text(osu_text(objects, ["0,500,4,1,0,100,1,0"], mode=mode)))
    choices = Choices(standard, Level.INSANE)
    for _ in range(EDITS):
        analyse_difficulty(edited, Mapset((edited,)), choices)
        edit = an_edit(random, edited.beatmap.document.text)
        edited = edited.edited(Beatmap(edited.beatmap.document.edit([edit])))
        fresh = Difficulty("a.osu", Beatmap.from_text(edited.beatmap.document.text))
        found = analyse_difficulty(edited, Mapset((edited,)), choices)
        assert not [finding for finding in found if finding.kind == "rule-failed"]
        assert found == analyse_difficulty(fresh, Mapset((fresh,)), choices), edit
