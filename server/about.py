"""The version of maimod that runs."""

from __future__ import annotations

UNKNOWN = "0+unknown"


def version() -> str:
    """The installed version; `0+unknown` in a checkout that was never installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("maimod")
    except PackageNotFoundError:
        return UNKNOWN
