"""What comes in to a worker: questions, one after the other, and word that one of them is not to be answered any more."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import IO

from server.worker.messages import receive
from server.worker.questions import Asking, Stop


class Mailbox:
    """Listens on a thread of its own, so that whoever is at work hears at once that he may stop."""

    def __init__(self, incoming: IO[bytes]) -> None:
        self._incoming = incoming
        self._questions: SimpleQueue[Asking | None] = SimpleQueue()
        self._stopped = 0
        self._gone = False
        Thread(target=self._listen, name="mailbox", daemon=True).start()

    def next(self) -> Asking | None:
        """Waits for the next question; None where there is to be no other."""
        return self._questions.get()

    def stopped(self, number: int) -> bool:
        """Whether nobody waits for the answer to this question."""
        return self._gone or number <= self._stopped

    def _listen(self) -> None:
        while (message := receive(self._incoming)) is not None:
            match message:
                case Stop(number):
                    self._stopped = number
                case Asking():
                    self._questions.put(message)
        self._gone = True
        self._questions.put(None)
