"""The files around the open ones that are not open: a mapset's other difficulties, charts, song.ini, and what is found in them.

They are judged by the worker when nothing more urgent is asked of it, again after each save, and whenever something else changes
on disk; what is typed into an open file reaches them when it is saved.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, cast

from formats.song_ini import SONG_INI
from server.reading import CHART_SUFFIX, is_map
from server.schedule import Schedule
from server.session import Session, folder_key, path_key
from server.surroundings import MOST_SIBLINGS
from server.worker.process import CLOSED, Worker, WorkerFailed, WorkerGone
from server.worker.questions import Check, Checked

if TYPE_CHECKING:
    from server.report import Report

# How long nothing may have changed before the files are looked at.
QUIET_SECONDS = 0.5
# Workspace folders with more maps than this are left alone unless their user asks for the whole workspace.
MOST_IN_WORKSPACE = 200
# Even then a workspace ends here: what is found in so many maps takes some 100 MB.
MOST_AT_ALL = 2_000
# Somebody's home folder is not searched for maps to its end.
MOST_FOLDERS = 5_000
WORK = "closed files"


class Scope(StrEnum):
    """Which files are judged: the open ones alone, those of their sets and of small workspaces too, or all of the workspace."""

    FILE = "file"
    SET = "set"
    WORKSPACE = "workspace"


class Telling(Protocol):
    """Who is told how far the work has come."""

    def report(self, done: int, total: int, name: str) -> None: ...


@dataclass(slots=True)
class ClosedFile:
    """A file on disk with what was last found in it; `revision` rises whenever that changes."""

    path: str
    report: Report
    revision: int


class ClosedFiles:
    """All files in scope that are not open, by path. `changed` hears of each whose findings changed or that is in scope no more,
    `ended` of each end of the work, `failed` of what went wrong, `said` of sentences for the user."""

    def __init__(
        self,
        session: Session,
        worker: Worker,
        changed: Callable[[str], None],
        ended: Callable[[], None],
        failed: Callable[[Exception], None],
        said: Callable[[str], None],
        telling: Callable[[], AbstractAsyncContextManager[Telling]],
    ) -> None:
        self.scope = Scope.SET
        self.workspace: Sequence[str] = ()
        self._session = session
        self._worker = worker
        self._changed, self._ended, self._said, self._telling = changed, ended, said, telling
        self._schedule = Schedule(failed)
        self._known: dict[str, ClosedFile] = {}
        self._revision = 0
        # Folders by key that are to be looked at, and whether the workspace is to be searched for folders again.
        self._dirty: dict[str, str] = {}
        self._search = True
        self._found: dict[str, str] = {}
        self._idle = asyncio.Event()
        self._idle.set()

    def __iter__(self) -> Iterator[ClosedFile]:
        return iter(sorted(self._known.values(), key=lambda each: each.path))

    @staticmethod
    def same(one: str, other: str) -> bool:
        """Whether two paths are spellings of one."""
        return path_key(one) == path_key(other)

    def get(self, path: str) -> ClosedFile | None:
        return self._known.get(path_key(path))

    @property
    def busy(self) -> bool:
        return not self._idle.is_set()

    def touch(self, path: str) -> None:
        """Something about the folder of a file changed."""
        if self.scope is not Scope.FILE:
            self._dirty[folder_key(path)] = os.path.dirname(os.path.abspath(path))
            self._begin()

    def touch_all(self) -> None:
        """The settings or the folders of the workspace changed."""
        self._search = True
        self._begin()

    def opened(self, path: str) -> None:
        """A file is open now: the editor's text counts. Its folder is looked at unless that was done before."""
        self._drop(path)
        folder = folder_key(path)
        if not any(folder_key(each.path) == folder for each in self._known.values()):
            self.touch(path)

    async def settled(self) -> None:
        """Waits until there is nothing left to judge."""
        await self._idle.wait()

    def stop(self) -> None:
        """Leaves what is left to judge as it is."""
        self._dirty.clear()
        self._search = False
        self._schedule.cancel(WORK)
        self._idle.set()

    async def check_folder(self, path: str, telling: Telling) -> list[ClosedFile]:
        """Judges the closed files of the folder of `path` now, in scope or not, and returns them."""
        found: list[ClosedFile] = []
        paths = [each for each in await asyncio.to_thread(_maps_beside, path) if not self._open(each)]
        for number, each in enumerate(paths):
            telling.report(number, len(paths), os.path.basename(each))
            await self._check(each)
            if (known := self.get(each)) is not None:
                found.append(known)
        return found

    def _begin(self) -> None:
        self._idle.clear()
        if not self._schedule.busy(WORK):
            self._schedule.start(WORK, self._work())

    async def _work(self) -> None:
        try:
            await asyncio.sleep(QUIET_SECONDS)
            async with self._telling() as telling:
                while self._dirty or self._search:
                    await self._round(telling)
        finally:
            self._idle.set()
            self._ended()

    async def _round(self, telling: Telling) -> None:
        if self._search:
            self._search = False
            self._found = await asyncio.to_thread(folders_with_maps, list(self.workspace), self.scope)
            self._dirty |= self._in_scope()
        folders, self._dirty = self._dirty, {}
        covered = self._in_scope()
        for known in list(self._known.values()):
            if folder_key(known.path) not in covered:
                self._drop(known.path)
        todo: list[str] = []
        for key, folder in folders.items():
            listed = await asyncio.to_thread(self._wanted, folder) if key in covered else []
            for known in [each for each in self._known.values() if folder_key(each.path) == key]:
                if path_key(known.path) not in {path_key(path) for path in listed}:
                    self._drop(known.path)
            todo += listed
        for number, path in enumerate(todo):
            telling.report(number, len(todo), os.path.basename(path))
            if not self._open(path):
                await self._check(path)

    async def _check(self, path: str) -> None:
        try:
            answer = await self._worker.ask(lambda: self._question(path), CLOSED)
        except WorkerGone:
            return
        except WorkerFailed as trouble:
            self._said(f"maimod failed on {path} ({str(trouble).rstrip('.')}); please report it.")
            return
        checked = cast("Checked", answer)
        for sentence in checked.said:
            self._said(sentence)
        if checked.report is None:
            self._drop(path)
        elif not self._open(path):
            known = self._known.get(path_key(path))
            if known is None or known.report != checked.report:
                self._revision += 1
                self._known[path_key(path)] = ClosedFile(path, checked.report, self._revision)
                self._changed(path)

    def _question(self, path: str) -> Check:
        return Check(path, dict(self._session.options_for(path)), self._session.measure)

    def _drop(self, path: str) -> None:
        if self._known.pop(path_key(path), None) is not None:
            self._changed(path)

    def _open(self, path: str) -> bool:
        return self._session.at(path) is not None

    def _in_scope(self) -> dict[str, str]:
        """The folders whose files count, by their keys."""
        if self.scope is Scope.FILE:
            return {}
        paths = [os.path.abspath(file.snapshot.path) for file in self._session if file.snapshot.path is not None]
        return {**{folder_key(path): os.path.dirname(path) for path in paths}, **self._found}

    def _wanted(self, folder: str) -> list[str]:
        """The files of a folder in scope; in a folder of loose maps those that are named like an open one."""
        maps = _maps_in(folder)
        if len(maps) <= MOST_SIBLINGS or folder_key(os.path.join(folder, "x")) in self._found:
            return maps
        starts = tuple(
            os.path.basename(file.snapshot.path).rpartition("(")[0]
            for file in self._session
            if file.snapshot.path is not None and os.path.dirname(os.path.abspath(file.snapshot.path)) == folder
        )
        return [path for path in maps if os.path.basename(path).startswith(tuple(filter(None, starts)))][:MOST_SIBLINGS]


