"""What every editor is given: a home of its own, `maimod` on the PATH, a map with three faults, a chart."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builder import osu_text

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
CLIENTS = ROOT / "clients"
PATIENCE_SECONDS = 240
"""After this an editor hangs; it takes a few seconds."""

FAULTY = ("0,500,4,1,0,3,1,0", "4000,-100,4,1,0,2,0,0", "8000,-100,4,1,0,1,0,0")
"""Lines whose volume is too low, a finding with a safe fix each."""
MENDED = ("0,500,4,1,0,5,1,0", "4000,-100,4,1,0,5,0,0", "8000,-100,4,1,0,5,0,0")
MESSAGE = "This timing line's volume is 3 %, outside 5 to 100 %."


def editor(name: str) -> str:
    """The editor of that name, as `install.sh` put it into the folder MAIMOD_EDITORS. A test without its editor fails."""
    folder = os.environ.get("MAIMOD_EDITORS")
    if not folder:
        pytest.fail("Set MAIMOD_EDITORS to a folder and fill it with tests/e2e/editors/install.sh; run.sh does both.")
    found = Path(folder).resolve() / "bin" / name
    if not found.exists():
        pytest.fail(f"There is no {found}: tests/e2e/editors/install.sh {folder} puts it there.")
    return str(found)


@dataclass(frozen=True, slots=True)
class World:
    home: Path
    map: Path
    chart: Path
    environment: dict[str, str]

    def run(self, command: Sequence[str], **also: str) -> tuple[int, str]:
        """The exit code and what stood on standard error; `also` stands in the environment."""
        done = subprocess.run(
            command, env={**self.environment, **also}, cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=PATIENCE_SECONDS, check=False,
        )  # fmt: skip
        return done.returncode, done.stderr.decode("utf-8", "replace")


def world(folder: Path) -> World:
    """A new home, and a map as Windows writes them: CRLF, no line break at its end, a title that is not Latin."""
    home, songs = folder / "home", folder / "Songs"
    path, chart = songs / "1 バンド - 歌" / "バンド - 歌 (mapper) [Hard].osu", songs / "clone hero" / "notes.chart"
    for each in (home / ".config", path.parent, chart.parent):
        each.mkdir(parents=True)
    metadata = ("Title:Song", "TitleUnicode:歌 𝄞", "Artist:Band", "ArtistUnicode:バンド", "Creator:mapper", "Version:Hard")
    objects = [f"{64 + 48 * (at % 8)},192,{1000 + 500 * at},{5 if at % 8 == 0 else 1},0" for at in range(40)]
    text = osu_text(objects, FAULTY, metadata=metadata).rstrip("\n").replace("\n", "\r\n")
    path.write_bytes(text.encode("utf-8"))
    chart.write_text(
        "[Song]\n{\n  Resolution = 192\n}\n[SyncTrack]\n{\n  0 = TS 4\n  0 = B 120000\n}\n"
        "[ExpertSingle]\n{\n  768 = N 0 0\n  768 = N 0 0\n}\n",
        encoding="utf-8",
    )
    programs = Path(sys.executable).parent
    if shutil.which("maimod", path=str(programs)) is None:
        pytest.fail(f"There is no maimod beside {sys.executable}: pip install -e . puts it there.")
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
    }
    return World(home, path, chart, environment)


def lines(path: Path) -> list[str]:
    """The map's lines; every line break must still be CRLF, and the last line still without one."""
    text = path.read_bytes().decode("utf-8")
    assert "\n" not in text.replace("\r\n", "")
    assert not text.endswith("\n")
    return text.split("\r\n")


def said(path: Path) -> dict[str, str]:
    """`key<tab>value` lines."""
    return dict(line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines())
