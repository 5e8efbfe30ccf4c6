from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from generation.parts import Part
from generation.request import Request
from server.daemon.command_lines import command_line
from server.daemon.questions import Sounds

NAMES = (
    "a b.osu",
    "it's.osu",
    "$(touch x).osu",
    "`touch x`.osu",
    "a;b&c|d.osu",
    '"; touch x; ".osu',
    "-v/x.osu",
    "!x %PATH%.osu",
)


def test_says_what_was_asked_for() -> None:
    request = Request(
        1000, 2000.5, "ExpertSingle", 7, 4, 1.2, 0.5, frozenset((Part.RHYTHM, Part.COMBOS)), add=True, lanes=frozenset((0, 3)),
        kinds=frozenset(("big don", "kat")),
    )  # fmt: skip
    told = command_line("Set/a.osu", request, 2, windows=False)
    assert told == (
        "maimod regenerate Set/a.osu --start=1000 --end=2000.5 --track ExpertSingle --seed 7 --candidates 4 --choose 2 "
        '--temperature=1.2 --density=0.5 --keep combos,rhythm --add --lanes 1,4 --kinds "big don,kat" --write'
    )
    assert " --density=own " in str(command_line("a.osu", replace(request, density=None), 2, windows=False))
    sounds = command_line("a.osu", Sounds((-5.0, 10.0), add=True, sets=True, share=0.5, seed=3), 1, windows=False)
    assert sounds == "maimod hitsounds a.osu --start=-5 --end=10 --add --sets --share=0.5 --seed 3 --write"
    assert command_line("a.osu", Sounds(), 1, windows=False) == "maimod hitsounds a.osu --seed 0 --write"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_one_word_to_a_shell_whatever_it_holds(name: str) -> None:
    told = command_line(name, Request(0, 1), 1, windows=False)
    assert told is not None
    word = shlex.split(told)[2]
    assert word.removeprefix("./") == name
    assert not word.startswith("-")


@pytest.mark.parametrize("name", ["a\nb.osu", "a\x1b[2Jb.osu", "\ufffd.osu", "a\u202eb.osu"])
def test_a_name_that_cannot_be_typed_makes_no_command(name: str) -> None:
    for windows in (False, True):
        assert command_line(name, Request(0, 1), 1, windows=windows) is None


def test_on_windows_only_names_without_meaning_to_its_shells_make_one() -> None:
    assert command_line("Set/it's (me) & you [x].osu", Request(0, 1), 1, windows=True) is not None
    for name in ("$x.osu", "`x.osu", "%x%.osu", "a“b.osu", "!x.osu", "^x.osu"):
        assert command_line(name, Request(0, 1), 1, windows=True) is None


def test_a_track_that_is_none_is_left_out() -> None:
    told = command_line("a.chart", Request(0, 1, "x; touch y"), 1, windows=False)
    assert told is not None
    assert "touch" not in told
