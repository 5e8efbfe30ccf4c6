"""The server as its handlers see it: the session, the review, and how trouble and findings reach the editor."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from inspect import Parameter, isawaitable, signature
from typing import TYPE_CHECKING, Any, cast, get_type_hints

from lsprotocol import types
from pygls.exceptions import (
    FeatureRequestError,
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcMethodNotFound,
    JsonRpcRequestCancelled,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

from server.about import version
from server.closed_files import ClosedFiles
from server.language.view import View
from server.lsp.daemon_link import DaemonLink
from server.lsp.progress import progress
from server.lsp.proposals import Rewriting
from server.lsp.settings_watch import SettingsWatch
from server.lsp.status import Status
from server.map_index import MapIndex
from server.review import Review
from server.session import OpenFile, Session

if TYPE_CHECKING:
    from server.lsp.semantic_tokens import Told
    from server.scoring import Judged

Handling = Generator[tuple[Callable[..., Any], tuple[Any, ...], None], object, None]
"""How the library lets a built-in handler call ours: it yields the handler, its arguments and its keywords."""

logger = logging.getLogger(__name__)

# How much sooner than the file itself a question about it may come.
OPENING_SECONDS = 1.0

command_token: ContextVar[types.ProgressToken | None] = ContextVar("command_token", default=None)
"""Where the editor wants to see the progress of the command that runs."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """An answer that is JSON already: the library takes a tenth of a second to encode some thousand objects of its own types."""

    text: str

    @classmethod
    def of(cls, value: object) -> Encoded:
        """Of dictionaries, lists, strings and numbers."""
        return cls(json.dumps(value, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class Refusal:
    """The answer to a request that cannot be fulfilled: one sentence for the user. Nothing has failed."""

    sentence: str


class Protocol(LanguageServerProtocol):
    """The protocol without the library's own copy of the documents, whose lines are not those of the specification."""

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Offers diagnostics to be pulled only where none are pushed: an editor that does both would show each twice."""
        answer = yield from super().lsp_initialize(params)
        if not cast("Server", self._server).takes_pulls:
            answer.capabilities.diagnostic_provider = None
        return answer

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(self, params: types.ExecuteCommandParams) -> object:  # type: ignore[override]
        """As the library does, but so that the editor can cancel the command and see how far it has come."""
        commands = cast("dict[str, Callable[..., Any]]", self.fm.commands)  # pyright: ignore[reportUnknownMemberType]
        handler = commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams(f"maimod knows no command {params.command!r}")
        try:
            arguments = self._arguments(handler, params.arguments or ())
        except Exception as trouble:  # noqa: BLE001  whatever it is, the arguments are at fault
            raise JsonRpcInvalidParams(f"{params.command}: {trouble}") from None
        logger.info("command %s", params.command)
        command_token.set(params.work_done_token)
        answer = handler(*arguments)
        return await answer if isawaitable(answer) else answer

    def _arguments(self, handler: Callable[..., Any], given: Sequence[object]) -> list[object]:
        """The command's arguments as the types that it names. Unlike the library's, the last ones may be left out."""
        function = getattr(handler, "func", handler)
        wanted = list(signature(function).parameters.values())[1:]
        types_of = get_type_hints(function)
        if len(given) > len(wanted) and not (wanted and wanted[-1].kind is Parameter.VAR_POSITIONAL):
            raise TypeError(f"takes {len(wanted)} arguments, not {len(given)}")
        if missing := [
            each.name
            for each in wanted[len(given) :]
            if each.default is Parameter.empty and each.kind is not Parameter.VAR_POSITIONAL
        ]:
            raise TypeError(f"needs also {', '.join(missing)}")
        last = wanted[-1:] * max(len(given) - len(wanted), 0)
        return [
            value if types_of[each.name] is Any else self._converter.structure(value, types_of[each.name])
            for value, each in zip(given, [*wanted, *last], strict=False)
        ]

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Handling:
        yield self._ours(types.TEXT_DOCUMENT_DID_OPEN), (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Handling:
        yield self._ours(types.TEXT_DOCUMENT_DID_CHANGE), (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Handling:
        yield self._ours(types.TEXT_DOCUMENT_DID_CLOSE), (params,), None

    def _ours(self, method: str) -> Callable[..., Any]:
        return cast("Callable[..., Any]", self.fm.features[method])  # pyright: ignore[reportUnknownMemberType]

    def _send_response(self, msg_id: str | int, result: object = None, error: types.ResponseError | None = None) -> None:
        if isinstance(result, Refusal):
            error = types.ResponseError(types.LSPErrorCodes.RequestFailed, result.sentence)
        if error is not None or not isinstance(result, Encoded):
            super()._send_response(msg_id, result, error)
            return
        self._result_types.pop(msg_id, None)
        self._write(f'{{"id":{json.dumps(msg_id)},"jsonrpc":"2.0","result":{result.text}}}')

    def _write(self, body: str) -> None:
        """Sends a message that is encoded already; `json.dumps` has left nothing but ASCII in it."""
        if self.writer is None:
            return
        header = f"Content-Length: {len(body)}\r\nContent-Type: {self.CONTENT_TYPE}; charset={self.CHARSET}\r\n\r\n"
        self.writer.write(((header if self._include_headers else "") + body).encode("ascii"))

    def _handle_response(self, msg_id: str | int, result: object = None, error: types.ResponseError | None = None) -> None:
        """Passes over the editor's answer to a question that was taken back; the library fails over it."""
        asked = self._request_futures.get(msg_id)
        if asked is not None and asked.cancelled():
            del self._request_futures[msg_id]
        else:
            super()._handle_response(msg_id, result, error)

    def structure_message(self, data: dict[str, Any]) -> object:
        """The message as the protocol's types. A request that is none is answered, not just logged."""
        try:
            return super().structure_message(data)
        except JsonRpcException as trouble:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=trouble.to_response_error())
            raise


