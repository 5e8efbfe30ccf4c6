from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from server.placing import check_file, check_folder, place_archive, place_folder
from server.reading import Unreadable

FILES = {"a.osu": b"one", "audio.mp3": b"two"}


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_appears_with_all_its_files(tmp_path: Path) -> None:
    place_folder(str(tmp_path / "new"), FILES, force=False)
    assert held(tmp_path / "new") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    place_folder(str(tmp_path / "empty"), FILES, force=False)
    assert held(tmp_path / "empty") == FILES


def test_a_folder_with_files_is_left_alone_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "a.osu").write_bytes(b"old")
    (tmp_path / "mine.osu").write_bytes(b"mine")
    with pytest.raises(Unreadable, match="--force"):
        place_folder(str(tmp_path), FILES, force=False)
    assert held(tmp_path) == {"a.osu": b"old", "mine.osu": b"mine"}
    place_folder(str(tmp_path), FILES, force=True)
    assert held(tmp_path) == FILES | {"mine.osu": b"mine"}


def test_nothing_is_left_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        place_folder(str(tmp_path / "new"), FILES, force=False)
    assert not list(tmp_path.iterdir())


def test_an_archive_holds_the_files(tmp_path: Path) -> None:
    path = tmp_path / "a.osz"
    place_archive(str(path), FILES, force=False)
    with zipfile.ZipFile(path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
    with pytest.raises(Unreadable, match="--force"):
        place_archive(str(path), FILES, force=False)
    place_archive(str(path), {}, force=True)


def test_what_is_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unreadable, match="not a folder"):
        check_folder(str(tmp_path / "file"), force=True)
    with pytest.raises(Unreadable, match="not a file"):
        check_file(str(tmp_path), force=True)
    with pytest.raises(Unreadable, match="there is no folder"):
        check_folder(str(tmp_path / "none" / "new"), force=False)


def test_files_that_cannot_all_be_replaced_stay_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "map").mkdir()
    last = list(FILES)[-1]
    (tmp_path / "map" / last).write_bytes(b"old")
    (tmp_path / "map" / "mine").write_bytes(b"mine")
    replace = os.replace

    def locked(one: str, other: str) -> None:
        if Path(one).name == last and Path(other).parent.name == "map":
            monkeypatch.setattr(os, "replace", replace)
            raise PermissionError(13, "it is in use")
        replace(one, other)

    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(Unreadable, match="in use"):
        place_folder(str(tmp_path / "map"), FILES, force=True)
    assert held(tmp_path / "map") == {last: b"old", "mine": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["map"]
    place_folder(str(tmp_path / "map"), FILES, force=True)
    assert (tmp_path / "map" / last).read_bytes() == FILES[last]
    assert [path.name for path in tmp_path.iterdir()] == ["map"]
