"""textDocument/references: the objects of a timing line, the objects of a sample, all places that name a file."""

from __future__ import annotations

from lsprotocol import types

from formats.document import Line
from formats.osu import HitObject
from server.language.files import file_use
from server.language.parts import Part, part_at
from server.language.ties import SOUND_PARTS, same_sound, timing_of, under
from server.language.view import View
from server.lsp.ranges import aside, lines_json, place_of
from server.lsp.server import Encoded, Server
from server.lsp.surroundings import neighbours, use_location, uses_of, whole_folder


async def references(ls: Server, params: types.ReferenceParams) -> Encoded | None:
    uri = params.text_document.uri
    view, file = ls.view(uri), ls.session.get(uri)
    if view is None or file is None:
        return None
    number, column = place_of(view, params.position, ls.session.measure)
    line = view.document.lines[number]
    use = file_use(line, view.kind)
    if use is not None and use.start <= column <= use.end:
        around = await (neighbours(ls, file) if view.difficulty is not None else whole_folder(ls, file)) or []
        uses = await aside(lambda: [(each, one) for each in around for one in uses_of(each, use.name)])
        return Encoded.of([use_location(ls, *each) for each in uses])
    part, declared = part_at(line, column, view.kind), params.context.include_declaration
    return await aside(lambda: _answer(ls, view, _users(view, line, part, declared=declared)))


def _users(view: View, line: Line, part: Part | None, *, declared: bool) -> list[Line]:
    """The lines that use what a line sets; where it uses something itself, all that use the same."""
    if isinstance(line.record, HitObject) and part is not None and part.name in SOUND_PARTS:
        return same_sound(view, line)
    found = under(view, line)
    if found or not (timing := timing_of(view, line, part)):
        return [line, *found] if declared and found else found
    if isinstance(timing[0].record, HitObject):
        return []
    return [*timing[:1], *under(view, timing[0])] if declared else under(view, timing[0])


def _answer(ls: Server, view: View, lines: list[Line]) -> Encoded:
    document, uri = view.document, view.snapshot.uri
    numbers = sorted(document.number_of(line) for line in lines)
    return Encoded.of([{"uri": uri, "range": lines_json(document, each, each, ls.session.measure)} for each in numbers])
