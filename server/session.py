"""What an editor has open: a mutable session of immutable snapshots, on which all work is done."""

from __future__ import annotations

import os
from asyncio import Event, Future
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from analyzers.finding import Finding
from analyzers.rule import Level
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_lines import CHART
from formats.document import Document, Grammar
from formats.mapset import Difficulty
from formats.osu import OSU
from formats.song_ini import INI, SongIni
from formats.spans import Edit
from server.convert import Measure, Places
from server.shelves import Shelves, Source
from server.surroundings import Beside


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
    match kind:
        case Kind.CHART:
            return CHART
        case Kind.SONG_INI:
            return INI
        case _:
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
    chart: Chart | None = None
    ini: SongIni | None = None

    def places(self, measure: Measure) -> Places:
        return Places(self.document, measure)


@dataclass(eq=False)
class OpenFile:
    """An open file: the newest snapshot, and what is known of it so far.

    `number` tells two openings of one file apart. `settled` says that all sources have spoken once, `rated` that `level`
    is known. `beside` is what lies around a chart. `waiting` are those who wait for findings.
    """

    snapshot: Snapshot
    number: int = 0
    shelves: Shelves = field(default_factory=Shelves)
    settled: bool = False
    rated: bool = False
    level: Level | None = None
    beside: Beside | None = None
    waiting: list[Future[None]] = field(default_factory=list[Future[None]])
    asked: Event = field(default_factory=Event)

    def findings(self) -> list[Finding]:
        return self.shelves.merged(self.snapshot.version)

    def knows(self, source: Source) -> bool:
        """Whether `source` has spoken about the newest version."""
        return self.shelves.fresh(source, self.snapshot.version)


class Session:
    """All open files. Only the thread of the event loop touches it."""

    def __init__(self) -> None:
        self.measure = Measure.UTF16
        self.options: Mapping[str, object] = {}
        self._files: dict[str, OpenFile] = {}
        self._opened = 0

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
        self._opened += 1
        file = OpenFile(snapshot, self._opened)
        self._files[uri] = file
        return file

    def change(self, file: OpenFile, version: int, edit: Edit | None) -> None:
        """The editor has a new version of an open file."""
        before = file.snapshot
        document = before.document.edit([edit]) if edit else before.document
        file.snapshot = _snapshot(replace(before, version=version, document=document), before)
        if edit:
            file.shelves = file.shelves.carry(Source.SET, edit)

    def close(self, uri: str) -> OpenFile | None:
        return self._files.pop(uri, None)

    def in_folder(self, path: str | None) -> list[OpenFile]:
        """The open files that lie in the same folder as `path`."""
        if path is None:
            return []
        folder = folder_key(path)
        return [file for file in self if file.snapshot.path is not None and folder_key(file.snapshot.path) == folder]


def folder_key(path: str) -> str:
    """Equal for two files of one folder."""
    return os.path.normcase(os.path.dirname(os.path.abspath(path)))


def _snapshot(snapshot: Snapshot, before: Snapshot | None = None) -> Snapshot:
    """The snapshot with what its document says; notes and sections that stand as they were live on."""
    document = snapshot.document
    match snapshot.kind:
        case Kind.OSU:
            known = before.difficulty if before else None
            beatmap = Beatmap(document)
            difficulty = known.edited(beatmap) if known else Difficulty(snapshot.path or snapshot.uri, beatmap)
            return replace(snapshot, difficulty=difficulty)
        case Kind.CHART:
            return replace(snapshot, chart=Chart(document, previous=before.chart if before else None))
        case Kind.SONG_INI:
            return replace(snapshot, ini=SongIni(document))
        case Kind.STORYBOARD:
            return snapshot
