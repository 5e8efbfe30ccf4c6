"""Writing files so that nobody ever loses a map: whole or not at all, with a backup, never over somebody else's change."""

from __future__ import annotations

import errno
import os
import stat
import tempfile


class Changed(Exception):
    """The file on disk is no longer the one that was read."""


def write_atomically(path: str, data: bytes, before: bytes | None = None) -> None:
    """Writes beside the file, then renames over it; the file's mode is kept. Raises `OSError`, the old file then still stands.

    A link keeps pointing where it points: the file behind it is replaced. With `before` only a file that holds just that is
    replaced; else `Changed` is raised.
    """
    target = os.path.realpath(path)
    handle, beside = tempfile.mkstemp(prefix=".maimod-", suffix=".tmp", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, _mode_for(target))
        # Looked at last: writing to a slow disk leaves others time to save.
        if before is not None:
            _insist(target, before)
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise


def _mode_for(path: str) -> int:
    """The mode of the file that stands, else what a newly made file would have."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def replace_map(path: str, before: bytes, after: bytes) -> None:
    """Replaces a map that was read as `before`. The first time a backup is laid beside it as `<name>.bak`.

    Raises `Changed` where the file holds something else by now, `OSError` where it cannot be written or is read-only.
    """
    _insist(path, before)
    if not os.stat(path).st_mode & stat.S_IWUSR:
        # Where the folder may be written to, the renaming would not mind.
        raise PermissionError(errno.EACCES, "the file is read-only")
    if not os.path.exists(path + ".bak"):
        write_atomically(path + ".bak", before)
    write_atomically(path, after, before)


def _insist(path: str, before: bytes) -> None:
    """Raises `Changed` where the file holds something else, `OSError` where it cannot be read."""
    with open(path, "rb") as file:
        if file.read() != before:
            raise Changed(path)
