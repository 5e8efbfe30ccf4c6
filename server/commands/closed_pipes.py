"""Output into a pipe whose reader (`head`, a pager) has seen enough."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def until_closed() -> Generator[None]:
    """Ends the block early, without trouble, where nobody reads standard output any more; nothing is written after that."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would be written at exit.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  stays open until the process ends
