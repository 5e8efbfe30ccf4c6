"""The maps and songs that training learns from, read from a folder, with or without a manifest."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from formats.beatmap import Beatmap
from formats.chart import Chart
from server.reading import Unreadable, find, is_map, read_bytes
from server.songs import OFF, Song, Songs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.training.corpus import Source


@dataclass(frozen=True, slots=True)
class Lessons:
    """`folder` holds the maps; without a manifest all of them count, each with the song beside it.

    `manifest` is JSON Lines of `path`, `set_key`, `split` (train or valid) and `category` (human counts, others do not).
    `features` is a folder of songs as `<name>.npy`, uint8 (frames, 32), with an `index.json` from a map's path to its song.
    """

    folder: str
    manifest: str | None = None
    features: str | None = None
    audio: bool = True

    def sources(self) -> Iterator[Source]:
        """Every map that may be learned from. Raises `Unreadable` with the place."""
        from models.training.corpus import Source

        heard = _Features(self.features) if self.features is not None else _Beside(self.audio)
        for row in self._rows():
            path = os.path.join(self.folder, row["path"])
            data = read_bytes(path)
            valid = row.get("split", "train") != "train"
            yield Source(row["path"], data, str(row.get("set_key", "")), valid, heard.song(row["path"], path, data))

    def _rows(self) -> Sequence[dict[str, Any]]:
        if self.manifest is None:
            wanted = [each.path for batch in find([self.folder]).batches for each in batch.wanted if is_map(each.path)]
            return [{"path": os.path.relpath(path, self.folder).replace(os.sep, "/")} for path in sorted(wanted)]
        try:
            rows = [json.loads(line) for line in read_bytes(self.manifest).decode("utf-8").splitlines() if line.strip()]
            rows = [row for row in rows if is_map(row["path"]) and row.get("category", "human") == "human"]
        except (ValueError, KeyError, TypeError) as trouble:
            raise Unreadable(self.manifest, f"is no manifest: a row lacks its path or is no JSON object ({trouble})") from None
        return [row for row in rows if row.get("split", "train") in ("train", "valid")]


class _Beside:
    """The song that lies beside a map."""

    def __init__(self, audio: bool) -> None:
        self._songs = Songs(None if audio else OFF)

    def song(self, name: str, path: str, data: bytes) -> NDArray[np.uint8] | None:
        found: Song | None
        if name.lower().endswith(".chart"):
            found = self._songs.of_chart(path, Chart.from_bytes(data), None)
        else:
            found = self._songs.of_beatmap(path, Beatmap.from_bytes(data), None)
        return found.features if found is not None else None


class _Features:
    """Songs whose features were computed before, each read once."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._index = _index(os.path.join(folder, "index.json"))
        self._read: dict[str, NDArray[np.uint8]] = {}

    def song(self, name: str, path: str, data: bytes) -> NDArray[np.uint8] | None:  # noqa: ARG002  as `_Beside`
        import numpy as np

        stem = self._index.get(name)
        if stem is None:
            return None
        if stem not in self._read:
            file = os.path.join(self._folder, stem if stem.endswith(".npy") else f"{stem}.npy")
            try:
                self._read[stem] = np.load(file)
            except (OSError, ValueError) as trouble:
                raise Unreadable(file, f"holds no features of a song ({trouble})") from None
        return self._read[stem]


def _index(path: str) -> dict[str, str]:
    try:
        index: dict[str, str] = {str(name): str(song) for name, song in json.loads(read_bytes(path)).items()}
    except (ValueError, AttributeError) as trouble:
        raise Unreadable(path, f"is no JSON object of maps and their songs ({trouble})") from None
    return index
