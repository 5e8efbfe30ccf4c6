"""Where a map names files, and which files of its folder it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from formats.document import Document, Line
from formats.mapset import same_file
from formats.osu import Background, Entry, HitObject, Sprite, StoryboardSample, Video
from formats.samples import SAMPLE_ENDINGS, stem
from server.language.parts import Part, parts_of
from server.session import Kind

# Keys whose value is a file, in lower case.
_FILE_KEYS = {
    Kind.OSU: frozenset({"audiofilename"}),
    Kind.SONG_INI: frozenset({"background", "video"}),
}


@dataclass(frozen=True, slots=True)
class FileUse:
    """A file's name in a line: columns `[start, end)`, the name as written, `sample` where its ending does not count."""

    line: Line
    start: int
    end: int
    name: str
    sample: bool = False
    frames: int = 0

    def means(self, path: str) -> bool:
        """Whether it is the file at that path, relative to the map's folder."""
        if self.sample:
            return stem(self.name) == stem(path)
        return same_file(path) in {same_file(name) for name in self.names}

    @property
    def names(self) -> list[str]:
        """The files that it stands for: those of an animation carry numbers."""
        if not self.frames:
            return [self.name]
        start, dot, ending = self.name.rpartition(".")
        return [f"{start}{number}{dot}{ending}" for number in range(min(self.frames, 100))]


def file_uses(document: Document, kind: Kind) -> Iterator[FileUse]:
    """Every place of the file that names another one."""
    for line in document.lines:
        if (use := file_use(line, kind)) is not None:
            yield use


def file_use(line: Line, kind: Kind) -> FileUse | None:
    record = line.record
    match record:
        case HitObject():
            if not record.sample.filename:
                return None
            return _at(line, kind, "sample file", sample=True)
        case Background() | Video():
            return _at(line, kind, "file")
        case Sprite():
            return _at(line, kind, "file", frames=record.frames)
        case StoryboardSample():
            return _at(line, kind, "file", sample=True)
        case Entry():
            return _at(line, kind, "value") if _names_a_file(record.key, line.section, kind) else None
        case _:
            return None


def _names_a_file(key: str, section: str, kind: Kind) -> bool:
    if kind is Kind.CHART:
        return section == "Song" and key.endswith("Stream")
    return key.lower() in _FILE_KEYS.get(kind, ()) and (kind is not Kind.OSU or section == "General")


def _at(line: Line, kind: Kind, name: str, *, sample: bool = False, frames: int = 0) -> FileUse | None:
    part: Part | None = next((part for part in parts_of(line, kind) if part.name == name), None)
    if part is None:
        return None
    text = line.text[part.start : part.end].strip('"')
    start = line.text.index(text, part.start)
    if not text or "$" in text:
        return None
    return FileUse(line, start, start + len(text), text.replace("\\", "/"), sample, frames)


class Folder:
    """The files of a folder, asked for by name many times."""

    def __init__(self, files: Iterable[str]) -> None:
        self._known = {same_file(path): path for path in files}

    def find(self, use: FileUse) -> list[str]:
        """The files that a use means, as they are spelt on disk."""
        names = use.names
        if use.sample:
            named = (use.name, *(f"{stem(use.name)}.{ending}" for ending in SAMPLE_ENDINGS))
            return [self._known[same_file(name)] for name in named if same_file(name) in self._known][:1]
        return [self._known[same_file(name)] for name in names if same_file(name) in self._known]
