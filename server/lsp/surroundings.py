"""The files around an open map as the editor knows them: by URI, those that are open as they stand there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from formats.document import Document
from formats.mapset import Mapset, same_file
from formats.osu import OSU
from server.language.files import FileUse, file_uses
from server.lsp.ranges import Json, aside, columns_json
from server.lsp.server import Server
from server.reading import OSU_SUFFIX, STORYBOARD_SUFFIX, Unreadable, list_files, read_bytes
from server.session import Kind, OpenFile
from server.surroundings import MOST_SIBLINGS
from server.uris import uri_of


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A file of the set that may name others; `version` is the editor's, None where it is not open."""

    uri: str
    path: str | None
    kind: Kind
    document: Document
    version: int | None = None


def file_uri(folder: str, name: str) -> str:
    """The URI of a file by its path relative to a folder."""
    path = os.path.join(folder, *name.split("/"))
    return uri_of(path)


async def files_beside(file: OpenFile) -> tuple[str, list[str]]:
    """The folder of an open file and the paths of all files in it; nothing for a file that was never saved."""
    path = file.snapshot.path
    if path is None:
        return "", []
    folder = os.path.dirname(path)
    return folder, list(await aside(lambda: list_files(folder)) or ())


async def neighbours(ls: Server, file: OpenFile) -> list[Neighbour]:
    """The file itself, the other difficulties of its set and the set's storyboards."""
    own = _own(file)
    mapset = await aside(lambda: ls.review.mapset(file)) if file.snapshot.difficulty is not None else Mapset()
    return [own, *_others(ls, own, mapset)]


def _others(ls: Server, own: Neighbour, mapset: Mapset) -> Iterator[Neighbour]:
    opened = {each.snapshot.path: each.snapshot for each in ls.session.in_folder(own.path)}
    folder = os.path.dirname(own.path) if own.path else ""
    known = [(each.path, Kind.OSU, each.beatmap.document) for each in mapset.difficulties]
    known += [(os.path.join(folder, name), Kind.STORYBOARD, each.document) for name, each in (mapset.storyboards or {}).items()]
    for path, kind, document in known:
        if path == own.path or own.path is None:
            continue
        snapshot = opened.get(path)
        if snapshot is not None:
            yield Neighbour(snapshot.uri, path, kind, snapshot.document, snapshot.version)
        else:
            yield Neighbour(uri_of(path), path, kind, document)


async def whole_folder(ls: Server, file: OpenFile) -> list[Neighbour] | None:
    """The file itself and all maps and storyboards directly in its folder, of whichever set; None where they are too many."""
    path = file.snapshot.path
    if path is None:
        return [_own(file)]
    folder, names = await files_beside(file)
    maps = [name for name in names if "/" not in name and name.lower().endswith((OSU_SUFFIX, STORYBOARD_SUFFIX))]
    if len(maps) > MOST_SIBLINGS:
        return None
    opened = {same_file(os.path.basename(each.snapshot.path or "")): each for each in ls.session.in_folder(path)}
    own = _own(file)
    known = [_own(each) for name in maps if (each := opened.get(same_file(name))) is not None and each is not file]
    others = [os.path.join(folder, name) for name in maps if same_file(name) not in opened]
    return [own, *known, *await aside(lambda: [each for path in others if (each := _read(path))])]


def _own(file: OpenFile) -> Neighbour:
    snapshot = file.snapshot
    return Neighbour(snapshot.uri, snapshot.path, snapshot.kind, snapshot.document, snapshot.version)


def _read(path: str) -> Neighbour | None:
    kind = Kind.OSU if path.lower().endswith(OSU_SUFFIX) else Kind.STORYBOARD
    try:
        return Neighbour(uri_of(path), path, kind, Document.from_bytes(read_bytes(path), OSU))
    except Unreadable:
        return None


def uses_of(neighbour: Neighbour, name: str) -> Iterator[FileUse]:
    """The places of one file that mean the file at path `name`, relative to the folder."""
    for use in file_uses(neighbour.document, neighbour.kind):
        if use.means(name):
            yield use


def use_location(ls: Server, neighbour: Neighbour, use: FileUse) -> Json:
    number = neighbour.document.number_of(use.line)
    return {"uri": neighbour.uri, "range": columns_json(neighbour.document, number, use.start, use.end, ls.session.measure)}
