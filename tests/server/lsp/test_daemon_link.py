"""An editor and an overlay together: what is typed in the one arrives at the other, and an edit applied there comes back."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types

from server.daemon import state_file
from server.daemon.client import Talk, find_running
from tests.builder import osu_text
from tests.server.lsp.conftest import ENVIRONMENT, ROOT, SERVER
from tests.server.lsp.editor import Client, OpenMap, part, run
from tests.server.maps import put

pytestmark = pytest.mark.asyncio

QUIET = osu_text(["100,100,1000,1,0"], ["0,500,4,1,0,3,1,0"], metadata=["Title:𝄞", "Version:Hard"])


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv(state_file.STATE_FOLDER, str(folder))
    return folder


@pytest_asyncio.fixture(params=["utf-8", "utf-16"])
async def started(state: Path, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    client = Client()
    client.encoding = request.param
    await client.start_io(*SERVER, env={**ENVIRONMENT, state_file.STATE_FOLDER: str(state)})  # pyright: ignore[reportUnknownMemberType]
    edit = types.WorkspaceEditClientCapabilities(document_changes=True)
    able = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=[request.param]),
        workspace=types.WorkspaceClientCapabilities(apply_edit=True, workspace_edit=edit),
    )
    options = {"surprisal": False}
    await client.initialize_session(types.InitializeParams(able, initialization_options=options, root_uri=tmp_path.as_uri()))
    yield client
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]
    running = state_file.read()
    if running is not None:
        os.kill(running.pid, signal.SIGTERM)


class Overlay:
    """What an overlay hears, and waiting for it."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    def hear(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        self._news.set()

    async def until(self, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        async with asyncio.timeout(30):
            while not (found := [each for each in self.heard if wanted(each)]):
                self._news.clear()
                await self._news.wait()
        return found[-1]


def map_titled(title: str) -> Callable[[dict[str, Any]], bool]:
    return lambda message: message["type"] in ("map", "map-changed") and message.get("header", {}).get("title") == title


async def test_an_overlay_follows_what_is_typed(started: Client, tmp_path: Path) -> None:
    path = put(tmp_path / "Songs", "a.osu", QUIET)
    url = (await run(started, "maimod.overlayUrl", None))["url"]
    running = await asyncio.to_thread(find_running)
    assert running is not None and url == running.url
    opened = OpenMap(started, QUIET, path.as_uri())
    opened.replace("Title:𝄞", "Title:𝄞𝄞")
    overlay = Overlay()
    async with Talk(running, "overlay", heard=overlay.hear) as talk:
        await talk.ask({"type": "subscribe", "follow": True})
        shown = await overlay.until(map_titled("𝄞𝄞"))
        assert await run(started, "maimod.overlayUrl", path.as_uri()) == {"url": url, "map": shown["map"]}
        opened.close()
        overlay.heard.clear()
        await overlay.until(map_titled("𝄞"))
    assert await run(started, "maimod.overlayUrl", None) == {"url": url, "map": None}


async def test_an_edit_that_is_applied_in_the_overlay_is_made_in_the_editor(started: Client, tmp_path: Path) -> None:
    # In a process of its own, which does not wait for the daemon that it leaves behind.
    code = f"from server.daemon.client import start_in_background; start_in_background([{str(tmp_path)!r}], '--allow-edits')"
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], check=True, cwd=ROOT)
    running = await asyncio.to_thread(find_running)
    assert running is not None
    path = put(tmp_path / "Songs", "a.osu", QUIET)
    opened = OpenMap(started, QUIET, path.as_uri())
    opened.replace("Title:𝄞", "Title:𝄞𝄞")
    asked: list[types.ApplyWorkspaceEditParams] = []
    started.answers = asked.append
    overlay = Overlay()
    async with Talk(running, "overlay", heard=overlay.hear) as talk:
        await talk.ask({"type": "subscribe", "follow": True})
        changed = await overlay.until(map_titled("𝄞𝄞"))
        overlay.heard.clear()
        await talk.ask({"type": "subscribe", "map": changed["map"]})
        told = await overlay.until(lambda message: message["type"] == "map")
        finding = next(each for each in told["findings"] if each["name"] == "timing-volume-invalid")
        proposal = await talk.ask({"type": "propose", "map": told["map"], "finding": finding["key"], "fix": 0})
        await talk.ask({"type": "apply", "proposal": proposal["proposal"]})
    (edit,) = asked
    assert edit.edit.document_changes is not None
    (document,) = edit.edit.document_changes
    assert isinstance(document, types.TextDocumentEdit)
    assert (document.text_document.uri, document.text_document.version) == (opened.uri, opened.version)
    (change,) = document.edits
    assert isinstance(change, types.TextEdit)
    assert (change.new_text, part(opened.text, change.range, started.encoding)) == ("5", "3")
    assert path.read_text(encoding="utf-8") == QUIET, "the editor's text is changed, not the file"
    opened.close()


async def test_without_a_folder_there_is_nothing_to_show(state: Path) -> None:
    client = Client()
    await client.start_io(*SERVER, env={**ENVIRONMENT, state_file.STATE_FOLDER: str(state)})  # pyright: ignore[reportUnknownMemberType]
    await client.initialize_session(
        types.InitializeParams(types.ClientCapabilities(), initialization_options={"surprisal": False})
    )
    with pytest.raises(Exception, match="open a folder with maps"):
        await run(client, "maimod.overlayUrl", None)
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]
