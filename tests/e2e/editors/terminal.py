"""A program in a terminal of its own: what stands on its screen, and keys for it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

COLUMNS, ROWS = 140, 40
PATIENCE_SECONDS = 60.0


class Screen(pyte.Screen):
    """The library's screen, which falls over a question after the terminal's colours (CSI ? 996 n)."""

    def report_device_status(self, mode: int, **private: bool) -> None:
        if not private:
            super().report_device_status(mode)


class Terminal:
    """Runs `command` in `folder`. Close it, or the program is left behind."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._screen = Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._ended = False
        self._child, self._side = pty.fork()
        if self._child == 0:
            os.chdir(folder)
            colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execvpe(command[0], list(command), {**environment, **colours})  # noqa: S606  a terminal is no pipe
        fcntl.ioctl(self._side, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    @property
    def text(self) -> str:
        """What stands on the screen, without the spaces at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def press(self, keys: str) -> None:
        os.write(self._side, keys.encode())

    def until(self, done: Callable[[str], object], what: str) -> str:
        """The screen as soon as `done` says so of it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not done(self.text):
            assert time.monotonic() < end, f"{what} did not happen; the screen shows:\n{self.text}"
            self._read(0.1)
        return self.text

    def shows(self, pattern: str) -> str:
        """The screen as soon as the pattern stands on it."""
        return self.until(lambda text: re.search(pattern, text), f"“{pattern}”")

    def shows_no(self, pattern: str) -> str:
        return self.until(lambda text: not re.search(pattern, text), f"the end of “{pattern}”")

    def rests(self, seconds: float = 0.3) -> str:
        """The screen when nothing was drawn for a while."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self._read(seconds):
            assert time.monotonic() < end, f"the screen never rests:\n{self.text}"
        return self.text

    def ends(self) -> None:
        """Waits for the program to end by itself."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._ended:
            assert time.monotonic() < end, f"the program does not end:\n{self.text}"
            self._read(0.1)

    def close(self) -> None:
        """Takes the terminal away, which ends the program."""
        os.close(self._side)
        os.waitpid(self._child, 0)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._side], [], [], seconds)
        if not ready:
            return False
        try:
            given = os.read(self._side, 1 << 16)
        except OSError:  # the program has ended
            given = b""
        self._ended = not given
        self._stream.feed(given)
        return bool(given)
