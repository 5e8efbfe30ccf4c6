"""Names of files as people have them."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types

from server.uris import uri_of
from tests.builder import osu_text
from tests.server.lsp.conftest import ENVIRONMENT, SERVER
from tests.server.lsp.editor import Client, OpenMap

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def pushed() -> AsyncIterator[Client]:
    client = Client()
    await client.start_io(*SERVER, env=ENVIRONMENT)  # pyright: ignore[reportUnknownMemberType]
    options = {"surprisal": False}
    await client.initialize_session(types.InitializeParams(types.ClientCapabilities(), initialization_options=options))
    yield client
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


def text(difficulty: str) -> str:
    return osu_text(
        ["256,192,1000,5,0"], ["0,500,4,1,0,3,1,0"],
        metadata=("Title:Song", "Artist:Band", "Creator:Mapper", f"Version:{difficulty}"),
    )  # fmt: skip


def finds(client: Client, uri: str) -> bool:
    return uri in client.published and bool(client.published[uri][-1].diagnostics)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no file names that are no text")
async def test_a_difficulty_whose_name_is_no_utf_8_is_judged_like_the_others(pushed: Client, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"b\x83\xff.osu")
    for path, difficulty in ((tmp_path / "a.osu", "Hard"), (odd, "Normal"), (tmp_path / "c.osu", "Easy")):
        path.write_text(text(difficulty), encoding="utf-8")
    OpenMap(pushed, text("Hard"), uri_of(str(tmp_path / "a.osu")))
    for name in ("b%83%FF.osu", "c.osu"):
        await pushed.until(partial(finds, pushed, f"{uri_of(str(tmp_path))}/{name}"))
    assert not pushed.messages


async def test_another_spelling_of_a_name_is_the_same_file(pushed: Client, tmp_path: Path) -> None:
    path = tmp_path / "a [x] 歌.osu"
    path.write_text(text("Hard"), encoding="utf-8")
    usual = uri_of(str(path))
    written = usual.replace("%5B", "[").replace("%5D", "]").replace("%E6%AD%8C", "%e6%ad%8c")
    opened = OpenMap(pushed, text("Hard"), written)
    assert await opened.finds("timing-volume-invalid")
    assert all(not each.diagnostics for each in pushed.published.get(usual, []))
