"""`maimod timing` end to end: synthesised songs, maps beside them, and what cannot be done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from formats.beatmap import Beatmap
from formats.timeline import Timeline
from server.command_line import cli
from server.timing import given_points
from tests.builder import osu_text
from tests.chart_builder import chart_text
from tests.generation.bands import RATE, Stretch, band
from tests.models.clicks import file_of

ROOT = Path(__file__).parents[2]
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/schemas/timing-v1.json").read_text(encoding="utf-8")))
BPM = 174.0
START = 785


@pytest.fixture(scope="module")
def audio() -> bytes:
    return file_of(band([Stretch(BPM, 812, 48_000)], 49), RATE, "OGG", "VORBIS")


@pytest.fixture
def folder(tmp_path: Path, audio: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    home = tmp_path / "set"
    home.mkdir()
    (home / "song.ogg").write_bytes(audio)
    return home


def osu(folder: Path, bpm: float = BPM, line: int = START, *, notes: float | None = None) -> Path:
    """A map with a circle on each beat; `notes` is the tempo by which they were placed."""
    beat = 60_000 / (notes or bpm)
    objects = [f"{i * 40 % 500},{i * 30 % 380},{int(START + i * beat + 0.01)},1,0,0:0:0:0:" for i in range(130)]
    timing = (f"{line},{60_000 / bpm:.12g},4,1,0,100,1,0", f"{int(START + 8 * beat + 0.01)},-50,4,2,1,40,0,1")
    path = folder / "map.osu"
    path.write_text(osu_text(objects, timing).replace("audio.mp3", "song.ogg"), encoding="utf-8", newline="")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["timing", *map(str, arguments)])


def test_a_song_is_told_as_a_table_and_as_lines_of_maps(folder: Path) -> None:
    song = folder / "song.ogg"
    table = run(song)
    assert table.exit_code == 0
    assert table.stdout.splitlines()[2].split()[:2] == ["00:00:785", "174"]
    assert run(song, "--format", "osu").stdout == f"[TimingPoints]\n{START},344.827586206897,4,1,0,100,1,0\n"
    chart = run(song, "--format", "chart").stdout
    assert chart.startswith("[SyncTrack]\n{\n  0 = TS 4\n  0 = B ")
    assert chart.endswith("  768 = B 174000\n}\n")
    told = json.loads(run(song, "--format", "json").stdout)
    SCHEMA.validate(told)  # pyright: ignore[reportUnknownMemberType]  jsonschema is typed in part
    assert told["sections"][0]["bpm"] == 174
    assert told["sections"][0]["confidence"]["bpm"] > 0.9


def test_given_values_are_kept(folder: Path) -> None:
    assert run(folder / "song.ogg", "--bpm", "87").stdout.splitlines()[2].split()[1] == "87"
    found = run(folder / "song.ogg", "--timing-points", "785::3|20000:500:", "--format", "osu").stdout.splitlines()
    assert found[1].startswith("785,344.")
    assert found[1].split(",")[2] == "3"
    assert found[2].startswith("20000,500,4,")


def test_what_is_given_is_not_told_to_be_found(folder: Path) -> None:
    def sure(*options: str) -> list[str]:
        return run(folder / "song.ogg", *options).stdout.splitlines()[2].split()[-3:]

    assert "given" not in sure()
    bpm, beat, bar = sure("--bpm", str(BPM))
    assert bpm == "given" and beat.endswith("%") and bar.endswith("%")
    bpm, beat, bar = sure("--timing-points", f"{START}::")
    assert bpm.endswith("%") and (beat, bar) == ("given", "given")


def test_a_tempo_that_the_song_does_not_keep_is_doubted(folder: Path) -> None:
    assert "unsure" not in run(folder / "song.ogg", "--bpm", str(BPM)).stderr
    told = run(folder / "song.ogg", "--bpm", "131").stderr
    assert "maimod: unsure of where the beat falls, so the tempo may be another" in told


def test_a_map_in_time_is_left_alone(folder: Path) -> None:
    result = run(osu(folder))
    assert result.exit_code == 0
    assert "the same" in result.stdout
    assert "surprising-timing" not in result.stdout
    assert "---" not in result.stdout


def test_a_wrong_tempo_is_told_and_set_with_the_objects_left_or_moved_along(folder: Path) -> None:
    path = osu(folder, 174.4)
    before = path.read_bytes()
    SCHEMA.validate(json.loads(run(path, "--format", "json").stdout))  # pyright: ignore[reportUnknownMemberType]  jsonschema is typed in part
    result = run(path)
    assert "The music keeps 174 BPM, not the 174.4 BPM of the red line at 00:00:785" in result.stdout
    assert "+785,344.827586206897,4,1,0,100,1,0" in result.stdout
    assert path.read_bytes() == before
    assert run(path, "--write").exit_code == 0
    assert path.read_text(encoding="utf-8").split("[HitObjects]")[1] == before.decode().split("[HitObjects]")[1]
    assert (folder / "map.osu.bak").read_bytes() == before
    path.write_bytes(before)
    assert run(path, "--along", "--write").exit_code == 0
    assert path.read_bytes() == osu(folder).read_bytes().replace(b"344.827586207", b"344.827586206897")


def test_objects_go_along_with_red_lines_that_are_written_anew(folder: Path) -> None:
    path = osu(folder, 140)
    for options in (("--bpm", f"{BPM:g}"), ("--timing-points", f"{START}:{60_000 / BPM!r}:"), ("--anew",)):
        result = run(path, *options, "--along", "--output", folder / "along.osu")
        assert result.exit_code == 0, result.stderr
        before, after = (Timeline(Beatmap.from_bytes((folder / name).read_bytes())) for name in ("map.osu", "along.osu"))
        assert after.grid.beat_length_at(0) == pytest.approx(60_000 / BPM)
        for old, new in zip(before.notes, after.notes, strict=True):
            assert after.grid.snap(new.time).error == 0
            # In the same beat of the bar, however many bars the song has before the line.
            bars = (before.grid.beat_at(old.time) - after.grid.beat_at(new.time)) / 4
            assert bars == pytest.approx(round(bars), abs=0.01)
        (old_green,), (new_green,) = before.grid.green, after.grid.green
        assert old_green.line.content.split(",")[1:] == new_green.line.content.split(",")[1:]
        assert after.grid.snap(after.grid.time_of(new_green)).error == 0
        (folder / "along.osu").unlink()


def test_where_objects_cannot_go_along_is_one_sentence(folder: Path) -> None:
    path = osu(folder, 140)
    result = run(path, "--timing-points", "785:344:4|20000:400:4", "--along", "--write")
    assert result.exit_code == 2
    assert "the map has 1 and 2 would come" in result.stderr
    two = osu_text(["9,9,1000,1,0", "9,9,19500,1,0", "9,9,20000,1,0"], ("1000,500,4,1,0,100,1,0", "20000,250,4,1,0,100,1,0"))
    path.write_text(two, encoding="utf-8", newline="")
    result = run(path, "--timing-points", "1000:600:4|20000:250:4", "--along", "--write")
    assert result.exit_code == 2
    assert "what stands at 00:19:500 would come to 00:23:200, in the bars of another red line" in result.stderr
    assert run(path, "--timing-points", "1000:600:4|23800:300:4", "--along", "--write").exit_code == 0
    after = path.read_text(encoding="utf-8")
    assert [line.split(",")[2] for line in after.split("[HitObjects]\n")[1].splitlines()] == ["1000", "23200", "23800"]
    assert "1000,600,4,1,0,100,1,0\n23800,300,4,1,0,100,1,0\n" in after


def test_a_red_line_beside_its_notes_is_moved_back_alone(folder: Path) -> None:
    path = osu(folder, line=START + 5)
    result = run(path, "--write")
    assert "5 ms before the ticks of the red line at 00:00:790" in result.stdout
    assert path.read_bytes() == osu(folder).read_bytes()


def test_timing_is_taken_from_another_map_without_a_song(folder: Path) -> None:
    path = osu(folder)
    other = folder / "other.osu"
    other.write_text(osu_text((), ("100,400,3,1,0,100,1,0",)), encoding="utf-8")
    (folder / "song.ogg").unlink()
    assert run(path, "--from", other, "--output", folder / "new.osu").exit_code == 0
    lines = (folder / "new.osu").read_text(encoding="utf-8").split("[TimingPoints]\n")[1].splitlines()
    assert lines[:2] == ["100,400,3,1,0,100,1,0", "3543,-50,4,2,1,40,0,1"]


def test_a_chart_with_a_wrong_tempo_is_told_and_set(folder: Path) -> None:
    path = folder / "notes.chart"
    beats = [f"{192 * i} = N 0 0" for i in range(4, 130)]
    path.write_text(chart_text(beats, sync=("0 = TS 4", "0 = B 174600")), encoding="utf-8", newline="")
    result = run(path, "--write")
    assert "The music keeps 174 BPM, not the 174.6 BPM of this marker" in result.stdout
    assert "0 = B 174000" in path.read_text(encoding="utf-8")
    anew = run(path, "--anew")
    assert anew.exit_code == 2
    assert "counted in ticks" in anew.stderr


def test_an_empty_chart_gets_all_its_markers(folder: Path) -> None:
    path = folder / "notes.chart"
    path.write_text(chart_text((), sync=("0 = TS 4", "0 = B 120000")), encoding="utf-8", newline="")
    assert run(path, "--anew", "--write").exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert "  768 = B 174000\n" in text
    assert "B 120000" not in text


def test_what_cannot_be_done_is_one_sentence_and_writes_nothing(folder: Path) -> None:
    path = osu(folder)
    before = path.read_bytes()
    (folder / "bad.mp3").write_bytes(b"no sound")
    (folder / "silence.wav").write_bytes(file_of(band([], 6), RATE))
    for arguments, said in (
        ((folder / "none.mp3",), "does not exist"),
        ((folder / "bad.mp3",), "cannot be heard"),
        ((folder / "song.ogg", "--anew"), "are for maps"),
        ((path, "--audio", folder / "bad.mp3"), "cannot be heard"),
        ((path, "--from", folder / "none.osu", "--write"), "does not exist"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert said in result.stderr
        assert len(result.stderr.splitlines()) == 1
    (folder / "song.ogg").unlink()
    result = run(path, "--write")
    assert "song.ogg is not beside it; name it with --audio" in result.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["x", "1:2:3:4", "0:500:4|:300:4", "0:500:4|0:300:4", "0:1:4", "0:500:2.5", "nan:500:4"])
def test_timing_points_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        given_points(text)
