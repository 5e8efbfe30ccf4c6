from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.uris import to_fs_path

from tests.builder import osu_text
from tests.server.lsp.conftest import ENVIRONMENT, SERVER
from tests.server.lsp.editor import Client, OpenMap, dict_of

pytestmark = pytest.mark.asyncio

FAULT = osu_text(timing=["0,500,4,1,0,3,1,0"])


@pytest_asyncio.fixture
async def started() -> AsyncIterator[Client]:
    """A client whose server is started but not initialized."""
    client = Client()
    # The test's own cache folder, for what is shown in a document.
    await client.start_io(*SERVER, env={**ENVIRONMENT, "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]})  # pyright: ignore[reportUnknownMemberType]
    yield client
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


async def initialize(client: Client, options: object = None, **able: Any) -> types.InitializeResult:  # noqa: ANN401
    capabilities = types.ClientCapabilities(**able)
    return await client.initialize_session(types.InitializeParams(capabilities, initialization_options=options))


async def test_initialization_options_choose_the_rules(started: Client) -> None:
    await initialize(started, {"ignore": ["timing-volume-invalid"], "trace": {"server": "off"}})
    assert not await OpenMap(started, FAULT).finds("timing-volume-invalid")


async def test_the_editors_settings_are_asked_for_and_followed_when_they_change(started: Client) -> None:
    workspace = types.WorkspaceClientCapabilities(configuration=True)
    started.set_configuration({"select": ["timing-volume-invalid"]}, section="maimod")
    await initialize(started, workspace=workspace)
    opened = OpenMap(started, FAULT)
    found = await opened.until_published(lambda found: {each.code for each in found} == {"T105"})
    started.set_configuration({"select": [], "ignore": ["T105"]}, section="maimod")
    started.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    found = await opened.until_published(lambda found: bool(found) and "T105" not in {each.code for each in found})
    assert found


async def test_settings_may_come_with_the_notification(started: Client) -> None:
    await initialize(started)
    opened = OpenMap(started, FAULT)
    await opened.published()
    started.workspace_did_change_configuration(types.DidChangeConfigurationParams({"maimod": {"ignore": ["T105"]}}))
    await opened.until_published(lambda found: "T105" not in {each.code for each in found})


async def test_a_setting_that_is_wrong_is_told_and_the_rest_holds(started: Client) -> None:
    await initialize(started, {"standard": "nonsense", "ignore": ["timing-volume-invalid"]})
    assert not await OpenMap(started, FAULT).finds("timing-volume-invalid")
    assert any("standard" in each.message for each in started.messages)


async def test_an_editor_that_pulls_and_can_be_told_to_pull_again_gets_no_pushes(started: Client) -> None:
    answer = await initialize(
        started,
        text_document=types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities()),
        workspace=types.WorkspaceClientCapabilities(
            diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
        ),
    )
    assert answer.capabilities.diagnostic_provider is not None
    opened = OpenMap(started, FAULT)
    assert "timing-volume-invalid" in {dict_of(each.data)["name"] for each in await opened.pulled()}
    async with asyncio.timeout(15):
        while not started.diagnostic_refresh_count:  # noqa: ASYNC110  the client counts and tells nobody
            await asyncio.sleep(0.02)
    assert not started.published


async def test_an_editor_that_pulls_and_cannot_be_told_to_pull_again_gets_pushes_alone(started: Client) -> None:
    pulls = types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities())
    answer = await initialize(started, text_document=pulls)
    assert answer.capabilities.diagnostic_provider is None
    assert await OpenMap(started, FAULT).finds("timing-volume-invalid")


async def test_edits_come_without_versions_where_the_editor_knows_none(started: Client) -> None:
    await initialize(started)
    opened = OpenMap(started, FAULT)
    (action,) = [each for each in await opened.actions(opened.range_of(",3,1,0"), "quickfix") if each.edit]
    assert action.edit is not None and action.edit.changes is not None
    assert [edit.new_text for edit in action.edit.changes[opened.uri]] == ["5"]


async def test_edits_are_worked_out_when_an_action_is_chosen(started: Client) -> None:
    resolves = types.ClientCodeActionResolveOptions(properties=["edit"])
    action_able = types.CodeActionClientCapabilities(resolve_support=resolves, data_support=True)
    await initialize(started, text_document=types.TextDocumentClientCapabilities(code_action=action_able))
    opened = OpenMap(started, FAULT)
    actions = await opened.actions(opened.range_of(",3,1,0"))
    assert not any(each.edit for each in actions)
    preferred = next(each for each in actions if each.is_preferred)
    fix_all = next(each for each in actions if each.kind == "source.fixAll.maimod")
    for action in (preferred, fix_all):
        resolved = await started.code_action_resolve_async(action)
        assert resolved.edit is not None and resolved.edit.changes is not None
        assert "5" in [edit.new_text for edit in resolved.edit.changes[opened.uri]]
    opened.change((0, 0, "\n"))
    late = await started.code_action_resolve_async(preferred)
    assert late.edit is None


async def test_an_editor_that_shows_explanations_gets_them_as_an_answer(started: Client) -> None:
    await initialize(started, experimental={"maimod": {"explain": True}})
    opened = OpenMap(started, FAULT)
    commands = [each.command.command for each in await opened.actions(opened.range_of(",3,1,0")) if each.command]
    assert commands == ["maimod.explain"]


async def test_elsewhere_an_explanation_is_shown_in_a_document(started: Client) -> None:
    show = types.ShowDocumentClientCapabilities(support=True)
    await initialize(started, window=types.WindowClientCapabilities(show_document=show))
    opened = OpenMap(started, FAULT)
    (action,) = [each for each in await opened.actions(opened.range_of(",3,1,0")) if each.command]
    assert action.command is not None and action.command.command == "maimod.showExplanation"
    await started.workspace_execute_command_async(types.ExecuteCommandParams(action.command.command, action.command.arguments))
    (shown,) = started.shown_documents
    text = await asyncio.to_thread(Path(to_fs_path(shown.uri) or "").read_text, "utf-8")
    assert "timing-volume-invalid" in text
