from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from formats.beatmap import Beatmap
from formats.opting_out import opts_out
from formats.timeline import Timeline
from server.command_line import cli
from tests.builder import osu_text
from tests.generation import songs
from tests.models import tiny
from tests.server.test_picture_colours import picture

MODEL = ("--model", str(tiny.WEIGHTS))
TIMED = ("--bpm", "120", "--offset", "500")


@pytest.fixture
def song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "Band - Some Song.wav"
    path.write_bytes(songs.sound())
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["generate", *map(str, arguments)])


def test_a_folder_of_difficulties_is_written(song: Path, tmp_path: Path) -> None:
    (tmp_path / "bg.png").write_bytes(picture((200, 30, 30), (30, 30, 200)))
    result = run(song, "--stars", "1.2,1.8", *TIMED, "--background", tmp_path / "bg.png", "-o", tmp_path / "out", *MODEL)
    assert result.exit_code == 0, result.stderr
    assert "120 BPM from 500 ms" in result.stdout
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        "Band - Some Song (maimod) [maimod's Easy (2)].osu", "Band - Some Song (maimod) [maimod's Easy].osu",
        "audio.ogg", "bg.png",
    ]  # fmt: skip
    assert (tmp_path / "out" / "audio.ogg").read_bytes()[:4] == b"OggS"
    for name in names[:2]:
        beatmap = Beatmap.from_bytes((tmp_path / "out" / name).read_bytes())
        assert beatmap.general.text("AudioFilename") == "audio.ogg"
        assert "generated" in beatmap.tags
        assert Timeline(beatmap).notes


def test_what_was_given_of_the_timing_is_told_apart_from_what_was_found(song: Path, tmp_path: Path) -> None:
    def told(name: str, *timing: str) -> str:
        result = run(song, "--mode", "taiko", "--stars", "1.2", *timing, "-o", tmp_path / name, *MODEL)
        assert result.exit_code == 0, result.stderr
        return next(line for line in result.stdout.splitlines() if "timing" in line)

    offset, bpm = told("a", "--offset", "700"), told("b", "--bpm", "120")
    assert "BPM from 700 ms; offset as given, the rest found in the audio, " in offset
    assert "sure of the tempo" in offset and "sure of the bars" not in offset
    assert "timing: 120 BPM from " in bpm and "; BPM as given, the rest found in the audio, " in bpm
    assert "sure of the bars" in bpm and "sure of the tempo" not in bpm
    assert "timing as given: 120 BPM from 500 ms" in told("c", *TIMED)
    assert "timing found in the audio: " in told("d", "--timing-points", "::")


def test_a_tempo_that_the_song_does_not_keep_is_doubted(song: Path, tmp_path: Path) -> None:
    def doubt(name: str, bpm: str) -> bool:
        result = run(song, "--mode", "taiko", "--stars", "1.2", "--bpm", bpm, "-o", tmp_path / name, *MODEL)
        assert result.exit_code == 0, result.stderr
        return "maimod: unsure of where the beat falls, so the tempo may be another" in result.stderr

    assert doubt("a", "139")
    assert not doubt("b", "120")


