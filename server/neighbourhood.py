"""What belongs to an open file: its set and its song.ini, each as it stands in the editor where it is open, else on disk."""

from __future__ import annotations

from formats.mapset import Difficulty, Mapset
from formats.song_ini import SongIni
from server.session import OpenFile, Session, folder_key
from server.surroundings import Beside, Siblings


class Neighbourhood:
    """The folders around the open files of a session. What it reads of them is read again only after it changed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._siblings: dict[str, Siblings] = {}

    def mapset(self, difficulty: Difficulty, path: str | None) -> Mapset:
        """The set of a difficulty that lies, or is open, at `path`. Reads the disk."""
        if path is None:
            return Mapset((difficulty,))
        return self._of(path).mapset(difficulty, [each for each in self._opened(path) if each.path != difficulty.path])

    def difficulty(self, path: str) -> Difficulty | None:
        """The difficulty at a path: open, or as last read with its set. Reads nothing."""
        opened = next((each for each in self._opened(path) if each.path == path), None)
        return opened or (siblings.known(path) if (siblings := self._siblings.get(folder_key(path))) else None)

    def read(self, path: str) -> Difficulty | None:
        """The difficulty at a path on disk; None where there is none to read."""
        return self._of(path).read(path)

    def ini(self, file: OpenFile, beside: Beside | None) -> SongIni | None:
        """The song.ini beside an open chart; `beside` is what was read of its folder."""
        others = [each.snapshot.ini for each in self._session.in_folder(file.snapshot.path) if each is not file]
        opened = next((ini for ini in others if ini is not None), None)
        if opened is not None or beside is None or beside.other is None:
            return opened
        return SongIni.from_bytes(beside.other)

    def forget(self, folder: str) -> None:
        """Nobody asks for this folder any more; it is a `folder_key`."""
        self._siblings.pop(folder, None)

    def _of(self, path: str) -> Siblings:
        return self._siblings.setdefault(folder_key(path), Siblings())

    def _opened(self, path: str) -> list[Difficulty]:
        opened = (each.snapshot.difficulty for each in self._session.in_folder(path))
        return [each for each in opened if each is not None]
