from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.server.daemon.songs import songs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(os.path.realpath(songs(tmp_path)))


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test has a place for a daemon's state of its own."""
    place = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("MAIMOD_STATE_DIR", str(place))
    return place
