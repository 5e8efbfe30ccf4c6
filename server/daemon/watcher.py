"""Watches folders and says which files are different now: whole, settled, and no change lost.

Three things see a change: the system's own notices (watchdog), a look at a folder's listing now and then, which finds what the
system kept to itself, and a look at whether the folder is still there. All lead to one list of files to look at; a file is told
of once it stood still for a moment. With `poll` there are no notices: the listing is looked at that often (network drives).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic, perf_counter
from typing import TYPE_CHECKING

from server.daemon.subjects import Stamp, stamp_of
from server.dismissals import FILE_NAME as DISMISSALS
from server.dismissals import FOLDER as DISMISSALS_FOLDER
from server.reading import ARCHIVE_SUFFIXES, MAP_SUFFIXES, SONG_INI
from server.settings import FILE_NAME as SETTINGS
from server.watching import matters

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

# A file is read once nothing has happened to it for this long; archives are written for longer.
SETTLE_SECONDS, ARCHIVE_SETTLE_SECONDS = 0.08, 0.5
# Somebody may write again and again: after this long a file is read at the next moment at which it stands still.
MOST_PATIENCE_SECONDS = 1.0
# An editor that saves by way of another name leaves no file there for a moment.
GONE_SECONDS = 0.4
# How often a folder's being there is looked at, and its listing; that takes a hundredth of the time at most.
THERE_SECONDS, LISTING_SECONDS, SHARE_OF_TIME = 1.0, 15.0, 0.01
TICK_SECONDS = 0.02
# Folders below a watched one at most, and how deep: a loop of links has no end.
MOST_FOLDERS, DEEPEST = 100_000, 32

Listing = dict[str, Stamp]
"""The files of a folder and those below it that are maps or speak of maps, and each folder with the names in it."""


@dataclass(slots=True)
class Root:
    """A watched folder. `identity` is None while it is not there."""

    path: str
    recursive: bool = True
    identity: tuple[int, int] | None = None
    watch: ObservedWatch | None = None
    listing: Listing | None = None
    listed_at: float = 0.0
    listing_took: float = 0.0


@dataclass(slots=True)
class _Restless:
    """A file that something happened to: when first and when last."""

    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Changes:
    """Files (and folders, with a separator at their end) that are settled: as they stand now, None where they are gone.

    `listed` are watched folders of which all files are told, `lost` those that are not there any more.
    """

    files: Mapping[str, Stamp | None] = field(default_factory=dict[str, "Stamp | None"])
    listed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class Watcher:
    """Watches from `run` on. `told` hears of changes, `said` of what the user should know; both on the loop's thread."""

    def __init__(
        self, told: Callable[[Changes], object], said: Callable[[str], object], poll_seconds: float | None = None
    ) -> None:
        self._told = told
        self._said = said
        self._poll = poll_seconds
        self._roots: dict[str, Root] = {}
        self._restless: dict[str, _Restless] = {}
        self._observer: BaseObserver | None = None
        self._heard: set[str] = set()
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._listing_wanted: set[str] = set()

    @property
    def roots(self) -> list[str]:
        return list(self._roots)

    def covers(self, path: str, *, recursive: bool) -> bool:
        """Whether a folder is watched already, with the folders below it where that is wanted."""
        return any(
            _inside(path, root.path) if root.recursive else path == root.path and not recursive for root in self._roots.values()
        )

    def add(self, path: str, *, recursive: bool = True) -> None:
        """Watches a folder too; its files are told of as soon as they are listed."""
        if not self.covers(path, recursive=recursive):
            self.remove(path)
            self._roots[path] = Root(path, recursive)
            self._listing_wanted.add(path)
            self._wake.set()

    def remove(self, path: str) -> None:
        root = self._roots.pop(path, None)
        if root is not None:
            self._unschedule(root)

    def touch(self, paths: Iterable[str]) -> None:
        """Looks at these files as if something had happened to them."""
        now = monotonic()
        for path in paths:
            self._restless.setdefault(path, _Restless(now, now)).last = now
        self._wake.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        self._loop = asyncio.get_running_loop()
        looked = 0.0
        try:
            while True:
                if monotonic() - looked >= self._pause() or self._listing_wanted:
                    await self._look_at_roots()
                    looked = monotonic()
                await self._settle()
                self._wake.clear()
                if not self._restless and not self._listing_wanted:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._pause()):
                            await self._wake.wait()
                else:
                    await asyncio.sleep(TICK_SECONDS)
        finally:
            await asyncio.to_thread(self._stop)

    def _pause(self) -> float:
        return min(THERE_SECONDS, self._poll or THERE_SECONDS)

    def _stop(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(5)

    # Folders

    async def _look_at_roots(self) -> None:
        for root in list(self._roots.values()):
            identity = await asyncio.to_thread(_identity, root.path)
            if root.path not in self._roots:
                continue
            if identity is None:
                self._lose(root)
                continue
            if identity != root.identity:
                root.identity, root.listing = identity, None
                await asyncio.to_thread(self._schedule, root)
            if root.listing is None or root.path in self._listing_wanted or self._listing_is_due(root):
                await self._list(root)

    def _listing_is_due(self, root: Root) -> bool:
        since = monotonic() - root.listed_at
        usual = self._poll if self._poll is not None else LISTING_SECONDS
        return since >= max(usual, root.listing_took / SHARE_OF_TIME if self._poll is None else root.listing_took)

    def _lose(self, root: Root) -> None:
        self._listing_wanted.discard(root.path)
        if root.identity is None and root.listing is None:
            return
        root.identity, root.listing = None, None
        self._unschedule(root)
        self._restless = {path: each for path, each in self._restless.items() if not _inside(path, root.path)}
        self._told(Changes(lost=(root.path,)))

    async def _list(self, root: Root) -> None:
        """Tells of what differs from the listing before, as if the system had said so."""
        self._listing_wanted.discard(root.path)
        started = perf_counter()
        listing = await asyncio.to_thread(_listing, root.path, recursive=root.recursive)
        root.listing_took, root.listed_at = perf_counter() - started, monotonic()
        if root.path not in self._roots:
            return
        if listing is None:
            # It went while it was listed; the next look finds out.
            return
        before, root.listing = root.listing, listing
        if before is None:
            files = {path: stamp for path, stamp in listing.items() if not path.endswith(os.sep)}
            self._told(Changes(files, listed=(root.path,)))
            return
        changed = [path for path, stamp in listing.items() if before.get(path) != stamp]
        self.touch([*changed, *(path for path in before if path not in listing)])

    def _schedule(self, root: Root) -> None:
        from watchdog.events import (
            DirCreatedEvent,
            DirDeletedEvent,
            DirMovedEvent,
            FileClosedEvent,
            FileCreatedEvent,
            FileDeletedEvent,
            FileModifiedEvent,
            FileMovedEvent,
            FileSystemEventHandler,
        )
        from watchdog.observers import Observer

        self._unschedule(root)
        if self._poll is not None:
            return
        hear = self._hear

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                hear(event)

        kinds: list[type[FileSystemEvent]] = [
            *(FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileDeletedEvent, FileClosedEvent),
            *(DirCreatedEvent, DirMovedEvent, DirDeletedEvent),
        ]
        try:
            if self._observer is None:
                self._observer = Observer()
                self._observer.start()
            root.watch = self._observer.schedule(Handler(), root.path, recursive=root.recursive, event_filter=kinds)
        except OSError as trouble:
            reason = trouble.strerror or str(trouble)
            self._say(
                f"The system does not tell of changes in {root.path} ({reason}); maimod looks for them every "
                f"{LISTING_SECONDS:.0f} seconds. With --poll it looks more often."
            )

    def _unschedule(self, root: Root) -> None:
        watch, root.watch = root.watch, None
        if watch is not None and self._observer is not None:
            with suppress(KeyError, OSError, RuntimeError):
                self._observer.unschedule(watch)

    def _say(self, sentence: str) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._said, sentence)

    # Notices of the system, on its thread

    def _hear(self, event: FileSystemEvent) -> None:
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        with self._lock:
            first = not self._heard
            self._heard.update(path + os.sep if event.is_directory else path for path in paths)
        if first and self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._take_heard)

    def _take_heard(self) -> None:
        with self._lock:
            heard, self._heard = self._heard, set()
        self.touch(path for path in heard if path.endswith(os.sep) or told_of(path))

    # Files

    async def _settle(self) -> None:
        """Tells of the files that stood still for long enough."""
        now = monotonic()
        due = [path for path, each in self._restless.items() if _due(path, each, now)]
        if not due:
            return
        stamps = await asyncio.to_thread(lambda: [stamp_of(path.rstrip(os.sep)) for path in due])
        settled: dict[str, Stamp | None] = {}
        for path, stamp in zip(due, stamps, strict=True):
            restless = self._restless.get(path)
            if restless is None or not _stands(path, restless, stamp, now):
                continue
            del self._restless[path]
            settled[path] = stamp
        for path, stamp in settled.items():
            await self._take_note(path, stamp)
        if settled:
            self._told(Changes(settled))

    async def _take_note(self, path: str, stamp: Stamp | None) -> None:
        """The listing knows of it now; what is in a folder that came, or got its name, is to be looked at."""
        root = next((root for root in self._roots.values() if _inside(path.rstrip(os.sep), root.path)), None)
        if root is None:
            return
        listing = root.listing if root.listing is not None else {}
        if stamp is None:
            listing.pop(path, None)
        elif not path.endswith(os.sep):
            listing[path] = stamp
        elif path not in listing and root.recursive:
            found = await asyncio.to_thread(_listing, path.rstrip(os.sep), recursive=True)
            self.touch(each for each in found or () if not each.endswith(os.sep))


