from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from formats.beatmap import Beatmap
from formats.osu import Mode
from server.command_line import cli
from server.guesting import file_name
from tests.builder import osu_text
from tests.generation import maps
from tests.generation.test_guest import reference
from tests.models import tiny

MODEL = ("--model", str(tiny.WEIGHTS))
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
GUEST = ("--stars", "2", "--name", "x")


@pytest.fixture
def osu(tmp_path: Path) -> Path:
    path = tmp_path / "a.osu"
    path.write_text(reference().beatmap.document.text.replace("AudioFilename: audio.mp3\n", ""), encoding="utf-8", newline="")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)])


def told(result: Result, schema: str) -> dict[str, object]:
    assert result.exit_code == 0, result.stderr
    loaded: dict[str, object] = json.loads(result.stdout)
    validator = Draft202012Validator(json.loads((SCHEMAS / schema).read_text(encoding="utf-8")))
    validator.validate(loaded)  # pyright: ignore[reportUnknownMemberType]  jsonschema is typed in part
    return loaded


def sentence(result: Result) -> str:
    assert result.exit_code == 2
    assert result.stdout == ""
    said = result.stderr.splitlines()
    assert len(said) == 1, said
    return said[0].removeprefix("maimod: ")


# Hit sounds


def test_hit_sounds_are_shown_as_a_diff_and_nothing_is_written(osu: Path) -> None:
    before = osu.read_bytes()
    result = run("hitsounds", osu, "--share", "0.8", *MODEL)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"--- {osu}\n+++ {osu}\n")
    assert "+Tags:maimod" in result.stdout
    assert "written without a song" in result.stderr
    assert "nothing is written yet" in result.stderr
    assert osu.read_bytes() == before


def test_hit_sounds_are_written_with_a_backup_or_to_another_file(osu: Path) -> None:
    before = osu.read_bytes()
    other = osu.parent / "b.osu"
    assert run("hitsounds", osu, "--share", "0.8", "--output", other, *MODEL).exit_code == 0
    assert osu.read_bytes() == before
    other_bytes = other.read_bytes()
    other.unlink()
    assert run("hitsounds", osu, "--share", "0.8", "--write", *MODEL).exit_code == 0
    assert osu.read_bytes() == other_bytes != before
    assert (osu.parent / "a.osu.bak").read_bytes() == before


def test_hit_sounds_as_json(osu: Path) -> None:
    found = told(run("hitsounds", osu, "--share", "0.8", "--sets", "--volumes", "--format", "json", *MODEL), "hitsounds-v1.json")
    assert found["written"] is None
    assert "Tags:maimod" in str(found["text"])
    other = told(run("hitsounds", osu, "--share", "0.8", "--format", "json", "--write", *MODEL), "hitsounds-v1.json")
    assert other["written"] == str(osu)
    assert osu.read_text(encoding="utf-8") == other["text"]


@pytest.mark.parametrize("family", ["osu", "catch", "mania"])
def test_hit_sounds_of_every_mode_leave_rhythm_and_places(tmp_path: Path, family: str) -> None:
    path = tmp_path / "a.osu"
    path.write_text(maps.osu(family, 80, 2).replace("AudioFilename: audio.mp3\n", ""), encoding="utf-8", newline="")
    before = Beatmap.from_bytes(path.read_bytes())
    result = run("hitsounds", path, "--share", "0.7", "--sets", "--volumes", "--write", *MODEL)
    assert result.exit_code == 0
    after = Beatmap.from_bytes(path.read_bytes())
    assert [(each.x, each.y, each.time, each.type) for each in after.hit_objects] == [
        (each.x, each.y, each.time, each.type) for each in before.hit_objects
    ]
    assert any(each.sound for each in after.hit_objects)


def test_copied_hit_sounds_need_no_model_and_no_tag(osu: Path) -> None:
    source = osu.parent / "b.osu"
    source.write_text(osu.read_text(encoding="utf-8").replace(",1,4,0:0:0:0:", ",1,8,0:0:0:0:"), encoding="utf-8", newline="")
    result = run("hitsounds", osu, "--from", source, "--write")
    assert result.exit_code == 0
    assert "80 of 80 sounds found in Hard" in result.stderr
    assert osu.read_bytes() == source.read_bytes()
    again = run("hitsounds", osu, "--from", source, "--write")
    assert "nothing changes" in again.stderr
    assert "wrote" not in again.stderr


