"""A worker: a process that answers questions one after the other, and is started anew where it dies over one.

The daemon's own process never reads a map: what crashes, hangs or eats memory there costs a worker, and one sentence.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from threading import Lock
from typing import TYPE_CHECKING

from server.daemon.questions import Answer, Missed, Question

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

# A question that takes longer than this has no end.
LIMIT_SECONDS = 120.0
# A map over which a worker died so often is given up.
MOST_DEATHS = 2
# Niceness of the model's: the game and the editor go first.
LESS_URGENT = 10
# Maps refer to themselves in circles: after so many questions they are looked for.
TIDY_AFTER = 50


class WorkerGone(Exception):
    """The worker died over a question, or took too long."""


class Worker:
    """One worker process, started with its first question. `told` hears, in a sentence, when it had to be started anew."""

    def __init__(
        self, name: str, told: Callable[[str], object], *, limit_seconds: float = LIMIT_SECONDS, steps_back: bool = False
    ) -> None:
        self._name = name
        self._told = told
        self._limit = limit_seconds
        self._steps_back = steps_back
        self._thread = ThreadPoolExecutor(1, name)
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._stopped = False
        # Whoever stops the worker may do so while its thread starts the process.
        self._lock = Lock()

    @property
    def pid(self) -> int | None:
        """The process's number while it lives."""
        with self._lock:
            return self._process.pid if self._process is not None and self._process.is_alive() else None

    async def ask(self, question: Question) -> Answer:
        """The answer. A question over which worker after worker dies is answered with `Missed`."""
        loop = asyncio.get_running_loop()
        for death in range(MOST_DEATHS):
            if self._stopped:
                break
            try:
                return await loop.run_in_executor(self._thread, self._exchange, question)
            except WorkerGone as trouble:
                if death + 1 < MOST_DEATHS and not self._stopped:
                    self._told(f"The process that checks maps {trouble}; it was started again and nothing is lost.")
        if self._stopped:
            return Missed("maimod is being stopped")
        name = os.path.basename(question.path)
        return Missed(f"maimod could not check it: the process that tried was ended {MOST_DEATHS} times over {name}")

    def stop(self) -> None:
        """Ends the process; a question under way is answered with `Missed`."""
        with self._lock:
            self._stopped = True
        self._kill()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._bury()

    def _exchange(self, question: Question) -> Answer:
        """On the worker's thread."""
        try:
            pipe = self._started()
            pipe.send(question)
            if not pipe.poll(self._limit):
                self._kill()
                self._bury()
                raise WorkerGone(f"took more than {self._limit:.0f} seconds over {os.path.basename(question.path)}")
            answer: Answer = pipe.recv()
            return answer
        except (EOFError, OSError):
            self._bury()
            raise WorkerGone("died") from None

    def _started(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self._bury()
        context = get_context("spawn")
        own, other = context.Pipe()
        process = context.Process(target=work, args=(other, self._steps_back), daemon=True, name=self._name)
        with self._lock:
            if self._stopped:
                raise WorkerGone("was stopped")
            process.start()
            self._process = process
        other.close()
        self._pipe = own
        return own

    def _kill(self) -> None:
        with self._lock:
            if self._process is not None:
                with suppress(OSError):
                    self._process.kill()

    def _bury(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join()
            process.close()


def work(pipe: Connection, steps_back: bool) -> None:
    """What the process does until the daemon is gone; `steps_back` lets all other work go first."""
    import gc

    from server.daemon.desk import Desk
    from server.pool import collect_seldom

    # An interrupt in a terminal reaches every process of it: when to end is for the daemon to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if steps_back:
        _step_back()
    collect_seldom()
    desk = Desk()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        for count in range(1, sys.maxsize):
            question: Question = pipe.recv()
            pipe.send(desk.answer(question))
            if count % TIDY_AFTER == 0:
                gc.collect()


def _step_back() -> None:
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(LESS_URGENT)
