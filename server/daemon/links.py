"""Opens `osu://edit` links with whatever the system opens them with: the game, where it is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

from server.daemon.protocol import Code, Refused

# What `formats.timestamps.edit_link` makes, and nothing else: a handler gets no other text to work on.
_EDIT_LINK = re.compile(r"osu://edit/\d{2,}:[0-5]\d:\d{3}(?:%20\([0-9|,]+\))?")
LIMIT_SECONDS = 10.0


def can_open() -> bool:
    """Whether this system has something to open links with."""
    if sys.platform == "win32":
        return True
    return shutil.which(_opener()) is not None


def open_link(link: str) -> None:
    """Raises `Refused`. Takes as long as the system's opener does."""
    if not _EDIT_LINK.fullmatch(link):
        raise Refused(Code.MALFORMED, "Only links to a place in the game's editor are opened.")
    if sys.platform == "win32":
        try:
            os.startfile(link)  # noqa: S606  the system's own way
        except OSError as trouble:
            raise Refused(Code.UNAVAILABLE, f"Windows could not open {link} ({trouble.strerror}); is osu! installed?") from None
        return
    opener = shutil.which(_opener())
    if opener is None:
        raise Refused(Code.UNAVAILABLE, f"There is no {_opener()} here to open links with; copy the time stamp instead.")
    try:
        # The link is one argument, of the form above.
        done = subprocess.run([opener, link], timeout=LIMIT_SECONDS, capture_output=True, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise Refused(Code.UNAVAILABLE, f"{opener} could not open {link} ({trouble}).") from None
    if done.returncode:
        raise Refused(Code.UNAVAILABLE, f"Nothing here opens {link}; is osu! installed? Copy the time stamp instead.")


def _opener() -> str:
    return "open" if sys.platform == "darwin" else "xdg-open"
