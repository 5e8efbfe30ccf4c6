from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from server import check
from server.check import Asked, Run
from tests.server.maps import QUIET, check_quiet, maimod, put, quiet_text, sound_text


def test_exit_code_tells_findings(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", sound_text())
    assert check_quiet(tmp_path).exit_code == 0
    put(tmp_path, "b.osu", quiet_text("Insane"))
    assert check_quiet(tmp_path).exit_code == 1
    assert check_quiet(tmp_path, "--exit-zero").exit_code == 0


def test_fail_on_sets_the_severity_that_counts(tmp_path: Path) -> None:
    rule = ("check", put(tmp_path, "a.osu", sound_text()), "--select", "metadata-genre-language")
    assert maimod(*rule).exit_code == 1, "a warning counts"
    assert maimod(*rule, "--fail-on", "error").exit_code == 0
    put(tmp_path, "maimod.toml", 'fail-on = "error"\n')
    assert maimod(*rule).exit_code == 0
    assert maimod(*rule, "--fail-on", "hint").exit_code == 1


def test_what_cannot_be_read_is_told_and_the_rest_answered(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", quiet_text())
    result = check_quiet(tmp_path / "none.osu", tmp_path / "a.osu", "--format", "json", "--exit-zero")
    answer = json.loads(result.stdout)
    assert result.exit_code == 2
    assert result.stderr == f"maimod: {tmp_path / 'none.osu'}: does not exist\n"
    assert answer["unreadable"] == [{"path": str(tmp_path / "none.osu"), "reason": "does not exist"}]
    assert [len(file["findings"]) for file in answer["files"]] == [1]


def test_paths_are_answered_as_given_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("z/a.osu", "z/b.osu", "y/c.osu"):
        put(tmp_path, name, sound_text(name))
    monkeypatch.chdir(tmp_path)
    given = ["./z/b.osu", "y/c.osu", "z/a.osu"]
    answer = json.loads(check_quiet(*given, "--format", "json").stdout)
    assert [file["path"] for file in answer["files"]] == given


def test_many_processes_answer_as_one_does(tmp_path: Path) -> None:
    for number in range(6):
        put(tmp_path, f"{number % 3}/{number}.osu", quiet_text(str(number)) if number % 2 else sound_text(str(number)))
    alone, shared = (check_quiet(tmp_path, "--format", "json", "--jobs", jobs).stdout for jobs in ("1", "2"))
    assert json.loads(shared) == json.loads(alone)
    assert len(json.loads(shared)["files"]) == 6


def test_a_folder_of_loose_maps_is_shared_between_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MOST_IN_BATCH", 2)
    for number in range(5):
        put(tmp_path, f"{number}.osu", quiet_text(str(number), f"Song {number}").replace("audio.mp3", f"{number}.mp3"))
    reports = list(Run([str(tmp_path)], Asked(select=(QUIET,)), jobs=2))
    assert [Path(report.path).name for report in reports] == [f"{number}.osu" for number in range(5)]


def test_standard_input_is_a_map(tmp_path: Path) -> None:
    result = check_quiet("-", "--format", "json", stdin=quiet_text())
    assert [file["path"] for file in json.loads(result.stdout)["files"]] == ["-"]
    named = tmp_path / "a.osu"
    result = check_quiet("-", "--stdin-filename", named, "--format", "json", stdin=quiet_text())
    assert [file["path"] for file in json.loads(result.stdout)["files"]] == [str(named)]


def test_an_archive_is_checked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.osz", "w") as file:
        file.writestr("a.osu", quiet_text())
        file.writestr("b.osu", sound_text("Easy"))
    answer = json.loads(check_quiet(tmp_path / "set.osz", "--format", "json").stdout)
    told = [(Path(file["path"]).relative_to(tmp_path).as_posix(), len(file["findings"])) for file in answer["files"]]
    assert told == [("set.osz/a.osu", 1), ("set.osz/b.osu", 0)]


@pytest.mark.parametrize(
    "text", ["", "\n", "osu file format v14", "\ufeff", "[HitObjects]\n1,2,nan,1,0\n1e9,1e9,1e9,2,0,B|1:1,9999999\n"]
)
def test_no_text_is_too_odd(tmp_path: Path, text: str) -> None:
    result = maimod("check", put(tmp_path, "a.osu", text), "--format", "json", "--exit-zero")
    assert result.exit_code == 0
    [file] = json.loads(result.stdout)["files"]
    assert not [each for each in file["findings"] if each["kind"] == "rule-failed"]


def test_bytes_that_are_no_text_reach_every_output(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text("\udc83n\udc81", "\x1b[31mred"))
    for form in ("text", "json", "jsonl", "sarif", "github", "markdown"):
        result = check_quiet(path, "--format", form)
        assert result.exit_code == 1, form
        assert "\x1b" not in result.stdout
        result.stdout.encode()


def test_a_map_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "a.osu", sound_text())
    real = open

    def refusing(file: str, mode: str = "r") -> object:
        if str(file) == str(path):
            raise PermissionError(13, "Permission denied")
        return real(file, mode)

    monkeypatch.setattr("builtins.open", refusing)
    result = check_quiet(path)
    assert result.exit_code == 2
    assert "no permission" in result.stderr


def test_a_rule_that_is_unknown_names_the_nearest(tmp_path: Path) -> None:
    result = maimod("check", tmp_path, "--select", "timing-volume")
    assert result.exit_code == 2
    assert "did you mean 'timing-volume-invalid'?" in result.stderr


def test_settings_of_the_folder_hold_and_their_mistakes_are_told_once(tmp_path: Path) -> None:
    put(tmp_path, "maimod.toml", f'ignore = ["{QUIET}"]\ncolor = 1\n')
    for number in range(3):
        put(tmp_path, f"{number}/a.osu", quiet_text())
    result = maimod("check", tmp_path, "--format", "json", "--exit-zero")
    assert QUIET not in {finding["name"] for file in json.loads(result.stdout)["files"] for finding in file["findings"]}
    assert result.stderr.count("the key 'color' is unknown") == 1
    assert check_quiet(tmp_path).exit_code == 1, "a rule that is asked for by name runs"


def test_a_model_or_a_song_that_is_not_there_is_told_before_anything_runs(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", sound_text())
    for option, said in (("--model", "there is no model 'x'"), ("--audio", "there is no file 'x'"), ("--min-surprisal", "'x'")):
        result = check_quiet(path, option, "x")
        assert result.exit_code == 2
        assert said in result.stderr


def test_a_map_that_maimod_fails_on_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [put(tmp_path, f"{name}.osu", sound_text(name)) for name in ("a", "b")]
    usual = check.difficulty_report

    def failing(*arguments: object) -> object:
        if getattr(arguments[0], "name", "") == "a":
            raise KeyError("x")
        return usual(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(check, "difficulty_report", failing)
    result = check_quiet(*paths, "--format", "json")
    answer = json.loads(result.stdout)
    assert [file["difficulty"] for file in answer["files"]] == ["b"]
    assert answer["unreadable"][0]["reason"] == "maimod failed on this map (KeyError: 'x'); please report it"


def test_a_chart_is_checked_with_null_mode(tmp_path: Path) -> None:
    chart = '[Song]\n{\n  Name = "Tune"\n  Resolution = 192\n  nonsense\n}\n[SyncTrack]\n{\n  0 = B 120000\n}\n'
    put(tmp_path, "song.ini", "[song]\nartist = Band\n")
    [file] = json.loads(maimod("check", put(tmp_path, "notes.chart", chart), "--format", "json").stdout)["files"]
    assert (file["format"], file["mode"], file["difficulty"], file["title"]) == ("chart", None, None, "Band - Tune")
    assert "unreadable-line" in {finding["name"] for finding in file["findings"]}


def told(path: Path, *options: str, key: str) -> set[str]:
    """What stands under `key` in the findings on one map."""
    [file] = json.loads(maimod("check", path, "--format", "json", *options).stdout)["files"]
    return {finding[key] for finding in file["findings"]}


def test_an_empty_map_is_told_to_be_empty_and_no_more(tmp_path: Path) -> None:
    assert told(put(tmp_path, "a.osu", ""), key="name") == {"file-empty-difficulty", "file-zero-bytes"}


def test_milder_findings_are_left_out_on_request(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", sound_text().replace("0,500,4,1,0,100,1,0\n", "0,500,4,1,0,100,1,0\n2000,-100,4,1,0,100,0,0\n"))
    assert "information" in told(path, key="severity")
    assert told(path, "--min-severity", "warning", key="severity") == {"error", "warning"}


def test_fixes_are_not_promised_for_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.osz", "w") as file:
        file.writestr("a.osu", quiet_text())
    assert "can mend" not in check_quiet(tmp_path / "set.osz").stdout
    assert "can mend 1" in check_quiet(put(tmp_path, "a.osu", quiet_text())).stdout
