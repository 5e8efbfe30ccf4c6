from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from formats.beatmap import Beatmap
from server.command_line import cli
from tests.generation import maps
from tests.models import tiny

SECTION = ("--start", "9000", "--end", "0:15", "--model", str(tiny.WEIGHTS))


@pytest.fixture
def osu(tmp_path: Path) -> Path:
    path = tmp_path / "a.osu"
    path.write_text(maps.osu("osu", 120, 1).replace("AudioFilename: audio.mp3\n", ""), encoding="utf-8", newline="")
    return path


def run(path: Path, *more: str) -> Result:
    return CliRunner().invoke(cli, ["regenerate", str(path), *SECTION, *more])


def test_shows_a_diff_and_the_candidates_and_writes_nothing(osu: Path) -> None:
    before = osu.read_bytes()
    result = run(osu)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"--- {osu}\n+++ {osu}\n")
    assert "+Tags:maimod" in result.stdout
    assert "candidate 1:" in result.stderr
    assert "candidate 3:" in result.stderr
    assert osu.read_bytes() == before
    assert [each.name for each in osu.parent.iterdir()] == ["a.osu"]


def test_writes_when_told_to_and_keeps_a_backup(osu: Path) -> None:
    before = osu.read_bytes()
    assert run(osu, "--write").exit_code == 0
    assert osu.with_name("a.osu.bak").read_bytes() == before
    after = Beatmap.from_bytes(osu.read_bytes())
    assert after.tags == ["maimod"]
    assert [line.text for line in after.document.lines if line.text.startswith("[")]


def test_writes_elsewhere_and_leaves_the_map(osu: Path, tmp_path: Path) -> None:
    before, other = osu.read_bytes(), tmp_path / "b.osu"
    assert run(osu, "--output", str(other)).exit_code == 0
    assert osu.read_bytes() == before
    assert b"maimod" in other.read_bytes()


def test_another_candidate_can_be_chosen(osu: Path) -> None:
    shown = [run(osu, "--choose", number).stdout for number in ("1", "2")]
    assert shown[0] != shown[1]


def test_json_tells_every_candidate_with_its_edits_and_scores(osu: Path) -> None:
    told = json.loads(run(osu, "--format", "json", "--candidates", "2").stdout)
    assert [each["candidate"] for each in told["proposals"]] == [1, 2]
    assert all(each["edits"] and each["after"]["bits"] > 0 for each in told["proposals"])
    assert all(each["text"].startswith("osu file format v14") for each in told["proposals"])


def test_a_song_that_ends_before_the_section_is_named(osu: Path) -> None:
    import soundfile  # pyright: ignore[reportMissingTypeStubs]

    osu.write_text(osu.read_text(encoding="utf-8").replace("[General]\n", "[General]\nAudioFilename: a.wav\n"), encoding="utf-8")
    soundfile.write(str(osu.with_name("a.wav")), np.zeros(44_100 * 3), 44_100)
    result = run(osu)
    assert result.exit_code == 2
    assert "the song a.wav ends at 00:03:010, before the section does" in result.stderr
    assert run(osu, "--audio", "off").exit_code == 0


def test_a_missing_song_is_told_and_does_not_hinder(osu: Path) -> None:
    osu.write_text(osu.read_text(encoding="utf-8").replace("[General]\n", "[General]\nAudioFilename: a.mp3\n"), encoding="utf-8")
    result = run(osu)
    assert result.exit_code == 0
    assert "written without a song: a.mp3 is not beside the map" in result.stderr


def test_a_chart_with_several_tracks_wants_one_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.chart"
    other = maps.chart("drums", 120, 1).partition("[ExpertDrums]")
    path.write_text(maps.chart("frets", 120, 1) + "[ExpertDrums]" + other[2], encoding="utf-8")
    result = run(path)
    assert result.exit_code == 2
    assert "say which track with --track; the chart has ExpertSingle, ExpertDrums" in result.stderr
    assert run(path, "--track", "ExpertDrums").exit_code == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--end", "5000"), "not after its start"),
        (("--start", "soon"), "'soon' is no time"),
        (("--keep", "rythm"), "'rythm' is none of rhythm, positions"),
        (("--lanes", "0"), "'0' is no list of lanes"),
        (("--kinds", "donn"), "'donn' is none of circle"),
        (("--track", "ExpertSingle"), "--track is for .chart files"),
    ],
)
def test_a_wish_that_makes_no_sense_is_one_sentence(osu: Path, options: tuple[str, ...], sentence: str) -> None:
    before = osu.read_bytes()
    result = run(osu, "--write", *options)
    assert result.exit_code == 2
    assert sentence in str(result.stderr)
    assert osu.read_bytes() == before


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    result = run(tmp_path / "none.osu")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "none.osu" in result.stderr
