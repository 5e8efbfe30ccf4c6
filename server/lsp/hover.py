"""textDocument/hover: what the rule behind a finding says, else what the line under the mouse means."""

from __future__ import annotations

from functools import cache

from lsprotocol import types

from analyzers.finding import Finding, Safety
from server.describe import describe_line
from server.lsp.diagnostics import span_range
from server.lsp.server import Server
from server.session import OpenFile, Stage

# More findings at one place than this would hide the map.
MOST_SHOWN = 3


async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    file = await ls.review.known(params.text_document.uri, Stage.QUICK)
    if file is None:
        return None
    places = file.snapshot.places(ls.session.measure)
    offset = places.offset((params.position.line, params.position.character))
    found = [finding for finding in file.findings() if finding.span.start <= offset <= finding.span.end]
    if found:
        text = "\n\n---\n\n".join(_about(finding) for finding in found[:MOST_SHOWN])
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), span_range(places, found[0].span))
    return _plain(file, offset)


@cache
def _documentation(name: str) -> str:
    from server.choosing import all_rules

    return next((rule.documentation for rule in all_rules() if rule.name == name), "")


def _about(finding: Finding) -> str:
    display = [f"* {fix.title}" for fix in finding.fixes if fix.safety is Safety.DISPLAY]
    parts = [f"**{finding.message}**", _documentation(finding.name), "\n".join(display), f"`{finding.name}` {finding.code}"]
    return "\n\n".join(part for part in parts if part)


def _plain(file: OpenFile, offset: int) -> types.Hover | None:
    document = file.snapshot.document
    text = describe_line(file.snapshot, document.lines[document.index.line_of(offset)])
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text)) if text else None
