from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from formats.beatmap import Beatmap
from formats.osu import Mode
from formats.spans import Edit, Span, apply_edits
from generation.request import Request
from server.command_line import cli
from tests.builder import osu_text
from tests.generation import maps
from tests.models import tiny

SECTION = ("--start", "9000", "--end", "0:15")
MODEL = ("--model", str(tiny.WEIGHTS))
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "regenerate-v1.json"


@pytest.fixture
def osu(tmp_path: Path) -> Path:
    path = tmp_path / "a.osu"
    path.write_text(maps.osu("osu", 120, 1).replace("AudioFilename: audio.mp3\n", ""), encoding="utf-8", newline="")
    return path


def run(path: Path | str, *more: str) -> Result:
    section = () if "--start" in more and "--end" in more else SECTION
    return CliRunner().invoke(cli, ["regenerate", str(path), *section, *MODEL, *more])


def refused(path: Path | str, *more: str) -> str:
    """What is said where nothing can be written: one sentence."""
    folder = Path(path).parent
    before = {each: each.read_bytes() for each in folder.iterdir() if each.is_file()} if folder.is_dir() else {}
    result = run(path, *more, "--write")
    assert result.exit_code == 2
    assert result.stdout == ""
    if folder.is_dir():
        assert {each: each.read_bytes() for each in folder.iterdir() if each.is_file()} == before
    said = result.stderr.splitlines()
    assert len(said) == 1, said
    assert said[0].startswith("maimod: ")
    return said[0].removeprefix("maimod: ")


def test_shows_a_diff_and_the_candidates_and_writes_nothing(osu: Path) -> None:
    before = osu.read_bytes()
    result = run(osu)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"--- {osu}\n+++ {osu}\n")
    assert "+Tags:maimod" in result.stdout
    assert "00:09:000 – 00:15:000 as it stands: " in result.stderr
    assert "> candidate 1:" in result.stderr
    assert "  candidate 3:" in result.stderr
    assert "nothing is written yet: --write writes candidate 1" in result.stderr
    assert osu.read_bytes() == before
    assert [each.name for each in osu.parent.iterdir()] == ["a.osu"]


def test_writes_when_told_to_and_keeps_a_backup(osu: Path) -> None:
    before = osu.read_bytes()
    assert run(osu, "--write").exit_code == 0
    once = osu.read_bytes()
    assert Beatmap.from_bytes(once).tags == ["maimod"]
    assert run(osu, "--write", "--seed", "9").exit_code == 0
    assert osu.read_bytes() != once
    assert Beatmap.from_bytes(osu.read_bytes()).tags == ["maimod"]
    assert osu.with_name("a.osu.bak").read_bytes() == before


def test_writes_elsewhere_and_leaves_the_map(osu: Path, tmp_path: Path) -> None:
    before, other = osu.read_bytes(), tmp_path / "b.osu"
    assert run(osu, "--output", str(other)).exit_code == 0
    assert osu.read_bytes() == before
    assert b"maimod" in other.read_bytes()
    other.write_bytes(b"mine")
    assert run(osu, "--output", str(other)).exit_code == 0
    assert other.with_name("b.osu.bak").read_bytes() == b"mine"


def test_another_candidate_can_be_chosen(osu: Path) -> None:
    shown = [run(osu, "--choose", number).stdout for number in ("1", "2")]
    assert shown[0] != shown[1]


def test_a_section_can_stay_as_dense_as_it_is(osu: Path) -> None:
    result = run(osu, "--density", "own")
    assert result.exit_code == 0
    assert "+Tags:maimod" in result.stdout
    assert "no notes in the section that it could be as dense as" in refused(
        osu, "--density", "own", "--start=-500", "--end", "400"
    )


@pytest.mark.parametrize(
    ("density", "reason"), [("dense", "'dense' is neither a number nor 'own'"), ("9", "9.0 is not in the range")]
)
def test_a_density_that_is_none_is_refused(osu: Path, density: str, reason: str) -> None:
    result = run(osu, "--density", density)
    assert result.exit_code == 2
    assert reason in result.stderr


