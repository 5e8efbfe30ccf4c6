"""Work that waits for quiet and gives way: for each key one piece of work, which new work for the same key takes the place of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from time import perf_counter

# How long work may hold the event loop before it lets waiting messages through.
SLICE_SECONDS = 0.008


class Schedule:
    """The work under way. `failed` hears of the exceptions that it ends with."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._failed = failed

    def start(self, key: Hashable, work: Coroutine[object, object, None]) -> None:
        """Begins `work` at the next turn of the loop; what was under way for `key` is cancelled."""
        self.cancel(key)
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._end(key, done))

    def cancel(self, key: Hashable) -> None:
        task = self._tasks.pop(key, None)
        if task is not None:
            task.cancel()

    def busy(self, key: Hashable) -> bool:
        return key in self._tasks

    @property
    def any(self) -> bool:
        return bool(self._tasks)

    def _end(self, key: Hashable, task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        if task.cancelled():
            return
        trouble = task.exception()
        if isinstance(trouble, Exception):
            self._failed(trouble)


class Breath:
    """Lets the loop turn when the work since the last turn took longer than a slice; that is also where work is cancelled."""

    def __init__(self) -> None:
        self._since = perf_counter()

    async def take(self) -> None:
        if perf_counter() - self._since > SLICE_SECONDS:
            await asyncio.sleep(0)
            self._since = perf_counter()
