"""The command as a process, as users start it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.maps import put, quiet_text

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "maimod")


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([*COMMAND, *map(str, arguments)], env=env, capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize("encoding", ["cp1252", "cp932", "ascii", "utf-8"])
def test_no_title_is_too_odd_for_a_terminal(tmp_path: Path, encoding: str) -> None:
    path = put(tmp_path, "★.osu", quiet_text("\udc83\udc81 ★ 日本"))
    for form in ("text", "markdown", "json"):
        result = run("check", path, "--no-surprisal", "--format", form, "--color", "always", PYTHONIOENCODING=encoding)
        assert (result.returncode, result.stderr) == (1, b"")
        assert b"timing-volume-invalid" in result.stdout


def test_trouble_is_one_sentence_without_a_traceback(tmp_path: Path) -> None:
    for arguments in (
        ["chek"],
        ["check"],
        ["check", "--colour"],
        ["check", "--jobs", "0", str(tmp_path)],
        ["check", "nowhere.osu"],
    ):
        result = run(*arguments)
        assert result.returncode == 2, arguments
        assert result.stderr.startswith(b"maimod: ")
        assert result.stderr.count(b"\n") == 1
    assert b"did you mean 'check'?" in run("chek").stderr


def test_a_reader_who_has_seen_enough_is_no_trouble(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([*COMMAND, "rule"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert path.exists()


def loaded_by(*arguments: str | Path) -> set[str]:
    """The modules that a command imports."""
    code = "import sys; from server.command_line import cli; cli(sys.argv[1:], standalone_mode=False)"
    probe = f"import atexit, sys; atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr)); {code}"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", probe, *map(str, arguments)]
    return set(subprocess.run(command, env=env, capture_output=True, check=False).stderr.decode().split())


def test_checking_by_rules_alone_imports_nothing_heavy(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    heavy = {
        "numpy",
        "onnxruntime",
        "soundfile",
        "soxr",
        "PIL",
        "pygls",
        "lsprotocol",
        "rich",
        "watchdog",
        "torch",
        "multiprocessing",
        "concurrent.futures",
        "asyncio",
        "zipfile",
    }
    for only_rules in (["--no-surprisal"], ["--select", "timing"]):
        loaded = loaded_by("check", path, *only_rules)
        assert "server.check" in loaded
        assert not loaded & heavy


def test_asking_the_model_imports_nothing_that_only_training_needs(tmp_path: Path) -> None:
    loaded = loaded_by("check", put(tmp_path, "a.osu", quiet_text()))
    assert "numpy" in loaded
    assert not loaded & {"torch", "onnx", "onnxscript", "transformers", "pygls", "PIL", "scipy"}
