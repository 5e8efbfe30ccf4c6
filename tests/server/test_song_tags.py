from __future__ import annotations

import pytest

from server.song_tags import SongTags, song_tags
from tests.generation import songs


def id3(**frames: str) -> bytes:
    """A tag of ID3v2.3 in UTF-16."""
    body = b"".join(
        name.encode() + len(data).to_bytes(4, "big") + b"\0\0" + data
        for name, text in frames.items()
        for data in (b"\x01" + text.encode("utf-16"),)
    )
    size = bytes(len(body) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + body


def vorbis(*comments: str) -> bytes:
    """A FLAC file of nothing but its comments."""
    texts = [comment.encode() for comment in comments]
    listed = b"".join(len(text).to_bytes(4, "little") + text for text in texts)
    body = (0).to_bytes(4, "little") + len(texts).to_bytes(4, "little") + listed
    streaminfo = b"\x10\0\x10\0" + b"\0" * 6 + b"\x0a\xc4\x42\xf0" + b"\0\0\0\0" + b"\0" * 16
    return b"fLaC\0\0\0\x22" + streaminfo + b"\x84" + len(body).to_bytes(3, "big") + body


def test_id3_tags_are_read() -> None:
    data = id3(TIT2="曲", TPE1="バンド", TALB="Album", TYER="2020") + b"\xff\xfb\x90\x64" + b"\0" * 413
    assert song_tags(data * 1, "x.mp3") == SongTags("曲", "バンド", "Album", "", "2020")


def test_vorbis_comments_are_read() -> None:
    found = song_tags(vorbis("TITLE=Song", "ARTIST=Band", "GENRE=Rock"), "x.flac")
    assert (found.title, found.artist, found.genre) == ("Song", "Band", "Rock")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Band - Some_Song.wav", ("Some Song", "Band")), ("/a/b/Song.wav", ("Song", "")), ("-.wav", ("-", ""))],
)
def test_without_tags_the_name_tells(name: str, expected: tuple[str, str]) -> None:
    found = song_tags(songs.sound(0.5), name)
    assert (found.title, found.artist) == expected


@pytest.mark.parametrize("data", [b"", b"ID3\x03\0\0\x7f\x7f\x7f\x7f", b"fLaC\x84\xff\xff\xff", b"RIFF", b"OggS" * 9])
def test_broken_tags_are_none(data: bytes) -> None:
    for suffix in ("mp3", "flac", "ogg", "wav", "xyz"):
        assert song_tags(data, f"Song.{suffix}").title == "Song"


def test_titles_stand_in_one_line() -> None:
    found = song_tags(vorbis("TITLE=A\nB\x00\x1b[0m C", f"ARTIST={'x' * 5000}"), "x.flac")
    assert found.title == "A B [0m C"
    assert len(found.artist) == 200
