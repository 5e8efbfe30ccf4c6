"""Dismissals of several clients at once: none is lost, and the last word counts."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from server import dismissals
from server.daemon import keeping
from server.daemon.keeping import Keeping
from server.dismissals import Dismissal

ENTRIES = [Dismissal("a.osu", "object-unsnapped", f"kind {number}", "HitObjects", f"line {number}") for number in range(40)]


def test_what_many_dismiss_at_once_is_all_written(tmp_path: Path) -> None:
    folder, kept = str(tmp_path), Keeping()
    kept.load(folder)
    with ThreadPoolExecutor(8) as threads:
        written: list[Future[None]] = []
        for entry in ENTRIES:
            kept.add(folder, entry)
            written.append(threads.submit(kept.write, folder))
        for each in written:
            each.result()
    assert dismissals.load(folder).dismissals == set(ENTRIES)
    assert not kept.pending


def test_what_is_taken_back_while_it_is_written_does_not_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, kept, entry = str(tmp_path), Keeping(), ENTRIES[0]
    kept.load(folder)
    kept.add(folder, entry)

    def add(where: str, entries: list[Dismissal]) -> list[Dismissal]:
        kept.remove(where, [entry])
        return dismissals.add(where, entries)

    class Disk:
        load, remove = staticmethod(dismissals.load), staticmethod(dismissals.remove)

    Disk.add = staticmethod(add)  # type: ignore[attr-defined]
    monkeypatch.setattr(keeping, "dismissals", Disk)
    kept.write(folder)
    assert kept.pending == [folder]
    kept.write(folder)
    assert not kept.pending
    assert not dismissals.load(folder).dismissals


def test_what_is_dismissed_while_it_is_taken_back_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, kept, entry = str(tmp_path), Keeping(), ENTRIES[0]
    dismissals.add(folder, [entry])
    kept.load(folder)
    kept.remove(folder, [entry])

    def remove(where: str, entries: list[Dismissal]) -> list[Dismissal]:
        kept.add(where, entry)
        return dismissals.remove(where, entries)

    class Disk:
        load, add = staticmethod(dismissals.load), staticmethod(dismissals.add)

    Disk.remove = staticmethod(remove)  # type: ignore[attr-defined]
    monkeypatch.setattr(keeping, "dismissals", Disk)
    kept.write(folder)
    assert kept.pending == [folder]
    kept.write(folder)
    assert dismissals.load(folder).dismissals == {entry}
