"""How other programs of maimod come to the daemon: find the running one, start one in the background, tell it what is open.

>>> running = find_running() or start_in_background(["/home/me/Songs"])
>>> forwarding = Forwarding("editor", edit=apply_edit)
>>> forwarding.opened(path, version, text)      # at each change; never waits
>>> await forwarding.run()                      # beside everything else, until it is cancelled
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Thread
from typing import TYPE_CHECKING, Any, Self, cast

from server.daemon import state_file
from server.daemon.state_file import Running

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

logger = logging.getLogger(__name__)

Json = dict[str, Any]
Edit = Callable[[Json], Awaitable[bool]]
"""Makes the edits of an `edit` message in the editor; whether that worked."""

START_SECONDS, ANSWER_SECONDS, LOOK_SECONDS = 20.0, 1.0, 3.0
# A daemon that an editor started ends by itself when nobody has been connected for so many minutes.
IDLE_MINUTES = 10
MOST_BYTES = 64 << 20


class NotStarted(Exception):
    """The daemon did not start. The message is a sentence that says where to look."""


class Refusal(Exception):
    """The daemon refused a message: its code and its sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def find_running() -> Running | None:
    """The daemon of this user, where one runs and answers. Takes milliseconds; a second where it hangs."""
    running = state_file.read()
    return running if running is not None and answers(running) else None