def test_taiko_is_sent_to_regenerate(tmp_path: Path) -> None:
    path = tmp_path / "a.osu"
    path.write_text(osu_text(["0,0,0,1,0"]).replace("Mode: 0", "Mode: 1"), encoding="utf-8")
    assert "maimod regenerate" in sentence(run("hitsounds", path, *MODEL))


def test_a_map_without_objects_and_times_without_any_are_one_sentence(osu: Path, tmp_path: Path) -> None:
    assert "no objects whose hit sounds could be rewritten from 10:00:000" in sentence(
        run("hitsounds", osu, "--start", "10:00", "--write", *MODEL)
    )
    assert "from the start to 00:00:001" in sentence(run("hitsounds", osu, "--end", "1", "--write", *MODEL))
    empty = tmp_path / "empty.osu"
    empty.write_text(osu_text([]), encoding="utf-8")
    assert "no objects to put hit sounds on" in sentence(run("hitsounds", empty, *MODEL))
    assert "no object of the other difficulty" in sentence(run("hitsounds", osu, "--from", empty))
    assert "does not exist" in sentence(run("hitsounds", osu, "--from", tmp_path / "none.osu"))


# Both


@pytest.mark.parametrize("command", [("hitsounds",), ("guest", *GUEST)])
def test_what_cannot_be_read_is_one_sentence(command: tuple[str, ...], tmp_path: Path) -> None:
    chart, archive = tmp_path / "notes.chart", tmp_path / "a.osz"
    chart.write_text("[Song]\n{\n}\n", encoding="utf-8")
    archive.write_bytes(b"PK")
    for path, reason in (
        (tmp_path / "none.osu", "does not exist"),
        (tmp_path, "is no .osu file"),
        (chart, "is no .osu file"),
        (archive, "unpack it first"),
    ):
        assert reason in sentence(run(command[0], path, *command[1:], *MODEL))


@pytest.mark.parametrize("command", ["hitsounding.hitsound", "guesting.guested"])
def test_ctrl_c_writes_nothing(osu: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"server.{command}", interrupted)
    name = "hitsounds" if command.startswith("hit") else "guest"
    result = run(name, osu, *(GUEST if name == "guest" else ()), "--write", *MODEL)
    assert result.exit_code == 130
    assert result.stderr == "maimod: stopped; nothing was written\n"
    assert [each.name for each in osu.parent.iterdir()] == ["a.osu"]


# Guest difficulties


def test_a_guest_difficulty_is_told_and_written_beside_the_reference(osu: Path) -> None:
    before = osu.read_bytes()
    shown = run("guest", osu, "--stars", "2", "--name", "Ann's Hard: 1/2", *MODEL)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("[Ann's Hard: 1/2] ")
    assert "nothing is written yet" in shown.stderr
    assert [each.name for each in osu.parent.iterdir()] == ["a.osu"]
    written = run("guest", osu, "--stars", "2", "--name", "Ann's Hard: 1/2", "--write", *MODEL)
    assert written.exit_code == 0
    path = osu.parent / "Band - Song (Mapper) [Ann's Hard 12].osu"
    guest = Beatmap.from_bytes(path.read_bytes())
    assert guest.metadata.text("Version") == "Ann's Hard: 1/2"
    assert "maimod" in guest.tags
    assert osu.read_bytes() == before
    assert "exists already" in sentence(run("guest", osu, "--stars", "2", "--name", "Ann's Hard: 1/2", "--write", *MODEL))
    assert "exists already" in sentence(run("guest", osu, *GUEST, "--output", osu, *MODEL))


@pytest.mark.parametrize("write", [(), ("--write",)])
def test_a_name_that_is_taken_or_says_another_level_is_told_before_it_is_written(osu: Path, write: tuple[str, ...]) -> None:
    def told_of(name: str, *options: str) -> str:
        result = run("guest", osu, "--stars", "2", "--name", name, *options, *write, *MODEL)
        assert result.exit_code == 0, result.stderr
        return result.stderr

    named = Beatmap.from_bytes(osu.read_bytes()).metadata.text("Version")
    said = told_of(named.upper())
    assert f"maimod: the set has a difficulty [{named.upper()}] already (a.osu); give the new one another name\n" in said
    said = told_of("Ann's Insane")
    assert "maimod: the name says Insane, but 2 stars are usual for Normal\n" in said
    assert "the set has" not in said
    assert "the name says" not in told_of("Ann's Normal") + told_of("Quiet Night")
    # 2 stars are where Easy ends, and may well be called so.
    assert "the name says" not in told_of("Ann's Easy")
    assert "but 2 stars are usual for Futsuu" in told_of("Ann's Inner Oni", "--mode", "taiko")


