"""A worker as the language server sees it: questions in the order of their urgency, and a new process where one died.

Native code that crashes, a map that eats all memory, or a loop that never ends costs the process, never the server.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from threading import Lock
from typing import IO, Any

from server.worker.copies import Copies
from server.worker.messages import receive_answer, send
from server.worker.questions import Asking, Question, Share, Stop, Trouble

logger = logging.getLogger(__name__)

# What the process runs.
PROGRAM = "from server.worker.desk import main; main()"
# The longest songs take seconds to be heard; what says nothing for longer than this will never end.
LIMIT_SECONDS = 60.0
# What was told to stop and did not within this time is killed: the next question shall not wait for it.
STOP_SECONDS = 1.5
# A process that dies so often without having answered anything is not started again.
MOST_DEATHS = 3
# The most urgent question is about what somebody looks at, the least urgent one about files that are not open.
WAITED_FOR, OPEN, CLOSED = range(3)

Told = Callable[[float], object]


class WorkerGone(Exception):
    """The process died over a question. The message says so in a sentence."""


class WorkerFailed(Exception):
    """The process lives and could not answer. The message is a sentence, `story` is for the log."""

    def __init__(self, sentence: str, story: str = "") -> None:
        super().__init__(sentence)
        self.story = story


@dataclass(order=True, slots=True)
class _Waiting:
    """A question that waits; it is put together when its turn comes, so that it is about the newest text."""

    urgency: int
    number: int
    make: Callable[[], Question] = field(compare=False)
    answer: asyncio.Future[object] = field(compare=False)
    told: Told | None = field(compare=False, default=None)


class Worker:
    """One process, called `name` in sentences. Only the event loop's thread asks; a thread of its own waits for the answers.

    `told` hears of each death. A process that was asked nothing for `rest_seconds` is ended; the next question starts another.
    """

    def __init__(
        self,
        copies: Copies,
        told: Callable[[str], object],
        limit_seconds: float = LIMIT_SECONDS,
        name: str = "the process that asks the surprisal model",
        rest_seconds: float | None = None,
    ) -> None:
        self._copies = copies
        self._told = told
        self._limit = limit_seconds
        self._name = name
        self._rest = rest_seconds
        self._talking = ThreadPoolExecutor(1, "worker")
        self._sending = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: list[_Waiting] = []
        self._numbers = count(1)
        self._running: asyncio.Task[None] | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._news = asyncio.Event()
        self._deaths = 0
        self._stopped = self._restarting = False

    @property
    def pid(self) -> int | None:
        """The process's number while it lives."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    async def ask(self, make: Callable[[], Question], urgency: int = OPEN, told: Told | None = None) -> object:
        """The answer to what `make` gives when its turn comes. Raises `WorkerGone`, `WorkerFailed`.

        Whoever is cancelled while waiting takes the question back. One that is under way is answered to nobody; where it has
        somebody who is `told` how far it has come (0 to 1), which long work has, the process is told to stop as well.
        """
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, _Waiting(urgency, next(self._numbers), make, answer, told))
        if self._running is None or self._running.done():
            self._running = asyncio.get_running_loop().create_task(self._run())
        return await answer

    def restart(self) -> None:
        """Ends the process, however often it died before; the next question starts another."""
        self._deaths, self._restarting = 0, True
        self._kill()

    def stop(self) -> None:
        """Ends the process for good."""
        self._stopped = True
        self._kill()
        # The thread ends with the process that it listens to.
        self._talking.shutdown(cancel_futures=True)
        self._bury()

    async def _run(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
        while self._waiting:
            waiting = heappop(self._waiting)
            if waiting.answer.done():
                continue
            try:
                answer = await self._answered(waiting)
            except Exception as trouble:  # noqa: BLE001  whoever asked hears of it
                if not waiting.answer.done():
                    waiting.answer.set_exception(trouble)
                continue
            if not waiting.answer.done():
                waiting.answer.set_result(answer)
        if self._rest is not None:
            self._resting = asyncio.get_running_loop().call_later(self._rest, self._bury_resting)

    def _bury_resting(self) -> None:
        if self._running is None or self._running.done():
            self._bury()

    async def _answered(self, waiting: _Waiting) -> object:
        """The answer, asked for once more where the process dies: it may have been killed for what it did before."""
        try:
            return await self._exchange(waiting)
        except WorkerGone as trouble:
            if self._stopped or self._deaths >= MOST_DEATHS or waiting.answer.done():
                raise
            self._tell_death(str(trouble))
        return await self._exchange(waiting)

    def _tell_death(self, reason: str) -> None:
        if not self._restarting:
            self._told(f"{reason}; it was started again")

    async def _exchange(self, waiting: _Waiting) -> object:
        question = waiting.make()
        if self._deaths >= MOST_DEATHS or self._stopped:
            raise WorkerGone(f"{self._name} died again and again and is not started any more")
        if self._process is None or self._process.poll() is not None:
            if self._process is not None:
                # It died while nobody asked it anything.
                self._tell_death(self._reason(hung=False))
            self._restarting = False
            self._bury()
            self._copies.forget()
        message = Asking(waiting.number, self._copies.news(), question)
        loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        tell = None if waiting.told is None else self._teller(loop, waiting)
        talk = loop.run_in_executor(self._talking, self._talk, message, tell)
        hung = await self._hung(talk, waiting)
        if hung:
            self._kill()
        answer = await talk
        if answer is None and waiting.answer.cancelled():
            self._bury()
            raise WorkerGone(f"{self._name} did not stop when it was told to, and was ended")
        if answer is None:
            self._deaths += 1
            reason = self._reason(hung=hung)
            logger.warning("%s over %s", reason, question)
            self._bury()
            raise WorkerGone(reason)
        self._deaths = 0
        if isinstance(answer, Trouble):
            raise WorkerFailed(answer.sentence, answer.story)
        return answer[0]

    def _teller(self, loop: asyncio.AbstractEventLoop, waiting: _Waiting) -> Callable[[float], None]:
        """What the thread calls with the share of the work that is done."""

        def tell(share: float) -> None:
            self._news.set()
            if waiting.told is not None and not waiting.answer.done():
                waiting.told(share)

        return lambda share: _call(loop, tell, share)

    async def _hung(self, talk: asyncio.Future[tuple[object] | Trouble | None], waiting: _Waiting) -> bool:
        """Waits for the end of the talk; whether nothing was heard for so long that there will be none."""
        if waiting.told is None:
            await asyncio.wait([talk], timeout=self._limit)
            return not talk.done()
        loop, stopping = asyncio.get_running_loop(), False
        waiting.answer.add_done_callback(lambda _: self._news.set())
        deadline = loop.time() + self._limit
        while True:
            heard = loop.create_task(self._news.wait())
            either: list[asyncio.Future[Any]] = [talk, heard]
            await asyncio.wait(either, timeout=deadline - loop.time(), return_when=asyncio.FIRST_COMPLETED)
            heard.cancel()
            if talk.done():
                return False
            if loop.time() >= deadline:
                return True
            self._news.clear()
            if stopping:
                continue
            if waiting.answer.cancelled():
                stopping = True
                # A process that reads nothing holds up who writes to it.
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.to_thread(self._send_stop, waiting.number), STOP_SECONDS)
            deadline = loop.time() + (STOP_SECONDS if stopping else self._limit)

    def _send_stop(self, number: int) -> None:
        with suppress(OSError, ValueError), self._sending:
            process = self._process
            if process is not None:
                send(_pipe(process.stdin), Stop(number))

    def _talk(self, message: Asking, tell: Callable[[float], None] | None) -> tuple[object] | Trouble | None:
        """Sends and waits, on the thread; None where the process died."""
        try:
            if self._process is None:
                self._process = _start()
                logger.info("the worker is process %d", self._process.pid)
                if self._stopped:
                    # Whoever stopped us did not see it yet, and waits for this thread.
                    self._process.kill()
            process = self._process
            with self._sending:
                send(_pipe(process.stdin), message)
            while isinstance(answer := receive_answer(_pipe(process.stdout)), Share):
                if tell is not None:
                    tell(answer.share)
        except (OSError, ValueError):
            return None
        return answer

    def _reason(self, *, hung: bool) -> str:
        if hung:
            return f"{self._name} did not answer for {self._limit:.0f} s and was ended"
        code = None
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                code = self._process.wait(1)
        if code is None:
            return f"{self._name} could not be started"
        if code < 0:
            return f"{self._name} was killed (signal {-code}), perhaps for want of memory"
        return f"{self._name} ended with code {code}"

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _bury(self) -> None:
        """Leaves nothing behind of a process that died."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    _pipe(pipe).close()


def _call(loop: asyncio.AbstractEventLoop, tell: Callable[[float], None], share: float) -> None:
    # The loop may be closed while the process still tells.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(tell, share)


def _start() -> subprocess.Popen[bytes]:
    """The process with the modules of this one. It never looks for modules in the folder that the editor started us in."""
    code = f"import sys; sys.path[:] = {[path for path in sys.path if path]!r}; {PROGRAM}"
    # No console window pops up on Windows, and the editor's work goes first there too.
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    return subprocess.Popen(  # noqa: S603  our own interpreter on our own code
        [sys.executable, "-P", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=flags
    )


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the process has no pipes")
    return stream
