"""One server for each position encoding serves all tests: a real process that speaks on stdio."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig

from tests.server.lsp.editor import Client

ROOT = Path(__file__).parents[3]
SERVER = [sys.executable, "-m", "maimod", "lsp"]
# Where no daemon's state stands: a server under test must not talk to the one of whoever runs the tests.
NO_DAEMON = str(Path(tempfile.gettempdir()) / "maimod-tests-without-daemon")
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "default", "MAIMOD_STATE_DIR": NO_DAEMON,
}  # fmt: skip


def initialization(encoding: str) -> types.InitializeParams:
    edit = types.WorkspaceEditClientCapabilities(document_changes=True, resource_operations=[types.ResourceOperationKind.Rename])
    tree = types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True)
    return types.InitializeParams(
        initialization_options={"surprisal": False},
        capabilities=types.ClientCapabilities(
            general=types.GeneralClientCapabilities(position_encodings=[encoding]),
            workspace=types.WorkspaceClientCapabilities(workspace_edit=edit),
            text_document=types.TextDocumentClientCapabilities(document_symbol=tree),
        ),
    )


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder for a mapset."""
    return tmp_path_factory.mktemp("song")


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    config=ClientServerConfig(server_command=SERVER, client_factory=Client, server_env=ENVIRONMENT),
    scope="session",
    params=["utf-8", "utf-16", "utf-32"],
)
async def client(request: pytest.FixtureRequest, lsp_client: Client) -> AsyncIterator[None]:
    lsp_client.encoding = request.param
    answer = await lsp_client.initialize_session(initialization(request.param))
    assert answer.capabilities.position_encoding == request.param
    yield
    await lsp_client.shutdown_session()
