"""What an editor has open: a mutable session of immutable snapshots, on which all work is done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from analyzers.finding import Finding
from formats.beatmap import Beatmap
from formats.document import Document, Grammar
from formats.mapset import Difficulty
from formats.osu import OSU
from server.convert import Measure, Places
from server.draft import Draft
from server.shelves import Shelves, Source


class Kind(StrEnum):
    """What an open file is, by its suffix, else by the language that the editor calls it."""

    OSU = "osu"
    STORYBOARD = "osb"
    CHART = "chart"
    SONG_INI = "ini"


_LANGUAGES = {
    "osu": Kind.OSU, "osu-beatmap": Kind.OSU, "beatmap": Kind.OSU, "osb": Kind.STORYBOARD, "osu-storyboard": Kind.STORYBOARD,
    "chart": Kind.CHART, "clone-hero-chart": Kind.CHART, "song-ini": Kind.SONG_INI,
}  # fmt: skip


def kind_of(name: str, language: str) -> Kind | None:
    """The kind of a file, None where it is none of ours."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    if base == "song.ini":
        return Kind.SONG_INI
    for kind in (Kind.OSU, Kind.STORYBOARD, Kind.CHART):
        if base.endswith(f".{kind}"):
            return kind
    return _LANGUAGES.get(language.lower())


def grammar_of(kind: Kind) -> Grammar:
    if kind is Kind.CHART:
        from formats.chart import CHART

        return CHART
    if kind is Kind.SONG_INI:
        from formats.song_ini import SONG_INI

        return SONG_INI
    return OSU


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One version of one open file. `path` is None for a file that was never saved."""

    uri: str
    path: str | None
    kind: Kind
    version: int
    document: Document
    difficulty: Difficulty | None = None

    def places(self, measure: Measure) -> Places:
        return Places(self.document, measure)


@dataclass(eq=False)
class OpenFile:
    """An open file: the newest snapshot, and what is known of it so far."""

    snapshot: Snapshot
    shelves: Shelves = field(default_factory=Shelves)

    def findings(self) -> list[Finding]:
        return self.shelves.merged(self.snapshot.version)

    def knows(self, source: Source) -> bool:
        """Whether `source` has spoken about the newest version."""
        return self.shelves.fresh(source, self.snapshot.version)


Change = tuple[tuple[int, int], tuple[int, int], str]
"""Start and end as (line, column in characters), and the text that takes the place of what stood between."""


class Session:
    """All open files. Only the thread of the event loop touches it."""

    def __init__(self) -> None:
        self.measure = Measure.UTF16
        self.options: Mapping[str, object] = {}
        self._files: dict[str, OpenFile] = {}

    def __iter__(self) -> Iterator[OpenFile]:
        return iter(list(self._files.values()))

    def get(self, uri: str) -> OpenFile | None:
        return self._files.get(uri)

    def open(self, uri: str, path: str | None, language: str, version: int, text: str) -> OpenFile | None:
        """The file, None where it is no map of ours."""
        kind = kind_of(path or uri, language)
        if kind is None:
            return None
        snapshot = _snapshot(Snapshot(uri, path, kind, version, Document.from_text(text, grammar_of(kind))))
        file = OpenFile(snapshot)
        self._files[uri] = file
        return file

    def change(self, uri: str, version: int, draw: Callable[[Draft], Document]) -> OpenFile | None:
        """The file after the changes that `draw` makes to a draft of it; None where it is not open."""
        file = self._files.get(uri)
        if file is None:
            return None
        before = file.snapshot
        document = draw(Draft(before.document))
        file.snapshot = _snapshot(replace(before, version=version, document=document), before)
        return file

    def close(self, uri: str) -> OpenFile | None:
        return self._files.pop(uri, None)

    def in_folder(self, path: str | None) -> list[OpenFile]:
        """The open difficulties that lie in the same folder as `path`."""
        if path is None:
            return []
        folder = folder_key(path)
        return [file for file in self if file.snapshot.path is not None and folder_key(file.snapshot.path) == folder]


def folder_key(path: str) -> str:
    """Equal for two files of one folder."""
    return os.path.normcase(os.path.dirname(os.path.abspath(path)))


def _snapshot(snapshot: Snapshot, before: Snapshot | None = None) -> Snapshot:
    """The snapshot with what its document says; notes that stand as they were live on."""
    if snapshot.kind is not Kind.OSU:
        return snapshot
    beatmap = Beatmap(snapshot.document)
    known = before.difficulty if before else None
    difficulty = known.edited(beatmap) if known else Difficulty(snapshot.path or snapshot.uri, beatmap)
    return replace(snapshot, difficulty=difficulty)
