"""Maps on disk for the tests of the command line: a sound one and one whose timing line is too quiet."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from server.command_line import cli
from tests.builder import osu_text

QUIET = "timing-volume-invalid"
QUIET_LINE = "1000,-100,4,1,0,2,0,0"


def sound_text(name: str = "Hard", title: str = "Song") -> str:
    return osu_text(["256,192,1000,1,0"], metadata=(f"Title:{title}", "Artist:Band", "Creator:Me", f"Version:{name}"))


def quiet_text(name: str = "Hard", title: str = "Song") -> str:
    return sound_text(name, title).replace("0,500,4,1,0,100,1,0\n", f"0,500,4,1,0,100,1,0\n{QUIET_LINE}\n")


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def maimod(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    """The command in this process; its exit code, its output and its standard error."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin)


def check_quiet(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    """`maimod check` with the one rule that these tests know."""
    return maimod("check", "--select", QUIET, *arguments, stdin=stdin)
