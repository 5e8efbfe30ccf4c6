"""A writer's process with the tests' own small weights, which does at a map's word what tests need."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from models.bundled import graphs
from server.daemon import writer
from server.daemon.questions import Rewrite
from server.daemon.writing_desk import Reply, WritingDesk
from tests.models import tiny

# A map whose tags hold one of these is written for ever: looking whether that is still wanted, or not looking.
PATIENT, STUBBORN = "patient", "stubborn"
# The writer dies over it.
DEADLY = "deadly"
answer = WritingDesk.answer


def write(pipe: Connection, steps_back: bool) -> None:
    """In place of `writer.write`."""

    def weights(path: str | None = None) -> tuple[bytes, str, str]:  # noqa: ARG001  the reader's signature
        return tiny.WEIGHTS.read_bytes(), str(tiny.WEIGHTS), ""

    graphs.read_weights = weights
    WritingDesk.answer = answering  # type: ignore[method-assign,assignment]
    writer.write(pipe, steps_back)


def answering(desk: WritingDesk, question: Rewrite, progress: Callable[[float], None], cancelled: Callable[[], bool]) -> Reply:
    path = Path(question.path)
    text = question.texts[path.name] if path.name in question.texts else path.read_bytes()
    tags = text.partition(b"Tags:")[2].partition(b"\n")[0].decode()
    if DEADLY in tags:
        os._exit(1)
    if STUBBORN in tags:
        time.sleep(600)
    while PATIENT in tags:
        progress(0.4)
        cancelled()
        time.sleep(0.01)
    return answer(desk, question, progress, cancelled)