def answers(running: Running) -> bool:
    """Whether the daemon of a state file is the one that listens there."""
    connection = HTTPConnection("127.0.0.1", running.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/healthz")
        found: object = json.loads(connection.getresponse().read())
    except (OSError, ValueError, HTTPException):
        return False
    finally:
        connection.close()
    return isinstance(found, dict) and cast("Json", found).get("instance") == running.instance


def start_in_background(folders: Sequence[str], *options: str, wait_seconds: float = START_SECONDS) -> Running:
    """Starts a daemon that outlives this process, or finds the running one and has it watch the folders too.

    Raises `NotStarted`.
    """
    running = find_running()
    if running is not None:
        try:
            asyncio.run(watch(running, folders))
        except (OSError, Refusal) as trouble:
            raise NotStarted(f"the maimod serve that runs did not take the folders ({trouble}).") from None
        return running
    try:
        log = state_file.path_of(state_file.LOG_NAME)
        process = _spawn(folders, options, log)
    except OSError as trouble:
        raise NotStarted(f"maimod serve could not be started ({trouble.strerror or trouble}).") from None
    until = time.monotonic() + wait_seconds
    while time.monotonic() < until:
        running = find_running()
        if running is not None:
            return running
        if process.poll() not in (None, 0):
            break
        time.sleep(0.05)
    raise NotStarted(f"maimod serve did not start; {log} holds what it said.")


def _spawn(folders: Sequence[str], options: Sequence[str], log: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "maimod", "serve", "--exit-when-idle", str(IDLE_MINUTES), *options, "--", *folders]
    flags = 0
    if sys.platform == "win32":
        # Not detached: without a console that they share, each process that it starts would open a window.
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    with os.fdopen(state_file.open_private(log), "wb") as said:
        process = subprocess.Popen(  # noqa: S603  our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=os.path.expanduser("~"),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
    # It may end before we do, and somebody has to take note of that.
    Thread(target=process.wait, daemon=True).start()
    return process


async def watch(running: Running, folders: Sequence[str]) -> list[Json]:
    """Has the daemon watch these folders too; those that it refused, with why. Raises `OSError`, `Refusal`."""
    named = [os.path.abspath(folder) for folder in folders]  # noqa: ASYNC240  it asks the system for nothing but the current folder
    async with Talk(running) as talk:
        result = await talk.ask({"type": "watch", "folders": named})
    refused: list[Json] = result["refused"]
    return refused


class Talk:
    """A connection to a daemon: asks one question after the other, and hears what else is said.

    Entering raises `OSError` where nothing listens, `Refusal` where nobody of our kind is let in. `heard` gets every message that
    is no reply to `ask`.
    """

    def __init__(
        self,
        running: Running,
        name: str = "cli",
        *,
        heard: Callable[[Json], object] | None = None,
        applies: bool = False,
        trusted: bool = True,
    ) -> None:
        self._running = running
        self._name = name
        self._heard = heard
        self._hello: Json = {"type": "hello", "version": 1, "client": name, "applies": applies}
        if trusted:
            self._hello["key"] = running.key
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._number = 0
        self._connection: ClientConnection | None = None
        self._hearing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        try:
            self._connection = await connect(
                self._running.socket, max_size=MOST_BYTES, compression=None, proxy=None, open_timeout=5
            )
        except (WebSocketException, TimeoutError) as trouble:
            raise ConnectionError(str(trouble)) from None
        self._hearing = asyncio.get_running_loop().create_task(self._hear())
        try:
            await self.ask(self._hello)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connection is not None:
            await self._connection.close()
        if self._hearing is not None:
            self._hearing.cancel()
            with suppress(asyncio.CancelledError):
                await self._hearing

    async def ask(self, message: Json) -> Json:
        """The result. Raises `Refusal`, `ConnectionError` where the daemon went."""
        self._number += 1
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = answer
        await self.send({**message, "id": self._number})
        reply = await answer
        if not reply["ok"]:
            raise Refusal(reply["error"]["code"], reply["error"]["message"])
        result: Json = reply["result"]
        return result

    async def send(self, message: Json) -> None:
        """Raises `ConnectionError`."""
        from websockets.exceptions import ConnectionClosed

        if self._connection is None:
            raise ConnectionError("not connected")
        try:
            await self._connection.send(json.dumps(message))
        except ConnectionClosed as trouble:
            raise ConnectionError(str(trouble)) from None

    async def ended(self) -> None:
        """Waits until the connection is gone."""
        if self._hearing is not None:
            await asyncio.shield(self._hearing)

    async def _hear(self) -> None:
        from websockets.exceptions import ConnectionClosed

        connection = self._connection
        if connection is None:
            return
        try:
            async for frame in connection:
                message: Json = json.loads(frame)
                waiting = (
                    self._waiting.pop(message["id"], None) if message["type"] == "reply" and message["id"] is not None else None
                )
                if waiting is not None and not waiting.done():
                    waiting.set_result(message)
                elif self._heard is not None:
                    self._heard(message)
        except ConnectionClosed:
            pass
        finally:
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionError("the daemon is gone"))
            self._waiting.clear()


@dataclass(slots=True)
class _Text:
    version: int
    text: str


class Forwarding:
    """Keeps whatever daemon runs informed of an editor's open files, from its start to its end and again with the next one.

    `opened`, `closed` and `focus` only note what is to be told. `edit` makes changes that somebody asked for in an overlay.
    """

    def __init__(self, name: str = "editor", *, edit: Edit | None = None) -> None:
        self._name = name
        self._edit = edit
        self._texts: dict[str, _Text] = {}
        self._untold: set[str] = set()
        self._focus: str | None = None
        self._wake = asyncio.Event()
        self._editing: set[asyncio.Task[None]] = set()

    def opened(self, path: str, version: int, text: str) -> None:
        """The editor has the file open, and it reads so."""
        self._texts[path] = _Text(version, text)
        self._untold.add(path)
        self._wake.set()

    def closed(self, path: str) -> None:
        if self._texts.pop(path, None) is not None:
            self._untold.add(path)
            self._wake.set()

    def focus(self, path: str) -> None:
        """The user looks at this file now."""
        self._focus = path
        self._wake.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                running = await asyncio.to_thread(find_running)
                if running is not None:
                    await self._forward(running)
            except (OSError, Refusal):
                pass
            except Exception:
                # A daemon of another version may say what we do not understand; the editor goes on without it.
                logger.exception("what the daemon said makes no sense here")
            await asyncio.sleep(LOOK_SECONDS)

    async def _forward(self, running: Running) -> None:
        async with Talk(running, self._name, heard=self._hear, applies=self._edit is not None) as talk:
            self._talk = talk
            self._untold = set(self._texts)
            ended = asyncio.get_running_loop().create_task(talk.ended())
            try:
                while not ended.done():
                    await self._tell(talk)
                    waking = asyncio.get_running_loop().create_task(self._wake.wait())
                    await asyncio.wait([waking, ended], return_when=asyncio.FIRST_COMPLETED)
                    waking.cancel()
                    self._wake.clear()
            finally:
                ended.cancel()

    async def _tell(self, talk: Talk) -> None:
        while self._untold:
            path = self._untold.pop()
            text = self._texts.get(path)
            message: Json = {"type": "closed", "path": path}
            if text is not None:
                message = {"type": "text", "path": path, "version": text.version, "text": text.text}
            # Its answer sets the pace: what was typed meanwhile is told at once with the next.
            with suppress(Refusal):
                await talk.ask(message)
        if self._focus is not None:
            path, self._focus = self._focus, None
            with suppress(Refusal):
                await talk.ask({"type": "focus", "path": path})

    def _hear(self, message: Json) -> None:
        if message["type"] == "edit" and self._edit is not None:
            task = asyncio.get_running_loop().create_task(self._make(message))
            self._editing.add(task)
            task.add_done_callback(self._editing.discard)

    async def _make(self, message: Json) -> None:
        done = False
        if self._edit is not None:
            try:
                done = await self._edit(message)
            except Exception:  # noqa: BLE001  whatever an editor fails with, whoever asked is to hear that it failed
                done = False
        with suppress(ConnectionError):
            await self._talk.send({"type": "edited", "proposal": message["proposal"], "ok": done})