def _maps_beside(path: str) -> list[str]:
    return _maps_in(os.path.dirname(os.path.abspath(path)))


def _maps_in(folder: str) -> list[str]:
    """The maps of a folder, and the song.ini beside a chart. A folder that is gone holds none."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if is_map(entry.name) or entry.name.lower() == SONG_INI)
    except OSError:
        return []
    charted = any(name.lower().endswith(CHART_SUFFIX) for name in names)
    return [os.path.join(folder, name) for name in names if charted or name.lower() != SONG_INI]


def folders_with_maps(roots: Sequence[str], scope: Scope) -> dict[str, str]:
    """The folders with maps below the workspace's, by their keys; none where there are more maps than the scope takes."""
    if scope is Scope.FILE:
        return {}
    most = MOST_AT_ALL if scope is Scope.WORKSPACE else MOST_IN_WORKSPACE
    found: dict[str, str] = {}
    count = visited = 0
    for root in roots:
        for folder, folders, names in os.walk(root):
            visited += 1
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            maps = sum(map(is_map, names))
            if maps:
                count += maps
                path = os.path.abspath(folder)
                found[folder_key(os.path.join(path, "x"))] = path
            if count > most or visited > MOST_FOLDERS:
                return found if scope is Scope.WORKSPACE else {}
    return found
