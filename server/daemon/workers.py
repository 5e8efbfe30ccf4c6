"""A worker: a process that answers questions one after the other, and is started anew where it dies over one.

The daemon's own process never reads a map: what crashes, hangs or eats memory there costs a worker, and one sentence.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from server.daemon.child import Child, ChildGone, begin
from server.daemon.questions import Answer, Missed, Question

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# A question that takes longer than this has no end.
LIMIT_SECONDS = 120.0
# A map over which a worker died so often is given up.
MOST_DEATHS = 2
# Maps refer to themselves in circles: after so many questions they are looked for.
TIDY_AFTER = 50


class Worker:
    """One worker process, started with its first question. `told` hears, in a sentence, when it had to be started anew."""

    def __init__(
        self, name: str, told: Callable[[str], object], *, limit_seconds: float = LIMIT_SECONDS, steps_back: bool = False
    ) -> None:
        self._told = told
        self._limit = limit_seconds
        self._thread = ThreadPoolExecutor(1, name)
        self._child = Child(name, work, steps_back=steps_back)

    @property
    def pid(self) -> int | None:
        """The process's number while it lives."""
        return self._child.pid

    async def ask(self, question: Question) -> Answer:
        """The answer. A question over which worker after worker dies is answered with `Missed`."""
        loop = asyncio.get_running_loop()
        for death in range(MOST_DEATHS):
            if self._child.is_closed:
                break
            try:
                return await loop.run_in_executor(self._thread, self._exchange, question)
            except ChildGone as trouble:
                if death + 1 < MOST_DEATHS and not self._child.is_closed:
                    self._told(f"The process that checks maps {trouble}; it was started again and nothing is lost.")
        if self._child.is_closed:
            return Missed("maimod is being stopped")
        name = os.path.basename(question.path)
        return Missed(f"maimod could not check it: the process that tried was ended {MOST_DEATHS} times over {name}")

    def stop(self) -> None:
        """Ends the process; a question under way is answered with `Missed`."""
        self._child.close()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._child.bury()

    def _exchange(self, question: Question) -> Answer:
        """On the worker's thread."""
        try:
            pipe = self._child.pipe()
            pipe.send(question)
            if not pipe.poll(self._limit):
                self._child.kill()
                self._child.bury()
                raise ChildGone(f"took more than {self._limit:.0f} seconds over {os.path.basename(question.path)}")
            answer: Answer = pipe.recv()
            return answer
        except (EOFError, OSError):
            self._child.bury()
            raise ChildGone("died") from None


def work(pipe: Connection, steps_back: bool) -> None:
    """What the process does until the daemon is gone; `steps_back` lets all other work go first."""
    import gc

    from server.daemon.desk import Desk

    begin(steps_back=steps_back)
    desk = Desk()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        for count in range(1, sys.maxsize):
            question: Question = pipe.recv()
            pipe.send(desk.answer(question))
            if count % TIDY_AFTER == 0:
                gc.collect()
