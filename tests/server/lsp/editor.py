"""An editor as the tests see it: it keeps its own text, sends changes, and waits for what the server says of a version."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, Union, cast

import cattrs
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

T = TypeVar("T")

PATIENCE_SECONDS = 15.0
_NUMBERS = itertools.count(1)


def units(text: str, encoding: str) -> int:
    """The length of `text` in the units of a position encoding, by the codec itself."""
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    codec = encoding if encoding == "utf-8" else f"{encoding}-le"
    return len(text.encode(codec, "surrogatepass")) // width


def position(text: str, offset: int, encoding: str) -> types.Position:
    """The position of an offset, counted afresh from the whole text."""
    before = re.split("\r\n|\r|\n", text[:offset])
    return types.Position(len(before) - 1, units(before[-1], encoding))


def _converter() -> cattrs.Converter:
    """The library's converter, which takes a code action with a command for a bare command, put right."""
    converter = cast("cattrs.Converter", default_converter())  # type: ignore[no-untyped-call]
    converter.register_structure_hook(
        Union[types.Command, types.CodeAction],  # noqa: UP007  the library looks it up in this form
        lambda data, _: converter.structure(data, types.Command if isinstance(data.get("command"), str) else types.CodeAction),
    )
    return converter


class Client(LanguageClient):
    """A client that keeps every publication and wakes those who wait for one."""

    def __init__(self) -> None:
        super().__init__(converter_factory=_converter)  # pyright: ignore[reportUnknownMemberType]
        self.published: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self.encoding = "utf-16"
        self.statuses: list[dict[str, Any]] = []
        self.answers: Callable[[types.ApplyWorkspaceEditParams], object] = lambda _: None
        self.applies = True
        self._news = asyncio.Event()
        features = {
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: _publish,
            types.WORKSPACE_APPLY_EDIT: _apply,
            "maimod/status": _status,
        }
        register_lsp_features(self, {**DEFAULT_CLIENT_FEATURES, **features})

    def keep(self, params: types.PublishDiagnosticsParams) -> None:
        self.published.setdefault(params.uri, []).append(params)
        self.wake()

    def wake(self) -> None:
        """Something came: those who wait for it look again."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def until(self, wanted: Callable[[], T | None]) -> T:
        """What `wanted` gives as soon as it gives something, asked again after each publication."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (answer := wanted()):
                await self._news.wait()
            return answer


def _publish(client: Client, params: types.PublishDiagnosticsParams) -> None:
    client.keep(params)


def _apply(client: Client, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
    client.answers(params)
    return types.ApplyWorkspaceEditResult(applied=client.applies)


def _status(client: Client, params: object) -> None:
    client.statuses.append(plain(params))
    client.wake()


class OpenMap:
    """A map that is open in the editor, with the text as the editor has it."""

    def __init__(self, client: Client, text: str, uri: str = "", language: str = "osu") -> None:
        self.client = client
        self.text = text
        self.version = 1
        self.uri = uri or f"untitled:map-{next(_NUMBERS)}.osu"
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(self.uri, language, self.version, text))
        )

    @property
    def identifier(self) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri)

    def position(self, offset: int) -> types.Position:
        return position(self.text, offset, self.client.encoding)

    def range(self, start: int, end: int) -> types.Range:
        return types.Range(self.position(start), self.position(end))

    def range_of(self, part: str) -> types.Range:
        at = self.text.index(part)
        return self.range(at, at + len(part))

    def change(self, *edits: tuple[int, int, str]) -> None:
        """Sends edits (start, end, new text), each in offsets of the text after the one before, as one notification."""
        changes: list[types.TextDocumentContentChangeEvent] = []
        for start, end, text in edits:
            changes.append(types.TextDocumentContentChangePartial(self.range(start, end), text))
            self.text = self.text[:start] + text + self.text[end:]
        self._send(changes)

    def change_all(self, text: str) -> None:
        self.text = text
        self._send([types.TextDocumentContentChangeWholeDocument(text)])

    def replace(self, old: str, new: str) -> None:
        at = self.text.index(old)
        self.change((at, at + len(old), new))

    def _send(self, changes: Sequence[types.TextDocumentContentChangeEvent]) -> None:
        self.version += 1
        identifier = types.VersionedTextDocumentIdentifier(version=self.version, uri=self.uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, changes))

    def close(self) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(self.identifier))

    def save(self) -> None:
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(self.identifier))

    async def published(self) -> Sequence[types.Diagnostic]:
        """What was first published of the newest version."""

        def newest() -> types.PublishDiagnosticsParams | None:
            said = self.client.published.get(self.uri, [])
            return next((each for each in said if each.version == self.version), None)

        found = await self.client.until(newest)
        return found.diagnostics

    async def pulled(self) -> Sequence[types.Diagnostic]:
        """All that is to be said of the newest version, of the whole set too."""
        report = await self.client.text_document_diagnostic_async(types.DocumentDiagnosticParams(self.identifier))
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return report.items

    async def finds(self, name: str) -> list[types.Diagnostic]:
        """The diagnostics of one rule on the newest version."""
        return [each for each in await self.pulled() if each.data and dict_of(each.data)["name"] == name]

    async def until_published(self, wanted: Callable[[Sequence[types.Diagnostic]], object]) -> Sequence[types.Diagnostic]:
        """The newest publication as soon as it is as `wanted`."""

        def newest() -> types.PublishDiagnosticsParams | None:
            said = self.client.published.get(self.uri, [])
            return said[-1] if said and wanted(said[-1].diagnostics) else None

        found = await self.client.until(newest)
        return found.diagnostics

    async def actions(self, at: types.Range, *only: str) -> Sequence[types.CodeAction]:
        context = types.CodeActionContext([], list(only) or None)
        params = types.CodeActionParams(self.identifier, at, context)
        answer = await self.client.text_document_code_action_async(params)
        return [each for each in answer or [] if isinstance(each, types.CodeAction)]

    async def hover(self, part: str) -> str:
        params = types.HoverParams(self.identifier, self.range_of(part).start)
        answer = await self.client.text_document_hover_async(params)
        if answer is None:
            return ""
        assert isinstance(answer.contents, types.MarkupContent)
        return answer.contents.value


async def run(client: LanguageClient, command: str, *arguments: object) -> Any:  # noqa: ANN401
    """What a command of the server answers, objects as dictionaries."""
    return plain(await client.workspace_execute_command_async(types.ExecuteCommandParams(command, arguments=list(arguments))))


def plain(answer: object) -> Any:  # noqa: ANN401
    """JSON as dictionaries and lists, however the library hands it over."""
    as_dict = getattr(answer, "_asdict", None)
    answer = as_dict() if callable(as_dict) else answer
    if isinstance(answer, dict):
        return {key: plain(value) for key, value in cast("dict[str, object]", answer).items()}
    if isinstance(answer, list | tuple):
        return [plain(each) for each in cast("list[object]", answer)]
    return answer


def dict_of(data: object) -> dict[str, Any]:
    """The data of a diagnostic, however the library hands it over."""
    given = data if isinstance(data, dict) else data._asdict()  # type: ignore[attr-defined]
    return cast("dict[str, Any]", given)


def part(text: str, wanted: types.Range, encoding: str) -> str:
    """The text within a range, found by trying every offset."""
    at = {(p.line, p.character): offset for offset in range(len(text) + 1) for p in [position(text, offset, encoding)]}
    start, end = (at[each.line, each.character] for each in (wanted.start, wanted.end))
    return text[start:end]
