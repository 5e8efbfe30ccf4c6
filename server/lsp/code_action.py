"""textDocument/codeAction and codeAction/resolve: quick fixes of findings, dismissal, and all safe fixes at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from lsprotocol import types

from analyzers.finding import Finding, Fix, Safety
from formats.spans import Edit, Span
from server.dismissals import dismissal
from server.lsp.diagnostics import diagnostics, span_range
from server.lsp.dismissal import COMMAND
from server.lsp.server import Server
from server.session import OpenFile, Stage

FIX_ALL = "source.fixAll.maimod"
OPTIONS = types.CodeActionOptions([types.CodeActionKind.QuickFix, FIX_ALL], resolve_provider=True)


async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    file = await ls.review.known(params.text_document.uri, Stage.QUICK)
    if file is None:
        return []
    actions: list[types.CodeAction] = []
    if _wanted(params, types.CodeActionKind.QuickFix):
        touched = list(_touched(ls, file, params.range))
        actions += [_quick_fix(ls, file, finding, shown, fix) for finding, shown in touched for fix in _offered(finding)]
        actions += [_dismiss(file, finding, shown) for finding, shown in touched if file.snapshot.path]
    if _wanted(params, FIX_ALL) and any(_safe(finding) for finding in file.findings()):
        actions.append(_fix_all(ls, file))
    return actions


async def resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
    """The edit of "fix all", which is worked out when it is chosen."""
    given: object = action.data
    if isinstance(given, Mapping):
        data = cast("Mapping[str, object]", given)
        file = await ls.review.known(str(data.get("uri")), Stage.WHOLE)
        if file is not None and file.snapshot.version == data.get("version"):
            action.edit = _edit(ls, file, _safe_edits(file))
    return action


def _wanted(params: types.CodeActionParams, kind: str) -> bool:
    """Whether the editor asked for actions of this kind: kinds are paths, and a path asks for all beneath it."""
    only = params.context.only
    return only is None or any(kind == each or kind.startswith(f"{each}.") for each in map(_text, only))


def _text(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _touched(ls: Server, file: OpenFile, wanted: types.Range) -> Iterator[tuple[Finding, types.Diagnostic]]:
    """The findings that share a place with the range."""
    places = file.snapshot.places(ls.session.measure)
    start = places.offset((wanted.start.line, wanted.start.character))
    end = places.offset((wanted.end.line, wanted.end.character))
    for finding, shown in zip(file.findings(), diagnostics(ls, file), strict=True):
        if finding.span.start <= end and start <= finding.span.end:
            yield finding, shown


def _offered(finding: Finding) -> list[Fix]:
    return [fix for fix in finding.fixes if fix.safety is not Safety.DISPLAY and fix.edits]


def _quick_fix(ls: Server, file: OpenFile, finding: Finding, shown: types.Diagnostic, fix: Fix) -> types.CodeAction:
    return types.CodeAction(
        fix.title,
        types.CodeActionKind.QuickFix,
        [shown],
        is_preferred=fix is _safe(finding) or None,
        edit=_edit(ls, file, fix.edits),
    )


def _safe(finding: Finding) -> Fix | None:
    """The fix to apply unseen: the first safe one."""
    return next((fix for fix in finding.fixes if fix.safety is Safety.SAFE and fix.edits), None)


def _dismiss(file: OpenFile, finding: Finding, shown: types.Diagnostic) -> types.CodeAction:
    path = (file.snapshot.path or "").replace("\\", "/").rsplit("/", 1)[-1]
    what = dismissal(finding, file.snapshot.document, path)
    title = f"Dismiss {finding.name} here"
    arguments = [file.snapshot.uri, what.map, what.rule, what.kind, what.section, what.subject]
    return types.CodeAction(
        title, types.CodeActionKind.QuickFix, [shown], command=types.Command(title, COMMAND, arguments=arguments)
    )


def _fix_all(ls: Server, file: OpenFile) -> types.CodeAction:
    action = types.CodeAction("Apply all safe fixes of maimod", FIX_ALL)
    if ls.resolves_actions:
        action.data = {"fix": "all", "uri": file.snapshot.uri, "version": file.snapshot.version}
    else:
        action.edit = _edit(ls, file, _safe_edits(file))
    return action


def _safe_edits(file: OpenFile) -> set[Edit]:
    from server.fixing import choose

    return {edit for _, fix in choose(file.findings(), frozenset({Safety.SAFE})) for edit in fix.edits}


def _edit(ls: Server, file: OpenFile, edits: Iterable[Edit]) -> types.WorkspaceEdit:
    """The edits for exactly this version, where the editor can hold on to that."""
    snapshot = file.snapshot
    places = snapshot.places(ls.session.measure)
    changes = [types.TextEdit(span_range(places, Span(edit.span.start, edit.span.end)), edit.text) for edit in sorted(edits)]
    if not ls.versioned_edits:
        return types.WorkspaceEdit(changes={snapshot.uri: changes})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=snapshot.uri, version=snapshot.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, changes)])
