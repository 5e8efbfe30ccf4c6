"""The way from an editor to the daemon that overlays hang on: open texts go there, edits that somebody applied there come back.

It has a thread and an event loop of its own: what the editor asks for never waits for the daemon.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.capabilities import get_capability

from formats.spans import Edit, Span
from server.convert import Measure
from server.session import Kind, Snapshot

if TYPE_CHECKING:
    from server.daemon.client import Forwarding
    from server.lsp.server import Server

# Keys that follow each other so quickly are told as one text.
GATHER_SECONDS = 0.03
FORWARDED = (Kind.OSU, Kind.CHART, Kind.SONG_INI)


class DaemonLink:
    """Only the server's event loop calls its methods; none of them waits."""

    def __init__(self, ls: Server) -> None:
        self._ls = ls
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: asyncio.Task[None] | None = None
        self._forwarding: Forwarding | None = None
        # On the thread: the newest snapshot of each file that is to be told.
        self._gathered: dict[str, Snapshot] = {}

    def begin(self) -> None:
        """Looks for a daemon from now on."""
        if self._loop is not None:
            return
        self._loop = asyncio.new_event_loop()
        Thread(target=self._serve, args=(self._loop, asyncio.get_running_loop()), name="daemon link", daemon=True).start()
        for file in self._ls.session:
            self.changed(file.snapshot)

    def end(self) -> None:
        """Takes back what was told: the disk counts again."""
        loop, self._loop = self._loop, None
        if loop is not None:
            # The thread may have ended by itself.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._stop)

    def changed(self, snapshot: Snapshot) -> None:
        """A file was opened, or reads otherwise."""
        if self._loop is not None and snapshot.path is not None and snapshot.kind in FORWARDED:
            self._loop.call_soon_threadsafe(self._gather, snapshot)

    def closed(self, path: str | None) -> None:
        if self._loop is not None and path is not None:
            self._loop.call_soon_threadsafe(self._close, path)

    def looked_at(self, path: str) -> None:
        """The user looks at this file now, though nothing was typed."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._look_at, path)

    def _serve(self, loop: asyncio.AbstractEventLoop, main: asyncio.AbstractEventLoop) -> None:
        from server.daemon.client import Forwarding

        async def edit(message: dict[str, Any]) -> bool:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._edit(message), main))

        asyncio.set_event_loop(loop)
        applies = get_capability(self._ls.client_capabilities, "workspace.apply_edit")
        self._forwarding = Forwarding("editor", edit=edit if applies else None)
        self._running = loop.create_task(self._forwarding.run())
        try:
            loop.run_until_complete(self._running)
        except asyncio.CancelledError:
            pass
        finally:
            loop.close()

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _gather(self, snapshot: Snapshot) -> None:
        if not self._gathered:
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._tell)
        self._gathered[str(snapshot.path)] = snapshot

    def _tell(self) -> None:
        gathered, self._gathered = self._gathered, {}
        if self._forwarding is not None:
            for path, snapshot in gathered.items():
                self._forwarding.opened(path, snapshot.version, snapshot.document.text)
                # Where something is typed or opened the user looks.
                self._forwarding.focus(path)

    def _look_at(self, path: str) -> None:
        if self._forwarding is not None:
            self._forwarding.focus(path)

    def _close(self, path: str) -> None:
        self._gathered.pop(path, None)
        if self._forwarding is not None:
            self._forwarding.closed(path)

    async def _edit(self, message: dict[str, Any]) -> bool:
        """Makes the edits of a proposal in the editor; False where the text is another by now or the editor refuses."""
        file = self._ls.session.at(str(message["path"]))
        if file is None or file.snapshot.version != message["version"]:
            return False
        theirs, ours = file.snapshot.places(Measure.UTF16), file.snapshot.places(self._ls.session.measure)

        def offset(place: dict[str, int]) -> int:
            return theirs.offset((place["line"], place["character"]))

        edits = sorted(Edit(Span(offset(each["start"]), offset(each["end"])), str(each["text"])) for each in message["edits"])
        changes = [
            types.TextEdit(types.Range(types.Position(*start), types.Position(*end)), edit.text)
            for edit in edits
            for start, end in [ours.range(edit.span)]
        ]
        workspace_edit = self._ls.edit_of(file, changes)
        answer = await self._ls.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(workspace_edit, str(message.get("title")))
        )
        return answer.applied
