"""Folders of the workspace, settings that change while the server runs, progress, trace, status and the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.conftest import ENVIRONMENT, SERVER
from tests.server.lsp.editor import Client, OpenMap, dict_of, run
from tests.server.maps import put

pytestmark = pytest.mark.asyncio

QUIET = "timing-volume-invalid"
FAULT = osu_text(["100,100,1000,1,0"], ["0,500,4,1,0,3,1,0"])


@pytest_asyncio.fixture
async def started(tmp_path: Path) -> AsyncIterator[Client]:
    client = Client()
    await client.start_io(*SERVER, "--log", str(tmp_path / "log"), "--log-level", "debug", env=ENVIRONMENT)  # pyright: ignore[reportUnknownMemberType]
    yield client
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


def folder_of(path: Path) -> types.WorkspaceFolder:
    return types.WorkspaceFolder(path.as_uri(), path.name)


async def initialize(
    client: Client, *folders: Path, options: Mapping[str, object] | None = None, trace: types.TraceValue | None = None
) -> None:
    workspace = types.WorkspaceClientCapabilities(configuration=True, workspace_folders=True)
    window = types.WindowClientCapabilities(work_done_progress=True)
    params = types.InitializeParams(
        types.ClientCapabilities(workspace=workspace, window=window),
        initialization_options={"surprisal": False, **(options or {})},
        workspace_folders=[folder_of(each) for each in folders],
        trace=trace,
    )
    await client.initialize_session(params)


def count(client: Client, path: Path) -> int | None:
    said = client.published.get(path.as_uri())
    return sum(dict_of(each.data)["name"] == QUIET for each in said[-1].diagnostics) if said else None


def counts(client: Client, path: Path, number: int) -> Callable[[], bool]:
    return lambda: count(client, path) == number


async def test_the_maps_of_small_workspaces_are_judged_although_none_is_open(started: Client, tmp_path: Path) -> None:
    one, two = put(tmp_path / "one", "a.osu", FAULT), put(tmp_path / "two" / "deep", "b.osu", FAULT)
    await initialize(started, tmp_path / "one")
    await started.until(counts(started, one, 1))
    event = types.WorkspaceFoldersChangeEvent([folder_of(tmp_path / "two")], [folder_of(tmp_path / "one")])
    started.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    await started.until(counts(started, two, 1))
    await started.until(counts(started, one, 0))


async def test_each_folder_has_its_own_settings(started: Client, tmp_path: Path) -> None:
    one, two = put(tmp_path / "one", "a.osu", FAULT), put(tmp_path / "two", "b.osu", FAULT)
    started.set_configuration({"surprisal": False}, section="maimod")
    started.set_configuration({"surprisal": False, "ignore": [QUIET]}, section="maimod", scope_uri=(tmp_path / "two").as_uri())
    await initialize(started, tmp_path / "one", tmp_path / "two")
    await started.until(counts(started, one, 1))
    opened = OpenMap(started, FAULT, two.as_uri())
    assert not await opened.finds(QUIET)
    assert await OpenMap(started, FAULT, one.as_uri()).finds(QUIET)


async def test_the_scope_can_be_the_open_files_alone(started: Client, tmp_path: Path) -> None:
    other = put(tmp_path, "b.osu", FAULT)
    await initialize(started, tmp_path, options={"scope": "file"})
    await OpenMap(started, FAULT, put(tmp_path, "a.osu", FAULT).as_uri()).finds(QUIET)
    answer = await started.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
    assert other.as_uri() not in {each.uri for each in answer.items}
    assert count(started, other) is None
    started.set_configuration({"scope": "set", "surprisal": False}, section="maimod")
    started.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    await started.until(counts(started, other, 1))


async def test_a_scope_that_is_unknown_is_told(started: Client) -> None:
    await initialize(started, options={"scope": "galaxy"})
    await OpenMap(started, FAULT).published()
    assert any("scope must be one of file, set, workspace" in each.message for each in started.messages)


async def test_settings_files_are_followed_without_the_editors_help(started: Client, tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", FAULT)
    await initialize(started)
    opened = OpenMap(started, FAULT, path.as_uri())
    assert await opened.finds(QUIET)
    put(tmp_path, "maimod.toml", f'ignore = ["{QUIET}"] # for now\n')
    await started.until(counts(started, path, 0))
    put(tmp_path, "maimod.toml", "")
    await started.until(counts(started, path, 1))
    text = f'[[dismissed]]\nmap = "a.osu"\nrule = "{QUIET}"\n'
    put(tmp_path, ".maimod/dismissed.toml", text)
    await started.until(counts(started, path, 0))


async def test_what_takes_a_while_is_shown_and_can_be_cancelled(started: Client, tmp_path: Path) -> None:
    for number in range(30):
        put(tmp_path, f"{number}.osu", FAULT.replace("Version:Hard", f"Version:{number}"))
    await initialize(started)
    opened = OpenMap(started, FAULT, (tmp_path / "0.osu").as_uri())
    await opened.published()
    checking = asyncio.ensure_future(run(started, "maimod.checkMapset", opened.uri))

    def shown() -> list[types.ProgressToken]:
        begun = {token: told[0] for token, told in started.progress_reports.items() if told}
        return [
            token for token, first in begun.items() if isinstance(first, types.WorkDoneProgressBegin) and "mapset" in first.title
        ]

    async with asyncio.timeout(30):
        while not (tokens := shown()):  # noqa: ASYNC110  the client tells nobody
            await asyncio.sleep(0.01)
    first = started.progress_reports[tokens[0]][0]
    assert isinstance(first, types.WorkDoneProgressBegin) and first.cancellable
    started.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(tokens[0]))
    with pytest.raises(Exception, match="cancel"):
        await checking
    assert isinstance(started.progress_reports[tokens[0]][-1], types.WorkDoneProgressEnd)
    assert await opened.finds(QUIET)


async def test_the_state_is_told_when_it_changes(started: Client, tmp_path: Path) -> None:
    await initialize(started)
    OpenMap(started, FAULT, put(tmp_path, "a.osu", FAULT).as_uri())
    await started.until(lambda: any(each["state"] == "ready" and each.get("findings") for each in started.statuses))
    states = [each["state"] for each in started.statuses]
    assert states[0] == "starting" and states[-1] == "ready"
    assert all(one != two for one, two in zip(started.statuses, started.statuses[1:], strict=False))


async def test_an_editor_can_follow_what_the_server_does(started: Client, tmp_path: Path) -> None:
    traced: list[types.LogTraceParams] = []

    def keep(params: types.LogTraceParams) -> None:
        traced.append(params)

    started.feature("$/logTrace")(keep)
    await initialize(started, trace=types.TraceValue.Messages)
    opened = OpenMap(started, FAULT)
    await opened.pulled()
    assert traced
    started.set_trace(types.SetTraceParams(types.TraceValue.Off))
    await opened.pulled()
    before = len(traced)
    opened.change((0, 0, "\n"))
    await opened.pulled()
    assert len(traced) == before
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "maimod" in log and opened.uri in log and "100,100,1000" not in log, "the log names maps but never holds their text"


async def test_the_state_of_the_model_is_told_again_after_a_restart(started: Client) -> None:
    await initialize(started)
    opened = OpenMap(started, FAULT)
    await opened.pulled()
    assert await run(started, "maimod.restartModel") is None
    assert await opened.finds(QUIET)