def told_of(path: str) -> bool:
    """Whether findings may depend on this file."""
    parts = path.replace("\\", "/").rsplit("/", 2)
    if parts[-1].lower() == DISMISSALS:
        return len(parts) > 1 and parts[-2] == DISMISSALS_FOLDER
    return matters(path)


def _due(path: str, restless: _Restless, now: float) -> bool:
    quiet = ARCHIVE_SETTLE_SECONDS if path.lower().endswith(ARCHIVE_SUFFIXES) else SETTLE_SECONDS
    return now - restless.last >= quiet or now - restless.first >= MOST_PATIENCE_SECONDS


def _stands(path: str, restless: _Restless, stamp: Stamp | None, now: float) -> bool:
    """Whether a file that is due can be told of: a map that is gone or empty may be in the middle of a save."""
    if restless.last > now and now - restless.first < MOST_PATIENCE_SECONDS:
        # Something happened to it while it was looked at.
        return False
    if stamp is None:
        return now - restless.last >= GONE_SECONDS
    if stamp[1] == 0 and path.lower().endswith((*MAP_SUFFIXES, *ARCHIVE_SUFFIXES)):
        return now - restless.last >= MOST_PATIENCE_SECONDS
    return True


def _identity(path: str) -> tuple[int, int] | None:
    """What tells this folder from another one of its name; None where there is none."""
    try:
        about = os.stat(path)
        with os.scandir(path):
            return about.st_dev, about.st_ino
    except OSError:
        return None


def _listing(path: str, *, recursive: bool) -> Listing | None:
    """None where the folder is not there."""
    listing: Listing = {}
    waiting = [(path, 0)]
    for folder, depth in waiting:
        try:
            with os.scandir(folder) as entries:
                names: list[str] = []
                for entry in entries:
                    if _is_folder(entry):
                        deeper = recursive and depth < DEEPEST and len(waiting) < MOST_FOLDERS
                        if deeper and (not entry.name.startswith(".") or entry.name == DISMISSALS_FOLDER):
                            waiting.append((entry.path, depth + 1))
                        continue
                    names.append(entry.name)
                    listing.update(_told(entry))
                listing[folder.rstrip(os.sep) + os.sep] = hash(tuple(sorted(names))), len(names), 0, 0
        except OSError:
            if not depth:
                return None
    return listing


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _told(entry: os.DirEntry[str]) -> Iterator[tuple[str, Stamp]]:
    """The file with its stamp, where it is a map or speaks of maps."""
    name = entry.name.lower()
    if name.endswith((*MAP_SUFFIXES, ".osz", ".osb")) or name in (SONG_INI, SETTINGS, DISMISSALS):
        stamp = stamp_of(entry.path)
        if stamp is not None:
            yield entry.path, stamp


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
