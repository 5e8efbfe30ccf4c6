"""textDocument/hover: what stands under the mouse means, what the model expected of it, and what is remarked on there."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from functools import cache

from lsprotocol import types

from analyzers.finding import Finding, Safety
from analyzers.level import star_rating
from formats.chart_lines import TrackNote
from formats.osu import HitObject
from formats.spans import Span
from server.language.about_expectation import about_expectation
from server.language.about_line import about_line
from server.language.about_part import about_part
from server.language.parts import part_at
from server.language.view import View
from server.lsp.diagnostics import span_range
from server.lsp.server import Server
from server.session import Kind, Stage

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
# More findings at one place than this would hide the map.
MOST_SHOWN = 3
# How long a hover waits for the model, which is quick where it has read the map as it is.
PATIENCE_SECONDS = 0.6
# Of the model's answer so many fields are shown, and none that is as good as expected; `maimod.explain` tells all.
MOST_FIELDS, LEAST_BITS = 5, 1.0


async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    uri = params.text_document.uri
    file = await ls.review.known(uri, Stage.QUICK)
    view = ls.view(uri)
    if file is None or view is None:
        return None
    places = view.snapshot.places(ls.session.measure)
    offset = places.offset((params.position.line, params.position.character))
    found = [finding for finding in file.findings() if finding.span.start <= offset <= finding.span.end]
    asked = asyncio.ensure_future(_expected(ls, view, offset))
    text, span = await _plain(view, offset)
    parts = [*(_about(finding) for finding in found[:MOST_SHOWN]), text, await asked]
    parts = [part for part in parts if part]
    if not parts:
        return None
    if found:
        span = found[0].span
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts)), span_range(places, span))


@cache
def _documentation(name: str) -> str:
    from server.choosing import all_rules

    return next((rule.documentation for rule in all_rules() if rule.name == name), "")


def _about(finding: Finding) -> str:
    display = [f"* {fix.title}" for fix in finding.fixes if fix.safety is Safety.DISPLAY]
    parts = [f"**{finding.message}**", _documentation(finding.name), "\n".join(display), f"`{finding.name}` {finding.code}"]
    return "\n\n".join(part for part in parts if part)


def _rule_at(text: str, column: int) -> tuple[str, int, int] | None:
    """The rule whose name stands at a column of a `maimod.toml`, and the columns of the name."""
    for found in _NAME.finditer(text):
        if found.start() <= column <= found.end() and _documentation(found.group()):
            return found.group(), found.start(), found.end()
    return None


async def _expected(ls: Server, view: View, offset: int) -> str:
    """What the model expected of the note under the mouse; nothing where it takes too long to say."""
    number, line, _ = view.line_at(offset)
    if not isinstance(line.record, HitObject | TrackNote):
        return ""
    with suppress(TimeoutError):
        expected = await asyncio.wait_for(ls.review.expectation(view.snapshot.uri, number), PATIENCE_SECONDS)
        if expected is not None:
            return about_expectation(expected, MOST_FIELDS, LEAST_BITS)
    return ""


async def _plain(view: View, offset: int) -> tuple[str, Span]:
    """What the part under the mouse and its line mean, and where the part stands."""
    number, line, column = view.line_at(offset)
    if column > len(line.content):
        # Behind the last line's ending stands an empty line.
        return "", Span(offset, offset)
    start = view.document.index.starts[number]
    if view.kind is Kind.SETTINGS and (rule := _rule_at(line.content, column)) is not None:
        return _documentation(rule[0]), Span(start + rule[1], start + rule[2])
    part = part_at(line, column, view.kind)
    span = Span(start + part.start, start + part.end) if part is not None else Span(offset, offset)
    texts = [about_line(view, line), about_part(view, line, part) if part is not None else ""]
    if isinstance(line.record, HitObject) and view.difficulty is not None:
        stars = await asyncio.to_thread(star_rating, view.difficulty)
        if stars is not None:
            texts[0] += f"  \n{stars:.2f} stars in all"
    return "\n\n".join(text for text in texts if text), span
