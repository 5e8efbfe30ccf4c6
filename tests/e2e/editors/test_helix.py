"""Real Helixes with clients/helix/languages.toml, in a terminal. Helix counts columns in UTF-8."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.editors.terminal import Terminal
from tests.e2e.editors.world import CLIENTS, FAULTY, MENDED, World, editor, lines, world

ESCAPE, ENTER = "\x1b", "\r"
SAYS = r"volume is {} %, outside"


def start(name: str, there: World) -> Terminal:
    folder = there.home / ".config" / "helix"
    folder.mkdir()
    for file in ("languages.toml", "config.toml"):
        shutil.copy(CLIENTS / "helix" / file, folder)
    command = [editor(name), "-vvv", "--log", str(there.home / "log"), there.map.name]
    return Terminal(command, there.environment, there.map.parent)


def goto(helix: Terminal, number: int, column: int) -> None:
    """To a line counted from 1 and a column counted from 0."""
    helix.press(f":goto {number}{ENTER}gh{column}l")
    helix.shows(f" {number}:{column + 1}\\b")


def choose(helix: Terminal, title: str) -> None:
    """An entry of the menu of code actions, in which the quick fix stands first and is chosen already."""
    helix.press(" a")
    helix.shows(re.escape(title))
    rows = helix.rests().splitlines()
    entries = [[at for at, row in enumerate(rows) if each in row] for each in ("Set the volume to", title)]
    assert all(entries), helix.text
    helix.press("\x0e" * (entries[1][0] - entries[0][0]))  # Ctrl-n: the next entry
    helix.rests()
    helix.press(ENTER)


@pytest.mark.parametrize("name", ["hx-25.01", "hx-25.07"])
def test_helix_shows_findings_and_mends_what_it_is_told_to(name: str, tmp_path: Path) -> None:
    there = world(tmp_path)
    before = lines(there.map)
    where = [(before.index(line) + 1, len(",".join(line.split(",")[:5])) + 1) for line in FAULTY]
    helix = start(name, there)
    try:
        helix.shows("HitObjects")
        goto(helix, *where[0])
        helix.shows(SAYS.format(3))

        helix.press(" k")
        helix.shows("plays every volume below 5 %")
        helix.press(ESCAPE)
        helix.shows_no("plays every volume below 5 %")

        choose(helix, "Set the volume")
        helix.shows_no(SAYS.format(3))
        helix.shows("120 BPM")  # an inlay hint

        goto(helix, *where[1])
        helix.shows(SAYS.format(2))
        choose(helix, "Dismiss")
        helix.shows_no(SAYS.format(2))

        goto(helix, *where[2])
        helix.shows(SAYS.format(1))
        choose(helix, "Apply all")
        helix.shows_no(SAYS.format(1))

        # A selection is written anew by the bundled model, and one undo takes all of it back.
        helix.press(f"gg/64,192,5000,{ENTER}12x a")
        helix.shows("Regenerate 00:05:000 – 00:11:000, the")
        helix.press(f"{ENTER}gg")
        helix.shows("Tags:maimod")
        helix.press("u")
        helix.shows_no("Tags:maimod")
        helix.press(f":write-quit{ENTER}")
        helix.ends()
    finally:
        helix.close()

    after = lines(there.map)
    assert [line for line in after if line not in before] == [MENDED[0], MENDED[2]]
    assert len(after) == len(before)
    assert "timing-volume-invalid" in (there.map.parent / ".maimod" / "dismissed.toml").read_text(encoding="utf-8")
    assert re.search(r'"positionEncoding": ?"utf-8"', (there.home / "log").read_text(encoding="utf-8"))
