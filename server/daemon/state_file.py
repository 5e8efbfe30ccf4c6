"""The file by which programs of the same user find the running daemon: where it listens, and what lets them in.

The file is readable by its user alone. A lock beside it is held as long as the daemon lives, so there is one daemon for a user,
and a file that a crash left behind is known for what it is.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, cast

from server.locking import try_lock

STATE_FOLDER = "MAIMOD_STATE_DIR"
FILE_NAME, LOCK_NAME, LOG_NAME, TOKEN_NAME = "daemon.json", "daemon.lock", "daemon.log", "daemon.token"
VERSION = 1
TOKEN_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Running:
    """A daemon as its state file tells of it. `url` is the overlay page with the token; `key` is for editors."""

    pid: int
    port: int
    token: str
    key: str
    instance: str
    url: str
    edits: bool = False
    version: int = VERSION

    @property
    def socket(self) -> str:
        """The address of the WebSocket, token included."""
        return f"ws://127.0.0.1:{self.port}/ws?token={self.token}"


def state_folder() -> str:
    """Where the daemon keeps its state; made where it is not there. Raises `OSError`."""
    given = os.environ.get(STATE_FOLDER)
    if given:
        folder = os.path.abspath(given)
    else:
        import platformdirs

        folder = platformdirs.user_state_dir("maimod", appauthor=False)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return folder


def path_of(name: str) -> str:
    """The path of one of the daemon's files. Raises `OSError`."""
    return os.path.join(state_folder(), name)


def write(running: Running) -> None:
    """Raises `OSError`."""
    _write_private(path_of(FILE_NAME), json.dumps(asdict(running), indent=1) + "\n")


def _write_private(path: str, text: str) -> None:
    """Writes a file that only its user can read, whole or not at all."""
    handle, beside = tempfile.mkstemp(prefix=".daemon-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(beside, 0o600)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def open_private(path: str) -> int:
    """Opens a file to write it anew, which only its user can read: the daemon's log holds the address with the token.

    Raises `OSError`.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    # It may stand there from before.
    os.chmod(path, 0o600)
    os.truncate(handle, 0)
    return handle


def read() -> Running | None:
    """What the file says, whether that daemon lives or not; None where there is no such file, or none that makes sense."""
    try:
        with open(path_of(FILE_NAME), encoding="utf-8") as file:
            found: object = json.load(file)
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict):
        return None
    keys = cast("dict[str, Any]", found)
    kinds = {"pid": int, "port": int, "token": str, "key": str, "instance": str, "url": str, "edits": bool}
    if keys.get("version") != VERSION or any(not isinstance(keys.get(name), kind) for name, kind in kinds.items()):
        return None
    return Running(**{name: keys[name] for name in kinds})


def remove(instance: str) -> None:
    """Takes the file away, where it is still the one of that daemon."""
    running = read()
    if running is not None and running.instance == instance:
        with suppress(OSError):
            os.unlink(path_of(FILE_NAME))


def kept_token() -> str | None:
    """The token that `--keep-token` wrote down; None where it did not."""
    try:
        with open(path_of(TOKEN_NAME), encoding="utf-8") as file:
            token = file.read().strip()
    except (OSError, ValueError):
        return None
    return token if len(token) == TOKEN_LENGTH and all(digit in "0123456789abcdef" for digit in token) else None


def keep_token(token: str) -> None:
    """Raises `OSError`."""
    _write_private(path_of(TOKEN_NAME), token + "\n")


class OnlyOne:
    """The lock of the one daemon that a user has; the system lets it go when the process ends, however it ends."""

    def __init__(self) -> None:
        self._file: int | None = None

    def take(self) -> bool:
        """False where another process holds it. Raises `OSError` where there is no place for it."""
        handle = os.open(path_of(LOCK_NAME), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try_lock(handle)
        except OSError:
            os.close(handle)
            return False
        self._file = handle
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
