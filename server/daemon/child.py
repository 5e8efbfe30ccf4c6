"""A process of the daemon and the pipe to it: started when it is first needed, and anew where it is gone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

# Niceness of processes that let the game and the editor go first.
LESS_URGENT = 10


class ChildGone(Exception):
    """The process died over what it did, took too long, or is not to be started any more."""


class Child:
    """One thread talks to it; any may kill it. `target` is called in the process with its end of the pipe."""

    def __init__(self, name: str, target: Callable[[Connection, bool], None], *, steps_back: bool = False) -> None:
        self._name = name
        self._target = target
        self._steps_back = steps_back
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._closed = False
        # Whoever ends the process may do so while its thread starts it.
        self._lock = Lock()

    @property
    def pid(self) -> int | None:
        """The process's number while it lives."""
        with self._lock:
            return self._process.pid if self._process is not None and self._process.is_alive() else None

    @property
    def is_closed(self) -> bool:
        return self._closed

    def pipe(self) -> Connection:
        """The way to the process, which lives by then. Raises `ChildGone`."""
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self.bury()
        context = get_context("spawn")
        own, other = context.Pipe()
        process = context.Process(target=self._target, args=(other, self._steps_back), daemon=True, name=self._name)
        with self._lock:
            if self._closed:
                raise ChildGone("was stopped")
            process.start()
            self._process = process
        other.close()
        self._pipe = own
        return own

    def kill(self) -> None:
        with self._lock:
            if self._process is not None:
                with suppress(OSError):
                    self._process.kill()

    def close(self) -> None:
        """Kills it; it is not started again."""
        with self._lock:
            self._closed = True
        self.kill()

    def bury(self) -> None:
        """Tidies up behind a process that is dead or dying."""
        with self._lock:
            process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join()
            process.close()


def begin(*, steps_back: bool) -> None:
    """What every process of the daemon does first; `steps_back` lets all other work go before its own."""
    from server.pool import collect_seldom

    # An interrupt in a terminal reaches every process of it: when to end is for the daemon to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if steps_back and hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(LESS_URGENT)
    collect_seldom()
