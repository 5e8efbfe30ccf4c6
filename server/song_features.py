"""The audio features of songs, remembered in the user's cache folder by what the audio file holds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from server.writing import write_atomically

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A four-minute song takes 768 kB: this many hold some 650 songs.
LARGEST_CACHE = 500_000_000  # bytes
# Raised when the definition of the features changes, so that old entries are left aside and fade away.
VERSION = b"maimod mel 1\n"
DIGEST = 32  # bytes


def song_features(data: bytes, folder: str | None = None, pause: Callable[[], object] = lambda: None) -> NDArray[np.uint8]:
    """`mel_features(data, pause)`, from the cache where it holds them; raises as that does.

    A cache that cannot be read or written costs time, never the answer.
    """
    from models.bundled.audio import mel_features

    home = cache_folder() if folder is None else folder
    path = os.path.join(home, hashlib.sha256(data).hexdigest() + ".mel")
    known = _read(path)
    if known is not None:
        return known
    features = mel_features(data, pause)
    with suppress(OSError):
        os.makedirs(home, exist_ok=True)
        write_atomically(path, _packed(features))
        shrink(home)
    return features


def cache_folder() -> str:
    """Where features are kept: a folder of maimod's own in the user's cache folder."""
    import platformdirs

    return os.path.join(platformdirs.user_cache_dir("maimod", appauthor=False), "songs")


def shrink(folder: str, largest: int = LARGEST_CACHE) -> None:
    """Removes what was not used for longest until the entries take at most `largest` bytes."""
    entries: list[tuple[float, int, str]] = []
    with os.scandir(folder) as files:
        for file in files:
            if file.name.endswith((".mel", ".tmp")):
                with suppress(FileNotFoundError):
                    facts = file.stat()
                    entries.append((facts.st_mtime, facts.st_size, file.path))
    size = sum(length for _, length, _ in entries)
    for _, length, path in sorted(entries):
        if size <= largest:
            return
        with suppress(FileNotFoundError):
            os.unlink(path)
        size -= length


def _packed(features: NDArray[np.uint8]) -> bytes:
    body = features.tobytes()
    return VERSION + hashlib.sha256(body).digest() + body


def _read(path: str) -> NDArray[np.uint8] | None:
    """The entry's features, None where there is none or it is damaged. Its time is set to now: it is in use."""
    try:
        with open(path, "rb") as file:
            held = file.read()
        os.utime(path)
    except OSError:
        return None
    digest, body = held[len(VERSION) : len(VERSION) + DIGEST], held[len(VERSION) + DIGEST :]
    if not held.startswith(VERSION) or hashlib.sha256(body).digest() != digest:
        return None
    import numpy as np

    from models.bundled.audio import BANDS

    return np.frombuffer(body, np.uint8).reshape(-1, BANDS) if len(body) % BANDS == 0 else None
