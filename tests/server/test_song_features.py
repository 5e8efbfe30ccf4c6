"""Features are computed once for a song, and again where the cache does not hold them whole."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import UnreadableAudio
from server.song_features import cache_folder, shrink, song_features

FEATURES = np.arange(96, dtype=np.uint8).reshape(3, 32)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The songs that had to be decoded."""
    songs: list[bytes] = []

    def decode(data: bytes, _: object) -> NDArray[np.uint8]:
        songs.append(data)
        return FEATURES

    monkeypatch.setattr("models.bundled.audio.mel_features", decode)
    return songs


def test_a_song_is_decoded_once(tmp_path: Path, asked: list[bytes]) -> None:
    for _ in range(2):
        assert np.array_equal(song_features(b"song", str(tmp_path / "songs")), FEATURES)
    song_features(b"another", str(tmp_path / "songs"))
    assert asked == [b"song", b"another"]


@pytest.mark.parametrize("cut", [0, 1, 20, 60, -1])
def test_a_damaged_entry_is_made_anew(tmp_path: Path, asked: list[bytes], cut: int) -> None:
    song_features(b"song", str(tmp_path))
    (entry,) = tmp_path.iterdir()
    whole = entry.read_bytes()
    entry.write_bytes(whole[:cut])
    assert np.array_equal(song_features(b"song", str(tmp_path)), FEATURES)
    assert entry.read_bytes() == whole
    assert len(asked) == 2


def test_an_entry_with_a_changed_byte_is_made_anew(tmp_path: Path, asked: list[bytes]) -> None:
    song_features(b"song", str(tmp_path))
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(entry.read_bytes()[:-1] + b"!")
    assert np.array_equal(song_features(b"song", str(tmp_path)), FEATURES)
    assert len(asked) == 2


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path, asked: list[bytes]) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert np.array_equal(song_features(b"song", str(tmp_path / "file" / "songs")), FEATURES)
    assert asked == [b"song"]


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    for age, name in enumerate(("new.mel", "older.mel", "oldest.mel", "mine.txt")):
        (tmp_path / name).write_bytes(b"x" * 100)
        os.utime(tmp_path / name, (1_000 - age, 1_000 - age))
    shrink(str(tmp_path), largest=250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt", "new.mel", "older.mel"]


def test_using_an_entry_keeps_it(tmp_path: Path, asked: list[bytes]) -> None:
    song_features(b"first", str(tmp_path))
    (first,) = tmp_path.iterdir()
    os.utime(first, (1, 1))
    song_features(b"second", str(tmp_path))
    song_features(b"first", str(tmp_path))
    shrink(str(tmp_path), largest=first.stat().st_size)
    assert list(tmp_path.iterdir()) == [first]
    assert len(asked) == 2


def test_what_cannot_be_decoded_is_not_remembered(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAudio):
        song_features(b"no song", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_cache_lies_in_a_folder_of_its_own() -> None:
    assert Path(cache_folder()).parts[-2:] == ("maimod", "songs")
