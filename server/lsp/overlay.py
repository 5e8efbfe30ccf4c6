"""`maimod.overlayUrl`: where the overlay page of these maps is; the daemon is started where none runs."""

from __future__ import annotations

import asyncio
import os

from server.lsp.configuration import workspace_folders
from server.lsp.progress import progress
from server.lsp.server import Refusal, Server, command_token
from server.reading import MAP_SUFFIXES
from server.uris import path_of

OVERLAY_URL = "maimod.overlayUrl"


async def overlay_url(ls: Server, uri: str | None = None) -> dict[str, str | None] | Refusal:
    """`{"url", "map"}`: the page for the workspace's folders and that of the map at `uri`, and that map's id in it or None."""
    from server.daemon.client import NotStarted, start_in_background
    from server.daemon.tracked import id_of

    folders = list(workspace_folders(ls))
    path = path_of(uri) if uri is not None and "://" in uri else None
    folder = os.path.dirname(path) if path is not None else None
    if folder is not None and not any(folder == each or folder.startswith(os.path.join(each, "")) for each in folders):
        folders.append(folder)
    if not folders:
        return Refusal("maimod: open a folder with maps, or save the map, before you open the overlay.")
    async with progress(ls, "Starting the overlay", command_token.get()):
        try:
            running = await asyncio.to_thread(start_in_background, folders)
        except NotStarted as trouble:
            return Refusal(f"maimod: {trouble}")
        except (OSError, ConnectionError) as trouble:
            return Refusal(f"maimod: the daemon could not be reached ({trouble}).")
    if path is None or not path.lower().endswith(MAP_SUFFIXES):
        return {"url": running.url, "map": None}
    ls.daemon.looked_at(path)
    # Another window of the editor may be worked in as well: what it has in hand is not what is looked at here.
    return {"url": running.url, "map": id_of(await asyncio.to_thread(os.path.realpath, path))}