def test_json_tells_every_candidate_with_its_edits_and_scores(osu: Path) -> None:
    told = json.loads(run(osu, "--format", "json", "--candidates", "2", "--choose", "2", "--write").stdout)
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    validator.validate(told)  # pyright: ignore[reportUnknownMemberType]  jsonschema is typed in part
    assert [each["candidate"] for each in told["proposals"]] == [1, 2]
    before = osu.with_name("a.osu.bak").read_text(encoding="utf-8")
    for each in told["proposals"]:
        edits = [Edit(Span(edit["start"], edit["end"]), edit["text"]) for edit in each["edits"]]
        assert apply_edits(before, edits) == each["text"]
    assert told["written"] == str(osu)
    assert osu.read_text(encoding="utf-8") == told["proposals"][1]["text"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_bytes_elsewhere_stay_in_any_encoding(osu: Path, encoding: str, newline: str) -> None:
    text = osu.read_text(encoding="utf-8").replace("\n", newline)
    data = text.replace("Title:Song", "Title:Sóng").encode(encoding)
    osu.write_bytes(data)
    assert run(osu, "--write").exit_code == 0
    after = osu.read_bytes()
    assert after != data
    tags = after.index("Tags".encode(encoding.removesuffix("-sig"))[-8:])
    assert after[: tags - 8] == data[: tags - 8]
    assert after.endswith(data[-200:])
    assert after.count("\r".encode("ascii")) == (after.count(b"\n") if newline == "\r\n" else 0)


def test_a_set_of_many_difficulties_is_no_hindrance(osu: Path) -> None:
    for name in ("b", "c"):
        text = osu.read_text(encoding="utf-8").replace("Version:", f"Version:{name}")
        osu.with_name(f"{name}.osu").write_text(text, encoding="utf-8", newline="")
    result = run(osu, "--write")
    assert result.exit_code == 0
    assert "metadata" not in result.stderr
    assert Beatmap.from_bytes(osu.read_bytes()).tags == ["maimod"]


def test_a_map_that_is_not_to_be_trained_on_keeps_saying_so(osu: Path) -> None:
    line = "// robots: disallow"
    osu.write_text(f"{osu.read_text(encoding='utf-8')}{line}\n", encoding="utf-8", newline="")
    assert run(osu, "--write").exit_code == 0
    assert line in osu.read_text(encoding="utf-8").splitlines()


def test_a_song_that_ends_before_the_section_is_named(osu: Path) -> None:
    import soundfile  # pyright: ignore[reportMissingTypeStubs]

    osu.write_text(osu.read_text(encoding="utf-8").replace("[General]\n", "[General]\nAudioFilename: a.wav\n"), encoding="utf-8")
    soundfile.write(str(osu.with_name("a.wav")), np.zeros(44_100 * 3), 44_100)
    assert "the song a.wav ends at 00:03:010, before the section does" in refused(osu)
    assert run(osu, "--audio", "off").exit_code == 0


def test_a_missing_song_is_told_and_does_not_hinder(osu: Path) -> None:
    osu.write_text(osu.read_text(encoding="utf-8").replace("[General]\n", "[General]\nAudioFilename: a.mp3\n"), encoding="utf-8")
    result = run(osu)
    assert result.exit_code == 0
    assert "a.mp3 is not beside the map, so nothing was heard" in result.stderr


def test_a_chart_without_a_song_tells_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.chart"
    path.write_text(maps.chart("frets", 120, 1), encoding="utf-8")
    assert "maimod: no song is beside the chart, so nothing was heard" in run(path).stderr
    assert "nothing was heard" not in run(path, "--audio", "off").stderr


def test_candidates_that_are_not_shown_are_told(osu: Path) -> None:
    result = run(osu, "--only", "combos", "--candidates", "16", "--temperature", "0.05")
    shown = sum(" candidate " in line and " notes, " in line for line in result.stderr.splitlines())
    assert 0 < shown < 16
    assert f"{16 - shown} candidates more came out the same as another or against the rules" in result.stderr


def test_a_chart_with_several_tracks_wants_one_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.chart"
    other = maps.chart("drums", 120, 1).partition("[ExpertDrums]")
    path.write_text(maps.chart("frets", 120, 1) + "[ExpertDrums]" + other[2], encoding="utf-8")
    assert "say which track of the chart is meant: ExpertSingle, ExpertDrums (with --track)" in refused(path)
    assert "no track 'HardSingle'; its tracks are: ExpertSingle, ExpertDrums" in refused(path, "--track", "HardSingle")
    assert run(path, "--track", "ExpertDrums", "--lanes", "kick,red", "--write").exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert text.count("E maimod") == 1
    assert text.index("E maimod") > text.index("[ExpertDrums]")


@pytest.mark.parametrize("suffix", ["DoubleBass", "Keyboard", "DoubleGuitar", "DoubleRhythm"])
def test_every_five_fret_instrument_is_written(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "notes.chart"
    path.write_text(maps.chart("frets", 120, 1).replace("ExpertSingle", f"Hard{suffix}"), encoding="utf-8")
    assert run(path, "--write", "--candidates", "1").exit_code == 0
    assert "E maimod" in path.read_text(encoding="utf-8")


def test_six_frets_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.chart"
    path.write_text(maps.chart("frets", 120, 1).replace("ExpertSingle", "ExpertGHLGuitar"), encoding="utf-8")
    assert "five-fret and drum tracks only" in refused(path, "--track", "ExpertGHLGuitar")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--end", "5000"), "ends at 00:05:000, which is not after its start at 00:09:000"),
        (("--start", "9000", "--end", "9000"), "is not after its start"),
        (("--start", "9000", "--end", "40:00"), "longer than half an hour"),
        (("--start", "9001", "--end", "9003"), "there is no room for a note"),
        (("--start", "-9000", "--end", "-5000"), "ends at -00:05:000, before the song begins"),
        (("--start", "20:00", "--end", "21:00"), "begins at 20:00:000, more than a minute after the last note at 00:"),
        (("--start", "1:20", "--end", "1:30", "--keep", "rhythm"), "there are no notes to write again"),
        (("--start", "soon"), "'soon' is no time"),
        (("--keep", "rythm"), "'rythm' is none of rhythm, positions"),
        (("--only", ","), "name at least one of rhythm"),
        (("--only", "combos", "--keep", "rhythm"), "--keep and --only say the same"),
        (("--only", "combos", "--add"), "so --only has nothing to change"),
        (("--lanes", "0"), "'0' is no list of lanes"),
        (("--lanes", "1"), "notes of osu! have no lanes"),
        (("--kinds", "donn"), "'donn' is none of circle"),
        (("--kinds", "don"), "osu! has no don"),
        (("--density", "nan"), "'nan' is no number"),
        (("--density", "99"), "is not in the range"),
        (("--track", "ExpertSingle"), "--track is for .chart files"),
        (("--audio", "none.mp3"), "there is no file 'none.mp3'"),
        (("--model", "none.zip"), "there is no model 'none.zip'"),
    ],
)
def test_a_wish_that_makes_no_sense_is_one_sentence(osu: Path, options: tuple[str, ...], sentence: str) -> None:
    before = osu.read_bytes()
    result = run(osu, "--write", *options)
    assert result.exit_code == 2
    assert sentence in str(result.stderr)
    assert osu.read_bytes() == before


