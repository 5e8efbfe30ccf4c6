"""What is kept of maps that are being rewritten: who writes, what was proposed, and how often the same was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from formats.document import Document
from formats.spans import Edit
from server.session import Session
from server.worker.copies import Copies
from server.worker.process import Worker

# Of a huge map a step may take long: the song is heard, the rules run, the weights are loaded.
LIMIT_SECONDS = 120.0
# The weights take some 200 MB: they are given back when nothing was written for so long.
REST_SECONDS = 600.0
# Proposals that are remembered: several answers, so that a user may go back to an earlier one.
MOST_KEPT = 64
MOST_ASKED = 1000


@dataclass(frozen=True, slots=True)
class Proposed:
    """Edits of an open file as it stood, or a new file (`created`, its URI). `label` is what is undone, `detail` more of it."""

    uri: str
    document: Document
    edits: tuple[Edit, ...]
    label: str
    detail: str
    created: str = ""


class Rewriting:
    """The writer has a process of its own, started when it is first asked: the surprisal model answers meanwhile."""

    def __init__(self, session: Session, told: Callable[[str], object]) -> None:
        self.worker = Worker(Copies(session), told, LIMIT_SECONDS, "the process that writes maps", REST_SECONDS)
        self._numbers = count(1)
        self._kept: dict[int, Proposed] = {}
        self._asked: dict[tuple[str, ...], int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, proposed: Proposed) -> int:
        """The number by which it may be applied."""
        number = next(self._numbers)
        self._kept[number] = proposed
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return number

    def get(self, number: int) -> Proposed | None:
        return self._kept.get(number)

    def seed(self, *what: str) -> int:
        """0 for what is asked for the first time, then 1, 2, …: who asks again wants something else."""
        seed = self._asked.pop(what, -1) + 1
        self._asked[what] = seed
        while len(self._asked) > MOST_ASKED:
            del self._asked[next(iter(self._asked))]
        return seed

    def begin(self, work: asyncio.Task[None]) -> None:
        """Work that nobody waits for lives until it is done."""
        self._tasks.add(work)
        work.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        self.worker.stop()
