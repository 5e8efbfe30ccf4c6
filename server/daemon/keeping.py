"""The dismissals of all watched folders: as written beside the maps, and those that could not be written yet.

A full disk or a folder that is away for a moment loses nothing: what a user dismissed holds at once, and is written as soon as
that works.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from server import dismissals
from server.daemon.questions import Noted
from server.dismissals import Dismissal, in_whole_map


@dataclass(slots=True)
class _Kept:
    """What a folder's file says, and what it does not say yet: entries to be added and to be taken out."""

    written: frozenset[Dismissal] = frozenset()
    added: dict[Dismissal, None] = field(default_factory=dict[Dismissal, None])
    removed: dict[Dismissal, None] = field(default_factory=dict[Dismissal, None])

    @property
    def pending(self) -> bool:
        return bool(self.added or self.removed)


class Keeping:
    """Only `load` and `write` touch the disk; they may run on other threads."""

    def __init__(self) -> None:
        self._folders: dict[str, _Kept] = {}
        # Who reads the file while another writes it would write that one's entries away.
        self._writing = Lock()

    def knows(self, folder: str) -> bool:
        return folder in self._folders

    def load(self, folder: str) -> bool:
        """Reads what is written; whether that is something else than before."""
        written = dismissals.load(folder).dismissals
        kept = self._folders.setdefault(folder, _Kept())
        changed, kept.written = kept.written != written, written
        return changed

    def by(self, folder: str, noted: Noted, map_name: str) -> list[Dismissal]:
        """The dismissals that a finding falls under."""
        kept = self._folders.get(folder)
        if kept is None:
            return []
        candidates = (noted.dismissal, in_whole_map(noted.finding.name, map_name))
        return [each for each in candidates if each not in kept.removed and (each in kept.written or each in kept.added)]

    def add(self, folder: str, entry: Dismissal) -> None:
        kept = self._folders.setdefault(folder, _Kept())
        kept.removed.pop(entry, None)
        # Also where it is written: it may be on the way out just now.
        kept.added[entry] = None

    def remove(self, folder: str, entries: list[Dismissal]) -> None:
        kept = self._folders.setdefault(folder, _Kept())
        for entry in entries:
            kept.added.pop(entry, None)
            # Also where it is not written: it may be on the way in just now.
            kept.removed[entry] = None

    @property
    def pending(self) -> list[str]:
        """The folders whose files do not say yet what holds."""
        return [folder for folder, kept in self._folders.items() if kept.pending]

    def write(self, folder: str) -> None:
        """Writes what is pending. Raises `OSError`, or `ValueError` with a sentence; then it is pending still."""
        with self._writing:
            kept = self._folders.get(folder)
            if kept is not None and kept.pending:
                self._write(folder, kept)

    def _write(self, folder: str, kept: _Kept) -> None:
        added, removed = list(kept.added), list(kept.removed)
        if added:
            dismissals.add(folder, added)
        if removed:
            dismissals.remove(folder, removed)
        self.load(folder)
        for entry in added:
            kept.added.pop(entry, None)
        for entry in removed:
            kept.removed.pop(entry, None)
