"""`maimod serve` as a user meets it: one daemon, its address, how it ends, and what is wrong with what was asked for."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.daemon import state_file
from server.daemon.client import find_running
from tests.server.daemon.songs import songs
from tests.server.maps import maimod

COMMAND = [sys.executable, "-m", "maimod", "serve"]


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path_factory.mktemp("state")
    monkeypatch.setenv(state_file.STATE_FOLDER, str(place))
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return songs(tmp_path)


@contextmanager
def started(*arguments: str | Path) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The process once it serves, and the address that it printed."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_and_ends_cleanly(folder: Path, state: Path, number: signal.Signals) -> None:
    with started(folder) as (process, url):
        running = find_running()
        assert running is not None
        assert running.url == url
        process.send_signal(number)
        output, errors = process.communicate(timeout=20)
        assert (process.returncode, output, errors) == (0, "", "")
        assert [each.name for each in state.iterdir()] == [state_file.LOCK_NAME]


def test_a_second_start_finds_the_first_and_brings_its_folders(folder: Path, tmp_path: Path) -> None:
    other = songs(tmp_path / "more")
    with started(folder) as (_, url):
        again = subprocess.run([*COMMAND, str(other)], capture_output=True, text=True, timeout=30, check=True)
        assert again.stdout.strip() == url
        stopped = maimod("serve", "--stop")
        assert (stopped.exit_code, "has ended" in stopped.output) == (0, True)
        until = time.monotonic() + 20
        while find_running() is not None and time.monotonic() < until:
            time.sleep(0.05)
    assert maimod("serve", "--stop").exit_code != 0


def test_a_start_after_a_crash_is_as_any_other(folder: Path) -> None:
    with started(folder) as (process, first):
        process.kill()
        process.wait()
        assert state_file.read() is not None
        with started(folder) as (_, second):
            assert second
            assert second != first


def test_a_token_can_be_kept(folder: Path) -> None:
    tokens: list[str] = []
    for _ in range(2):
        with started(folder, "--keep-token") as (process, url):
            tokens.append(url.partition("token=")[2])
            process.terminate()
            process.wait(20)
    assert tokens[0] == tokens[1]
    assert len(tokens[0]) == state_file.TOKEN_LENGTH


def test_what_cannot_be_served_is_said_in_a_sentence(folder: Path) -> None:
    nothing = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    assert nothing.returncode == 2
    assert nothing.stderr.startswith("maimod: name a folder of maps")
    missing = subprocess.run([*COMMAND, str(folder / "missing")], capture_output=True, text=True, check=False)
    assert missing.returncode == 2
    assert "is no folder that can be read" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_osu_says_where_lazer_keeps_its_maps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from server.commands import serve

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "data"))
    (tmp_path / "data" / "osu").mkdir(parents=True)
    (tmp_path / "data" / "osu" / "client.realm").write_bytes(b"")
    said: list[str] = []

    def echo(text: str, **_: object) -> None:
        said.append(text)

    monkeypatch.setattr("click.echo", echo)
    monkeypatch.setattr("sys.platform", "linux")
    assert serve._game() == []  # pyright: ignore[reportPrivateUsage]
    assert len(said) == 1
    assert "Edit externally" in said[0]
