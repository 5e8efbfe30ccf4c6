"""No test asks the real model or writes into the user's cache unless it says so."""

from __future__ import annotations

import pytest

from tests.server import wondering as double
from tests.server.wondering import Wondering


@pytest.fixture
def wondering(monkeypatch: pytest.MonkeyPatch) -> Wondering:
    """The model of the tests in the place of the bundled one."""
    return double.install(monkeypatch.setattr)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
