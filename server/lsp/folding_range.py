"""textDocument/foldingRange: sections, timing sections, stretches between bookmarks, combos, tracks, practice sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types
from pygls.capabilities import get_capability

from formats.document import Line, LineKind
from server.language.outline import Node
from server.language.view import View
from server.lsp.ranges import Json, aside
from server.lsp.server import Encoded, Server


async def folding_range(ls: Server, params: types.FoldingRangeParams) -> Encoded | None:
    view = ls.view(params.text_document.uri)
    if view is None:
        return None
    limit = get_capability(ls.client_capabilities, "text_document.folding_range.range_limit")
    return await aside(lambda: Encoded.of(_ranges(view, int(limit) if limit else None)))


def _ranges(view: View, limit: int | None) -> list[Json]:
    """The outermost first where the editor takes only so many."""
    found: list[Json] = []
    level: Sequence[Node] = view.outline
    while level:
        found += [{"startLine": node.first, "endLine": node.last, "kind": "region"} for node in level if node.last > node.first]
        level = [child for node in level for child in node.children]
    found += _comments(view.document.lines)
    return found[:limit]


def _comments(lines: Sequence[Line]) -> Iterator[Json]:
    start = -1
    for number, line in enumerate(lines):
        if line.kind is LineKind.COMMENT:
            start = number if start < 0 else start
        elif start >= 0:
            if number - start > 1:
                yield {"startLine": start, "endLine": number - 1, "kind": "comment"}
            start = -1
