"""workspace/didChangeWatchedFiles: something that maps depend on changed on disk."""

from __future__ import annotations

from lsprotocol import types

from server.dismissals import FILE_NAME as DISMISSED
from server.lsp.server import Server
from server.uris import path_of

SETTINGS = "maimod.toml"


def did_change(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    if any(change.uri.endswith((SETTINGS, DISMISSED)) for change in params.changes):
        ls.settings_changed()
        return
    for change in params.changes:
        path = path_of(change.uri)
        if path is None:
            continue
        if ls.session.get(change.uri) is None:
            ls.review.touch_neighbours(path, change.uri)
        ls.closed.touch(path)
    ls.status.stir()
