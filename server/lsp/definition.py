"""textDocument/definition: from an object to its timing lines, from a bookmark to its object, from a file's name to the file."""

from __future__ import annotations

from lsprotocol import types

from server.language.files import Folder, file_use
from server.language.parts import part_at
from server.language.ties import timing_of
from server.lsp.ranges import Json, lines_json, place_of
from server.lsp.server import Encoded, Server
from server.lsp.surroundings import file_uri, files_beside

NOWHERE: Json = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


async def definition(ls: Server, params: types.DefinitionParams) -> Encoded | None:
    uri = params.text_document.uri
    view, file = ls.view(uri), ls.session.get(uri)
    if view is None or file is None:
        return None
    number, column = place_of(view, params.position, ls.session.measure)
    line = view.document.lines[number]
    use = file_use(line, view.kind)
    if use is not None and use.start <= column <= use.end:
        folder, names = await files_beside(file)
        return Encoded.of([{"uri": file_uri(folder, name), "range": NOWHERE} for name in Folder(names).find(use)])
    numbers = [view.document.number_of(each) for each in timing_of(view, line, part_at(line, column, view.kind))]
    return Encoded.of([{"uri": uri, "range": lines_json(view.document, each, each, ls.session.measure)} for each in numbers])
