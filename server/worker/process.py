"""The worker as the language server sees it: questions in the order of their urgency, and a new process where one died.

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
from typing import IO

from server.worker.copies import Copies
from server.worker.messages import receive_answer, send
from server.worker.questions import Question, Trouble

logger = logging.getLogger(__name__)

# What the process runs.
PROGRAM = "from server.worker.desk import main; main()"
# The longest songs take seconds to be heard; what takes longer than this will never end.
LIMIT_SECONDS = 60.0
# A process that dies so often without having answered anything is not started again.
MOST_DEATHS = 3
# The most urgent question is about what somebody looks at, the least urgent one about files that are not open.
WAITED_FOR, OPEN, CLOSED = range(3)


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


class Worker:
    """One process. Only the event loop's thread asks; a thread of its own waits for the answers. `told` hears of each death."""

    def __init__(self, copies: Copies, told: Callable[[str], object], limit_seconds: float = LIMIT_SECONDS) -> None:
        self._copies = copies
        self._told = told
        self._limit = limit_seconds
        self._talking = ThreadPoolExecutor(1, "worker")
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: list[_Waiting] = []
        self._numbers = count()
        self._running: asyncio.Task[None] | None = None
        self._deaths = 0
        self._stopped = self._restarting = False

    @property
    def pid(self) -> int | None:
        """The process's number while it lives."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    async def ask(self, make: Callable[[], Question], urgency: int = OPEN) -> object:
        """The answer to what `make` gives when its turn comes. Raises `WorkerGone`, `WorkerFailed`.

        Whoever is cancelled while waiting takes the question back; one that is under way is answered to nobody.
        """
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, _Waiting(urgency, next(self._numbers), make, answer))
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
        while self._waiting:
            waiting = heappop(self._waiting)
            if waiting.answer.done():
                continue
            try:
                answer = await self._answered(waiting.make)
            except Exception as trouble:  # noqa: BLE001  whoever asked hears of it
                if not waiting.answer.done():
                    waiting.answer.set_exception(trouble)
                continue
            if not waiting.answer.done():
                waiting.answer.set_result(answer)

    async def _answered(self, make: Callable[[], Question]) -> object:
        """The answer, asked for once more where the process dies: it may have been killed for what it did before."""
        try:
            return await self._exchange(make())
        except WorkerGone as trouble:
            if self._stopped or self._deaths >= MOST_DEATHS:
                raise
            self._tell_death(str(trouble))
        return await self._exchange(make())

    def _tell_death(self, reason: str) -> None:
        if not self._restarting:
            self._told(f"{reason}; it was started again")

    async def _exchange(self, question: Question) -> object:
        if self._deaths >= MOST_DEATHS or self._stopped:
            raise WorkerGone("the process that asks the surprisal model died again and again and is not started any more")
        if self._process is None or self._process.poll() is not None:
            if self._process is not None:
                # It died while nobody asked it anything.
                self._tell_death(self._reason(hung=False))
            self._restarting = False
            self._bury()
            self._copies.forget()
        message = (self._copies.news(), question)
        talk = asyncio.get_running_loop().run_in_executor(self._talking, self._talk, message)
        done, _ = await asyncio.wait([talk], timeout=self._limit)
        hung = not done
        if hung:
            self._kill()
        answer = await talk
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

    def _talk(self, message: object) -> tuple[object] | Trouble | None:
        """Sends and waits, on the thread; None where the process died."""
        try:
            if self._process is None:
                self._process = _start()
                logger.info("the worker is process %d", self._process.pid)
                if self._stopped:
                    # Whoever stopped us did not see it yet, and waits for this thread.
                    self._process.kill()
            process = self._process
            send(_pipe(process.stdin), message)
            answer = receive_answer(_pipe(process.stdout))
        except (OSError, ValueError):
            return None
        return answer

    def _reason(self, *, hung: bool) -> str:
        what = "the process that asks the surprisal model"
        if hung:
            return f"{what} did not answer for {self._limit:.0f} s and was ended"
        code = None
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                code = self._process.wait(1)
        if code is None:
            return f"{what} could not be started"
        return f"{what} was killed (signal {-code}), perhaps for want of memory" if code < 0 else f"{what} ended with code {code}"

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
