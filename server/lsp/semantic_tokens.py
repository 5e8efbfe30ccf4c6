"""textDocument/semanticTokens/full, full/delta and range: the parts of lines in colours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types

from server.convert import Measure
from server.language.tokens import MODIFIERS, TYPES, encoded, line_tokens
from server.language.view import View
from server.lsp.ranges import aside, touched
from server.lsp.server import Encoded, Server

OPTIONS = types.SemanticTokensRegistrationOptions(
    types.SemanticTokensLegend(list(TYPES), list(MODIFIERS)), full=types.SemanticTokensFullDelta(delta=True), range=True
)


@dataclass(frozen=True, slots=True)
class Told:
    """What an editor was told last of a file: the tokens of each line, under a name that it can refer to."""

    name: str
    lines: Sequence[str]


async def full(ls: Server, params: types.SemanticTokensParams) -> Encoded | None:
    view = ls.view(params.text_document.uri)
    if view is None:
        return None
    told = await _told(ls, view)
    return Encoded(f'{{"resultId":{json.dumps(told.name)},"data":[{encoded(told.lines).text}]}}')


async def delta(ls: Server, params: types.SemanticTokensDeltaParams) -> Encoded | None:
    uri = params.text_document.uri
    view, before = ls.view(uri), ls.told_tokens.get(uri)
    if view is None:
        return None
    told = await _told(ls, view)
    if before is None or before.name != params.previous_result_id:
        return Encoded(f'{{"resultId":{json.dumps(told.name)},"data":[{encoded(told.lines).text}]}}')
    return Encoded(f'{{"resultId":{json.dumps(told.name)},"edits":[{_difference(before.lines, told.lines)}]}}')


async def within(ls: Server, params: types.SemanticTokensRangeParams) -> Encoded | None:
    view = ls.view(params.text_document.uri)
    if view is None:
        return None
    wanted, measure = touched(view, params.range), ls.session.measure
    lines = await aside(lambda: [_tokens(view, number, measure) for number in wanted])
    return Encoded(f'{{"data":[{encoded(lines, wanted.start).text}]}}')


async def _told(ls: Server, view: View) -> Told:
    measure = ls.session.measure
    lines = await aside(lambda: [_tokens(view, number, measure) for number in range(len(view.document.lines))])
    uri, file = view.snapshot.uri, ls.session.get(view.snapshot.uri)
    told = ls.told_tokens[uri] = Told(f"{file.number if file else 0}.{view.snapshot.moment}", lines)
    return told


def _tokens(view: View, number: int, measure: Measure) -> str:
    line = view.document.lines[number]
    known = view.line_tokens.get(id(line))
    if known is None or known[0] is not line:
        known = view.line_tokens[id(line)] = (line, line_tokens(line, view.kind, measure))
    return known[1]


def _difference(old: Sequence[str], new: Sequence[str]) -> str:
    """One edit from the first line to the last that differ; empty where none does."""
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at] != new[at]), least)
    tail = next((at for at in range(least - head) if old[-1 - at] != new[-1 - at]), least - head)
    if head == len(old) == len(new):
        return ""
    # The first token behind the change counts its lines from the last one before it, so it belongs to the change.
    while tail and not old[len(old) - tail]:
        tail -= 1
    tail = max(tail - 1, 0)
    before = encoded(old[:head]).count
    above = next((at for at in range(head - 1, -1, -1) if old[at]), 0) if before else 0
    gone = encoded(old[head : len(old) - tail]).count
    put = encoded(new[head : len(new) - tail], head - above)
    return f'{{"start":{before},"deleteCount":{gone},"data":[{put.text}]}}'
