"""What breaks around the server: its worker is killed, files change while they are read, it is killed while it writes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from lsprotocol import types

from formats.beatmap import Beatmap
from server import dismissals, reading
from server.dismissals import Dismissal
from server.surroundings import Siblings
from tests.server.lsp.conftest import ENVIRONMENT, ROOT
from tests.server.lsp.editor import Client, OpenMap
from tests.server.maps import put, quiet_text
from tests.server.wondering import CODE, odd_text

SERVER = [sys.executable, "-m", "tests.server.lsp.wondering_server"]


@pytest_asyncio.fixture
async def started() -> AsyncIterator[Client]:
    client = Client()
    await client.start_io(*SERVER, env=ENVIRONMENT)  # pyright: ignore[reportUnknownMemberType]
    await client.initialize_session(types.InitializeParams(types.ClientCapabilities()))
    yield client
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


def surprising(found: Sequence[types.Diagnostic]) -> list[types.Diagnostic]:
    return [each for each in found if each.code == CODE]


def workers() -> list[psutil.Process]:
    """The workers of the servers of this module; the other tests' servers may live beside them."""
    found: list[psutil.Process] = []
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            parent = each.parent()
            if parent is not None and SERVER[-1] in parent.cmdline() and "server.worker.desk" in " ".join(each.cmdline()):
                found.append(each)
    return found


@pytest.mark.asyncio
async def test_a_killed_model_worker_is_said_once_and_nothing_is_lost(started: Client) -> None:
    opened = OpenMap(started, odd_text(100, 200))
    before = surprising(await opened.until_published(surprising))
    for number in (1, 2):
        (worker,) = workers()
        os.kill(worker.pid, signal.SIGKILL)
        opened.change((0, 0, "\n"))
        await opened.published()
        while not (fresh := workers()) or fresh[0].pid == worker.pid:  # noqa: ASYNC110  the system tells nobody
            await asyncio.sleep(0.01)
        moved = [each.range.start.line + number for each in before]
        assert [each.range.start.line for each in surprising(await opened.until_published(surprising))] == moved
    said = [each.message for each in started.messages if "was killed" in each.message]
    assert len(said) == 1 and "it was started again" in said[0]


@pytest.mark.asyncio
async def test_typing_goes_on_while_the_model_hangs(started: Client, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    opened = OpenMap(started, odd_text(100).replace("[Metadata]\n", f"[Metadata]\nTags:gate:{gate}\n"))
    for _ in range(5):
        opened.change((0, 0, "\n"))
        assert not surprising(await opened.published())
        assert await opened.pulled()
    gate.touch()
    await opened.until_published(surprising)


def test_a_file_that_is_replaced_while_it_is_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, path = put(tmp_path, "a.osu", quiet_text("Hard")), put(tmp_path, "b.osu", quiet_text("Normal"))
    siblings = Siblings()
    real = reading.read_bytes

    def replaced_meanwhile(name: str) -> bytes:
        data = real(name)
        put(tmp_path, "b.osu", quiet_text("Quite another one"))
        return data

    monkeypatch.setattr("server.surroundings.read_bytes", replaced_meanwhile)
    first = siblings.read(str(path))
    monkeypatch.setattr("server.surroundings.read_bytes", real)
    again = siblings.read(str(path))
    assert first is not None and again is not None
    assert (first.name, again.name) == ("Normal", "Quite another one")
    assert Beatmap.from_bytes(own.read_bytes()).metadata.text("Version") == "Hard"


KILLED = """
import os, sys
from server import dismissals
from server.dismissals import Dismissal
def dies(*_): os._exit(9)
setattr(os, sys.argv[2], dies)
dismissals.add(sys.argv[1], [Dismissal("a.osu", "two")])
"""


@pytest.mark.parametrize("moment", ["fsync", "chmod", "replace"])
def test_a_server_that_is_killed_while_it_writes_leaves_the_file_as_it_was(tmp_path: Path, moment: str) -> None:
    one, two = Dismissal("a.osu", "one"), Dismissal("a.osu", "two")
    dismissals.add(str(tmp_path), [one])
    environment = {**os.environ, **ENVIRONMENT}
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), moment], check=False, cwd=ROOT, env=environment)
    assert done.returncode == 9
    assert dismissals.load(str(tmp_path)) == dismissals.Dismissed(frozenset({one}))
    assert dismissals.add(str(tmp_path), [two]) == [two]
    assert dismissals.load(str(tmp_path)).dismissals == {one, two}
