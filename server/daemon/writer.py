"""The writer: a process of its own that writes parts of maps anew, so that checks go on meanwhile.

It is started when it is first asked, ends when nobody asks any more (what it knows takes much memory), and is killed where it
does not stop at once when nobody wants its answer. Who asks waits behind those who asked before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import count
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from server.daemon.child import Child, ChildGone, begin
from server.daemon.questions import Missed, Rewrite, Rewritten, Unwritten

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# So many may wait for it or be written.
MOST_WAITING = 8
# A process that says nothing for so long has no end, one that is not asked for so long ends.
SILENT_SECONDS, IDLE_SECONDS = 120.0, 180.0
# How long it has to stop before it is killed.
GRACE_SECONDS = 0.15
# Progress is told no more often.
APART_SECONDS = 0.05

Reply = Rewritten | Unwritten | Missed


@dataclass(frozen=True, slots=True)
class Asked:
    number: int
    question: Rewrite


@dataclass(frozen=True, slots=True)
class CallOff:
    """The answer to that question is not wanted any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Share:
    """So much of the work on that question is done, 0 to 1."""

    number: int
    share: float


@dataclass(frozen=True, slots=True)
class Answered:
    """None where it was called off."""

    number: int
    reply: Reply | None


@cache
def can_write() -> bool:
    """Whether what the model needs is installed."""
    return find_spec("numpy") is not None and find_spec("onnxruntime") is not None


class Writer:
    def __init__(self, *, idle_seconds: float = IDLE_SECONDS, silent_seconds: float = SILENT_SECONDS) -> None:
        self._idle, self._silent = idle_seconds, silent_seconds
        self._thread = ThreadPoolExecutor(1, "writer")
        self._child = Child("writer", write, steps_back=True)
        self._numbers = count(1)
        self._waiting = 0
        self._resting: asyncio.TimerHandle | None = None
        # What is written, and the pipe to say so: both are of the thread, and looked at by who calls it off.
        self._lock = Lock()
        self._current = 0
        self._way: Connection | None = None
        self._unwanted: set[int] = set()

    @property
    def pid(self) -> int | None:
        """The process's number while it lives."""
        return self._child.pid

    @property
    def is_full(self) -> bool:
        return self._waiting >= MOST_WAITING

    async def ask(self, question: Rewrite, told: Callable[[float], object]) -> Reply:
        """The answer; `told` hears how much is done. Whoever is cancelled while waiting calls the work off."""
        loop = asyncio.get_running_loop()
        number = next(self._numbers)

        def tell(share: float) -> None:
            # The loop may have ended meanwhile.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(told, share)

        if self._child.is_closed:
            return Missed("maimod is being stopped")
        if self._resting is not None:
            self._resting.cancel()
        self._waiting += 1
        work = self._thread.submit(self._exchange, Asked(number, question), tell)
        work.add_done_callback(lambda _: _soon(loop, self._done))
        try:
            return await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            self._call_off(number, work, loop)
            raise
        except ChildGone as trouble:
            if self._child.is_closed:
                return Missed("maimod is being stopped")
            return Missed(f"the process that writes notes {trouble}; it is started again with the next question")

    def stop(self) -> None:
        """Ends the process; a question under way is answered with `Missed`."""
        self._child.close()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._child.bury()

    def _done(self) -> None:
        """On the loop, when something was written or given up."""
        self._waiting -= 1
        if self._waiting == 0 and not self._child.is_closed:
            self._resting = asyncio.get_running_loop().call_later(self._idle, self._rest)

    def _rest(self) -> None:
        if self._waiting == 0 and not self._child.is_closed:
            self._thread.submit(self._end)

    def _end(self) -> None:
        """On the thread."""
        self._child.kill()
        self._child.bury()

    def _call_off(self, number: int, work: Future[Reply], loop: asyncio.AbstractEventLoop) -> None:
        if work.cancel():
            return
        self._unwanted.add(number)
        with suppress(RuntimeError):
            loop.run_in_executor(None, self._say_off, number)
            loop.call_later(GRACE_SECONDS, self._insist, number)

    def _say_off(self, number: int) -> None:
        """On a thread of its own: the pipe may be full while the process starts."""
        with self._lock:
            if self._current == number and self._way is not None:
                with suppress(OSError, ValueError):
                    self._way.send(CallOff(number))

    def _insist(self, number: int) -> None:
        """Kills the process where it still writes what nobody wants."""
        if self._current == number:
            self._child.kill()

    def _exchange(self, asked: Asked, told: Callable[[float], None]) -> Reply:
        """On the writer's thread. Raises `ChildGone`."""
        try:
            pipe = self._child.pipe()
            with self._lock:
                self._current = asked.number
            pipe.send(asked)
            with self._lock:
                self._way = pipe
                if asked.number in self._unwanted:
                    pipe.send(CallOff(asked.number))
            while True:
                if not pipe.poll(self._silent):
                    self._end()
                    raise ChildGone(f"took more than {self._silent:.0f} seconds")
                said: Share | Answered = pipe.recv()
                if said.number != asked.number:
                    continue
                if isinstance(said, Answered):
                    return said.reply if said.reply is not None else Missed("it was called off")
                told(said.share)
        except (EOFError, OSError):
            self._end()
            raise ChildGone("died") from None
        finally:
            with self._lock:
                self._current, self._way = 0, None
            self._unwanted.discard(asked.number)


def _soon(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(act)


def write(pipe: Connection, steps_back: bool) -> None:
    """What the process does until the daemon is gone; `steps_back` lets all other work go first."""
    import gc

    from server.daemon.writing_desk import CalledOff, WritingDesk

    begin(steps_back=steps_back)
    desk = WritingDesk()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            said: Asked | CallOff = pipe.recv()
            if isinstance(said, CallOff):
                # Its answer was on the way already.
                continue
            errand = Errand(pipe, said.number)
            try:
                reply: Reply | None = desk.answer(said.question, errand.progress, errand.cancelled)
            except CalledOff:
                reply = None
            pipe.send(Answered(said.number, reply))
            gc.collect()


class Errand:
    """What the process hears and says while it writes."""

    def __init__(self, pipe: Connection, number: int) -> None:
        self._pipe, self._number = pipe, number
        self._told, self._share = 0.0, -1.0

    def progress(self, share: float) -> None:
        self.cancelled()
        now = monotonic()
        if share > self._share and (now - self._told >= APART_SECONDS or share >= 1.0):
            self._told, self._share = now, share
            self._pipe.send(Share(self._number, min(max(share, 0.0), 1.0)))

    def cancelled(self) -> bool:
        """Always false; raises `CalledOff` where that is what was heard."""
        from server.daemon.writing_desk import CalledOff

        while self._pipe.poll():
            said: Asked | CallOff = self._pipe.recv()
            if isinstance(said, CallOff) and said.number == self._number:
                raise CalledOff
        return False
