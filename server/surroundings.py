"""What lies around an open map: its folder's settings and dismissals, the other difficulties of its set, the folder's files.

Whatever an editor has open counts as it stands in the editor; the rest is read from disk, each file again only after it changed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formats.beatmap import Beatmap
from formats.mapset import Difficulty, FileFact, Mapset, group
from server import dismissals
from server.dismissals import Dismissed
from server.reading import OSU_SUFFIX, DiskFolder, Unreadable, list_files, read_bytes, read_head, read_storyboards

if TYPE_CHECKING:
    from server.settings import Settings

# In a folder with more difficulties people keep maps of many songs; only those named alike are looked into.
MOST_SIBLINGS = 200

Stamp = tuple[int, int]
"""Modification time in ns and size: equal while a file stands as it was read."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds for every map of a folder. `problems` are sentences about its files that were not understood."""

    settings: Settings
    dismissed: Dismissed
    problems: tuple[str, ...]


def ground_of(folder: str | None, options: Mapping[str, object]) -> Ground:
    """The settings (those of `maimod.toml`, overridden by the editor's `options`) and dismissals of a folder."""
    from server import settings

    loaded = settings.load_for(folder) if folder is not None else settings.Loaded()
    dismissed = dismissals.load(folder) if folder is not None else Dismissed()
    # An editor sends every setting that it knows, those empty that its user left alone.
    given = {key: value for key, value in options.items() if key in settings.KEYS and value not in (None, "", [], {})}
    chosen, problems = settings.understand(given, loaded.settings)
    said = tuple(f"The editor's settings: {problem}" for problem in problems)
    return Ground(chosen, dismissed, (*loaded.problems, *dismissed.problems, *said))


class Siblings:
    """The difficulties of one folder as last read from disk, whole or (to tell the sets apart) their heads alone."""

    def __init__(self) -> None:
        self._whole: dict[str, tuple[Stamp, Difficulty]] = {}
        self._heads: dict[str, tuple[Stamp, Difficulty | None]] = {}
        self._storyboards: dict[str, tuple[Stamp, Beatmap]] = {}

    def mapset(self, own: Difficulty, opened: Sequence[Difficulty]) -> Mapset:
        """The set of `own`, in which the difficulties of `opened` stand for their files on disk. Reads the disk."""
        folder = DiskFolder(os.path.dirname(own.path))
        known = {each.file_name: each for each in (*opened, own)}
        heads = [head for name in _near(folder.names, own.file_name) if name not in known and (head := self._head(folder, name))]
        for members in group([*known.values(), *heads], folder.files):
            if own in members.difficulties:
                whole = [each if each.file_name in known else self.read(each.path) for each in members.difficulties]
                boards = read_storyboards(folder, lambda name: self._storyboard(folder.path(name)))
                return Mapset(tuple(each for each in whole if each), folder.files, boards)
        return Mapset((own,), folder.files)

    def _storyboard(self, path: str) -> Beatmap:
        stamp = stamp_of(path)
        if stamp is None:
            raise Unreadable(path, "does not exist")
        kept = self._storyboards.get(path)
        if kept is None or kept[0] != stamp:
            kept = self._storyboards[path] = (stamp, Beatmap.from_bytes(read_bytes(path)))
        return kept[1]

    def _head(self, folder: DiskFolder, name: str) -> Difficulty | None:
        stamp = stamp_of(folder.path(name))
        if stamp is None:
            return None
        kept = self._heads.get(name)
        if kept is None or kept[0] != stamp:
            kept = self._heads[name] = (stamp, read_head(folder, name))
        return kept[1]

    def known(self, path: str) -> Difficulty | None:
        """The difficulty at a path as last read; reads nothing."""
        kept = self._whole.get(path)
        return kept[1] if kept else None

    def read(self, path: str) -> Difficulty | None:
        """The difficulty at a path, None where it cannot be read."""
        stamp = stamp_of(path)
        if stamp is None:
            return None
        kept = self._whole.get(path)
        if kept is None or kept[0] != stamp:
            try:
                kept = self._whole[path] = (stamp, Difficulty(path, Beatmap.from_bytes(read_bytes(path))))
            except Unreadable:
                return None
        return kept[1]


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a chart or a song.ini: the other of the two as bytes, and the folder's files."""

    other: bytes | None
    files: Mapping[str, FileFact] | None


def beside(path: str, wanted: str) -> Beside:
    """The folder of a chart or song.ini; `wanted` is the name, in any case, of the other file. Reads the disk."""
    folder = os.path.dirname(path)
    files = list_files(folder)
    name = next((name for name in files or () if name.lower() == wanted), wanted)
    try:
        return Beside(read_bytes(os.path.join(folder, name)), files)
    except Unreadable:
        return Beside(None, files)


def _near(names: Sequence[str], own: str) -> list[str]:
    """The difficulties to look into: all of a mapset's folder, in a folder of loose maps those named alike."""
    maps = [name for name in names if name.lower().endswith(OSU_SUFFIX)]
    if len(maps) <= MOST_SIBLINGS:
        return maps
    # Artist - Title (Creator) [Difficulty].osu
    start = own.rpartition("(")[0] or own.rpartition("[")[0] or own
    return [name for name in maps if name.startswith(start)][:MOST_SIBLINGS]


def stamp_of(path: str) -> Stamp | None:
    """The file as it stands; None where there is none."""
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return None
    return about.st_mtime_ns, about.st_size
