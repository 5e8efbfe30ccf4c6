"""What an audio file says of its song: ID3, Vorbis comments, FLAC, RIFF and the like."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO

# Longer values are no titles.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class SongTags:
    """Each empty where the file does not say."""

    title: str = ""
    artist: str = ""
    album: str = ""
    genre: str = ""
    year: str = ""


def song_tags(data: bytes, name: str) -> SongTags:
    """Of the file's bytes; where it has no title its name tells it, as `Artist - Title` or `Title`."""
    found = _read(data, name)
    if found.title:
        return found
    stem = " ".join(os.path.splitext(os.path.basename(name))[0].replace("_", " ").split())
    artist, dash, title = stem.partition(" - ")
    return SongTags(title if dash else stem, found.artist or (artist if dash else ""), found.album, found.genre, found.year)


def _read(data: bytes, name: str) -> SongTags:
    from tinytag import TinyTag
    from tinytag.tinytag import TinyTagException

    try:
        tags = TinyTag.get(filename=name, file_obj=BytesIO(data))
    except (TinyTagException, OSError, ValueError, LookupError, OverflowError):
        return SongTags()
    return SongTags(_plain(tags.title), _plain(tags.artist), _plain(tags.album), _plain(tags.genre), _plain(tags.year)[:4])


def _plain(value: str | None) -> str:
    """In one line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value or "").split())[:LONGEST]
