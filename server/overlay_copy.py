"""A copy of the overlay for a folder from which another program serves pages, as tosu does from its static folder."""

from __future__ import annotations

import json
import os

from server.about import version
from server.writing import write_atomically

# tosu lists overlays by folders of this form.
FOLDER_NAME = "maimod by maimod"
SIZE = "418x260"
NOT_COPIED = frozenset({"package.json", "README.md"})
_MARK = '<meta charset="utf-8" />'


class Uncopied(Exception):
    """The copy could not be made. The message is a sentence."""


def copy_overlay(source: str, folder: str, port: int, token: str) -> str:
    """Writes `maimod by maimod/` into `folder`; its pages talk to the daemon at `port` and to nothing else.

    Files of an older copy are replaced, others are left alone. Returns its path. Raises `Uncopied`.
    """
    if not os.path.isdir(folder):
        raise Uncopied(f"{folder} is no folder; name the one that tosu serves overlays from (static, beside the program)")
    target = os.path.join(folder, FOLDER_NAME)
    try:
        for name, data in _files(source, port, token).items():
            path = os.path.join(target, *name.split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_atomically(path, data)
        # It holds what lets pages in.
        os.chmod(os.path.join(target, "server.json"), 0o600)
    except OSError as trouble:
        raise Uncopied(f"{target} cannot be written ({trouble.strerror or trouble})") from None
    return target


def _files(source: str, port: int, token: str) -> dict[str, bytes]:
    """What the copy holds, by path below it."""
    files: dict[str, bytes] = {}
    for here, folders, names in os.walk(source):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        for name in names:
            path = os.path.join(here, name)
            with open(path, "rb") as file:
                files[os.path.relpath(path, source).replace(os.sep, "/")] = file.read()
    kept = {name: data for name, data in files.items() if name not in NOT_COPIED and not name.startswith(".")}
    kept["index.html"] = _page(kept["index.html"].decode(), port).encode()
    kept["server.json"] = _json({"server": f"http://127.0.0.1:{port}", "token": token, "mode": "game"})
    kept["metadata.txt"] = _metadata().encode()
    kept["settings.json"] = _json(_settings())
    return kept


def _page(page: str, port: int) -> str:
    """The page with its own policy, as whoever serves it sends none, and the word that `server.json` lies beside it."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' http://127.0.0.1:{port} ws://127.0.0.1:{port}; base-uri 'none'; form-action 'none'"
    )
    ours = f'{_MARK}\n    <meta http-equiv="Content-Security-Policy" content="{policy}" />\n    <meta name="maimod-server" />'
    if _MARK not in page:
        raise Uncopied("the overlay's page is not as it was installed; install maimod again")
    return page.replace(_MARK, ours, 1)


def _metadata() -> str:
    lines = {
        "Usecase": "ingame, obs-overlay",
        "Name": "maimod",
        "Author": "maimod",
        "CompatibleWith": "tosu",
        "Version": version().partition("+")[0],
        "Resolution": SIZE,
        "authorLinks": "",
        "Notes": "Shows what is wrong or surprising in the map that you edit. Needs: maimod serve --tosu --keep-token FOLDER",
    }
    return "".join(f"{name}: {value}".rstrip() + "\n" for name, value in lines.items())


def _settings() -> list[dict[str, str]]:
    """tosu hands settings out over a socket of its own, and this page talks to none but the daemon's: a note is all there is."""
    return [
        {
            "uniqueID": "maimod",
            "type": "header",
            "title": "maimod",
            "description": "Where maimod serve listens stands in server.json; maimod overlay writes it anew.",
            "options": "",
            "value": "",
        }
    ]


def _json(content: object) -> bytes:
    return (json.dumps(content, indent=2) + "\n").encode()
