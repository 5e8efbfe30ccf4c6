"""workspace/symbol: the difficulties and charts of the workspace's folders, and of the folders of open maps."""

from __future__ import annotations

import asyncio
import os
from threading import Event

from lsprotocol import types

from server.lsp.configuration import workspace_folders
from server.lsp.definition import NOWHERE
from server.lsp.ranges import Json
from server.lsp.server import Encoded, Server
from server.map_index import Named
from server.printable import one_line, printable
from server.uris import uri_of


async def workspace_symbol(ls: Server, params: types.WorkspaceSymbolParams) -> Encoded:
    folders = _folders(ls)
    stop = Event()
    try:
        async with ls.searching:
            found = await asyncio.to_thread(ls.maps.search, folders, params.query, stop)
    finally:
        # A request that was cancelled must not leave its thread reading thousands of files.
        stop.set()
    return Encoded.of([_symbol(each) for each in found])


def _folders(ls: Server) -> list[str]:
    """The workspace's folders, and those of open maps that lie in none of them."""
    opened = (os.path.dirname(file.snapshot.path) for file in ls.session if file.snapshot.path)
    return list(dict.fromkeys([*workspace_folders(ls), *opened]))


def _symbol(named: Named) -> Json:
    return {
        "name": one_line(printable(named.name)),
        "kind": types.SymbolKind.File.value,
        "containerName": one_line(printable(" · ".join(part for part in (named.creator, named.game) if part))),
        "location": {"uri": uri_of(named.path), "range": NOWHERE},
    }
