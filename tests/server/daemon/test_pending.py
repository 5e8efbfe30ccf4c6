"""Proposals of huge maps do not fill the memory."""

from __future__ import annotations

import pytest

from server.daemon import pending
from server.daemon.pending import Proposals
from server.daemon.questions import Proposed


def proposed(size: int) -> Proposed:
    return Proposed("", b"x" * size, b"", "t", "unsafe", "a long diff", ({"line": 1},), 0, (), {"shape": "none"})


def test_the_newest_are_kept_in_number_and_in_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST_BYTES", 1000)
    kept = Proposals()
    many = [kept.add("a", proposed(1)) for _ in range(pending.MOST_PROPOSALS + 1)]
    assert kept.take(many[0]) is None
    assert kept.take(many[1]) is not None
    large = kept.add("a", proposed(900))
    huge = kept.add("a", proposed(5000))
    assert kept.take(many[-1]) is None
    assert kept.take(large) is None
    found = kept.take(huge)
    assert found is not None
    assert (found.proposed.diff, found.proposed.hunks, found.proposed.look) == ("", (), None)
    assert kept.take(huge) is None
    again = kept.add("a", proposed(990))
    assert kept.take(kept.add("a", proposed(10))) is not None
    assert kept.take(again) is not None
