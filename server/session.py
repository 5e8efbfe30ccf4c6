"""What an editor has open: a mutable session of immutable snapshots, on which all work is done."""

from __future__ import annotations

import os
from asyncio import Event, Future
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import ClassVar

from analyzers.finding import Finding
from analyzers.rule import Level
from analyzers.surprising.besides import told_once
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_lines import CHART
from formats.document import Document, Grammar, Line, LineKind
from formats.mapset import Difficulty
from formats.osu import OSU
from formats.song_ini import INI, SongIni
from formats.spans import Edit
from server.convert import Measure, Places
from server.shelves import Shelves
from server.surroundings import Beside


class Kind(StrEnum):
    """What an open file is, by its suffix, else by the language that the editor calls it."""

    OSU = "osu"
    STORYBOARD = "osb"
    CHART = "chart"
    SONG_INI = "ini"
    SETTINGS = "toml"


_LANGUAGES = {
    "osu": Kind.OSU, "osu-beatmap": Kind.OSU, "beatmap": Kind.OSU, "osb": Kind.STORYBOARD, "osu-storyboard": Kind.STORYBOARD,
    "chart": Kind.CHART, "clone-hero-chart": Kind.CHART, "song-ini": Kind.SONG_INI,
}  # fmt: skip


class TomlGrammar:
    """Reads no more of a `maimod.toml` than its sections: `server.settings` reads the whole of it."""

    initial = ""
    most_lines: ClassVar[Mapping[str, int]] = {}

    def read(self, text: str, state: str) -> Line:
        content = text.strip()
        if content.startswith("[") and content.endswith("]"):
            name = content[1:-1].strip()
            return Line(text, LineKind.HEADER, name, state, name)
        return Line(text, LineKind.RECORD if content else LineKind.BLANK, state, state, state)


TOML = TomlGrammar()


def kind_of(name: str, language: str) -> Kind | None:
    """The kind of a file, None where it is none of ours."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    if base == "song.ini":
        return Kind.SONG_INI
    if base == "maimod.toml":
        return Kind.SETTINGS
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
        case Kind.SETTINGS:
            return TOML
        case _:
            return OSU


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One version of one open file. `path` is None for a file that was never saved; `moment` counts the changes."""

    uri: str
    path: str | None
    kind: Kind
    version: int
    document: Document
    moment: int = 0
    difficulty: Difficulty | None = None
    chart: Chart | None = None
    ini: SongIni | None = None

    def places(self, measure: Measure) -> Places:
        return Places(self.document, measure)


class Stage(IntEnum):
    """How far the review of a version has come: the quick rules have spoken, or all rules have."""

    QUICK = 0
    WHOLE = 1


# Moments for stages: not reached yet since the file was opened, and to be reached again.
NEVER, OUTDATED = -1, -2


class OpenFile:
    """An open file: the newest snapshot, and what is known of it so far.

    `number` tells two openings of one file apart. `reached` holds the moment for which each stage was last reached.
    `judged` is the version that the quick rules last looked at, `level` how hard it was found to be (`rated` says whether
    that is known), `costs` the seconds that each rule took (with the timing as it was, with another), `beside` what lies
    around a chart. `waiting` are those who wait for findings, `asked` says that there are some.
    """

    def __init__(self, snapshot: Snapshot, number: int) -> None:
        self.snapshot = snapshot
        self.number = number
        self.shelves = Shelves()
        self.reached = dict.fromkeys(Stage, NEVER)
        self.judged: Snapshot | None = None
        self.rated = False
        self.level: Level | None = None
        self.costs: dict[tuple[str, bool], float] = {}
        self.beside: Beside | None = None
        self.waiting: list[Future[None]] = []
        self.asked = Event()

    @property
    def settled(self) -> bool:
        """Whether all rules have spoken once since the file was opened or the settings changed."""
        return self.reached[Stage.WHOLE] != NEVER

    def knows(self, stage: Stage) -> bool:
        """Whether the review of the newest version has come this far."""
        return self.reached[stage] == self.snapshot.moment

    def reach(self, stage: Stage, moment: int) -> None:
        self.reached[stage] = moment

    def start_over(self) -> None:
        """What was found counts no more: the settings are others."""
        self.reached = dict.fromkeys(Stage, NEVER)
        self.judged = None

    def findings(self) -> list[Finding]:
        return told_once(self.shelves.merged())


class Session:
    """All open files. Only the thread of the event loop touches it.

    `options` are the editor's settings, `folder_options` those of single folders of the workspace, by path.
    """

    def __init__(self) -> None:
        self.measure = Measure.UTF16
        self.options: Mapping[str, object] = {}
        self.folder_options: Mapping[str, Mapping[str, object]] = {}
        self._files: dict[str, OpenFile] = {}
        self._opened = 0

    def __iter__(self) -> Iterator[OpenFile]:
        return iter(list(self._files.values()))

    def get(self, uri: str) -> OpenFile | None:
        return self._files.get(uri)

    def at(self, path: str) -> OpenFile | None:
        """The open file of that path, however the editor writes it."""
        key = path_key(path)
        return next((file for file in self if file.snapshot.path is not None and path_key(file.snapshot.path) == key), None)

    def options_for(self, path: str | None) -> Mapping[str, object]:
        """The editor's settings for a file or folder: those of the innermost workspace folder around it."""
        if path is None or not self.folder_options:
            return self.options
        key = path_key(path)
        around = [root for root in self.folder_options if key == (of := path_key(root)) or key.startswith(os.path.join(of, ""))]
        return self.folder_options[max(around, key=len)] if around else self.options

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
        after = replace(before, version=version, document=document, moment=before.moment + 1)
        file.snapshot = _snapshot(after, before)
        if edit:
            file.shelves.edited(after.moment, edit)

    def close(self, uri: str) -> OpenFile | None:
        return self._files.pop(uri, None)

    def in_folder(self, path: str | None) -> list[OpenFile]:
        """The open files that lie in the same folder as `path`."""
        if path is None:
            return []
        folder = folder_key(path)
        return [file for file in self if file.snapshot.path is not None and folder_key(file.snapshot.path) == folder]


def path_key(path: str) -> str:
    """Equal for all spellings of one path."""
    return os.path.normcase(os.path.abspath(path))


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
        case Kind.STORYBOARD | Kind.SETTINGS:
            return snapshot
