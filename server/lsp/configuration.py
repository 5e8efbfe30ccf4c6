"""initialize, initialized and workspace/didChangeConfiguration: what the editor can do and what its user wants."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from lsprotocol import types
from pygls.capabilities import get_capability

from server.convert import Measure
from server.lsp.server import Server

SECTION = "maimod"
WATCHED = ("**/*.osu", "**/*.osb", "**/*.chart", "**/song.ini", "**/maimod.toml", "**/.maimod/dismissed.toml")


def initialize(ls: Server, params: types.InitializeParams) -> None:
    able = params.capabilities
    ls.session.measure = Measure(str(getattr(ls.workspace.position_encoding, "value", ls.workspace.position_encoding)))
    ls.session.options = _table(params.initialization_options)
    ls.takes_pulls = bool(
        get_capability(able, "text_document.diagnostic") and get_capability(able, "workspace.diagnostics.refresh_support")
    )
    ls.versioned_edits = bool(get_capability(able, "workspace.workspace_edit.document_changes"))
    resolvable = get_capability(able, "text_document.code_action.resolve_support")
    ls.resolves_actions = bool(resolvable and "edit" in resolvable.properties)


async def initialized(ls: Server, params: types.InitializedParams) -> None:  # noqa: ARG001  the protocol's signature
    """Asks for the settings and to be told of changes to files; rules and model are loaded while the editor is busy."""
    able = ls.client_capabilities
    registrations: list[types.Registration] = []
    if get_capability(able, "workspace.did_change_watched_files.dynamic_registration"):
        watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        registrations.append(types.Registration("maimod-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    if get_capability(able, "workspace.did_change_configuration.dynamic_registration"):
        section = types.DidChangeConfigurationRegistrationOptions(SECTION)
        registrations.append(types.Registration("maimod-settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if registrations:
        await ls.client_register_capability_async(types.RegistrationParams(registrations))
    await _ask(ls)
    import_module("analyzers.analysis")
    if ls.session.options.get("surprisal") is not False:
        await ls.review.prepare()


async def did_change(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    if not get_capability(ls.client_capabilities, "workspace.configuration"):
        table = _table(params.settings)
        _use(ls, _table(table.get(SECTION, table)))
        return
    await _ask(ls)


async def _ask(ls: Server) -> None:
    if get_capability(ls.client_capabilities, "workspace.configuration"):
        item = types.ConfigurationItem(section=SECTION)
        answer = await ls.workspace_configuration_async(types.ConfigurationParams([item]))
        table = _table(answer[0] if answer else None)
        if table:
            _use(ls, table)


def _use(ls: Server, table: Mapping[str, object]) -> None:
    if table != ls.session.options:
        ls.session.options = table
        ls.review.touch_all()


def _table(value: object) -> Mapping[str, object]:
    """Settings as a table; the library hands JSON objects over as named tuples in places."""
    as_dict = getattr(value, "_asdict", None)
    value = as_dict() if callable(as_dict) else value
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
