"""A map with what lies around it, read for the worker: parsed files are kept, and after a save only what changed is read anew."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_lines import CHART
from formats.document import Document, split_lines
from formats.encoding import decode
from formats.mapset import Difficulty, FileFact, Mapset
from formats.osu import OSU
from formats.sequences import common_ends
from formats.song_ini import SongIni
from formats.spans import Edit, Span
from server.reading import (
    CHART_SUFFIX,
    OSU_SUFFIX,
    SONG_INI,
    ArchiveFolder,
    Reading,
    Unreadable,
    Wanted,
    archive_around,
    list_files,
    open_archive,
    read_bytes,
    read_folder,
)
from server.surroundings import Siblings

# Characters of parsed maps that are kept: a parsed map takes about twenty bytes for each.
MOST_CHARACTERS = 6_000_000
# Folders whose siblings are kept.
MOST_FOLDERS = 12
# A file that others keep writing to is looked at so many times.
MOST_READS = 3

Stamp = tuple[int, int, int, int]
"""Time of change in ns, size, and what tells one file from another of its name: equal while a file stands as it was."""

Texts = Mapping[str, bytes]
"""What editors have open in a map's folder, by file name."""


class Unsettled(Exception):
    """The file changed while it was read."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One map: a difficulty of a set, or a chart with its song.ini. `digest` tells this text from every other."""

    path: str
    digest: str
    md5: str
    document: Document
    difficulty: Difficulty | None = None
    mapset: Mapset = field(default_factory=Mapset)
    chart: Chart | None = None
    ini: SongIni | None = None
    files: Mapping[str, FileFact] | None = None

    @property
    def name(self) -> str:
        return os.path.basename(self.path)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A map as last read, and the stamp of its file then; None where it came from elsewhere."""

    digest: str
    map: Difficulty | Chart
    stamp: Stamp | None = None

    @property
    def length(self) -> int:
        """Characters."""
        return len((self.map.beatmap if isinstance(self.map, Difficulty) else self.map).document.text)


def digest_of(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()


class Subjects:
    """The maps as last read. Only one thread asks."""

    def __init__(self) -> None:
        self._parsed: OrderedDict[str, Parsed] = OrderedDict()
        self._characters = 0
        self._siblings: OrderedDict[str, Siblings] = OrderedDict()

    def read(self, path: str, texts: Texts) -> Subject:
        """The map at a path on disk; what editors have open counts as it stands there. Raises `Unreadable`, `Unsettled`."""
        folder, name = os.path.split(path)
        data, stamp = (texts[name], None) if name in texts else read_settled(path)
        if name.lower().endswith(CHART_SUFFIX):
            return self._chart(path, data, texts)
        difficulty = self._difficulty(path, data, stamp)
        opened = [self._difficulty(os.path.join(folder, other), texts[other]) for other in _maps(texts, name)]
        mapset = self._around(folder).mapset(difficulty, [*opened, *self._standing(folder, {name, *texts})])
        return _subject(path, data, difficulty.beatmap.document, difficulty=difficulty, mapset=mapset, files=mapset.files)

    def in_archive(self, path: str) -> tuple[list[Subject], list[Unreadable]]:
        """All maps of an archive. Raises `Unreadable` where it is none."""
        found: list[Subject] = []
        troubles: list[Unreadable] = []
        for folder in open_archive(path):
            reading = Reading()
            read_folder(folder, [Wanted(0, folder.path(name), name) for name in folder.names], reading)
            troubles += [trouble for _, trouble in reading.unreadable]
            found += [_archived(folder, difficulty, mapset) for _, difficulty, mapset in reading.difficulties]
            for _, source in reading.charts:
                ini = None if source.ini is None else SongIni.from_bytes(source.ini)
                chart = Chart.from_bytes(source.chart) if ini is None else Chart.from_bytes(source.chart, ini.modifiers)
                found.append(_subject(source.path, source.chart, chart.document, chart=chart, ini=ini, files=source.files))
        return found, troubles

    def one(self, path: str, texts: Texts) -> Subject:
        """The map at a path that may lead into an archive. Raises `Unreadable`, `Unsettled`."""
        archive = archive_around(os.path.dirname(path))
        if archive is None:
            return self.read(path, texts)
        found, troubles = self.in_archive(archive)
        subject = next((each for each in found if each.path == path), None)
        if subject is None:
            raise next((each for each in troubles if each.path == path), Unreadable(path, "does not exist"))
        return subject

    def _difficulty(self, path: str, data: bytes, stamp: Stamp | None = None) -> Difficulty:
        known, digest = self._parsed.get(path), digest_of(data)
        before = known.map if known is not None and isinstance(known.map, Difficulty) else None
        if before is None:
            difficulty = Difficulty(path, Beatmap(Document.from_bytes(data, OSU)))
        elif known is not None and known.digest == digest:
            difficulty = before
        else:
            difficulty = before.edited(Beatmap(_following(before.beatmap.document, data)))
        self._keep(path, Parsed(digest, difficulty, stamp))
        return difficulty

    def _standing(self, folder: str, without: set[str]) -> list[Difficulty]:
        """The folder's other difficulties that stand on disk as they were read."""
        near = [(path, each) for path, each in self._parsed.items() if os.path.dirname(path) == folder]
        return [
            each.map
            for path, each in near
            if isinstance(each.map, Difficulty)
            and os.path.basename(path) not in without
            and each.stamp is not None
            and each.stamp == stamp_of(path)
        ]

    def _chart(self, path: str, data: bytes, texts: Texts) -> Subject:
        folder = os.path.dirname(path)
        files = list_files(folder)
        names = [*texts, *(files if files is not None else [SONG_INI])]
        name = next((each for each in names if each.lower() == SONG_INI), None)
        try:
            written = None if name is None else texts[name] if name in texts else read_bytes(os.path.join(folder, name))
        except Unreadable:
            written = None
        ini = None if written is None else SongIni.from_bytes(written)
        chart = self._parsed_chart(path, data)
        if ini is not None:
            chart = chart.with_modifiers(ini.modifiers)
        return _subject(path, data, chart.document, chart=chart, ini=ini, files=files)

    def _parsed_chart(self, path: str, data: bytes) -> Chart:
        known, digest = self._parsed.get(path), digest_of(data)
        before = known.map if known is not None and isinstance(known.map, Chart) else None
        if before is None:
            chart = Chart(Document.from_bytes(data, CHART))
        elif known is not None and known.digest == digest:
            chart = before
        else:
            chart = Chart(_following(before.document, data), previous=before)
        self._keep(path, Parsed(digest, chart))
        return chart

    def _keep(self, path: str, parsed: Parsed) -> None:
        self._forget(path)
        self._parsed[path] = parsed
        self._characters += parsed.length
        while self._characters > MOST_CHARACTERS and len(self._parsed) > 1:
            self._forget(next(iter(self._parsed)))

    def _forget(self, path: str) -> None:
        known = self._parsed.pop(path, None)
        if known is not None:
            self._characters -= known.length

    def _around(self, folder: str) -> Siblings:
        siblings = self._siblings.pop(folder, None) or Siblings()
        self._siblings[folder] = siblings
        while len(self._siblings) > MOST_FOLDERS:
            self._siblings.popitem(last=False)
        return siblings


