"""The second shelf: rules at once, the model's findings when they are ready, on a server whose model is that of the tests."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types

from tests.server.lsp.conftest import ENVIRONMENT
from tests.server.lsp.editor import Client, OpenMap, dict_of
from tests.server.maps import put
from tests.server.test_scoring import SIX_FRET
from tests.server.wondering import CODE, odd_text

pytestmark = pytest.mark.asyncio

SERVER = [sys.executable, "-m", "tests.server.lsp.wondering_server"]


@pytest_asyncio.fixture
async def started() -> AsyncIterator[Client]:
    client = Client()
    await client.start_io(*SERVER, env=ENVIRONMENT)  # pyright: ignore[reportUnknownMemberType]
    workspace = types.WorkspaceClientCapabilities(workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True))
    await client.initialize_session(types.InitializeParams(types.ClientCapabilities(workspace)))
    yield client
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


def surprising(found: Sequence[types.Diagnostic]) -> list[types.Diagnostic]:
    return [each for each in found if each.code == CODE]


def unsurprised(found: Sequence[types.Diagnostic]) -> bool:
    return not surprising(found)


def gated(gate: Path, *heights: int) -> str:
    return odd_text(*heights).replace("[Metadata]\n", f"[Metadata]\nTags:gate:{gate}\n")


async def test_rules_speak_at_once_and_the_model_when_it_is_ready(started: Client, tmp_path: Path) -> None:
    opened = OpenMap(started, gated(tmp_path / "gate", 100))
    first = await opened.published()
    assert first and not surprising(first)
    assert not surprising(await opened.pulled()), "all rules have spoken, and the model is still busy"
    (tmp_path / "gate").touch()
    [found] = surprising(await opened.until_published(surprising))
    assert (found.source, found.severity) == ("maimod surprisal", types.DiagnosticSeverity.Hint)
    assert dict_of(dict_of(found.data)["surprisal"])["bits"] == 15.0


async def test_an_answer_about_an_older_text_is_dropped(started: Client, tmp_path: Path) -> None:
    opened = OpenMap(started, gated(tmp_path / "gate", 100, 200))
    await opened.published()
    opened.replace("13,100", "77,100")
    await opened.published()
    (tmp_path / "gate").touch()
    await opened.until_published(surprising)
    lines = [{each.range.start.line for each in surprising(said.diagnostics)} for said in started.published[opened.uri]]
    odd = opened.position(opened.text.index("13,200")).line
    assert {frozenset(each) for each in lines} == {frozenset(), frozenset([odd])}


async def test_older_findings_move_along_while_one_types(started: Client, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    gate.touch()
    opened = OpenMap(started, gated(gate, 100, 200))
    before = surprising(await opened.until_published(surprising))
    gate.unlink()
    opened.change((0, 0, "\n\n"))
    opened.replace("13,100", "14,100")
    [moved] = surprising(await opened.published())
    assert moved.range.start.line == before[1].range.start.line + 2
    gate.touch()


async def test_a_guess_is_offered_as_a_quick_fix_that_is_not_preferred(started: Client) -> None:
    opened = OpenMap(started, odd_text(100))
    [found] = surprising(await opened.until_published(surprising))
    [action] = [each for each in await opened.actions(found.range, "quickfix") if each.edit]
    assert (action.title, action.is_preferred) == ("Move to the middle", None)
    assert not await opened.actions(found.range, "source.fixAll")


async def test_a_dismissed_surprise_stays_away(started: Client, tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", odd_text(100, 200))
    opened = OpenMap(started, odd_text(100, 200), path.as_uri())
    found = surprising(await opened.until_published(surprising))
    dismiss = next(each for each in await opened.actions(found[0].range, "quickfix") if each.title.startswith("Dismiss surpr"))
    assert dismiss.command is not None
    await started.workspace_execute_command_async(
        types.ExecuteCommandParams(dismiss.command.command, arguments=dismiss.command.arguments)
    )
    left = await opened.until_published(lambda said: len(surprising(said)) == 1)
    assert surprising(left)[0].range == found[1].range


async def test_a_track_that_is_not_covered_is_told_once_a_session(started: Client) -> None:
    for name in ("untitled:a.chart", "untitled:b.chart"):
        opened = OpenMap(started, SIX_FRET, name, "chart")
        await opened.pulled()
    ends = OpenMap(started, odd_text(100))
    await ends.until_published(surprising)
    said = [each.message for each in started.messages if "six" in each.message.lower() or "not judged" in each.message]
    assert len(said) == 1
    assert "it has not judged" in said[0]


async def test_the_editor_can_switch_the_model_off_and_on(started: Client) -> None:
    opened = OpenMap(started, odd_text(100))
    await opened.until_published(surprising)
    for wanted in (False, True):
        started.workspace_did_change_configuration(types.DidChangeConfigurationParams({"maimod": {"surprisal": wanted}}))
        await opened.until_published(surprising if wanted else unsurprised)


async def test_a_closed_map_is_judged_no_more(started: Client, tmp_path: Path) -> None:
    opened = OpenMap(started, gated(tmp_path / "gate", 100))
    await opened.published()
    opened.close()
    other = OpenMap(started, odd_text(100))
    # Once something is said of the other map the server has heard that this one is closed.
    await other.published()
    (tmp_path / "gate").touch()
    await other.until_published(surprising)
    await asyncio.sleep(0)
    assert not any(surprising(said.diagnostics) for said in started.published[opened.uri])
