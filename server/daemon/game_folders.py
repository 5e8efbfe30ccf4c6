"""Where osu! keeps its maps on this system: stable's Songs folder, lazer's store, and the folders that lazer edits externally."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

SONGS = "Songs"
# osu! writes one of these for each user of the system.
_SETTINGS = re.compile(r"osu!\..+\.cfg", re.IGNORECASE)
# "Edit externally" makes a folder of the temporary folder that is named after the set's SHA-256.
_MOUNTED = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class GameFolders:
    """`songs` are folders of maps, `lazer` is the store of osu!lazer, where there is one."""

    songs: tuple[str, ...]
    lazer: str | None

    @property
    def about_lazer(self) -> str | None:
        """What is to be told of lazer's store."""
        if self.lazer is None:
            return None
        return (
            f"osu!lazer keeps its maps in {self.lazer} under names made of their contents, so there is nothing to watch there; "
            "choose File > Edit externally in its editor, and maimod follows the folder that it opens."
        )


def find_game() -> GameFolders:
    songs = dict.fromkeys(folder for place in _installations() if (folder := _songs_of(place)) is not None)
    lazer = next((place for place in _lazer_places() if os.path.isfile(os.path.join(place, "client.realm"))), None)
    return GameFolders(tuple(songs), lazer)


def _installations() -> Iterator[str]:
    """Where osu!stable may be installed, the likelier first."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        yield from _registered()
        for name in ("LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"):
            if os.environ.get(name):
                yield os.path.join(os.environ[name], "osu!")
    elif sys.platform == "darwin":
        for applications in ("/Applications", os.path.join(home, "Applications")):
            yield os.path.join(applications, "osu!.app", "Contents", "Resources", "drive_c", "osu!")
            yield os.path.join(applications, "osu!.app", "Contents", "Resources", "drive_c", "Program Files", "osu!")
        yield os.path.join(home, "Library", "Application Support", "osu-stable")
        yield from _wine(os.path.join(home, ".wine"))
    else:
        data = os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
        yield from _named_in(os.path.join(data, "osuconfig", "osupath"))
        yield os.path.join(data, "osu-wine", "osu!")
        yield os.path.join(data, "osu-stable")
        yield os.path.join(home, "osu!")
        for prefix in (os.environ.get("WINEPREFIX", ""), os.path.join(home, ".wine"), os.path.join(data, "wineprefixes", "osu")):
            if prefix:
                yield from _wine(prefix)
        for games in (os.path.join(home, "Games", "osu"), os.path.join(home, "Games", "osu-stable")):
            yield from _wine(games)


def _registered() -> Iterator[str]:
    """What Windows opens osu! links with."""
    yield from ()
    if sys.platform == "win32":
        import winreg

        for key in (r"osu\shell\open\command", r"osustable.Uri.osu\shell\open\command", r"osu!\shell\open\command"):
            try:
                command = str(winreg.QueryValue(winreg.HKEY_CLASSES_ROOT, key))
            except OSError:
                continue
            found = re.match(r'"([^"]+)"|(\S+)', command)
            if found:
                yield os.path.dirname(found.group(1) or found.group(2))


def _named_in(file: str) -> Iterator[str]:
    """The folder that another program wrote down."""
    try:
        with open(file, encoding="utf-8") as written:
            place = written.readline().strip()
    except (OSError, ValueError):
        return
    if place:
        yield place


def _wine(prefix: str) -> Iterator[str]:
    drive = os.path.join(prefix, "drive_c")
    yield os.path.join(drive, "osu!")
    yield os.path.join(drive, "Program Files", "osu!")
    users = os.path.join(drive, "users")
    try:
        names = sorted(os.listdir(users))
    except OSError:
        return
    for name in names:
        yield os.path.join(users, name, "AppData", "Local", "osu!")
        yield os.path.join(users, name, "Local Settings", "Application Data", "osu!")


def _songs_of(place: str) -> str | None:
    """The folder of maps of an installation: what its settings name, else the one inside; None where there is none."""
    try:
        names = [name for name in sorted(os.listdir(place)) if _SETTINGS.fullmatch(name)]
    except OSError:
        return None
    for name in names:
        try:
            with open(os.path.join(place, name), encoding="utf-8", errors="replace") as settings:
                written = next((line.partition("=")[2].strip() for line in settings if line.startswith("BeatmapDirectory")), "")
        except OSError:
            continue
        folder = os.path.join(place, written) if written else ""
        if written and os.path.isdir(folder):
            return os.path.normpath(folder)
    folder = os.path.join(place, SONGS)
    return folder if os.path.isdir(folder) else None


def _lazer_places() -> Iterator[str]:
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        yield os.path.join(os.environ.get("APPDATA") or os.path.join(home, "AppData", "Roaming"), "osu")
    elif sys.platform == "darwin":
        yield os.path.join(home, "Library", "Application Support", "osu")
    else:
        yield os.path.join(os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"), "osu")
        yield os.path.join(home, ".var", "app", "sh.ppy.osu", "data", "osu")


def edited_externally(temporary: str | None = None) -> set[str]:
    """The folders that lazer has open for other editors now. Reads the disk."""
    place = os.path.realpath(temporary or tempfile.gettempdir())
    found: set[str] = set()
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                if _MOUNTED.fullmatch(entry.name.lower()) and entry.is_dir(follow_symlinks=False) and _holds_map(entry.path):
                    found.add(entry.path)
    except OSError:
        return found
    return found


def _holds_map(folder: str) -> bool:
    try:
        return any(name.lower().endswith(".osu") for name in os.listdir(folder))
    except OSError:
        return False