def test_an_archive_is_written_and_not_over_another_one(song: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.osz"
    asked = (song, "--mode", "taiko", "--stars", "1.5", *TIMED, "--title", "Other", "--osz", out, *MODEL)
    assert run(*asked).exit_code == 0
    with zipfile.ZipFile(out) as archive:
        assert sorted(archive.namelist()) == ["Band - Other (maimod) [maimod's Kantan].osu", "audio.ogg"]
    before = out.read_bytes()
    again = run(*asked)
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert out.read_bytes() == before
    assert run(*asked, "--force").exit_code == 0


def test_a_chart_is_a_folder_that_the_game_reads(song: Path, tmp_path: Path) -> None:
    result = run(song, "--mode", "chart", *TIMED, "--difficulty", "Hard", "-o", tmp_path / "out", *MODEL)
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["notes.chart", "song.ini", "song.wav"]
    assert "[HardSingle]" in result.stdout
    assert (tmp_path / "out" / "song.wav").read_bytes() == song.read_bytes()


def test_timing_and_metadata_are_taken_from_a_map(song: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.osu"
    timing = ("500,500,4,2,1,70,1,0", "4500,-100,4,2,1,70,0,1", "8500,-100,4,2,1,70,0,0")
    about = ("Title:T", "TitleUnicode:曲", "Artist:A", "Creator:Ann", "Version:Hard", "Tags:one two")
    other.write_text(osu_text((), timing, metadata=about), encoding="utf-8")
    assert run(song, "--stars", "1.5", "--from", other, "--artist", "B", "-o", tmp_path / "out", *MODEL).exit_code == 0
    (path,) = (tmp_path / "out").glob("*.osu")
    beatmap = Beatmap.from_bytes(path.read_bytes())
    assert path.name == "B - T (Ann) [maimod's Easy].osu"
    assert beatmap.metadata.text("TitleUnicode") == "曲"
    assert {"one", "two", "maimod"} <= {*beatmap.tags}
    assert Timeline(beatmap).grid.kiai_spans == [(4500, 8500)]


def test_who_keeps_robots_out_of_a_map_keeps_them_out_of_what_is_made_from_it(song: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.osu"
    other.write_text(osu_text(["// robots: disallow"], metadata=("Title:T", "Tags:one")), encoding="utf-8")
    assert run(song, "--stars", "1.5", "--from", other, "-o", tmp_path / "out", *MODEL).exit_code == 0
    (path,) = (tmp_path / "out").glob("*.osu")
    assert opts_out(path.read_text(encoding="utf-8"))
    assert run(song, "--mode", "chart", "--from", other, "-o", tmp_path / "chart", *MODEL).exit_code == 0
    assert opts_out((tmp_path / "chart" / "notes.chart").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "either -o FOLDER or --osz FILE"),
        (("-o", "out", "--osz", "a.osz"), "either -o FOLDER or --osz FILE"),
        (("-o", "out", "--stars", "40"), "40 stars are out of reach"),
        (("-o", "out", "--stars", "many"), "no list of star ratings"),
        (("-o", "out", "--mode", "dance"), "dance"),
        (("--osz", "a.osz", "--mode", "chart"), "Clone Hero reads folders"),
        (("-o", "out", "--mode", "chart", "--stars", "3"), "charts have no star rating"),
        (("-o", "out", "--mode", "chart", "--difficulty", "Oni"), "'Oni' is none of"),
        (("-o", "out", "--difficulty", "a", "--difficulty", "b"), "2 names for 1 difficulties"),
        (("-o", "none/out"), "there is no folder"),
        (("-o", "out", "--background", "no.png"), "no.png: does not exist"),
        (("-o", "out", "--from", "no.osu"), "no.osu: does not exist"),
        (("-o", "out", "--timing-points", "x:y"), "x:y"),
    ],
)
def test_what_hinders_is_one_sentence(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir() if path.name != "cache")
    result = run(song, *TIMED, *arguments, *MODEL)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "cache") == before


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"no song", "cannot be heard"), (songs.sound(2.0), "is heard for"), (b"", "cannot be heard"), (None, "does not exist")],
    ids=["undecodable", "short", "empty", "missing"],
)
def test_a_song_that_is_none_is_one_sentence(song: Path, tmp_path: Path, data: bytes | None, reason: str) -> None:
    if data is None:
        song.unlink()
    else:
        song.write_bytes(data)
    result = run(song, *TIMED, "-o", tmp_path / "out", *MODEL)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert reason in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no interrupts to one process")
def test_an_interrupt_leaves_nothing(song: Path, tmp_path: Path) -> None:
    song.write_bytes(songs.sound(120.0))
    command = (sys.executable, "-m", "maimod", "generate", str(song), *TIMED, "--stars", "6,7,8", "-o", str(tmp_path / "out"))
    process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2])
    time.sleep(3)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert process.wait(10) == 130
    assert time.monotonic() - began < 2
    assert process.communicate()[1].decode().splitlines()[-1] == "maimod: stopped; nothing was written"
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".maimod-*"))


@pytest.mark.parametrize("line", ["500,0.001,4,2,0,60,1,0", "-99999999,0.5,4,2,0,60,1,0", "99999999999,500,4,2,0,60,1,0"])
def test_timing_that_is_a_trick_of_a_map_is_told_and_not_written_to(song: Path, tmp_path: Path, line: str) -> None:
    other = tmp_path / "other.osu"
    other.write_text(osu_text([], (line,)), encoding="utf-8")
    result = run(song, "--from", other, "-o", tmp_path / "out", *MODEL)
    assert result.exit_code == 2
    assert result.stderr.startswith("maimod: ")
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_no_difficulty_takes_the_place_of_another_and_old_bytes_are_left_out(song: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.osu"
    other.write_bytes(
        osu_text([], metadata=("Title:T", "Artist:A", "Creator:C")).encode().replace(b"Title:T", b"Title:\xff\xfeT")
    )
    names = ("--difficulty", "Hard?", "--difficulty", "HARD")
    result = run(song, "--stars", "1.2,1.4", *names, "--from", other, "-o", tmp_path / "out", *MODEL)
    assert result.exit_code == 0, result.stderr
    written = sorted(path.name for path in (tmp_path / "out").glob("*.osu"))
    assert len(written) == 2
    for name in written:
        (tmp_path / "out" / name).read_text(encoding="utf-8")
