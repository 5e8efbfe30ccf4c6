"""Locks between programs, which the system lets go of when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

# How often a lock that another has is tried again.
LOOK_SECONDS = 0.01


def try_lock(handle: int) -> None:
    """Raises `OSError` where another process has the lock on the open file."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(path: str, patience: float = 5.0) -> Generator[None]:
    """Waits until no other program stands inside with the same lock file, which is made where there is none.

    Raises `TimeoutError` after `patience` seconds, another `OSError` where the file cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                try_lock(handle)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"another program holds {path}") from None
                time.sleep(LOOK_SECONDS)
        yield
    finally:
        os.close(handle)
