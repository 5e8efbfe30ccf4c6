"""The public Python API."""

from __future__ import annotations


def check() -> None: ...


class CheckedMap: ...


class UnreadablePath(Exception): ...
