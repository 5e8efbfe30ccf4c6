from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from server.writing import Changed, replace_map, write_atomically


def test_a_map_is_replaced_whole_with_one_backup_and_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.osu"
    path.write_bytes(b"one")
    path.chmod(0o640)
    replace_map(str(path), b"one", b"two")
    replace_map(str(path), b"two", b"three")
    assert path.read_bytes() == b"three"
    assert (tmp_path / "a.osu.bak").read_bytes() == b"one"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(tmp_path.iterdir()) == [path, tmp_path / "a.osu.bak"]


def test_somebody_elses_change_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.osu"
    path.write_bytes(b"saved meanwhile")
    with pytest.raises(Changed):
        replace_map(str(path), b"one", b"two")
    assert path.read_bytes() == b"saved meanwhile"
    assert list(tmp_path.iterdir()) == [path]


def test_a_save_while_the_new_map_is_written_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.osu"
    path.write_bytes(b"one")

    def slow(_: int) -> None:
        path.write_bytes(b"saved meanwhile")

    monkeypatch.setattr(os, "fsync", slow)
    with pytest.raises(Changed):
        replace_map(str(path), b"one", b"two")
    assert path.read_bytes() == b"saved meanwhile"
    assert sorted(tmp_path.iterdir()) == [path, tmp_path / "a.osu.bak"]


def test_a_write_that_fails_leaves_the_old_file_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.osu"
    path.write_bytes(b"one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(str(path), b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_a_link_keeps_pointing_at_the_map(tmp_path: Path) -> None:
    real, link = tmp_path / "real.osu", tmp_path / "link.osu"
    real.write_bytes(b"one")
    link.symlink_to(real)
    replace_map(str(link), b"one", b"two")
    assert link.is_symlink()
    assert real.read_bytes() == b"two"
