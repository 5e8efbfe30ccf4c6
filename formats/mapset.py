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

    def edited(self, beatmap: Beatmap) -> Difficulty:
        """This difficulty after an edit; the notes that stand as they were live on."""
        known = self.__dict__.get("timeline", self._previous)
        return Difficulty(self.path, beatmap, known)

    @property
    def name(self) -> str:
        return self.beatmap.metadata.text("Version")

    @property
    def file_name(self) -> str:
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Mapset:
    """`difficulties` are in file-name order; `files` is None where the folder was not listed (stdin).

    `storyboards` are the folder's `.osb` files by path, None where nobody read them.
    """

    difficulties: Sequence[Difficulty] = ()
    files: Mapping[str, FileFact] | None = field(default=None)
    storyboards: Mapping[str, Beatmap] | None = field(default=None)

    @cached_property
    def file_names(self) -> frozenset[str] | None:
        """The files' paths as Windows compares them (see `same_file`); None where the folder was not listed."""
        return None if self.files is None else frozenset(same_file(path) for path in self.files)


def same_file(path: str) -> str:
    """The path in the one form that all spellings of it share: `/` between folders, letters of one case."""
    return path.replace("\\", "/").strip().lstrip("/").casefold()


def group(difficulties: Sequence[Difficulty], files: Mapping[str, FileFact] | None = None) -> list[Mapset]:
    """The mapsets among the difficulties of one folder, each difficulty in exactly one.

    A folder is a set in the game, yet people keep loose maps of many songs in one. Two difficulties belong together
    when they share a set id, or artist and title, or the song file where the set ids of all that share it do not contradict.
    Where two people submitted sets of one song, artist and title do not tell these apart: then the creator must agree too.
    """
    ordered = sorted(difficulties, key=lambda one: one.file_name)
    parents = list(range(len(ordered)))
    for bucket in _buckets(ordered):
        for place in bucket[1:]:
            parents[_root(parents, place)] = _root(parents, bucket[0])
    members: dict[int, list[Difficulty]] = {}
    for place, difficulty in enumerate(ordered):
        members.setdefault(_root(parents, place), []).append(difficulty)
    return [Mapset(tuple(each), files) for each in members.values()]


def _buckets(difficulties: Sequence[Difficulty]) -> list[list[int]]:
    """The places of difficulties that share what makes a set."""
    ids: dict[float, list[int]] = {}
    names: dict[tuple[str, str], list[int]] = {}
    songs: dict[str, list[int]] = {}
    for place, difficulty in enumerate(difficulties):
        metadata = difficulty.beatmap.metadata
        ids.setdefault(metadata.number("BeatmapSetID", -1), []).append(place)
        names.setdefault((metadata.text("Artist"), metadata.text("Title")), []).append(place)
        songs.setdefault(difficulty.beatmap.general.text("AudioFilename").lower(), []).append(place)
    known = {place: number for number, places in ids.items() if number > 0 for place in places}
    return [
        *(places for number, places in ids.items() if number > 0),
        *(part for name, places in names.items() if any(name) for part in _by_creator(places, known, difficulties)),
        *(places for song, places in songs.items() if song and _agree(places, known)),
    ]


def _agree(places: Sequence[int], known: Mapping[int, float]) -> bool:
    return len({known[place] for place in places if place in known}) <= 1


def _by_creator(places: list[int], known: Mapping[int, float], difficulties: Sequence[Difficulty]) -> list[list[int]]:
    """The places whole where their set ids agree, else a part for each creator."""
    if _agree(places, known):
        return [places]
    parts: dict[str, list[int]] = {}
    for place in places:
        parts.setdefault(difficulties[place].beatmap.metadata.text("Creator"), []).append(place)
    return list(parts.values())


def _root(parents: list[int], place: int) -> int:
    while parents[place] != place:
        parents[place] = parents[parents[place]]
        place = parents[place]
    return place
