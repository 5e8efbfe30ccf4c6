"""textDocument/documentLink: files that a map names, and osu://edit links at bookmarks, breaks and the preview."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types
from pygls.capabilities import get_capability

from formats.document import Line
from formats.osu import Break, Entry
from formats.timestamps import edit_link, format_time
from server.convert import Measure
from server.language.files import Folder, file_use
from server.language.parts import Part, parts_of
from server.language.view import View
from server.lsp.ranges import Json, aside, columns_json
from server.lsp.server import Encoded, Server
from server.lsp.surroundings import file_uri, files_beside
from server.session import Kind

OPTIONS = types.DocumentLinkOptions(resolve_provider=False)


async def document_link(ls: Server, params: types.DocumentLinkParams) -> Encoded | None:
    uri = params.text_document.uri
    view, file = ls.view(uri), ls.session.get(uri)
    if view is None or file is None:
        return None
    folder, names = await files_beside(file)
    links = await aside(lambda: list(_links(view, folder, names, ls.session.measure)))
    if not get_capability(ls.client_capabilities, "text_document.document_link.tooltip_support"):
        for link in links:
            del link["tooltip"]
    return Encoded.of(links)


def _links(view: View, folder: str, names: list[str], measure: Measure) -> Iterator[Json]:
    """Only files that are there are linked."""
    document, known = view.document, Folder(names)
    for number, line in enumerate(document.lines):
        if line.record is None:
            continue
        use = file_use(line, view.kind)
        if use is not None:
            for name in known.find(use)[:1]:
                place = columns_json(document, number, use.start, use.end, measure)
                yield {"range": place, "target": file_uri(folder, name), "tooltip": f"Open {name}"}
        elif view.difficulty is not None and isinstance(line.record, Entry | Break):
            for part, time in _times(line):
                moment = time + (view.difficulty.timeline.grid.offset if isinstance(line.record, Break) else 0)
                place = columns_json(document, number, part.start, part.end, measure)
                yield {"range": place, "target": edit_link(moment), "tooltip": f"Open {format_time(moment)} in the game's editor"}


def _times(line: Line) -> Iterator[tuple[Part, float]]:
    record = line.record
    preview = isinstance(record, Entry) and record.key == "PreviewTime"
    if isinstance(record, Entry) and not preview and record.key != "Bookmarks":
        return
    for part in parts_of(line, Kind.OSU):
        if part.name in ("bookmark", "break start", "break end") or (preview and part.name == "value"):
            try:
                time = float(line.text[part.start : part.end])
            except ValueError:
                continue
            if 0 <= time < float("inf"):
                yield part, time
