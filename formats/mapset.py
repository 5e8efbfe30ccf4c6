"""The difficulties of one folder and facts on its other files, as a rule that compares them sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from formats.beatmap import Beatmap
from formats.timeline import Timeline


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of the folder: its path relative to it with `/`, and its size in bytes."""

    path: str
    size: int


class Difficulty:
    """One `.osu` of a mapset: the path as the user gave it, and what it holds.

    `derived` keeps what other rooms computed of it (its star rating), so that they compute it once.
    """

    def __init__(self, path: str, beatmap: Beatmap, previous: Timeline | None = None) -> None:
        self.path = path
        self.beatmap = beatmap
        self.derived: dict[str, object] = {}
        self._previous = previous

    @cached_property
    def timeline(self) -> Timeline:
        return Timeline(self.beatmap, self._previous)

    @property
    def name(self) -> str:
        return self.beatmap.metadata.text("Version")

    @property
    def file_name(self) -> str:
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Mapset:
    """`difficulties` are in file-name order; `files` is None where the folder was not listed (stdin)."""

    difficulties: Sequence[Difficulty] = ()
    files: Mapping[str, FileFact] | None = field(default=None)


def group(difficulties: Sequence[Difficulty], files: Mapping[str, FileFact] | None = None) -> list[Mapset]:
    """The mapsets among the difficulties of one folder, each difficulty in exactly one.

    A folder is a set in the game, yet people keep loose maps of many songs in one. Two difficulties belong together
    when they share a set id, or artist and title, or (where no two set ids contradict) the song file.
    """
    groups: list[list[Difficulty]] = []
    for difficulty in sorted(difficulties, key=lambda one: one.file_name):
        joined = [members for members in groups if any(_together(difficulty, other) for other in members)]
        merged = [member for members in joined for member in members]
        groups = [members for members in groups if members not in joined]
        groups.append([*merged, difficulty])
    return [Mapset(tuple(members), files) for members in groups]


def _together(one: Difficulty, other: Difficulty) -> bool:
    first, second = one.beatmap, other.beatmap
    ids = {first.metadata.number("BeatmapSetID", -1), second.metadata.number("BeatmapSetID", -1)}
    if len(ids) == 1 and min(ids) > 0:
        return True
    named = [(each.metadata.text("Artist"), each.metadata.text("Title")) for each in (first, second)]
    if named[0] == named[1] and any(named[0]):
        return True
    songs = {each.general.text("AudioFilename").lower() for each in (first, second)}
    return len(songs) == 1 and "" not in songs and not (len(ids) == 2 and min(ids) > 0)
