"""What the daemon answers to plain requests: the overlay's files, a rule's page, its health, a snapshot."""

from __future__ import annotations

import html
import os
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from server.reading import stays_inside

if TYPE_CHECKING:
    from websockets.http11 import Response

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
}
MOST_FILE_BYTES = 8 << 20
# Editors show the page in a frame of theirs; without the token it shows nothing, whoever frames it.
_FRAMES = "'self' vscode-webview: vscode-file: https://*.vscode-cdn.net http://127.0.0.1:* http://localhost:*"
_MISSING = (
    "<!doctype html><meta charset=utf-8><title>maimod</title><p>maimod is running, but its overlay page is not installed here. "
    "Install maimod again, or run it from the whole repository.</p>"
)


def overlay_folder() -> str | None:
    """Where the overlay's files lie: beside the rooms in a checkout, among them in a wheel; None where they are not."""
    rooms = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    places = (os.path.join(rooms, "clients", "overlay"), os.path.join(rooms, "overlay"))
    return next((place for place in places if os.path.isfile(os.path.join(place, "index.html"))), None)


def overlay_file(path: str) -> tuple[bytes, str] | None:
    """The file at a path below `/` and its type; None where there is none. Only names that are listed can be had."""
    folder = overlay_folder()
    name = path.lstrip("/") or "index.html"
    if folder is None:
        return (_MISSING.encode(), TYPES[".html"]) if name == "index.html" else None
    known = dict(_files(folder))
    place = known.get(name)
    kind = TYPES.get(os.path.splitext(name)[1].lower())
    if place is None or kind is None:
        return None
    try:
        with open(place, "rb") as file:
            data = file.read(MOST_FILE_BYTES + 1)
    except OSError:
        return None
    return (data, kind) if len(data) <= MOST_FILE_BYTES else None


def _files(folder: str) -> list[tuple[str, str]]:
    """The files below the overlay's folder by their path in a request; what is hidden or a link out of it is none of them."""
    found: list[tuple[str, str]] = []
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        for name in names:
            place = os.path.join(here, name)
            if not name.startswith(".") and stays_inside(place, folder):
                found.append((os.path.relpath(place, folder).replace(os.sep, "/"), place))
    return found


def rule_page(name: str) -> bytes | None:
    """The page of a rule as HTML; None where there is no such rule."""
    return _rule_pages().get(name)


@cache
def _rule_pages() -> dict[str, bytes]:
    """By name. Kept are those alone: whoever asks for others again and again takes no memory."""
    from server.rule_pages import as_text, pages

    return {
        page.name: (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(page.name)}</title>"
            f"<h1>{html.escape(page.title)}</h1><pre>{html.escape(as_text(page))}</pre></html>"
        ).encode()
        for page in pages()
    }


def response(status: HTTPStatus, body: bytes, kind: str, port: int) -> Response:
    """An answer that no other page may read, frame (but an editor's) or keep."""
    from websockets.datastructures import Headers
    from websockets.http11 import Response

    sockets = f"ws://127.0.0.1:{port} ws://localhost:{port}"
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; frame-ancestors {_FRAMES}"
    )
    headers = Headers()
    headers["Content-Type"] = kind
    headers["Content-Length"] = str(len(body))
    headers["Connection"] = "close"
    headers["Cache-Control"] = "no-store"
    headers["Content-Security-Policy"] = policy
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Referrer-Policy"] = "no-referrer"
    headers["X-Content-Type-Options"] = "nosniff"
    return Response(status.value, status.phrase, headers, body)
