"""The daemon's door: one port on the loopback for the WebSocket, the overlay's files and the plain answers, and who may enter."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hmac import compare_digest
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from server.about import version
from server.daemon import links, pages, protocol
from server.daemon.conversation import Conversation
from server.daemon.engine import Engine
from server.daemon.protocol import MOST_BYTES, MOST_CLIENTS, Json
from server.daemon.writer import can_write

if TYPE_CHECKING:
    from websockets.asyncio.server import Server, ServerConnection
    from websockets.http11 import Request, Response

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 24061
# The port that tosu serves its overlays from.
TOSU_ORIGIN = "http://127.0.0.1:24050"
WEBVIEW_SCHEME = "vscode-webview://"
# A client that is silent for so long after a question whether it is there is gone.
PING_SECONDS = 20
TEXT, DATA = "text/plain; charset=utf-8", "application/json"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What lets clients in: `token` those with the page's address, `key` (of the state file) makes them trusted."""

    token: str
    key: str
    instance: str


@dataclass(slots=True)
class Bridge:
    """All clients of one engine."""

    engine: Engine
    secrets: Secrets
    origins: frozenset[str] = frozenset()
    tosu: bool = False
    open_link: Callable[[str], None] = links.open_link
    stop: Callable[[], None] = lambda: None
    port: int = 0
    _clients: set[Conversation] = field(default_factory=set[Conversation])
    _server: Server | None = None
    _began: float = field(default_factory=time.monotonic)

    @property
    def key(self) -> str:
        return self.secrets.key

    @property
    def url(self) -> str:
        """The overlay page with the token."""
        return f"http://{LOOPBACK}:{self.port}/?token={self.secrets.token}"

    async def listen(self, port: int) -> None:
        """Lets clients in; 0 takes any free port. Raises `OSError` where the port is taken."""
        from websockets.asyncio.server import serve

        # At INFO and below it writes down addresses, and with them the token.
        logger = logging.getLogger("server.daemon.bridge")
        logger.setLevel(logging.ERROR)
        self._server = await serve(
            self._talk,
            LOOPBACK,
            port,
            process_request=self._admit,
            compression=None,
            max_size=MOST_BYTES,
            max_queue=16,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            close_timeout=2,
            server_header=None,
            logger=logger,
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]
        self.engine.board.told = self._board_changed
        self.engine.say = self._say
        self.engine.moved = self._editing_changed
        self.engine.applied = self._tell

    @property
    def clients(self) -> int:
        return len(self._clients)

    async def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await server.wait_closed()

    def welcome(self) -> Json:
        capabilities = {
            "edits": self.engine.edits,
            "proposals": True,
            "tosu": self.tosu,
            "surprisal": True,
            "open": links.can_open(),
            "regenerate": can_write(),
        }
        return {
            "type": "welcome",
            "version": protocol.VERSION,
            "server": f"maimod {version()}",
            "capabilities": capabilities,
        }

    def tell_playhead(self, map_id: str, time_ms: float, playing: bool) -> None:
        message: Json = {"type": "playhead", "map": map_id, "time_ms": round(time_ms, 3), "playing": playing}
        for client in self._clients:
            client.tell_playhead(message)

    def _board_changed(self, map_id: str) -> None:
        for client in self._clients:
            client.board_changed(map_id)

    def _editing_changed(self) -> None:
        for client in self._clients:
            client.editing_changed()

    def _say(self, level: str, sentence: str) -> None:
        self._tell(protocol.notice(level, sentence))

    def _tell(self, message: Json) -> None:
        for client in list(self._clients):
            client.tell_all_clients(message)

    async def _talk(self, connection: ServerConnection) -> None:
        from websockets.exceptions import ConnectionClosed

        client = Conversation(connection, self)
        self._clients.add(client)
        sending = asyncio.get_running_loop().create_task(client.send_all())
        try:
            async for frame in connection:
                await client.hear(frame)
        except ConnectionClosed:
            pass
        finally:
            self._clients.discard(client)
            sending.cancel()
            client.gone()

    # Who may enter

    def _admit(self, _connection: ServerConnection, request: Request) -> Response | None:
        """None lets a WebSocket through; everything else is answered here."""
        refused = self._stranger(request)
        if refused is not None:
            return self._respond(HTTPStatus.FORBIDDEN, refused)
        match _path_asked(request):
            case "/ws":
                return self._admit_socket(request)
            case "/healthz":
                return self._respond(HTTPStatus.OK, json.dumps(self._health()), DATA)
            case "/snapshot.json":
                return self._snapshot(request)
            case path if path.startswith("/rules/"):
                page = pages.rule_page(path.removeprefix("/rules/"))
                return self._page(page, pages.TYPES[".html"])
            case path:
                found = pages.overlay_file(path)
                return self._page(*found) if found is not None else self._page(None, TEXT)

    def _stranger(self, request: Request) -> str | None:
        """Why a request is refused whatever it asks for; None where it may come in."""
        hosts = request.headers.get_all("Host")
        if len(hosts) != 1 or hosts[0].lower() not in self._own_hosts():
            return "maimod answers under 127.0.0.1 and localhost only.\n"
        origins = request.headers.get_all("Origin")
        if len(origins) > 1 or (origins and not self._welcomes(origins[0])):
            return "Pages of another origin may not ask maimod; --allow-origin lets one in.\n"
        if not origins and request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") and _reads_data(request):
            return "Pages of another site may not ask maimod.\n"
        return None

    def _own_hosts(self) -> frozenset[str]:
        return frozenset(f"{host}:{self.port}" for host in (LOOPBACK, "localhost", "[::1]"))

    def _welcomes(self, origin: str) -> bool:
        own = {f"http://{host}" for host in self._own_hosts()}
        return origin in own or origin in self.origins or origin.startswith(WEBVIEW_SCHEME)

    def _knows_token(self, request: Request) -> bool:
        given = _asked(request).get("token", [])
        bearer = request.headers.get("Authorization", "")
        told = given[0] if given else bearer.removeprefix("Bearer ")
        return compare_digest(told.encode("utf-8", "replace"), self.secrets.token.encode())

    def _admit_socket(self, request: Request) -> Response | None:
        if not self._knows_token(request):
            return self._respond(HTTPStatus.FORBIDDEN, "The token is missing or not the one of this start of maimod serve.\n")
        if len(self._clients) >= MOST_CLIENTS:
            return self._respond(HTTPStatus.SERVICE_UNAVAILABLE, f"{MOST_CLIENTS} clients are connected already.\n")
        return None

    def _health(self) -> Json:
        return {
            "ok": True,
            "name": "maimod",
            "version": version(),
            "instance": self.secrets.instance,
            "uptime_s": round(time.monotonic() - self._began, 1),
            "maps": len(self.engine.board),
            "clients": len(self._clients),
            "waiting": self.engine.waiting,
        }

    def _snapshot(self, request: Request) -> Response:
        if not self._knows_token(request):
            return self._respond(HTTPStatus.FORBIDDEN, "The token is missing or not the one of this start of maimod serve.\n")
        wanted = _asked(request).get("map", [])
        states = list(self.engine.board)
        headers = ",".join(state.header_text for state in states)
        details = ",".join(state.text for state in states if not wanted or state.header["id"] in wanted)
        editing = json.dumps(self.engine.current)
        body = f'{{"version":{protocol.VERSION},"maps":[{headers}],"editing":{editing},"details":[{details}]}}'
        return self._respond(HTTPStatus.OK, body, DATA)

    def _page(self, body: bytes | None, kind: str) -> Response:
        if body is None:
            return self._respond(HTTPStatus.NOT_FOUND, "There is nothing here.\n")
        return pages.response(HTTPStatus.OK, body, kind, self.port)

    def _respond(self, status: HTTPStatus, text: str, kind: str = TEXT) -> Response:
        return pages.response(status, text.encode(), kind, self.port)


def _reads_data(request: Request) -> bool:
    return _path_asked(request) in ("/ws", "/snapshot.json")


def _path_asked(request: Request) -> str:
    """What stands in front of the question mark; where that makes no sense a path that nothing stands at."""
    try:
        return urlsplit(request.path).path
    except ValueError:
        return "/?"


def _asked(request: Request) -> dict[str, list[str]]:
    """What stands behind the question mark."""
    try:
        return parse_qs(urlsplit(request.path).query, max_num_fields=8)
    except ValueError:
        return {}
