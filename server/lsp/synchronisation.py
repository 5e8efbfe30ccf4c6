"""textDocument/didOpen, didChange, didSave, didClose: the session follows the editor's text."""

from __future__ import annotations

from lsprotocol import types

from server.convert import Measure, character_at
from server.draft import Draft
from server.lsp.diagnostics import clear
from server.lsp.server import Server
from server.session import Kind
from server.uris import path_of, uri_of


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    opened = params.text_document
    file = ls.session.open(opened.uri, path_of(opened.uri), opened.language_id, opened.version, opened.text)
    if file is None:
        return
    ls.opened()
    if file.snapshot.path is not None:
        ls.review.forget_ground(file.snapshot.path)
        ls.settings_watch.learn(file.snapshot.path)
        ls.closed.opened(file.snapshot.path)
        if uri_of(file.snapshot.path) != opened.uri:
            # The editor writes the path in its own way: what was said of the closed file stands under another name.
            clear(ls, uri_of(file.snapshot.path))
    ls.review.touch(file)
    ls.review.touch_neighbours(file.snapshot.path, opened.uri)
    ls.daemon.changed(file.snapshot)
    ls.status.stir()


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    file = ls.session.get(params.text_document.uri)
    if file is None:
        return
    draft = Draft(file.snapshot.document)
    for change in params.content_changes:
        _apply(draft, change, ls.session.measure)
    ls.session.change(file, params.text_document.version, draft.edit())
    ls.review.touch(file)
    if file.snapshot.kind not in (Kind.STORYBOARD, Kind.SETTINGS):
        ls.review.touch_neighbours(file.snapshot.path, params.text_document.uri)
    ls.daemon.changed(file.snapshot)
    ls.status.stir()


def _apply(draft: Draft, change: types.TextDocumentContentChangeEvent, measure: Measure) -> None:
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        draft.replace((0, 0), (len(draft.lines), 0), change.text)
        return
    draft.replace(_place(draft, change.range.start, measure), _place(draft, change.range.end, measure), change.text)


def _place(draft: Draft, position: types.Position, measure: Measure) -> tuple[int, int]:
    return position.line, character_at(draft.line(position.line), position.character, measure)


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """The set may look different on disk now, and what the folder's files say is read again."""
    file = ls.session.get(params.text_document.uri)
    if file is None:
        return
    if file.snapshot.path is not None:
        ls.review.forget_ground(file.snapshot.path)
        ls.closed.touch(file.snapshot.path)
    ls.review.touch_set(file)


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    file = ls.session.close(params.text_document.uri)
    if file is not None:
        ls.forget_view(params.text_document.uri)
        ls.review.close(file)
        ls.daemon.closed(file.snapshot.path)
        clear(ls, params.text_document.uri)
        ls.review.touch_neighbours(file.snapshot.path, params.text_document.uri)
        if file.snapshot.path is not None:
            ls.closed.touch(file.snapshot.path)
