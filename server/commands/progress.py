"""A bar of progress on standard error, where somebody sees it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

import click


@contextmanager
def bar(label: str) -> Generator[Callable[[float], None]]:
    """What is told the share of the work that is done, 0 to 1."""
    if not sys.stderr.isatty():
        yield lambda share: None  # noqa: ARG005  nobody looks
        return
    with click.progressbar(length=100, label=label, file=sys.stderr) as shown:
        done = 0

        def tell(share: float) -> None:
            nonlocal done
            now = int(100 * share)
            if now > done:
                shown.update(now - done)
                done = now

        yield tell
