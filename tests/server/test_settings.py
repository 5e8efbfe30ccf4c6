from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from analyzers.finding import Severity
from analyzers.rule import Level, Standard
from server.check import Asked
from server.settings import KEYS, Settings, load, load_for
from tests.server.maps import QUIET, check_quiet, put, quiet_text

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "config-v1.json").read_text(encoding="utf-8"))
WHOLE = f'standard = "lazer"\nlevel = "hard"\nselect = ["{QUIET}"]\nignore = ["M"]\nfail-on = "hint"\n'
MODEL = f'surprisal = false\nmin-surprisal = 8\n[severity]\n"{QUIET}" = "hint"\n'


def test_all_keys_are_read(tmp_path: Path) -> None:
    loaded = load(str(put(tmp_path, "maimod.toml", WHOLE + MODEL)))
    settings = loaded.settings
    assert loaded.problems == ()
    assert (settings.standard, settings.level, settings.fail_on) == (Standard.LAZER, Level.HARD, Severity.HINT)
    assert settings.select == (QUIET,)
    assert (settings.surprisal, settings.min_surprisal, settings.severities) == (False, 8.0, ((QUIET, Severity.HINT),))
    assert all(name.startswith("metadata") for name in settings.ignore)


def test_the_schema_knows_the_same_keys() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert tuple(SCHEMA["properties"]) == KEYS


def test_the_nearest_file_above_a_map_counts(tmp_path: Path) -> None:
    put(tmp_path, "maimod.toml", 'level = "easy"\n')
    put(tmp_path, "near/maimod.toml", 'level = "hard"\n')
    (tmp_path / "near" / "deep").mkdir()
    assert load_for(str(tmp_path / "near" / "deep")).settings.level is Level.HARD
    assert load_for(str(tmp_path)).settings.level is Level.EASY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('colour = "red"\n', "the key 'colour' is unknown"),
        ('standard = "osu"\n', "the key 'standard' must be one of ranking, lazer, clone-hero, not 'osu'"),
        ("level = 3\n", "the key 'level' must be one of"),
        ('select = "all"\n', "the key 'select' must be a list of rule names"),
        ("ignore = [1]\n", "the key 'ignore' must be a list of rule names"),
        ('ignore = ["timing-volume-invald"]\n', "did you mean 'timing-volume-invalid'"),
        ("surprisal = 1\n", "the key 'surprisal' must be true or false, not 1"),
        ("min-surprisal = -1\n", "the key 'min-surprisal' must be a number of bits, 0 or more, not -1"),
        ("min-surprisal = true\n", "must be a number of bits"),
        ('severity = "hint"\n', "the key 'severity' must be a table of rule names and severities"),
        ('severity = { timing = "bad" }\n', "the key 'severity.timing' must be one of error, warning"),
        (
            'severity = { timing = "off" }\n',
            "the key 'severity.timing' cannot switch a rule off; name it in ignore: ignore = [\"timing\"]",
        ),
        ('severity = { timin = "hint" }\n', "in the key 'severity' there is no rule 'timin'"),
        ("fail-on = \n", "is not valid TOML"),
        ("\udcff\n", "is not valid TOML"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    path = str(put(tmp_path, "maimod.toml", text))
    loaded = load(path)
    [problem] = loaded.problems
    assert problem.startswith(path)
    assert said in problem
    assert "\n" not in problem
    assert loaded.settings == Settings()


def test_one_mistake_leaves_the_other_keys_in_force(tmp_path: Path) -> None:
    loaded = load(str(put(tmp_path, "maimod.toml", 'level = "hard"\nstandard = 1\n')))
    assert loaded.settings.level is Level.HARD


def test_findings_are_as_severe_as_the_settings_say(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", quiet_text())
    assert check_quiet(tmp_path).exit_code == 1
    put(tmp_path, "maimod.toml", f'severity = {{ "{QUIET}" = "hint" }}\n')
    result = check_quiet(tmp_path, "--format", "json")
    assert result.exit_code == 0
    assert [each["severity"] for each in json.loads(result.stdout)["files"][0]["findings"]] == ["hint"]


def test_the_command_line_overrides_the_file() -> None:
    found = Settings(level=Level.EASY, ignore=(QUIET, "x"), fail_on=Severity.HINT)
    over = Asked(level=Level.HARD, select=(QUIET,)).over(found)
    assert (over.level, over.select, over.ignore, over.fail_on) == (Level.HARD, (QUIET,), ("x",), Severity.HINT)
