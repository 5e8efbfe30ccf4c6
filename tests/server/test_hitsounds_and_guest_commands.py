from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from formats.beatmap import Beatmap
from server.command_line import cli
from server.guesting import file_name
from tests.builder import osu_text
from tests.generation.test_guest import reference
from tests.models import tiny

MODEL = ("--model", str(tiny.WEIGHTS))


@pytest.fixture
def osu(tmp_path: Path) -> Path:
    path = tmp_path / "a.osu"
    path.write_text(reference().beatmap.document.text.replace("AudioFilename: audio.mp3\n", ""), encoding="utf-8", newline="")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)])


def test_hit_sounds_are_shown_as_a_diff_and_nothing_is_written(osu: Path) -> None:
    before = osu.read_bytes()
    result = run("hitsounds", osu, "--share", "0.8", *MODEL)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"--- {osu}\n+++ {osu}\n")
    assert "+Tags:maimod" in result.stdout
    assert "written without a song" in result.stderr
    assert osu.read_bytes() == before


def test_hit_sounds_are_written_with_a_backup_or_to_another_file(osu: Path) -> None:
    before = osu.read_bytes()
    other = osu.parent / "b.osu"
    assert run("hitsounds", osu, "--share", "0.8", "--output", other, *MODEL).exit_code == 0
    assert osu.read_bytes() == before
    assert run("hitsounds", osu, "--share", "0.8", "--write", *MODEL).exit_code == 0
    assert osu.read_bytes() == other.read_bytes() != before
    assert (osu.parent / "a.osu.bak").read_bytes() == before


def test_copied_hit_sounds_need_no_model_and_no_tag(osu: Path) -> None:
    source = osu.parent / "b.osu"
    source.write_text(osu.read_text(encoding="utf-8").replace(",1,4,0:0:0:0:", ",1,8,0:0:0:0:"), encoding="utf-8", newline="")
    result = run("hitsounds", osu, "--from", source, "--write")
    assert result.exit_code == 0
    assert "80 of 80 sounds found in Hard" in result.stderr
    assert osu.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("command", [("hitsounds",), ("guest", "--stars", "2", "--name", "x")])
def test_what_cannot_be_read_is_one_sentence(command: tuple[str, ...], tmp_path: Path) -> None:
    chart = tmp_path / "notes.chart"
    chart.write_text("[Song]\n{\n}\n", encoding="utf-8")
    for path, reason in ((tmp_path / "none.osu", "does not exist"), (chart, "is no .osu file")):
        result = run(command[0], path, *command[1:], *MODEL)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert reason in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_taiko_is_sent_to_regenerate(tmp_path: Path) -> None:
    path = tmp_path / "a.osu"
    path.write_text(osu_text(["0,0,0,1,0"]).replace("Mode: 0", "Mode: 1"), encoding="utf-8")
    result = run("hitsounds", path, *MODEL)
    assert result.exit_code == 2
    assert "maimod regenerate" in result.stderr


def test_a_guest_difficulty_is_told_and_written_beside_the_reference(osu: Path) -> None:
    before = osu.read_bytes()
    told = run("guest", osu, "--stars", "2", "--name", "Ann's Hard: 1/2", *MODEL)
    assert told.exit_code == 0
    assert told.stdout.startswith("[Ann's Hard: 1/2] ")
    assert [each.name for each in osu.parent.iterdir()] == ["a.osu"]
    written = run("guest", osu, "--stars", "2", "--name", "Ann's Hard: 1/2", "--write", *MODEL)
    assert written.exit_code == 0
    path = osu.parent / "Band - Song (Mapper) [Ann's Hard 12].osu"
    guest = Beatmap.from_bytes(path.read_bytes())
    assert guest.metadata.text("Version") == "Ann's Hard: 1/2"
    assert "maimod" in guest.tags
    assert osu.read_bytes() == before
    again = run("guest", osu, "--stars", "2", "--name", "Ann's Hard: 1/2", "--write", *MODEL)
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_stars_out_of_reach_are_one_sentence(osu: Path) -> None:
    result = run("guest", osu, "--stars", "40", "--name", "x", *MODEL)
    assert result.exit_code == 2
    assert result.stderr == "maimod: 40 stars are out of reach: ask for 0.5 to 9\n"


def test_file_names_lead_nowhere_else() -> None:
    text = osu_text(metadata=("Artist:../..", "Title:a/b\\c", "Creator:<x>"))
    assert file_name(Beatmap.from_text(text), "../n") == ".... - abc (x) [..n].osu"
