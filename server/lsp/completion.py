"""textDocument/completion: section names, keys, values, event types, files and rules, each with what it means."""

from __future__ import annotations

from lsprotocol import types

from server.convert import Measure
from server.language.completion import Proposal, Sort, proposals
from server.language.view import View
from server.lsp.ranges import Json, aside, columns_json, place_of
from server.lsp.server import Encoded, Server
from server.lsp.surroundings import files_beside
from server.session import Kind

OPTIONS = types.CompletionOptions(trigger_characters=["[", ":", ",", "=", "|", '"', " "])
_KINDS = {
    Sort.SECTION: types.CompletionItemKind.Module,
    Sort.KEY: types.CompletionItemKind.Property,
    Sort.VALUE: types.CompletionItemKind.EnumMember,
    Sort.FILE: types.CompletionItemKind.File,
    Sort.RULE: types.CompletionItemKind.Reference,
}


async def completion(ls: Server, params: types.CompletionParams) -> Encoded | None:
    uri = params.text_document.uri
    view, file = ls.view(uri), ls.session.get(uri)
    if view is None or file is None:
        return None
    number, column = place_of(view, params.position, ls.session.measure)
    _, names = await files_beside(file) if view.kind is not Kind.SETTINGS else ("", list[str]())
    found = await aside(lambda: proposals(view, number, column, names))
    items = [_item(view, number, each, at, ls.session.measure) for at, each in enumerate(found)]
    return Encoded.of({"isIncomplete": False, "items": items})


def _item(view: View, number: int, proposal: Proposal, at: int, measure: Measure) -> Json:
    place = columns_json(view.document, number, proposal.start, proposal.end, measure)
    item: Json = {
        "label": proposal.label,
        "kind": _KINDS[proposal.sort].value,
        "documentation": {"kind": "markdown", "value": proposal.about},
        "sortText": f"{at:04}",
        "filterText": proposal.text,
        "textEdit": {"range": place, "newText": proposal.text},
    }
    if proposal.more:
        item["detail"] = proposal.more
    return item
