"""`maimod/status`: what the server is at, for an editor's status bar."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from analyzers.finding import Severity

if TYPE_CHECKING:
    from server.lsp.server import Server

METHOD = "maimod/status"
# What is done sooner is not worth a flicker.
PATIENCE_SECONDS = 0.3


class Status:
    """Tells of changes alone: starting, checking, ready, error."""

    def __init__(self, ls: Server) -> None:
        self._ls = ls
        self._told: tuple[str, str, int] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._trouble = ""

    def starting(self) -> None:
        self._tell("starting", "Loading the surprisal model")

    def error(self, sentence: str) -> None:
        """Something fails until the user does something; the empty text takes it back."""
        if sentence != self._trouble:
            self._trouble = sentence
            self.stir()

    def stir(self) -> None:
        """There is work: if it takes a while it is told, and in the end what came of it."""
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        await asyncio.sleep(PATIENCE_SECONDS)
        while self._ls.review.busy or self._ls.closed.busy:
            self._tell("checking", "Checking")
            await asyncio.sleep(PATIENCE_SECONDS)
        if self._trouble:
            self._tell("error", self._trouble)
            return
        files = list(self._ls.session)
        found = [finding for file in files for finding in file.findings()]
        serious = sum(finding.severity in (Severity.ERROR, Severity.WARNING) for finding in found)
        count = f"{len(found)} finding{'' if len(found) == 1 else 's'}" if found else "Nothing found"
        self._tell("ready", f"{count}, {serious} of them errors or warnings" if serious else count, len(found))

    def _tell(self, state: str, message: str, findings: int | None = None) -> None:
        news = (state, message, -1 if findings is None else findings)
        if news != self._told:
            self._told = news
            params = {"state": state, "message": message} | ({} if findings is None else {"findings": findings})
            self._ls.protocol.notify(METHOD, params)
