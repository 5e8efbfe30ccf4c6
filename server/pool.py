"""Work on many maps in several processes: a few batches ahead of whoever waits, answers in the order of the batches."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from server.reading import Batch

if TYPE_CHECKING:
    from concurrent.futures import Future

Answer = TypeVar("Answer")

# Starting a process costs as much as checking a few maps.
FEW_MAPS = 24
# A folder with more maps than this is split, so that all processes have work and memory stays flat.
MOST_IN_BATCH = 6
# How many batches wait for each process.
AHEAD = 4


def cores() -> int:
    """The processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def in_processes(
    batches: Iterable[Batch], work: Callable[[Batch], Answer], killed: Callable[[Batch], Answer], jobs: int
) -> Iterator[tuple[Batch, Answer]]:
    """Each batch with what `work`, which must be picklable, makes of it; `killed` answers where the process at work died."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, initializer=_begin) as pool:
        running: deque[tuple[Batch, Future[Answer]]] = deque()
        try:
            for batch in batches:
                running.append((batch, pool.submit(_work_and_tidy, batch, work)))
                if len(running) > jobs * AHEAD:
                    yield _result(*running.popleft(), killed)
            while running:
                yield _result(*running.popleft(), killed)
        finally:
            pool.shutdown(cancel_futures=True)


def _result(batch: Batch, future: Future[Answer], killed: Callable[[Batch], Answer]) -> tuple[Batch, Answer]:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return batch, future.result()
    except BrokenProcessPool:
        return batch, killed(batch)


def _begin() -> None:
    """A process of the pool begins: interrupts are the parent's business."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()


def collect_seldom() -> None:
    """A map is many small objects that live until it is judged: looking at them all the time costs a fifth of the whole."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 1_000)


def _work_and_tidy(batch: Batch, work: Callable[[Batch], Answer]) -> Answer:
    """A batch's maps refer to themselves in circles: they go at once, so that memory stays flat."""
    answer = work(batch)
    gc.collect()
    return answer
