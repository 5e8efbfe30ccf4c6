"""workspace/didChangeWatchedFiles: something that open maps depend on changed on disk."""

from __future__ import annotations

from lsprotocol import types
from pygls.uris import to_fs_path

from server.dismissals import FILE_NAME as DISMISSED
from server.lsp.server import Server

SETTINGS = "maimod.toml"


def did_change(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    for change in params.changes:
        if change.uri.endswith((SETTINGS, DISMISSED)):
            ls.review.touch_all()
            return
    for change in params.changes:
        if ls.session.get(change.uri) is None:
            ls.review.touch_neighbours(to_fs_path(change.uri), change.uri)
