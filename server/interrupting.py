"""Long work that Ctrl+C ends at once, whatever the libraries beneath it are busy with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

# s: how often somebody looks whether the work is done, and how long it may take to hear that it is not wanted any more.
LOOK, PATIENCE = 0.05, 0.1


def resting(cancelled: Callable[[], bool] | None) -> Callable[[], None]:
    """What long work calls now and then: it raises `models.bundled.sampling.Cancelled` where nobody wants the answer any more."""

    def rest() -> None:
        if cancelled is not None and cancelled():
            from models.bundled.sampling import Cancelled

            raise Cancelled

    return rest


def interruptible(work: Callable[[Callable[[], bool]], Answer]) -> Answer:
    """What `work` answers, which is told by what it may ask whether it is still wanted. It must write nothing itself.

    `KeyboardInterrupt` comes out within a fifth of a second; the work then ends with the process at the latest.
    """
    unwanted = threading.Event()
    answers: list[Answer] = []
    troubles: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work(unwanted.is_set))
        except BaseException as trouble:  # noqa: BLE001  raised again where it is waited for
            troubles.append(trouble)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(LOOK)
    except KeyboardInterrupt:
        unwanted.set()
        thread.join(PATIENCE)
        raise
    if troubles:
        raise troubles[0]
    return answers[0]
