"""File paths as the URIs of the language server protocol, and back.

Not the library's: it fails on file names whose bytes are no UTF-8, which old archives unpacked on Linux have, and takes
`file://localhost/…` for a network folder. Drive letters are lower case, as editors write them.
"""

from __future__ import annotations

import os
import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

_WINDOWS = os.name == "nt"
_DRIVE = re.compile(r"/[A-Za-z]:(?=/|$)")
# What Windows puts before a path that is longer than it likes.
_LONG = re.compile(r"//[?.]/(?:(UNC)/)?", re.IGNORECASE)


def uri_of(path: str, *, windows: bool = _WINDOWS) -> str:
    """The URI of an absolute path."""
    if not windows:
        return "file://" + quote(path, errors="surrogateescape")
    path = _LONG.sub(lambda found: "//" if found[1] else "", path.replace("\\", "/"), count=1)
    if path.startswith("//"):
        return "file:" + quote(path, errors="surrogatepass")
    path = f"/{path}"
    start = path[:3].lower() if _DRIVE.match(path) else ""
    return f"file://{start}{quote(path[len(start) :], errors='surrogatepass')}"


def path_of(uri: str, *, windows: bool = _WINDOWS) -> str | None:
    """The path that a URI names; None where it names no file."""
    try:
        parts = urlsplit(uri)
        path = unquote_to_bytes(parts.path).decode("utf-8", "surrogatepass" if windows else "surrogateescape")
    except ValueError:
        return None
    if parts.scheme != "file" or not path or "\0" in path:
        return None
    if parts.netloc and parts.netloc.lower() != "localhost":
        path = f"//{parts.netloc}{path}"
    elif windows and _DRIVE.match(path):
        path = path[1].lower() + path[2:]
    return path.replace("/", "\\") if windows else path
