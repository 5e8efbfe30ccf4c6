"""textDocument/completion: section names, keys, values, event types, files and rules, each with what it means."""

from __future__ import annotations

from lsprotocol import types
from pygls.capabilities import get_capability

from server.convert import Measure, column_of
from server.language.completion import Cursor, Proposal, Sort, cursor_at, proposals
from server.lsp.ranges import Json, aside
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
    offset = view.snapshot.places(ls.session.measure).offset((params.position.line, params.position.character))
    cursor = cursor_at(view, offset)
    _, names = await files_beside(file) if view.kind is not Kind.SETTINGS else ("", list[str]())
    found = await aside(lambda: proposals(cursor, names))
    formats = get_capability(ls.client_capabilities, "text_document.completion.completion_item.documentation_format")
    markdown = types.MarkupKind.Markdown in (formats or ())
    items = [_item(cursor, each, at, ls.session.measure, markdown=markdown) for at, each in enumerate(found)]
    return Encoded.of({"isIncomplete": False, "items": items})


def _item(cursor: Cursor, proposal: Proposal, at: int, measure: Measure, *, markdown: bool) -> Json:
    start, end = (column_of(cursor.content, at, measure) for at in (proposal.start, proposal.end))
    place = {"start": {"line": cursor.number, "character": start}, "end": {"line": cursor.number, "character": end}}
    item: Json = {
        "label": proposal.label,
        "kind": _KINDS[proposal.sort].value,
        "documentation": {"kind": "markdown", "value": proposal.about} if markdown else proposal.about,
        "sortText": f"{at:04}",
        "filterText": proposal.text,
        "textEdit": {"range": place, "newText": proposal.text},
    }
    if proposal.more:
        item["detail"] = proposal.more
    return item
