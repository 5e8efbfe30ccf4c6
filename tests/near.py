"""`pytest.approx` with types that strict checking accepts."""

from __future__ import annotations

import pytest


def near(expected: object, *, rel: float | None = None, within: float | None = None) -> object:
    """Equal to what lies near `expected`: by a share `rel` of it or `within` so much."""
    return pytest.approx(expected, rel=rel, abs=within)  # pyright: ignore[reportUnknownMemberType]
