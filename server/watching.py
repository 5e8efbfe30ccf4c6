"""Does a thing again whenever the maps under some paths have changed and are quiet."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import NoReturn

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from server.dismissals import FILE_NAME as DISMISSALS
from server.reading import SONG_INI, is_archive, is_map
from server.settings import FILE_NAME as SETTINGS

# The game writes a map in several steps; it is read once nothing has happened for this long.
SETTLE_SECONDS = 0.2
# Changing the files of the folder (a new song, a renamed background) also changes findings; these do not.
UNINTERESTING = (".tmp", ".bak", "~")


class _Watch(FileSystemEventHandler):
    """Notes that something changed which findings depend on."""

    def __init__(self) -> None:
        self.changed = Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("created", "modified", "moved", "deleted") and not event.is_directory:
            paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
            if any(matters(path) for path in paths):
                self.changed.set()


def matters(path: str) -> bool:
    """Whether findings may depend on this file."""
    name = os.path.basename(path).lower()
    if is_map(name) or is_archive(name) or name in (SONG_INI, SETTINGS, DISMISSALS):
        return True
    return not name.startswith(".") and not name.endswith(UNINTERESTING)


def folders_of(paths: Sequence[str]) -> dict[str, bool]:
    """The folders to watch, and whether with all that is below them."""
    folders: dict[str, bool] = {}
    for path in paths:
        folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
        if os.path.isdir(folder):
            folders[folder] = folders.get(folder, False) or folder == path
    return folders


def watch_forever(folders: Mapping[str, bool], act: Callable[[], object]) -> NoReturn:
    """Acts at once and after every change under the folders, on a cleared terminal, until `act` or an interrupt ends it."""
    watch = _Watch()
    observer = Observer()
    for folder, recursive in folders.items():
        observer.schedule(watch, folder, recursive=recursive)
    observer.start()
    try:
        while True:
            watch.changed.clear()
            clear_terminal()
            act()
            _wait_for_quiet(watch.changed)
    finally:
        observer.stop()
        observer.join()


def _wait_for_quiet(changed: Event) -> None:
    # A timeout keeps Ctrl+C alive on Windows, where a wait without one cannot be interrupted.
    while not changed.wait(1.0):
        pass
    while changed.is_set():
        changed.clear()
        time.sleep(SETTLE_SECONDS)


def clear_terminal() -> None:
    """Empties a terminal; a file or a pipe keeps what stands in it."""
    if sys.stdout.isatty():
        sys.stdout.write("\x1b[2J\x1b[3J\x1b[H")
        sys.stdout.flush()