def read_settled(path: str) -> tuple[bytes, Stamp]:
    """The bytes of a file that nobody wrote to meanwhile, and its stamp. Raises `Unreadable`, `Unsettled`."""
    for _ in range(MOST_READS):
        before = stamp_of(path)
        data = read_bytes(path)
        after = stamp_of(path)
        if before == after and after is not None and after[1] == len(data):
            return data, after
    raise Unsettled(path)


def stamp_of(path: str) -> Stamp | None:
    """None where there is no such file."""
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return None
    return about.st_mtime_ns, about.st_size, about.st_ctime_ns, about.st_ino


def _maps(texts: Texts, without: str) -> list[str]:
    return [name for name in texts if name != without and name.lower().endswith(OSU_SUFFIX)]


def _subject(
    path: str,
    data: bytes,
    document: Document,
    *,
    difficulty: Difficulty | None = None,
    mapset: Mapset | None = None,
    chart: Chart | None = None,
    ini: SongIni | None = None,
    files: Mapping[str, FileFact] | None = None,
) -> Subject:
    # The game names a map by its MD5; nothing is secured by it.
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return Subject(path, digest_of(data), md5, document, difficulty, mapset or Mapset(), chart, ini, files)


def _archived(folder: ArchiveFolder, difficulty: Difficulty, mapset: Mapset) -> Subject:
    data = folder.read(difficulty.file_name)
    return _subject(difficulty.path, data, difficulty.beatmap.document, difficulty=difficulty, mapset=mapset, files=mapset.files)


def _following(document: Document, data: bytes) -> Document:
    """The document of `data`, which shares with the one before it every line that stands as it was."""
    text, encoding = decode(data)
    if encoding != document.encoding:
        return Document.from_text(text, document.grammar, encoding)
    before, after = [line.text for line in document.lines if line.text], split_lines(text)
    head, tail = common_ends(before, after)
    if head == len(before) == len(after):
        return document
    starts = document.index.starts
    start = starts[head] if head < len(before) else document.index.length
    end = starts[len(before) - tail] if tail else document.index.length
    return document.edit([Edit(Span(start, end), "".join(after[head : len(after) - tail]))])