class Server(LanguageServer):
    """One editor's server. `takes_pulls` says that the editor asks for diagnostics itself, so none are pushed.

    `started`: its settings are known. `shows_explanations`: it shows what `maimod.explain` answers. `chooses_candidates`: its
    user chooses among what was written.
    """

    def __init__(self) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "maimod", version(), types.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol, converter_factory=default_converter, max_workers=2,
        )  # fmt: skip
        self.session = Session()
        self.review = Review(self.session, self.show, self.fail, self.notice, lambda title: progress(self, title))
        self.closed = ClosedFiles(
            self.session, self.review.worker, self.show_closed, self.refresh, self.fail, self.warn,
            lambda: progress(self, "Checking the maps around the open ones"),
        )  # fmt: skip
        self.rewriting = Rewriting(self.session, lambda sentence: self.warn(f"maimod: {sentence}."))
        self.status = Status(self)
        self.daemon = DaemonLink(self)
        self.settings_watch = SettingsWatch(self.session, self.settings_changed)
        self.started = False
        self.takes_pulls = False
        self.versioned_edits = False
        self.resolves_actions = False
        self.shows_explanations = False
        self.chooses_candidates = False
        self._said: set[str] = set()
        self._views: dict[str, View] = {}
        self._opening = asyncio.Event()
        self.told_tokens: dict[str, Told] = {}
        self.told_lenses: dict[str, str] = {}
        self.maps = MapIndex()
        self.searching = asyncio.Lock()

    def view(self, uri: str) -> View | None:
        """What the newest version of an open file shows; None where it is not open."""
        file, known = self.session.get(uri), self._views.get(uri)
        if file is None:
            return None
        if known is None or known.snapshot is not file.snapshot:
            known = self._views[uri] = View(file.snapshot, known)
        return known

    async def view_when_open(self, uri: str) -> View | None:
        """As `view`, also of a file that the editor opens a moment later.

        At its start Helix asks for the hints of a file just before it opens it, and an answer without any is its last word.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(OPENING_SECONDS):
                while self.session.get(uri) is None:
                    await self._opening.wait()
        return self.view(uri)

    def opened(self) -> None:
        """A file was opened: those who wait for one look again."""
        opening, self._opening = self._opening, asyncio.Event()
        opening.set()

    def edit_of(self, file: OpenFile, changes: Sequence[types.TextEdit]) -> types.WorkspaceEdit:
        """Changes for exactly this version of an open file, where the editor can hold on to that."""
        snapshot = file.snapshot
        if not self.versioned_edits:
            return types.WorkspaceEdit(changes={snapshot.uri: changes})
        document = types.OptionalVersionedTextDocumentIdentifier(uri=snapshot.uri, version=snapshot.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, changes)])

    def forget_view(self, uri: str) -> None:
        """The file was closed."""
        for kept in (self._views, self.told_tokens, self.told_lenses):
            kept.pop(uri, None)

    def show(self, file: OpenFile) -> None:
        """The findings of a file changed."""
        from server.lsp import code_lens
        from server.lsp.diagnostics import publish

        code_lens.refresh(self, file)
        for problem in self.review.ground(file).problems:
            self.warn(problem)
        snapshot, count = file.snapshot, len(file.findings())
        logger.debug("%s, version %d: %d findings", snapshot.uri, snapshot.version, count)
        self.trace(f"{count} findings in version {snapshot.version} of {snapshot.uri}")
        if not self.takes_pulls:
            publish(self, file)
        elif file.settled:
            self.refresh()

    def settings_changed(self) -> None:
        """A `maimod.toml` or the dismissals of a folder are others: everything is judged anew."""
        self.review.touch_all()
        self.closed.touch_all()
        self.status.stir()

    def show_closed(self, path: str) -> None:
        """The findings of a file that is not open changed."""
        from server.lsp.diagnostics import publish_closed

        publish_closed(self, path)

    def refresh(self) -> None:
        """An editor that pulls is told to ask again."""
        if self.takes_pulls:
            self.workspace_diagnostic_refresh(None)

    def notice(self, judged: Judged) -> None:
        """The model has judged; it could not judge everything where there are sentences."""
        from server.scoring import ONLY_RULES

        self.status.error(next((sentence for sentence in judged.faults if sentence.endswith(ONLY_RULES)), ""))
        for sentence in judged.faults:
            self.warn(f"maimod: {sentence}.")
        for sentence in judged.gaps:
            self.say(f"maimod: {sentence}.", types.MessageType.Info)

    def trace(self, message: str) -> None:
        """Tells an editor that follows what the server does ($/setTrace)."""
        if self.protocol.trace is not types.TraceValue.Off:
            self.log_trace(types.LogTraceParams(message))

    def warn(self, sentence: str) -> None:
        self.say(sentence, types.MessageType.Warning)

    def say(self, sentence: str, kind: types.MessageType) -> None:
        """Shows a sentence to the user, each only once."""
        if sentence not in self._said:
            self._said.add(sentence)
            logger.info("told the user: %s", sentence)
            self.window_show_message(types.ShowMessageParams(kind, sentence))

    def say_again(self, sentence: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Shows the answer to what the user just asked, however often that is."""
        self.window_show_message(types.ShowMessageParams(kind, sentence))

    def forget_said(self) -> None:
        """What was said counts as unsaid: its cause may have been mended."""
        self._said.clear()

    def fail(self, trouble: Exception) -> None:
        """Something failed: the whole story goes to the log, one sentence to the user."""
        logger.error("%s", trouble, exc_info=trouble)
        self.say(_sentence(trouble), types.MessageType.Error)

    def report_server_error(self, error: Exception, source: object) -> None:
        """What a handler, or the reading of a message, ended with."""
        if isinstance(error, (JsonRpcMethodNotFound, JsonRpcRequestCancelled)):
            return
        if source is FeatureRequestError or source is JsonRpcException:
            # The library has logged it in full, and the editor got an error response.
            self.say(_sentence(error), types.MessageType.Error)
        else:
            self.fail(error)


def _sentence(trouble: Exception) -> str:
    about = trouble.message if isinstance(trouble, JsonRpcException) else f"{type(trouble).__name__}: {trouble}"
    return f"maimod: something failed here ({about.splitlines()[0]}); the server's output holds the details."
