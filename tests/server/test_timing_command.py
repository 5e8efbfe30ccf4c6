from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.command_line import cli
from tests.builder import osu_text
from tests.generation import songs

RED = "510,500,4,1,0,100,1,0"


@pytest.fixture
def osu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "audio.wav").write_bytes(songs.sound())
    notes = [f"{64 + at % 5 * 50},100,{500 + at * 250},1,0,0:0:0:0:" for at in range(40)]
    path = tmp_path / "a.osu"
    path.write_text(osu_text(notes, (RED,), general=("AudioFilename: audio.wav",)), encoding="utf-8", newline="")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["timing", *map(str, arguments)])


def test_a_red_line_beside_the_song_is_told_and_shown_as_a_diff_and_nothing_is_written(osu: Path) -> None:
    before = osu.read_bytes()
    result = run(osu)
    assert result.exit_code == 0, result.stderr
    assert "surprising-timing" in result.stdout
    assert f"-{RED}\n" in result.stdout
    assert "nothing is written yet" in result.stderr
    assert osu.read_bytes() == before


def test_a_map_is_written_with_a_backup_and_told_so_and_left_alone_where_nothing_is_wrong(osu: Path) -> None:
    before = osu.read_bytes()
    result = run(osu, "--write")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.endswith(f"wrote {osu}\n")
    assert RED.encode() not in osu.read_bytes()
    backup = osu.parent / "a.osu.bak"
    assert backup.read_bytes() == before
    backup.unlink()
    again = run(osu, "--write")
    assert "wrote" not in again.stderr
    assert not backup.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.wav",), "does not exist"),
        (("a.osu", "--bpm", "nan"), "no number"),
        (("a.osu", "--bpm", "120", "--anew", "--from", "a.osu"), "exclude each other"),
        (("a.osu", "--timing-points", "0:500:4|0:400:4"), "behind that of the one before"),
        (("a.osu", "--timing-points", "1e300:500:4"), "in no song"),
        (("audio.wav", "--along"), "are for maps"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(osu: Path, arguments: tuple[str, ...], said: str) -> None:
    before = osu.read_bytes()
    result = run(osu.parent / arguments[0], *arguments[1:], "--write")
    assert result.exit_code == 2
    assert said in result.output
    assert osu.read_bytes() == before
