"""Work-done progress: what takes longer than a moment is shown, counted, and can be cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, cast

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from server.lsp.server import Server

# Nobody needs to hear of what is done sooner.
DELAY_SECONDS = 0.2
_tokens = iter(range(1, 1 << 62))


class Progress:
    """One piece of work as its user sees it. It is shown once it has taken a moment."""

    def __init__(self, ls: Server, title: str, token: types.ProgressToken | None) -> None:
        self._ls = ls
        self._title = title
        self._token = token
        self._shown = False
        self._last: tuple[int, int, str] | None = None
        self._percent: int | None = None

    def report(self, done: int, total: int, name: str) -> None:
        """`done` of `total` are done; the next one is `name`."""
        self._last = done, total, name
        self._report()

    def _report(self) -> None:
        if self._shown and self._token is not None:
            told = types.WorkDoneProgressReport(message=self._message, percentage=self._share)
            self._ls.work_done_progress.report(self._token, told)

    def share(self, share: float) -> None:
        """So much of the work is done, 0 to 1; each percent is told once."""
        percent = int(100 * share)
        if percent != self._percent:
            self._percent = percent
            self._report()

    @property
    def _futures(self) -> dict[types.ProgressToken, Future[object]]:
        """What the library cancels when the editor's user does."""
        progress = self._ls.work_done_progress
        return cast("dict[types.ProgressToken, Future[object]]", progress.tokens)  # pyright: ignore[reportUnknownMemberType]

    @property
    def _message(self) -> str | None:
        return f"{self._last[0] + 1} of {self._last[1]}: {self._last[2]}" if self._last else None

    @property
    def _share(self) -> int | None:
        return 100 * self._last[0] // max(self._last[1], 1) if self._last else self._percent

    async def show(self, work: asyncio.Task[object] | None) -> None:
        """Begins to show the work after a moment; when its user cancels it, `work` is."""
        await asyncio.sleep(DELAY_SECONDS)
        if self._token is None:
            if not get_capability(self._ls.client_capabilities, "window.work_done_progress"):
                return
            token = f"maimod-{next(_tokens)}"
            with suppress(JsonRpcException):
                await self._ls.work_done_progress.create_async(token)  # pyright: ignore[reportUnknownMemberType]
                self._token = token
        if self._token is None:
            return
        begin = types.WorkDoneProgressBegin(self._title, cancellable=True, message=self._message, percentage=self._share)
        self._ls.work_done_progress.begin(self._token, begin)
        self._shown = True
        if work is not None:
            loop = asyncio.get_running_loop()
            cancelled = self._futures[self._token]
            cancelled.add_done_callback(lambda done: loop.call_soon_threadsafe(work.cancel) if done.cancelled() else None)

    def end(self) -> None:
        if self._shown and self._token is not None:
            self._ls.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
            self._futures.pop(self._token, None)
            self._shown = False


@asynccontextmanager
async def progress(ls: Server, title: str, token: types.ProgressToken | None = None) -> AsyncGenerator[Progress]:
    """Shows the work inside, under the editor's own `token` where it gave one. Cancelling it there cancels the running task."""
    shown = Progress(ls, title, token)
    showing = asyncio.get_running_loop().create_task(shown.show(asyncio.current_task()))
    try:
        yield shown
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing
        shown.end()
