"""textDocument/documentSymbol: the outline of a map."""

from __future__ import annotations

from lsprotocol import types
from pygls.capabilities import get_capability

from server.convert import Measure
from server.language.outline import Node, NodeKind
from server.language.view import View
from server.lsp.ranges import Json, aside, columns_json, lines_json
from server.lsp.server import Encoded, Server

_KINDS = {
    NodeKind.SECTION: types.SymbolKind.Namespace,
    NodeKind.SETTING: types.SymbolKind.Property,
    NodeKind.FILE: types.SymbolKind.File,
    NodeKind.TEMPO: types.SymbolKind.Class,
    NodeKind.KIAI: types.SymbolKind.Event,
    NodeKind.BREAK: types.SymbolKind.Event,
    NodeKind.BOOKMARK: types.SymbolKind.Key,
    NodeKind.STRETCH: types.SymbolKind.Package,
    NodeKind.COMBO: types.SymbolKind.Array,
    NodeKind.TRACK: types.SymbolKind.Class,
    NodeKind.PRACTICE: types.SymbolKind.Package,
    NodeKind.PHRASE: types.SymbolKind.Event,
}


async def document_symbol(ls: Server, params: types.DocumentSymbolParams) -> Encoded | None:
    uri = params.text_document.uri
    view = ls.view(uri)
    if view is None:
        return None
    nested = bool(get_capability(ls.client_capabilities, "text_document.document_symbol.hierarchical_document_symbol_support"))
    return await aside(lambda: _answer(view, ls.session.measure, None if nested else uri))


def _answer(view: View, measure: Measure, uri: str | None) -> Encoded:
    if uri is None:
        return Encoded.of([_symbol(view, node, measure) for node in view.outline])
    flat: list[Json] = []
    for node in view.outline:
        _flatten(view, node, measure, uri, "", flat)
    return Encoded.of(flat)


def _range(view: View, node: Node, measure: Measure) -> Json:
    if node.part is not None:
        return columns_json(view.document, node.first, node.part.start, node.part.end, measure)
    return lines_json(view.document, node.first, node.last, measure)


def _symbol(view: View, node: Node, measure: Measure) -> Json:
    whole = _range(view, node, measure)
    symbol: Json = {"name": node.name, "kind": _KINDS[node.kind].value, "range": whole, "selectionRange": whole}
    if node.first != node.last:
        symbol["selectionRange"] = lines_json(view.document, node.first, node.first, measure)
    if node.detail:
        symbol["detail"] = node.detail
    if node.children:
        symbol["children"] = [_symbol(view, child, measure) for child in node.children]
    return symbol


def _flatten(view: View, node: Node, measure: Measure, uri: str, inside: str, flat: list[Json]) -> None:
    """The node and all in it for an editor that takes no trees."""
    symbol: Json = {
        "name": node.name,
        "kind": _KINDS[node.kind].value,
        "location": {"uri": uri, "range": _range(view, node, measure)},
    }
    if inside:
        symbol["containerName"] = inside
    flat.append(symbol)
    for child in node.children:
        _flatten(view, child, measure, uri, node.name, flat)
