from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from formats.osu import Mode
from models.bundled.fields import COLUMN, FIELDS
from models.errors import WeightsMissing
from server.commands.surprisal import told
from server.moments import parse_moment
from server.printers.as_surprisal_json import MOST_EXPECTED, Chosen, file_texts, note_texts
from server.printers.as_surprisal_text import excess, expected, percent, section, surprising_fields
from server.surprisal_run import SurprisalRun
from tests.builder import osu_text
from tests.chart_builder import chart_text
from tests.server.maps import maimod, put
from tests.server.scored import MODEL, only_part, scored, use_drawn

ROOT = Path(__file__).parents[2]
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/schemas/surprisal-v1.json").read_text(encoding="utf-8")))
CIRCLES = [f"{100 + 10 * number},192,{1000 + 250 * number},1,{number % 3 * 2}" for number in range(40)]
GHL = {"ExpertGHLGuitar": ["768 = N 3 0"]}


@pytest.fixture(autouse=True)
def _model(monkeypatch: pytest.MonkeyPatch) -> None:
    use_drawn(monkeypatch)


def surprisal(*arguments: str | Path, stdin: str | None = None) -> Result:
    return maimod("surprisal", "--audio", "off", *arguments, stdin=stdin)


def answer(*arguments: str | Path, stdin: str | None = None) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(surprisal("--format", "json", *arguments, stdin=stdin).stdout)
    SCHEMA.validate(loaded)  # pyright: ignore[reportUnknownMemberType]  jsonschema is typed in part
    return loaded


def test_every_hit_object_has_its_entry(tmp_path: Path) -> None:
    text = osu_text(CIRCLES)
    loaded = answer(put(tmp_path, "a.osu", text))
    [file] = loaded["files"]
    assert (loaded["version"], loaded["model"], file["mode"], file["difficulty"]) == (1, MODEL, "osu", "Hard")
    assert [text.split("\n")[note["line"] - 1] for note in file["notes"]] == CIRCLES
    assert [note["time_ms"] for note in file["notes"]] == [1000 + 250 * number for number in range(40)]


def test_json_says_what_the_model_says() -> None:
    part = only_part(osu_text(CIRCLES))
    note = json.loads(note_texts(part, np.array([7]))[0])
    for name, field in note["fields"].items():
        likeliest = part.surprisal.alternatives(7, name, MOST_EXPECTED)
        assert field["actual"] == part.surprisal.actual(7, name)
        assert [each["value"] for each in field["expected"]] == [each.value for each in likeliest][: len(field["expected"])]
        assert field["expected"][0]["probability"] == pytest.approx(likeliest[0].probability, abs=0.001)
    assert set(note["fields"]) >= {"gap", "kind", "new_combo", "hitsound"}
    assert "length" not in note["fields"]


def test_infinite_bits_and_scores_are_still_json() -> None:
    part = only_part(osu_text(CIRCLES))
    part.surprisal.bits[3, :], part.surprisal.score[3] = np.inf, np.nan
    note = json.loads(note_texts(part, np.array([3]))[0])
    assert note["score"] is None
    assert {field["bits"] for field in note["fields"].values()} == {64}


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_has_its_schema(tmp_path: Path, mode: Mode) -> None:
    objects = [*CIRCLES, "100,192,12000,2,0,L|200:192,1,100,2|0", "256,192,14000,8,0,15000"]
    loaded = answer(put(tmp_path, "a.osu", osu_text(objects, mode=mode)))
    assert len(loaded["files"][0]["notes"]) == 42


def test_notes_of_charts_tell_their_track_and_unknown_tracks_are_told_once(tmp_path: Path) -> None:
    drums = {"HardDrums": ["768 = N 0 0", "960 = N 2 0", "960 = N 66 0"]}
    path = put(tmp_path, "notes.chart", chart_text(tracks={**drums, **GHL}))
    result = surprisal("--format", "json", path)
    [file] = json.loads(result.stdout)["files"]
    assert [(note["track"], note["time_ms"]) for note in file["notes"]] == [
        ("ExpertSingle", 1920), ("ExpertSingle", 2880), ("HardDrums", 1920), ("HardDrums", 2400),
    ]  # fmt: skip
    assert (file["mode"], file["unscored"]) == (None, ["Expert 6-Fret Guitar"])
    assert result.stderr.count("it has not scored Expert 6-Fret Guitar") == 1
    assert result.exit_code == 0