def of_one(lines: list[str], timing: tuple[str, ...] = ("0,500,4,2,1,70,1,0",)) -> str:
    return osu_text(lines, timing).replace("AudioFilename: audio.mp3\n", "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (of_one(["0,0,9000,1,0", "0,0,9500,1,0"], ()), "the map has no red line, so there is no grid to put notes on"),
        ("", "no red line"),
        ("no map at all", "no red line"),
    ],
)
def test_a_map_that_cannot_be_written_into_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "a.osu"
    path.write_text(text, encoding="utf-8")
    assert sentence in refused(path)


@pytest.mark.parametrize("notes", [0, 1, 2])
@pytest.mark.parametrize("mode", Mode)
def test_nearly_empty_maps_are_written_into(tmp_path: Path, notes: int, mode: Mode) -> None:
    path = tmp_path / "a.osu"
    text = osu_text([f"64,192,{1000 + 500 * at},1,0,0:0:0:0:" for at in range(notes)], ("0,500,4,2,1,70,1,0",), mode=mode)
    path.write_text(text.replace("AudioFilename: audio.mp3\n", ""), encoding="utf-8")
    result = run(path, "--write", "--candidates", "1")
    assert result.exit_code in (0, 2)
    if result.exit_code == 2:
        assert len(result.stderr.splitlines()) == 1
    else:
        assert len(Beatmap.from_bytes(path.read_bytes()).hit_objects) > notes


def test_paths_that_are_no_maps_are_one_sentence(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "none.osu")
    assert "is no .osu or .chart file" in refused(tmp_path)
    archive = tmp_path / "a.osz"
    archive.write_bytes(b"PK")
    assert "is in an archive, which is not rewritten; unpack it first" in refused(archive)
    ini = tmp_path / "song.ini"
    ini.write_text("[song]\n", encoding="utf-8")
    assert "is no .osu or .chart file" in refused(ini)


def test_damaged_weights_are_one_sentence(osu: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights.zip"
    for data in (b"", b"PK\3\4", tiny.WEIGHTS.read_bytes()[:-4000]):
        weights.write_bytes(data)
        assert str(weights) in refused(osu, "--model", str(weights))


def test_a_map_that_changed_meanwhile_is_left_alone(osu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from server import regenerating

    original = regenerating.regenerate

    def slow(path: str, request: Request, *others: None) -> object:
        found = original(path, request, *others)
        osu.write_bytes(b"osu file format v14\n")
        return found

    monkeypatch.setattr(regenerating, "regenerate", slow)
    result = run(osu, "--write")
    assert result.exit_code == 2
    assert "was changed by another program meanwhile, so nothing was written" in result.stderr
    assert osu.read_bytes() == b"osu file format v14\n"


def test_a_read_only_map_is_left_alone(osu: Path) -> None:
    osu.chmod(0o444)
    assert "cannot be written" in str(run(osu, "--write").stderr)
    assert not osu.with_name("a.osu.bak").exists()
    assert run(osu, "--output", str(osu.with_name("b.osu"))).exit_code == 0


def test_a_full_disk_is_one_sentence(osu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    before = osu.read_bytes()
    result = run(osu, "--write")
    assert result.exit_code == 2
    assert "cannot be written (No space left on device)" in result.stderr
    assert osu.read_bytes() == before
    assert [each.name for each in osu.parent.iterdir()] == ["a.osu"]


def test_ctrl_c_writes_nothing(osu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from server import regenerating

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(regenerating, "regenerate", interrupted)
    before = osu.read_bytes()
    result = run(osu, "--write")
    assert result.exit_code == 130
    assert result.stderr == "maimod: stopped; nothing was written\n"
    assert osu.read_bytes() == before
