"""textDocument/selectionRange: a part, its line, its combo or chord, the stretch around it, its section, the file."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from server.convert import Measure
from server.language.parts import part_at
from server.language.ties import same_chord
from server.language.view import View
from server.lsp.ranges import Json, aside, columns_json, lines_json, place_of
from server.lsp.server import Encoded, Server


async def selection_range(ls: Server, params: types.SelectionRangeParams) -> Encoded | None:
    view = ls.view(params.text_document.uri)
    if view is None:
        return None
    measure = ls.session.measure
    places = [place_of(view, position, measure) for position in params.positions]
    return await aside(lambda: Encoded.of([_nested(view, *place, measure) for place in places]))


def _nested(view: View, number: int, column: int, measure: Measure) -> Json:
    """The ranges from the file down to the part, each holding the next."""
    found: Json | None = None
    for whole in _ranges(view, number, column, measure):
        if found is None or found["range"] != whole:
            found = {"range": whole} if found is None else {"range": whole, "parent": found}
    return found or {"range": lines_json(view.document, number, number, measure)}


def _ranges(view: View, number: int, column: int, measure: Measure) -> Iterator[Json]:
    document = view.document
    lines = document.lines
    yield lines_json(document, 0, len(lines) - 1, measure)
    inner = range(len(lines))
    for node in view.around(number):
        if node.part is None:
            inner = range(node.first, node.last + 1)
            yield lines_json(document, node.first, node.last, measure)
    chord = sorted(document.number_of(line) for line in same_chord(view, lines[number]))
    if chord and chord[-1] - chord[0] == len(chord) - 1 and chord[0] in inner and chord[-1] in inner:
        yield lines_json(document, chord[0], chord[-1], measure)
    yield lines_json(document, number, number, measure)
    part = part_at(lines[number], column, view.kind)
    if part is not None:
        yield columns_json(document, number, part.start, part.end, measure)
