"""What an editor is told to ask for again, where it can be told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.conftest import ENVIRONMENT, SERVER
from tests.server.lsp.editor import PATIENCE_SECONDS, Client, OpenMap

pytestmark = pytest.mark.asyncio


class Refreshed(Client):
    """A client that counts what it was told to ask for again."""

    def __init__(self) -> None:
        super().__init__()
        self.told: asyncio.Queue[str] = asyncio.Queue()
        for method in (types.WORKSPACE_CODE_LENS_REFRESH, types.WORKSPACE_INLAY_HINT_REFRESH):
            self.feature(method)(self._teller(method))

    def _teller(self, method: str) -> object:
        def tell(params: None) -> None:  # noqa: ARG001  the protocol's signature
            self.told.put_nowait(method)

        return tell

    async def until_told(self, method: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self.told.get() != method:
                pass


@pytest_asyncio.fixture
async def started() -> AsyncIterator[Refreshed]:
    client = Refreshed()
    await client.start_io(*SERVER, env=ENVIRONMENT)  # pyright: ignore[reportUnknownMemberType]
    able = types.WorkspaceClientCapabilities(
        code_lens=types.CodeLensWorkspaceClientCapabilities(refresh_support=True),
        inlay_hint=types.InlayHintWorkspaceClientCapabilities(refresh_support=True),
    )
    params = types.InitializeParams(types.ClientCapabilities(able), initialization_options={"surprisal": False})
    await client.initialize_session(params)
    yield client
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


async def findings(opened: OpenMap) -> str:
    answer = await opened.client.text_document_code_lens_async(types.CodeLensParams(opened.identifier))
    return next(each.command.title for each in answer or () if each.command and each.command.command == "maimod.checkMapset")


async def test_lenses_are_asked_for_again_when_the_findings_are_others(started: Refreshed) -> None:
    opened = OpenMap(started, osu_text(["0,0,1000,5,0"], timing=["0,500,4,1,0,60,1,0"]))
    before = await findings(opened)
    while before == "checking":
        await started.until_told(types.WORKSPACE_CODE_LENS_REFRESH)
        before = await findings(opened)
    opened.replace(",60,1,0", ",300,1,0")
    after = before
    while after == before:
        await started.until_told(types.WORKSPACE_CODE_LENS_REFRESH)
        after = await findings(opened)
    assert int(after.split()[0]) >= 1


async def test_hints_are_asked_for_again_when_the_settings_are_others(started: Refreshed) -> None:
    settings = {"maimod": {"surprisal": False, "inlayHints": False}}
    started.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    await started.until_told(types.WORKSPACE_INLAY_HINT_REFRESH)
