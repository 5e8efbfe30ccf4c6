"""Notices changes of `maimod.toml` and of dismissals for editors that cannot watch files."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator

from server.dismissals import file_of
from server.session import Session
from server.surroundings import stamp_of

LOOK_SECONDS = 2.0


class SettingsWatch:
    """Looks at the few files that settings come from every now and then; `changed` hears when one is another."""

    def __init__(self, session: Session, changed: Callable[[], object]) -> None:
        self._session = session
        self._changed = changed
        self._task: asyncio.Task[None] | None = None
        self._before: dict[str, object] = {}

    def learn(self, path: str) -> None:
        """A map was opened: what its settings come from is about to be read as it stands now."""
        if self._task is not None:
            self._before |= _stamps({path})

    def begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            paths = {path for file in self._session if (path := file.snapshot.path)}
            now = await asyncio.to_thread(_stamps, paths)
            if any(now[path] != self._before[path] for path in now.keys() & self._before.keys()):
                self._changed()
            self._before = now


def _stamps(maps: set[str]) -> dict[str, object]:
    folders = {os.path.dirname(os.path.abspath(path)) for path in maps}
    return {path: stamp_of(path) for folder in folders for path in (*_settings_files(folder), file_of(folder))}


def _settings_files(folder: str) -> Iterator[str]:
    """Where a `maimod.toml` for the maps of a folder may stand."""
    from server.settings import FILE_NAME

    while True:
        yield os.path.join(folder, FILE_NAME)
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
