"""textDocument/codeAction and codeAction/resolve: fixes, one by one or all safe ones, what else to do about a finding, what could
be written anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types

from analyzers.finding import Finding, Fix, Safety
from formats.spans import Edit, Span
from server.dismissals import dismissal
from server.lsp.diagnostics import diagnostics, span_range
from server.lsp.dismissal import DISMISS, SWITCH_OFF
from server.lsp.explanation import EXPLAIN, SHOW
from server.lsp.rewrite_actions import KIND, rewrite_actions
from server.lsp.server import Server
from server.session import OpenFile, Stage

if TYPE_CHECKING:
    from server.fixing import Chosen

FIX_ALL = "source.fixAll.maimod"
OPTIONS = types.CodeActionOptions([types.CodeActionKind.QuickFix, FIX_ALL, KIND], resolve_provider=True)
# In a selection with more findings than this nobody decides about each.
MOST_TOUCHED = 50


async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    file = await ls.review.known(params.text_document.uri, Stage.QUICK)
    if file is None:
        return []
    actions: list[types.CodeAction] = []
    fixes = _wanted(params, types.CodeActionKind.QuickFix)
    touched = list(_touched(ls, file, params.range)) if fixes or _rewrites(params) else []
    if fixes:
        actions += _quick_fixes(ls, file, touched)
        if len(touched) <= MOST_TOUCHED:
            actions += _decisions(ls, file, touched)
    if _wanted(params, FIX_ALL) and safe_fixes(file):
        actions.append(_later(ls, file, types.CodeAction("Apply all safe fixes of maimod", FIX_ALL), {"fix": "all"}))
    view = ls.view(params.text_document.uri) if _rewrites(params) else None
    if view is not None:
        offered = rewrite_actions(ls, view, params, touched[:MOST_TOUCHED])
        actions += [each for each in offered if _wanted(params, _text(each.kind or KIND))]
    return actions


async def resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
    """The edit of an action, which is worked out when it is chosen; none where the text has changed since."""
    given: object = action.data
    as_dict = getattr(given, "_asdict", None)
    given = as_dict() if callable(as_dict) else given
    if isinstance(given, Mapping):
        data = cast("Mapping[str, object]", given)
        stage = Stage.WHOLE if data.get("fix") == "all" else Stage.QUICK
        file = await ls.review.known(str(data.get("uri")), stage)
        if file is not None and file.snapshot.version == data.get("version"):
            edits = _edits(file, data)
            action.edit = workspace_edit(ls, file, edits) if edits else None
    return action


def safe_fixes(file: OpenFile) -> list[Chosen]:
    """The safe fixes that can be applied together."""
    return _chosen(file.findings())


def workspace_edit(ls: Server, file: OpenFile, edits: Iterable[Edit]) -> types.WorkspaceEdit:
    """The edits for exactly this version, where the editor can hold on to that."""
    places = file.snapshot.places(ls.session.measure)
    changes = [types.TextEdit(span_range(places, Span(edit.span.start, edit.span.end)), edit.text) for edit in sorted(edits)]
    return ls.edit_of(file, changes)


def _wanted(params: types.CodeActionParams, kind: str) -> bool:
    """Whether the editor asked for actions of this kind: kinds are paths, and a path asks for all beneath it."""
    only = params.context.only
    return only is None or any(kind == each or kind.startswith(f"{each}.") for each in map(_text, only))


def _rewrites(params: types.CodeActionParams) -> bool:
    """Whether the editor asked for actions that write something anew, or some of them."""
    only = params.context.only
    return _wanted(params, KIND) or any(_text(each).startswith(f"{KIND}.") for each in only or ())


def _text(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


Touched = tuple[Finding, types.Diagnostic]


def _touched(ls: Server, file: OpenFile, wanted: types.Range) -> Iterator[Touched]:
    """The findings that share a place with the range."""
    places = file.snapshot.places(ls.session.measure)
    start = places.offset((wanted.start.line, wanted.start.character))
    end = places.offset((wanted.end.line, wanted.end.character))
    for finding, shown in zip(file.findings(), diagnostics(ls, file), strict=True):
        if finding.span.start <= end and start <= finding.span.end:
            yield finding, shown


def _quick_fixes(ls: Server, file: OpenFile, touched: list[Touched]) -> Iterator[types.CodeAction]:
    """The fixes of each finding, and behind them those of a rule for the whole map."""
    for finding, shown in touched:
        for fix in finding.fixes:
            if fix.safety is not Safety.DISPLAY and fix.edits:
                action = types.CodeAction(fix.title, types.CodeActionKind.QuickFix, [shown])
                action.is_preferred = fix is _safe(finding) or None
                yield _later(ls, file, action, {"fix": fix.title, **_named(finding)})
    for name in dict.fromkeys(finding.name for finding, _ in touched):
        count = len(_of_rule(file, name))
        if count > 1:
            action = types.CodeAction(f"Fix all {count} findings of {name} that are safe to fix", types.CodeActionKind.QuickFix)
            action.diagnostics = [shown for finding, shown in touched if finding.name == name]
            yield _later(ls, file, action, {"fix": "rule", "rule": name})


def _safe(finding: Finding) -> Fix | None:
    """The fix to apply unseen: the first safe one."""
    return next((fix for fix in finding.fixes if fix.safety is Safety.SAFE and fix.edits), None)


def _of_rule(file: OpenFile, name: str) -> list[Chosen]:
    return _chosen([finding for finding in file.findings() if finding.name == name])


def _chosen(findings: list[Finding]) -> list[Chosen]:
    """Each finding with its safe fix, without those that touch the same text as one before them."""
    # The rules come with it; whoever asks for actions has them.
    from server.fixing import choose

    return choose(findings, frozenset({Safety.SAFE}))


def _named(finding: Finding) -> dict[str, Any]:
    """What tells a finding from the others of one version."""
    return {"rule": finding.name, "kind": finding.kind, "at": finding.span.start, "until": finding.span.end}


def _later(ls: Server, file: OpenFile, action: types.CodeAction, data: dict[str, Any]) -> types.CodeAction:
    """The action with its edit, or with what it takes to work that out where the editor asks for it when it is chosen."""
    if ls.resolves_actions:
        action.data = {**data, "uri": file.snapshot.uri, "version": file.snapshot.version}
    else:
        action.edit = workspace_edit(ls, file, _edits(file, data))
    return action


def _edits(file: OpenFile, data: Mapping[str, object]) -> set[Edit]:
    match data.get("fix"):
        case "all":
            return {edit for _, fix in safe_fixes(file) for edit in fix.edits}
        case "rule":
            return {edit for _, fix in _of_rule(file, str(data.get("rule"))) for edit in fix.edits}
        case title:
            found = (
                finding for finding in file.findings() if all(data.get(key) == value for key, value in _named(finding).items())
            )
            return {edit for finding in found for fix in finding.fixes if fix.title == title for edit in fix.edits}


def _decisions(ls: Server, file: OpenFile, touched: list[Touched]) -> Iterator[types.CodeAction]:
    """What else can be done about findings: dismissed here or in the whole map, their rule switched off, or explained."""
    uri = file.snapshot.uri
    rules = dict.fromkeys(finding.name for finding, _ in touched)
    by_rule = {name: [shown for finding, shown in touched if finding.name == name] for name in rules}
    if file.snapshot.path is not None:
        name = file.snapshot.path.replace("\\", "/").rsplit("/", 1)[-1]
        for finding, shown in touched:
            what = dismissal(finding, file.snapshot.document, name)
            arguments = [uri, what.map, what.rule, what.kind, what.section, what.subject]
            yield _command(f"Dismiss {finding.name} here", DISMISS, arguments, [shown])
        for rule in rules:
            yield _command(f"Dismiss {rule} in this map", DISMISS, [uri, name, rule, "", "", ""], by_rule[rule])
        for rule in rules:
            yield _command(f"Switch {rule} off in maimod.toml", SWITCH_OFF, [uri, rule], by_rule[rule])
    command = EXPLAIN if ls.shows_explanations else SHOW
    for rule, told in by_rule.items():
        yield _command(f"Explain {rule}", command, [uri, told[0].range.start], told)


def _command(title: str, command: str, arguments: list[Any], shown: list[types.Diagnostic]) -> types.CodeAction:
    what = types.Command(title, command, arguments=arguments)
    return types.CodeAction(title, types.CodeActionKind.QuickFix, shown, command=what)