def test_what_cannot_be_read_is_told_and_the_rest_scored(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text(CIRCLES))
    result = surprisal("--format", "json", tmp_path / "none.osu", path)
    loaded = json.loads(result.stdout)
    assert (result.exit_code, len(loaded["files"])) == (2, 1)
    assert loaded["unreadable"] == [{"path": str(tmp_path / "none.osu"), "reason": "does not exist"}]
    assert result.stderr == f"maimod: {tmp_path / 'none.osu'}: does not exist\n"


def test_folders_archives_and_standard_input_are_scored_in_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        put(tmp_path / "songs", f"{name}.osu", osu_text(CIRCLES[:3]))
    with zipfile.ZipFile(tmp_path / "set.osz", "w") as archive:
        archive.writestr("c.osu", osu_text(CIRCLES[:2]))
    loaded = answer(tmp_path / "set.osz", "-", tmp_path / "songs", stdin=osu_text(CIRCLES[:1]))
    assert [(Path(file["path"]).name, len(file["notes"])) for file in loaded["files"]] == [
        ("c.osu", 2), ("-", 1), ("a.osu", 3), ("b.osu", 3),
    ]  # fmt: skip


def test_several_processes_give_the_same_answer(tmp_path: Path) -> None:
    for name in ("b", "a", "c/d"):
        put(tmp_path / "songs", f"{name}.osu", osu_text(CIRCLES[:3]))
    one, two = (surprisal("--format", "json", tmp_path / "songs", "--jobs", jobs).stdout for jobs in ("1", "2"))
    assert one == two
    assert len(json.loads(one)["files"]) == 3


def test_a_long_map_is_written_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = "".join(file_texts(scored(osu_text(CIRCLES)))[1])
    monkeypatch.setattr("server.printers.as_surprisal_json.AT_ONCE", 7)
    pieces = file_texts(scored(osu_text(CIRCLES)))[1]
    assert len(pieces) == 8
    assert "".join(pieces) == whole


def test_an_empty_map_is_no_trouble(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text())
    assert answer(path)["files"][0]["notes"] == []
    assert "no notes" in surprisal(path).stdout


def test_most_keeps_the_most_surprising_in_the_order_of_the_map(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text(CIRCLES))
    everything = answer(path)["files"][0]["notes"]
    few = answer(path, "--most", "5")["files"][0]["notes"]
    least = sorted((note["score"] for note in everything), reverse=True)[4]
    assert few == [note for note in everything if note["score"] >= least]


def test_start_and_end_keep_a_stretch(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text(CIRCLES))
    notes = answer(path, "--start", "0:02", "--end", "00:03:000")["files"][0]["notes"]
    assert [note["time_ms"] for note in notes] == [2000, 2250, 2500, 2750, 3000]
    assert "none of the 40 notes is in this stretch" in surprisal(path, "--start", "60000").stdout


def test_the_table_has_the_most_surprising_note_first(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text(CIRCLES))
    lines = surprisal(path, "--most", "3").stdout.splitlines()
    assert lines[0] == f"Band - Song [Hard] ({path})"
    assert lines[1].startswith("  40 notes, the 3 most suspicious (suspicion: how likely something is wrong there; bits: ")
    assert lines[2].split() == ["time", "line", "suspicion", "bits", "what", "stands", "there", "what", "was", "expected"]
    assert "  40 notes, the most suspicious one (" in surprisal(path, "--most", "1").stdout
    [best] = answer(path, "--most", "1")["files"][0]["notes"]
    assert lines[3].split()[0] == f"00:{best['time_ms'] // 1000:02}:{best['time_ms'] % 1000:03}"
    assert f" {best['line']} " in lines[3]


