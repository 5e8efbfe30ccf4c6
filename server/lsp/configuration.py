"""initialize, initialized and the changes of settings and workspace folders: what the editor can do and what its user wants."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from importlib import import_module
from typing import cast

from lsprotocol import types
from pygls.capabilities import get_capability

from server.closed_files import Scope
from server.convert import Measure
from server.editor_settings import normal
from server.lsp import display
from server.lsp.server import Server
from server.uris import path_of

logger = logging.getLogger(__name__)

SECTION = "maimod"
WATCHED = ("**/*.osu", "**/*.osb", "**/*.chart", "**/song.ini", "**/maimod.toml", "**/.maimod/dismissed.toml")


def initialize(ls: Server, params: types.InitializeParams) -> None:
    able = params.capabilities
    ls.session.measure = Measure(str(getattr(ls.workspace.position_encoding, "value", ls.workspace.position_encoding)))
    ls.protocol.trace = params.trace or types.TraceValue.Off
    about = params.client_info
    logger.info(
        "editor %s %s, columns in %s", about.name if about else "?", (about.version if about else "") or "", ls.session.measure
    )
    ls.session.options = normal(_table(params.initialization_options))
    use_editor_settings(ls)
    ls.takes_pulls = bool(
        get_capability(able, "text_document.diagnostic") and get_capability(able, "workspace.diagnostics.refresh_support")
    )
    ls.versioned_edits = bool(get_capability(able, "workspace.workspace_edit.document_changes"))
    resolvable = get_capability(able, "text_document.code_action.resolve_support")
    ls.resolves_actions = bool(resolvable and "edit" in resolvable.properties)
    experimental = _table(able.experimental)
    ls.shows_explanations = bool(_table(experimental.get(SECTION)).get("explain"))
    ls.chooses_candidates = bool(_table(experimental.get(SECTION)).get("candidates"))


async def initialized(ls: Server, params: types.InitializedParams) -> None:  # noqa: ARG001  the protocol's signature
    """Asks for the settings and to be told of changes to files; rules and model are loaded while the editor is busy."""
    able = ls.client_capabilities
    ls.status.starting()
    registrations: list[types.Registration] = []
    if get_capability(able, "workspace.did_change_watched_files.dynamic_registration"):
        watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        registrations.append(types.Registration("maimod-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    else:
        ls.settings_watch.begin()
    if get_capability(able, "workspace.did_change_configuration.dynamic_registration"):
        section = types.DidChangeConfigurationRegistrationOptions(SECTION)
        registrations.append(types.Registration("maimod-settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if registrations:
        await ls.client_register_capability_async(types.RegistrationParams(registrations))
    _use_folders(ls)
    await _ask(ls)
    ls.started = True
    use_editor_settings(ls)
    import_module("analyzers.analysis")
    if ls.session.options.get("surprisal") is not False:
        await ls.review.prepare()
    ls.closed.touch_all()
    ls.status.stir()


async def did_change(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    if not get_capability(ls.client_capabilities, "workspace.configuration"):
        table = _table(params.settings)
        _use(ls, _table(table.get(SECTION, table)), {})
        return
    await _ask(ls)


async def folders_changed(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:  # noqa: ARG001  as above
    """Folders came or went: their settings and their maps with them."""
    _use_folders(ls)
    await _ask(ls)
    ls.closed.touch_all()
    ls.status.stir()


def _use_folders(ls: Server) -> None:
    ls.closed.workspace = list(workspace_folders(ls))


def workspace_folders(ls: Server) -> dict[str, str]:
    """The folders of the workspace that lie on disk, by path, with their URIs."""
    uris = list(ls.workspace.folders) or ([ls.workspace.root_uri] if ls.workspace.root_uri else [])
    return {path: uri for uri in uris if (path := path_of(uri)) is not None}


async def _ask(ls: Server) -> None:
    """Asks for the settings of the workspace, and for those of each of its folders where there are several."""
    if not get_capability(ls.client_capabilities, "workspace.configuration"):
        return
    folders = workspace_folders(ls)
    several = folders if len(folders) > 1 else {}
    items = [types.ConfigurationItem(section=SECTION)]
    items += [types.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in several.values()]
    answers = [_table(answer) for answer in await ls.workspace_configuration_async(types.ConfigurationParams(items))]
    if answers and any(answers):
        _use(ls, answers[0], dict(zip(several, answers[1:], strict=False)))


def _use(ls: Server, table: Mapping[str, object], by_folder: Mapping[str, Mapping[str, object]]) -> None:
    table, by_folder = normal(table), {path: normal(each) for path, each in by_folder.items()}
    if (table, by_folder) != (ls.session.options, ls.session.folder_options):
        ls.session.options, ls.session.folder_options = table, by_folder
        use_editor_settings(ls)
        display.refresh(ls)
        ls.review.touch_all()
        ls.closed.touch_all()
        ls.status.stir()


def use_editor_settings(ls: Server) -> None:
    """The settings that are the editor's alone."""
    wanted = ls.session.options.get("scope", Scope.SET)
    if wanted not in list(Scope):
        ls.warn(f"The editor's settings: scope must be one of {', '.join(Scope)}, not {wanted!r}.")
        wanted = Scope.SET
    ls.closed.scope = Scope(str(wanted))
    if ls.session.options.get("daemon") is False:
        ls.daemon.end()
    elif ls.started:
        ls.daemon.begin()


def _table(value: object) -> Mapping[str, object]:
    """Settings as a table; the library hands JSON objects over as named tuples in places."""
    as_dict = getattr(value, "_asdict", None)
    value = as_dict() if callable(as_dict) else value
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
