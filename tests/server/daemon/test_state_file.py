"""The state file is for its user alone, and tells only of a daemon that lives."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from server.daemon import client, state_file
from server.daemon.state_file import OnlyOne, Running

RUNNING = Running(1, 2, "t" * 32, "k" * 32, "i" * 16, "http://127.0.0.1:2/?token=t")


def test_what_is_written_is_read_by_its_user_alone(state: Path) -> None:
    state_file.write(RUNNING)
    assert state_file.read() == RUNNING
    if sys.platform != "win32":
        assert stat.S_IMODE((state / state_file.FILE_NAME).stat().st_mode) == 0o600
    assert [each.name for each in state.iterdir()] == [state_file.FILE_NAME]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 2}', json.dumps({"version": 1, "pid": "1"})])
def test_a_file_that_makes_no_sense_is_none(state: Path, text: str) -> None:
    (state / state_file.FILE_NAME).write_text(text)
    assert state_file.read() is None
    assert client.find_running() is None


def test_a_file_that_a_crash_left_behind_is_known_for_what_it_is() -> None:
    state_file.write(RUNNING)
    assert client.find_running() is None


def test_only_ones_own_file_is_taken_away(state: Path) -> None:
    state_file.write(RUNNING)
    state_file.remove("another")
    assert state_file.read() == RUNNING
    state_file.remove(RUNNING.instance)
    assert not (state / state_file.FILE_NAME).exists()


def test_a_token_is_kept_where_that_is_asked_for(state: Path) -> None:
    assert state_file.kept_token() is None
    state_file.keep_token("ab" * 16)
    assert state_file.kept_token() == "ab" * 16
    (state / state_file.TOKEN_NAME).write_text("short")
    assert state_file.kept_token() is None


def test_one_process_has_the_lock_until_it_ends() -> None:
    holding = "from server.daemon.state_file import OnlyOne\nlock = OnlyOne()\nprint(lock.take(), flush=True)\ninput()\n"
    with subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert not OnlyOne().take()
        other.kill()
        other.wait()
    lock = OnlyOne()
    assert lock.take()
    lock.release()


def test_the_log_is_read_by_its_user_alone_though_it_stood_there_before(state: Path) -> None:
    log = state / state_file.LOG_NAME
    log.write_text("the address of a daemon before", encoding="utf-8")
    log.chmod(0o644)
    with os.fdopen(state_file.open_private(str(log)), "wb") as file:
        file.write(b"said")
    assert log.read_bytes() == b"said"
    assert log.stat().st_mode & 0o777 == 0o600
    os.close(state_file.open_private(str(state / "new")))
    assert (state / "new").stat().st_mode & 0o777 == 0o600
