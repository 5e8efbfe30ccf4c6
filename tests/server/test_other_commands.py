from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from server import rule_pages
from server.choosing import all_rules, named
from server.command_line import COMMANDS, cli
from tests.server.maps import QUIET, check_quiet, maimod, put, quiet_text

ROOT = Path(__file__).parents[2]


def test_help_names_every_command() -> None:
    text = maimod("--help").stdout
    assert all(f"\n  {name} " in text for name in COMMANDS)
    assert "Exit codes" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = maimod(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")


def test_all_rules_are_listed_by_category() -> None:
    listed = maimod("rule").stdout
    assert all(f"  {rule.code}  {rule.name} " in listed for rule in all_rules())


def test_a_rule_is_explained_by_name_and_by_code() -> None:
    by_name, by_code = maimod("rule", QUIET).stdout, maimod("rule", "t105").stdout
    assert by_name == by_code
    assert "error: This timing line's volume is … %, outside 5 to 100 %." in by_name


def test_an_unknown_rule_names_the_nearest() -> None:
    result = maimod("rule", "timing-volume")
    assert result.exit_code == 1
    assert "did you mean 'timing-volume-invalid'?" in result.stderr


def test_rules_as_json() -> None:
    [rule] = json.loads(maimod("rule", QUIET, "--format", "json").stdout)["rules"]
    assert (rule["code"], rule["remarks"][0]["kind"], rule["remarks"][0]["severity"]) == ("T105", "volume-out-of-range", "error")
    assert len(json.loads(maimod("rule", "--format", "json").stdout)["rules"]) == len(all_rules()) + 2, (
        "the reader speaks too, and whoever hears the song"
    )


def test_the_docs_page_is_fresh() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == rule_pages.as_markdown(), "run: maimod rule --format markdown > docs/rules.md"


def test_rules_are_chosen_by_name_code_start_and_category() -> None:
    assert named(QUIET) == named("T105") == named("t105") == (QUIET,)
    assert {QUIET} < set(named("T1")) < set(named("T"))
    assert set(named("timing")) == set(named("T"))
    assert named("hit-sounds") == named("hit sounds")


def test_a_dismissed_finding_is_gone_until_its_line_changes(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    line = quiet_text().split("\n").index("1000,-100,4,1,0,2,0,0") + 1
    result = maimod("dismiss", f"{path}:{line}", "--rule", QUIET, "--reason", "a fade-out")
    assert result.stdout == f"Dismissed {QUIET} in a.osu: 1000,-100,4,1,0,2,0,0\n"
    assert check_quiet(path).exit_code == 0
    assert 'reason = "a fade-out"' in (tmp_path / ".maimod" / "dismissed.toml").read_text(encoding="utf-8")
    put(tmp_path, "a.osu", quiet_text().replace("1000,-100,4,1,0,2", "1000,-100,4,1,0,3"))
    assert check_quiet(path).exit_code == 1


def test_a_finding_is_dismissed_by_the_time_stamp_that_check_shows(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    assert f"nothing in {path} at 00:02:000" in maimod("dismiss", f"{path}:00:02:000", "--rule", QUIET).stderr
    assert maimod("dismiss", f"{path}:00:01:000 (1,2)", "--rule", QUIET).exit_code == 0
    assert check_quiet(path).exit_code == 0


def test_dismissing_what_is_not_there_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    result = maimod("dismiss", f"{path}:1", "--rule", QUIET)
    assert result.exit_code == 1
    assert f"finds nothing in line 1 of {path}" in result.stderr
    assert "does not exist" in maimod("dismiss", tmp_path / "b.osu:3", "--rule", QUIET).stderr
    assert "is a folder" in maimod("dismiss", tmp_path, "--rule", QUIET).stderr


def test_a_file_of_dismissals_that_makes_no_sense_is_told_and_left_alone(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    written = put(tmp_path, ".maimod/dismissed.toml", "[[dismissed]\n")
    result = maimod("dismiss", path, "--rule", QUIET)
    assert result.exit_code == 1
    assert "dismissed.toml: is not valid TOML" in result.stderr
    assert written.read_text(encoding="utf-8") == "[[dismissed]\n"


@pytest.mark.usefixtures("wondering")
def test_the_version_tells_what_a_bug_report_needs() -> None:
    assert maimod("version").stdout.startswith("maimod ")
    verbose = maimod("version", "--verbose").stdout
    assert "python" in verbose
    assert f"{len(all_rules())}\n" in verbose
    assert "model          wondering\n" in verbose


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_gets_a_script(shell: str) -> None:
    assert "_MAIMOD_COMPLETE" in maimod("completion", shell).stdout


def completed(*words: str) -> list[tuple[str, str]]:
    """What bash offers for the last word: kind and value."""
    environment = {"_MAIMOD_COMPLETE": "bash_complete", "COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    offered = CliRunner().invoke(cli, prog_name="maimod", env=environment).stdout.splitlines()
    return [(kind, value) for kind, _, value in (line.partition(",") for line in offered)]


@pytest.mark.parametrize("command", ["check", "fix", "dismiss"])
def test_the_shell_completes_file_names(command: str) -> None:
    assert completed("maimod", command, "So") == [("file", "So")]


def test_the_shell_completes_rule_names() -> None:
    assert completed("maimod", "rule", "timing-vol") == [("plain", QUIET)]
    assert completed("maimod", "check", "--select", "T101,timing-vol") == [("plain", f"T101,{QUIET}")]
