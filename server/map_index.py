"""The maps under some folders by name, read again only where a file changed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Event

from formats.beatmap import Beatmap
from formats.encoding import decode
from formats.osu import Mode
from server.reading import CHART_SUFFIX, HEAD_BYTES, OSU_SUFFIX, Unreadable, is_map, read_bytes

# A Songs folder has some ten thousand maps; what is beyond this is found by file name in the editor.
MOST_MAPS = 30_000
MOST_FOUND = 500
_MODES = {Mode.OSU: "osu!", Mode.TAIKO: "osu!taiko", Mode.CATCH: "osu!catch", Mode.MANIA: "osu!mania"}
_CHART_KEY = re.compile(r"^[ \t]*(Name|Artist|Charter)[ \t]*=[ \t]*\"?(.*?)\"?[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Named:
    """A map: `Artist - Title [Difficulty]`, who made it, and of which game it is."""

    path: str
    name: str
    creator: str
    game: str


class MapIndex:
    """Maps as last read, by path. One thread at a time."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, int], Named]] = {}

    def search(self, folders: Iterable[str], query: str, stop: Event) -> list[Named]:
        """The maps in whose name, maker or file all words of the query stand; ends early where `stop` is set. Reads the disk."""
        words = query.casefold().split()
        found: list[Named] = []
        for path in _maps(folders):
            if stop.is_set() or len(found) >= MOST_FOUND:
                break
            named = self._named(path)
            if named is not None and all(word in f"{named.name} {named.creator} {path}".casefold() for word in words):
                found.append(named)
        return found

    def _named(self, path: str) -> Named | None:
        try:
            about = os.stat(path)
            stamp = about.st_mtime_ns, about.st_size
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                known = self._known[path] = (stamp, _read(path))
            return known[1]
        except (OSError, ValueError, Unreadable):
            return None


def _maps(folders: Iterable[str]) -> Iterator[str]:
    count = 0
    seen: set[str] = set()
    for folder in folders:
        for here, inner, names in os.walk(folder):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(names):
                path = os.path.join(here, name)
                if is_map(name) and path not in seen:
                    seen.add(path)
                    count += 1
                    if count > MOST_MAPS:
                        return
                    yield path


def _read(path: str) -> Named:
    text = decode(read_bytes(path, HEAD_BYTES))[0]
    file_name = os.path.basename(path)
    if path.lower().endswith(CHART_SUFFIX):
        keys = dict(_CHART_KEY.findall(text))
        name = " - ".join(part for part in (keys.get("Artist"), keys.get("Name")) if part)
        return Named(path, name or file_name, keys.get("Charter", ""), "Clone Hero")
    if not path.lower().endswith(OSU_SUFFIX):
        return Named(path, file_name, "", "")
    beatmap = Beatmap.from_text(text.partition("[Difficulty]")[0])
    about = beatmap.metadata
    song = " - ".join(part for part in (about.text("Artist"), about.text("Title")) if part)
    name = f"{song} [{about.text('Version')}]" if song else file_name
    return Named(path, name, about.text("Creator"), _MODES[beatmap.mode])