def test_a_guest_whose_file_is_there_under_another_name_is_told(osu: Path) -> None:
    assert run("guest", osu, "--stars", "2", "--name", "Quiet?", "--write", *MODEL).exit_code == 0
    result = run("guest", osu, "--stars", "2", "--name", "Quiet*", *MODEL)
    assert "Band - Song (Mapper) [Quiet].osu exists already; give the new difficulty another name" in result.stderr


def test_a_guest_difficulty_as_json(osu: Path) -> None:
    found = told(run("guest", osu, *GUEST, "--format", "json", "--write", *MODEL), "guest-v1.json")
    path = osu.parent / "Band - Song (Mapper) [x].osu"
    assert found["written"] == found["path"] == str(path)
    assert path.read_text(encoding="utf-8") == found["text"]


@pytest.mark.parametrize("source", Mode)
@pytest.mark.parametrize("target", ["osu", "taiko", "catch", "mania"])
def test_any_mode_is_made_from_any_other(tmp_path: Path, source: Mode, target: str) -> None:
    path = tmp_path / "a.osu"
    path.write_text(reference(60, mode=source).beatmap.document.text, encoding="utf-8", newline="")
    out = tmp_path / "b.osu"
    result = run("guest", path, "--stars", "1.6", "--name", "x", "--mode", target, "--output", out, "--audio", "off", *MODEL)
    assert result.exit_code == 0, result.stderr
    assert Beatmap.from_bytes(out.read_bytes()).mode is {
        "osu": Mode.OSU, "taiko": Mode.TAIKO, "catch": Mode.CATCH, "mania": Mode.MANIA
    }[target]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--stars", "40", "--name", "x"), "40 stars are out of reach: ask for 0.5 to 9"),
        (("--stars", "nan", "--name", "x"), "nan stars are out of reach: ask for 0.5 to 9"),
        (
            ("--stars", "2", "--name", "x", "--keys", "7"),
            "only osu!mania has columns to be counted: leave the number of keys out, or ask for that mode",
        ),
    ],
)
def test_stars_out_of_reach_are_one_sentence(osu: Path, options: tuple[str, ...], said: str) -> None:
    assert sentence(run("guest", osu, *options, *MODEL)) == said


@pytest.mark.parametrize("name", ["", "  ", "two\nlines"])
def test_a_name_that_is_none_is_refused(osu: Path, name: str) -> None:
    result = run("guest", osu, "--stars", "2", "--name", name, "--write", *MODEL)
    assert result.exit_code == 2
    assert [each.name for each in osu.parent.iterdir()] == ["a.osu"]


def test_a_guest_of_a_map_that_is_not_to_be_trained_on_says_so_too(osu: Path) -> None:
    text = osu.read_text(encoding="utf-8")
    out = osu.parent / "b.osu"
    line = "robots: disallow\n"
    for place in (f"{text}// {line}", text + line, text.replace("[Metadata]\n", f"[Metadata]\n{line}")):
        osu.write_text(place, encoding="utf-8", newline="")
        out.unlink(missing_ok=True)
        assert run("guest", osu, *GUEST, "--output", out, *MODEL).exit_code == 0
        assert "robots: disallow" in out.read_text(encoding="utf-8")


def test_file_names_lead_nowhere_else() -> None:
    text = osu_text(metadata=("Artist:../..", "Title:a/b\\c", "Creator:<x>"))
    assert file_name(Beatmap.from_text(text), "../n") == ".... - abc (x) [..n].osu"


def test_file_names_of_long_songs_keep_the_difficulty_and_fit_into_a_folder() -> None:
    text = osu_text(metadata=("Artist:a", f"Title:{'長' * 200}", "Creator:x"))
    names = [file_name(Beatmap.from_text(text), name) for name in ("Easy", "Hard", "y" * 400)]
    assert names[0].endswith(" [Easy].osu")
    assert names[1].endswith(" [Hard].osu")
    assert all(200 < len(name.encode()) <= 244 for name in names)
    old = osu_text(metadata=("Artist:a", "Title:T", "Creator:x")).encode().replace(b"Title:T", b"Title:\xff\xfeT")
    assert file_name(Beatmap.from_bytes(old), "x") == "a - T (x) [x].osu"
