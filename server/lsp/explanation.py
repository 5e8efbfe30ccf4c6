"""`maimod.explain`: all that is known of one place in a map, as Markdown: what stands there, what is found, what was expected."""

from __future__ import annotations

import asyncio
import os
import re

from lsprotocol import types
from pygls.capabilities import get_capability

from analyzers.finding import Finding, Safety
from server.language.about_expectation import about_expectation, escaped
from server.language.about_line import about_line
from server.lsp.progress import progress
from server.lsp.server import Server, command_token
from server.session import Stage
from server.song_features import cache_folder
from server.uris import uri_of
from server.writing import write_atomically

EXPLAIN, SHOW = "maimod.explain", "maimod.showExplanation"


async def explain(ls: Server, uri: str, position: types.Position) -> str | None:
    """The Markdown; None where there is nothing to explain."""
    async with progress(ls, "Asking what was expected here", command_token.get()):
        file = await ls.review.known(uri, Stage.WHOLE)
        view = ls.view(uri)
        if file is None or view is None:
            return None
        offset = view.snapshot.places(ls.session.measure).offset((position.line, position.character))
        number, line, _ = view.line_at(offset)
        start = view.document.index.starts[number]
        end = start + len(line.text)
        inside = [each for each in file.findings() if each.span.start <= offset <= each.span.end]
        found = inside or [each for each in file.findings() if start <= each.span.start < end]
        expected = await ls.review.expectation(uri, number)
    parts = [about_line(view, line), *(_about(each) for each in found), about_expectation(expected) if expected else ""]
    return "\n\n---\n\n".join(part for part in parts if part) or None


async def show(ls: Server, uri: str, position: types.Position) -> None:
    """Explains for an editor that shows no answers of commands: in a document of its own, else in a message."""
    text = await explain(ls, uri, position)
    if text is None:
        ls.say_again("maimod: there is nothing to explain here.")
    elif get_capability(ls.client_capabilities, "window.show_document.support"):
        path = await asyncio.to_thread(_written, text)
        shown = types.ShowDocumentParams(uri_of(path), take_focus=True)
        await ls.window_show_document_async(shown)
    else:
        ls.say_again(_plain(text))


def _written(text: str) -> str:
    """Writes the explanation into the user's own cache folder, where nobody else can put a link in its place."""
    path = os.path.join(os.path.dirname(cache_folder()), "explanation.md")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write_atomically(path, text.encode())
    return path


def _about(finding: Finding) -> str:
    from server.choosing import all_rules

    documentation = next((rule.documentation for rule in all_rules() if rule.name == finding.name), "")
    fixes = [f"* {escaped(fix.title)} ({fix.safety})" for fix in finding.fixes if fix.safety is not Safety.DISPLAY or fix.title]
    parts = [f"**{escaped(finding.message)}**", documentation, "\n".join(fixes), f"`{finding.name}` {finding.code}"]
    return "\n\n".join(part for part in parts if part)


def _plain(markdown: str) -> str:
    return re.sub(r"\\(.)|\*\*|`", lambda found: found[1] or "", markdown)
