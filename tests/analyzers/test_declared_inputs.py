"""A rule says in its declaration what it reads; what runs it again after a change goes by that."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from analyzers.catalogue import OSU_RULES
from analyzers.context import Context
from analyzers.rule import Level, Rule, Standard
from formats.beatmap import Beatmap
from formats.mapset import Difficulty, FileFact, Mapset
from tests.builder import osu_text

FOLDER = "normal-hitclap2.wav bell.wav cursor.png taiko-hit0.png fruit-drop.png mania-hit0.png skin.ini a.png empty.osb"
OBJECTS = (
    "100,100,1003,5,0,0:0:0:10:", "300,100,1103,1,2,0:0:0:0:bell.wav", "300,101,1200,1,8", "256,192,2000,12,0,2100",
    "100,100,1500,2,0,L|250:100,3,30,2|0", "256,192,2150,1,4", "500,380,2150,1,4", "10,10,2400,128,0,2410:0:0:0:0:",
    "0,0,90000,1,0",
)  # fmt: skip
TIMING = (
    "0,500,4,0,2,100,1,1", "2003,-50,4,2,1,3,0,0", "2100,250,4,2,1,50,1,1", "2150,-50,4,2,1,50,0,0", "5007,500,3,2,1,50,1,8",
)  # fmt: skip
EVENTS = ('0,0,"bg.jpg",5,5', 'Video,0,"a.mp4"', "2,1100,1500", 'Sprite,Overlay,Centre,"a.png",1,1', 'Sample,5,0,"clap.wav",70')
FILES = {name: FileFact(name, 0 if name.startswith("empty") else 9) for name in FOLDER.split()}


class Watched(Context):
    """A context that remembers whether a rule asked for the set or for the level."""

    asked: set[str]

    @property
    def mapset(self) -> Mapset:
        self.asked.add("set")
        return self._mapset

    @mapset.setter
    def mapset(self, mapset: Mapset) -> None:
        self.asked = set()
        self._mapset = mapset

    @property
    def level(self) -> Level | None:
        self.asked.add("level")
        return self._level

    @level.setter
    def level(self, level: Level | None) -> None:
        self._level = level


def a_set(rule: Rule[Context]) -> list[Difficulty]:
    """Two difficulties in each of the rule's modes, full of slips."""
    texts = [
        osu_text(OBJECTS[number:], TIMING[: 5 - number], mode=mode, events=EVENTS[number:], colours=[f"Combo1 : {number},9,9"])
        for mode in rule.modes
        for number in (0, 1)
    ]
    return [Difficulty(f"{number}.osu", Beatmap.from_text(text)) for number, text in enumerate(texts)]


def asked(rule: Rule[Context], difficulties: Sequence[Difficulty], standard: Standard, level: Level) -> set[str]:
    mapset, found = Mapset(difficulties, FILES), set[str]()
    for difficulty in difficulties:
        context = Watched(difficulty, mapset, standard=standard, level=level, levels=[level] * len(difficulties))
        context.asked.clear()
        for issue in rule.check(context):
            list(issue.repairs)
        found |= context.asked
    return found


@pytest.mark.parametrize("rule", OSU_RULES, ids=lambda rule: rule.name)
def test_a_rule_reads_no_more_than_it_declares(rule: Rule[Context]) -> None:
    declared = {name for name, says in (("set", rule.whole_set), ("level", rule.by_level)) if says}
    for standard in rule.standards:
        for level in Level:
            assert asked(rule, a_set(rule), standard, level) <= declared
