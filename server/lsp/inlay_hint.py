"""textDocument/inlayHint: time stamps, snap divisors, tempos and slider velocities beside the lines."""

from __future__ import annotations

from lsprotocol import types

from server.convert import Measure, column_of
from server.language.hints import Wanted, hints
from server.language.view import View
from server.lsp.display import wanted_hints
from server.lsp.ranges import Json, aside, touched
from server.lsp.server import Encoded, Server


async def inlay_hint(ls: Server, params: types.InlayHintParams) -> Encoded | None:
    view = await ls.view_when_open(params.text_document.uri)
    if view is None:
        return None
    wanted = wanted_hints(ls, view.snapshot.path)
    return await aside(lambda: Encoded.of(_hints(view, touched(view, params.range), wanted, ls.session.measure)))


def _hints(view: View, numbers: range, wanted: Wanted, measure: Measure) -> list[Json]:
    found: list[Json] = []
    for number in numbers:
        line = view.document.lines[number]
        for hint in hints(view, line, wanted):
            place = {"line": number, "character": column_of(line.text, hint.column, measure)}
            padding = "paddingRight" if hint.in_front else "paddingLeft"
            found.append({"position": place, "label": hint.text, padding: True})
    return found