def test_a_row_names_the_fields_in_which_something_else_was_likelier() -> None:
    surprisal = only_part(osu_text(CIRCLES)).surprisal
    for note in range(40):
        fields = surprising_fields(surprisal, note)
        assert fields == sorted(fields, key=lambda name: -excess(surprisal, note, name))
        assert all(surprisal.alternatives(note, name, 1)[0].value != surprisal.actual(note, name) for name in fields)


def test_a_note_that_is_all_right_by_itself_says_what_else_may_be_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def below_expectation(surprisal: object, note: int, field: str) -> float:  # noqa: ARG001  the signature
        return -1.0

    monkeypatch.setattr("server.printers.as_surprisal_text.excess", below_expectation)
    [row] = surprisal(put(tmp_path, "a.osu", osu_text(CIRCLES)), "--most", "1").stdout.splitlines()[3:4]
    assert "circle             this, but perhaps " in row


def test_a_time_that_was_cut_off_to_whole_ms_is_on_the_tick() -> None:
    part = only_part(osu_text(CIRCLES))
    column, values = COLUMN["error"], FIELDS[COLUMN["error"]].values
    chances = part.surprisal.table("error")
    chances[5] = 0
    chances[5, [values.index(0), values.index(-1), values.index(6)]] = (0.55, 0.44, 0.01)
    part.surprisal.values[5, column] = values.index(6)
    assert expected(part, 5, "error") == "on the tick 99 %"
    part.surprisal.values[5, column] = values.index(-1)
    assert "error" not in surprising_fields(part.surprisal, 5, 99)


@pytest.mark.parametrize("color", ["never", "always"])
def test_who_reads_only_the_first_lines_still_gets_the_picture(tmp_path: Path, color: str) -> None:
    path, out = put(tmp_path, "a.osu", osu_text(CIRCLES)), tmp_path / "out.svg"
    command = [sys.executable, "-m", "maimod", "surprisal", "--color", color, "--audio", "off", "--plot", str(out), str(path)]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, f"maimod: {out} shows 1 panel\n")
    assert out.read_bytes().startswith(b"<svg ")


@pytest.mark.parametrize(
    ("chance", "said"), [(1.0, "100 %"), (0.9999, "> 99 %"), (0.82, "82 %"), (0.004, "0.4 %"), (0.0001, "< 0.1 %")]
)
def test_nothing_uncertain_is_certain(chance: float, said: str) -> None:
    assert percent(chance) == said


def test_titles_do_not_steer_the_terminal() -> None:
    lines = section(scored(osu_text(CIRCLES, metadata=("Title:\x1b[2J日本", "Version:Hard"))))
    assert lines[0][0][0] == "\ufffd[2J日本 [Hard]"


def test_without_a_model_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(weights: str | None) -> object:  # noqa: ARG001  the signature
        raise WeightsMissing("the file of weights is not there")

    monkeypatch.setattr("server.scoring.scorer", none)
    result = surprisal(put(tmp_path, "a.osu", osu_text(CIRCLES)))
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "Error: the file of weights is not there\n")


@pytest.mark.parametrize(
    ("text", "ms"), [("01:23:456", 83_456), ("1:23", 83_000), ("1:23.5", 83_500), ("83456", 83_456), ("-0:01", -1000)]
)
def test_times_are_read_as_people_write_them(text: str, ms: float) -> None:
    assert parse_moment(text) == ms


def test_what_is_no_time_is_refused() -> None:
    result = surprisal("a.osu", "--start", "soon")
    assert result.exit_code == 2
    assert "'soon' is no time; write 01:23:456, 1:23 or milliseconds" in result.stderr


def test_a_terminal_sees_how_far_the_scoring_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(5):
        put(tmp_path, f"{number}.osu", osu_text(CIRCLES[:2]))
    monkeypatch.setattr("server.commands.surprisal.FEW_MAPS", 1)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    run = SurprisalRun([str(tmp_path)], str, audio="off", jobs=1)
    assert len(list(told(run, streams=False))) == 5
    assert capsys.readouterr().err == "\r5 of 5 maps\x1b[K\r\x1b[K"


def test_a_chosen_stretch_may_be_empty() -> None:
    assert Chosen(5, 4).of(only_part(osu_text(CIRCLES))) == []
