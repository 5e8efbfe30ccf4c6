"""Tables of rarity that stay as they are when the shipped ones are measured anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analyzers.surprising import rarity

TABLES = {
    "shown_from": dict.fromkeys(("osu", "taiko", "catch", "mania", "frets", "drums"), 9.0),
    "severity": {"hint": 0.08, "information": 0.4, "warning": 0.75},
    "handicap": {"volume": 1.0},
    "default": {"mistake": [float(odds) for odds in range(-7, 4)], "field": [1 + 0.8 * step for step in range(11)]},
}


@pytest.fixture(autouse=True)
def steady_tables(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What all tests but those of the shipped tables see."""
    if request.path.name != "test_rarity.py":
        monkeypatch.setattr(rarity, "data", lambda: TABLES)
    rarity.table.cache_clear()
    yield
    rarity.table.cache_clear()
