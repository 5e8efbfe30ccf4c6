"""From the paths that a user names to maps with their surroundings: sibling difficulties, the folder's files, song.ini.

Nothing here raises for a bad path: it becomes an `Unreadable` with one sentence, and the others are read. Archives are read
in memory with limits, so nothing is ever unpacked and no name in them can lead anywhere.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from formats.beatmap import Beatmap
from formats.encoding import decode
from formats.mapset import Difficulty, FileFact, Mapset, group

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

OSU_SUFFIX, CHART_SUFFIX, STORYBOARD_SUFFIX, SONG_INI = ".osu", ".chart", ".osb", "song.ini"
MAP_SUFFIXES = (OSU_SUFFIX, CHART_SUFFIX)
ARCHIVE_SUFFIXES = (".osz", ".zip")
STDIN = "-"

# What `maimod fix` lays beside a map is no file of the mapset.
BACKUPS = (".osu.bak", ".chart.bak", ".ini.bak")
# What is left of a file that was being written when maimod was killed.
HALF_WRITTEN = ".maimod-"

# The largest map known has 6 MB of storyboard; beyond this the file is no map and would only cost memory.
MOST_MAP_BYTES = 32 << 20
# A larger storyboard takes longer to read than the map it belongs to; it counts as one that nobody read.
MOST_STORYBOARD_BYTES = 4 << 20
MOST_ARCHIVE_BYTES = 256 << 20
MOST_ARCHIVE_ENTRIES = 20_000
# A folder with more files is no mapset (a home folder, a whole Songs folder): its files are not listed.
MOST_LISTED_FILES = 10_000
# What a difficulty says before its [Difficulty] section decides which set it belongs to; it fits in here nearly always.
HEAD_BYTES = 16 << 10


class Unreadable(Exception):
    """A path that could not be read: the path as given, and why in one sentence without a full stop."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A map that was asked for: its place in the order of the answers, its path as given, its name in the folder."""

    number: int
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Maps to be judged together, because they lie in one folder or one archive (`wanted` then holds the archive alone).

    `siblings` names the other maps of the folder to look at, None for all of them. `text` is what came through stdin.
    """

    folder: str
    wanted: tuple[Wanted, ...]
    archive: bool = False
    siblings: tuple[str, ...] | None = None
    text: bytes | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The batches of all paths, and the paths that hold nothing to read."""

    batches: tuple[Batch, ...]
    unreadable: tuple[tuple[int, Unreadable], ...]

    @property
    def count(self) -> int:
        """How many maps and archives were found."""
        return sum(len(batch.wanted) for batch in self.batches)


@dataclass(frozen=True, slots=True)
class ChartSource:
    """A `.chart` as bytes with the song.ini beside it (None where there is none) and the files of its folder."""

    path: str
    chart: bytes
    ini: bytes | None
    files: Mapping[str, FileFact] | None
    ini_path: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a batch holds: each wanted difficulty with its set, each wanted chart; numbers order the answers."""

    difficulties: list[tuple[int, Difficulty, Mapset]] = field(default_factory=list[tuple[int, Difficulty, Mapset]])
    charts: list[tuple[int, ChartSource]] = field(default_factory=list[tuple[int, ChartSource]])
    unreadable: list[tuple[int, Unreadable]] = field(default_factory=list[tuple[int, Unreadable]])


class Folder(Protocol):
    """A folder on disk or in an archive. `names` are the maps directly in it, `files` all files below it (None: not listed)."""

    names: Sequence[str]
    files: Mapping[str, FileFact] | None

    def path(self, name: str) -> str:
        """The path of a file of the folder as a user would write it."""
        ...

    def read(self, name: str, most: int | None = None) -> bytes:
        """The file's bytes, the first `most` of them where given. Raises `Unreadable`."""
        ...


# Finding maps


def find(paths: Iterable[str], stdin: bytes | None = None, stdin_name: str = "") -> Found:
    """The maps that `paths` name, one batch for each folder, in the order given; a map that is named twice comes once."""
    batches: dict[str, list[Wanted]] = {}
    alone: list[Batch] = []
    unreadable: list[tuple[int, Unreadable]] = []
    seen: set[str] = set()
    number = 0
    for path in paths:
        if path == STDIN:
            alone.append(_stdin_batch(number, stdin or b"", stdin_name))
            number += 1
            continue
        try:
            for each in _maps_under(path):
                place = os.path.realpath(each)
                if place in seen:
                    continue
                seen.add(place)
                folder, name = os.path.split(each)
                if is_archive(each):
                    alone.append(Batch(each, (Wanted(number, each, name),), archive=True))
                else:
                    batches.setdefault(folder, []).append(Wanted(number, each, name))
                number += 1
        except Unreadable as trouble:
            unreadable.append((number, trouble))
            number += 1
    together = [Batch(folder, tuple(wanted)) for folder, wanted in batches.items()]
    ordered = sorted([*together, *alone], key=lambda batch: batch.wanted[0].number)
    return Found(tuple(ordered), tuple(unreadable))


def is_map(name: str) -> bool:
    return name.lower().endswith(MAP_SUFFIXES)


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def _stdin_batch(number: int, data: bytes, name: str) -> Batch:
    """Stdin as a map named `name`; without a name the first words say which format it is."""
    if name:
        folder, base = os.path.split(name)
        return Batch(folder, (Wanted(number, name, base),), text=data)
    chart = decode(data[:HEAD_BYTES])[0].lstrip("\ufeff \t\r\n").lower().startswith("[song]")
    return Batch("", (Wanted(number, STDIN, STDIN + (CHART_SUFFIX if chart else OSU_SUFFIX)),), siblings=(), text=data)


def _maps_under(path: str) -> Iterator[str]:
    """The maps and archives that a path names. Raises `Unreadable` where it names none."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as trouble:
        raise Unreadable(path, _why(trouble)) from None
    if stat.S_ISDIR(mode):
        yield from _maps_in_folder(path)
    elif not stat.S_ISREG(mode):
        raise Unreadable(path, "is neither a file nor a folder")
    elif is_map(path) or is_archive(path):
        yield path
    else:
        raise Unreadable(path, "is no map: maimod reads .osu, .chart, .osz and .zip files and folders of them")


def _maps_in_folder(root: str) -> Iterator[str]:
    troubles: list[OSError] = []
    found = False
    for folder, folders, names in os.walk(root, onerror=troubles.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if (is_map(name) or name.lower().endswith(".osz")) and stays_inside(os.path.join(folder, name), root):
                found = True
                yield os.path.join(folder, name)
    if troubles and not found:
        raise Unreadable(root, _why(troubles[0]))
    if not found:
        raise Unreadable(root, "holds no .osu, .chart or .osz file")


def stays_inside(path: str, root: str) -> bool:
    """Whether a file found while walking `root` lies in it; links that lead out of it are not followed."""
    if not os.path.islink(path):
        return True
    inside, target = os.path.realpath(root), os.path.realpath(path)
    same_drive = os.path.splitdrive(inside)[0] == os.path.splitdrive(target)[0]
    return same_drive and os.path.commonpath([inside, target]) == inside


def _why(trouble: OSError | ValueError) -> str:
    if isinstance(trouble, FileNotFoundError):
        return "does not exist"
    if isinstance(trouble, PermissionError):
        return "may not be read (no permission)"
    if isinstance(trouble, OSError) and trouble.strerror:
        return f"cannot be read ({trouble.strerror})"
    return f"cannot be read ({trouble})"


# Folders


class DiskFolder:
    """A folder on disk. Links that lead out of it count neither as siblings nor as files."""

    def __init__(self, path: str) -> None:
        self.folder = path
        self.files: Mapping[str, FileFact] | None = list_files(path or ".")
        listed = (
            _names_in(path or ".") if self.files is None else [name for name in self.files if "/" not in name and is_map(name)]
        )
        self.names: Sequence[str] = sorted(listed)

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def read(self, name: str, most: int | None = None) -> bytes:
        return read_bytes(self.path(name), most)


def list_files(folder: str) -> dict[str, FileFact] | None:
    """The files under `folder`; None where there are too many for a mapset or the folder cannot be listed."""
    files: dict[str, FileFact] = {}
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            with os.scandir(os.path.join(folder, prefix)) as entries:
                for entry in entries:
                    name = prefix + entry.name
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith("."):
                            waiting.append(name + "/")
                    elif _counts(entry, folder):
                        files[name] = FileFact(name, entry.stat().st_size)
        except OSError:
            if not prefix:
                return None
        if len(files) + len(waiting) > MOST_LISTED_FILES:
            return None
    return files


def _counts(entry: os.DirEntry[str], folder: str) -> bool:
    if entry.name.endswith(BACKUPS) or not entry.is_file() or entry.name.startswith(HALF_WRITTEN):
        return False
    return not entry.is_symlink() or stays_inside(entry.path, folder)


def _names_in(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if is_map(name) and stays_inside(os.path.join(folder, name), folder)]
    except OSError:
        return []


def read_beside(folder: str, name: str, most: int) -> bytes:
    """The bytes of another file of a map's folder, be it one in an archive; `folder` is the file itself where `name` is empty.

    Raises `Unreadable`, also for a file of more than `most` bytes.
    """
    path = os.path.join(folder, name) if name else folder
    if not os.path.exists(path) and (archive := archive_around(folder)) is not None:
        data = _read_archived(archive, path[len(archive) + 1 :].replace("\\", "/"), most + 1)
    else:
        data = read_bytes(path, most + 1)
    if len(data) > most:
        raise Unreadable(path, f"is larger than {most >> 20} MB")
    return data


def archive_around(folder: str) -> str | None:
    """The archive that a path leads into."""
    # The root of a drive or share that is not there is its own parent.
    while not os.path.exists(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder if is_archive(folder) and os.path.isfile(folder) else None


def _read_archived(path: str, name: str, most: int) -> bytes:
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(path) as archive:
            entry = next((each for each in archive.infolist() if _safe_name(each.filename) == name), None)
            data = _archived(archive, entry, f"{path}/{name}", most) if entry is not None else Unreadable(path, "does not exist")
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as trouble:
        raise Unreadable(path, f"is no archive that can be read ({trouble})") from None
    if isinstance(data, Unreadable):
        raise data
    return data


def read_bytes(path: str, most: int | None = None) -> bytes:
    """The bytes of a map on disk. Raises `Unreadable`, also for what is too large to be a map."""
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_MAP_BYTES + 1 if most is None else most)
    except (OSError, ValueError) as trouble:
        raise Unreadable(path, _why(trouble)) from None
    if most is None and len(data) > MOST_MAP_BYTES:
        raise Unreadable(path, f"is larger than {MOST_MAP_BYTES >> 20} MB, so it is no map")
    return data


class ArchiveFolder:
    """One folder of an archive whose maps were read into memory; other files count with their size alone."""

    def __init__(self, path: str, maps: Mapping[str, bytes | Unreadable], files: Mapping[str, FileFact] | None) -> None:
        self.archive = path
        self.maps = maps
        self.files = files
        self.names: Sequence[str] = sorted(name for name in maps if is_map(name))

    def path(self, name: str) -> str:
        return f"{self.archive}/{name}"

    def read(self, name: str, most: int | None = None) -> bytes:
        data = self.maps.get(name, Unreadable(self.path(name), "does not exist"))
        if isinstance(data, Unreadable):
            raise data
        return data[:most]


def open_archive(path: str) -> list[ArchiveFolder]:
    """The folders of an archive that hold maps. Raises `Unreadable` for one that is none, or oversized."""
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(path) as archive:
            return _archive_folders(path, archive)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as trouble:
        if isinstance(trouble, OSError) and trouble.errno is not None:
            raise Unreadable(path, _why(trouble)) from None
        raise Unreadable(path, f"is no archive that can be read ({trouble})") from None


def _archive_folders(path: str, archive: ZipFile) -> list[ArchiveFolder]:
    entries = archive.infolist()
    if len(entries) > MOST_ARCHIVE_ENTRIES:
        raise Unreadable(path, f"holds {len(entries)} entries, more than the {MOST_ARCHIVE_ENTRIES} that a mapset may have")
    maps: dict[str, bytes | Unreadable] = {}
    sizes: dict[str, int] = {}
    room = MOST_ARCHIVE_BYTES
    for entry in entries:
        name = _safe_name(entry.filename)
        if name is None or entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
            continue
        sizes[name] = entry.file_size
        storyboard = name.lower().endswith(STORYBOARD_SUFFIX) and entry.file_size <= MOST_STORYBOARD_BYTES
        if is_map(name) or storyboard or name.rsplit("/", 1)[-1].lower() == SONG_INI:
            data = maps[name] = _archived(archive, entry, f"{path}/{name}", min(room, MOST_MAP_BYTES) + 1)
            room -= len(data) if isinstance(data, bytes) else 0
            if room < 0 or (isinstance(data, bytes) and len(data) > MOST_MAP_BYTES):
                raise Unreadable(path, f"holds more than {MOST_ARCHIVE_BYTES >> 20} MB of maps")
    folders = sorted({name.rpartition("/")[0] for name in maps if is_map(name)})
    if not folders:
        raise Unreadable(path, "holds no .osu or .chart file")
    return [_archive_folder(path, prefix + "/" if prefix else "", maps, sizes) for prefix in folders]


def _archived(archive: ZipFile, entry: ZipInfo, path: str, most: int) -> bytes | Unreadable:
    """The entry's first bytes; why they cannot be had, where only this entry is damaged or locked."""
    import zipfile
    import zlib

    try:
        with archive.open(entry) as file:
            return file.read(most)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as trouble:
        return Unreadable(path, f"cannot be unpacked ({trouble})")


def _archive_folder(path: str, prefix: str, maps: Mapping[str, bytes | Unreadable], sizes: Mapping[str, int]) -> ArchiveFolder:
    at = len(prefix)
    inside = {name[at:]: data for name, data in maps.items() if name.startswith(prefix) and "/" not in name[at:]}
    files = {name[at:]: FileFact(name[at:], size) for name, size in sizes.items() if name.startswith(prefix)}
    return ArchiveFolder(path + ("/" + prefix[:-1] if prefix else ""), inside, files)


def _safe_name(name: str) -> str | None:
    """The entry's name with `/`; None where it would lead out of the archive."""
    name = name.replace("\\", "/")
    parts = name.split("/")
    return None if name.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in name else name


# Reading batches


def read_batch(batch: Batch) -> Reading:
    """All wanted maps of a batch with their surroundings."""
    reading = Reading()
    if batch.archive:
        _read_archive(batch, reading)
    else:
        known = {} if batch.text is None else {batch.wanted[0].name: batch.text}
        nowhere = batch.text is not None and batch.siblings == ()
        folder: Folder = ArchiveFolder("", {}, None) if nowhere else DiskFolder(batch.folder)
        read_folder(folder, batch.wanted, reading, batch.siblings, known)
    return reading


def _read_archive(batch: Batch, reading: Reading) -> None:
    number = batch.wanted[0].number
    try:
        folders = open_archive(batch.folder)
    except Unreadable as trouble:
        reading.unreadable.append((number, trouble))
        return
    for folder in folders:
        read_folder(folder, [Wanted(number, folder.path(name), name) for name in folder.names], reading)


def read_folder(
    folder: Folder,
    wanted: Sequence[Wanted],
    reading: Reading,
    siblings: Sequence[str] | None = None,
    known: Mapping[str, bytes] | None = None,
) -> None:
    """Adds the wanted maps of one folder to `reading`; `known` holds texts that stand for those on disk."""
    known = known or {}
    numbers: dict[str, int] = {}
    difficulties: dict[str, Difficulty] = {}
    for each in wanted:
        try:
            data = known[each.name] if each.name in known else folder.read(each.name)
        except Unreadable as trouble:
            reading.unreadable.append((each.number, trouble))
            continue
        if each.name.lower().endswith(CHART_SUFFIX):
            reading.charts.append((each.number, _chart_source(folder, each.path, data)))
        else:
            numbers[each.path] = each.number
            difficulties[each.name] = Difficulty(each.path, Beatmap.from_bytes(data))
    if difficulties:
        for mapset in mapsets(folder, difficulties, siblings):
            for difficulty in mapset.difficulties:
                if difficulty.path in numbers:
                    reading.difficulties.append((numbers[difficulty.path], difficulty, mapset))


def _chart_source(folder: Folder, path: str, data: bytes) -> ChartSource:
    names = [SONG_INI] if folder.files is None else [name for name in folder.files if name.lower() == SONG_INI]
    try:
        ini = folder.read(names[0]) if names else None
    except Unreadable:
        ini = None
    return ChartSource(path, data, ini, folder.files, folder.path(names[0]) if ini is not None else None)


def mapsets(folder: Folder, difficulties: Mapping[str, Difficulty], siblings: Sequence[str] | None = None) -> list[Mapset]:
    """The sets that `difficulties` (by file name) belong to, with those of the folder's other difficulties that belong to them.

    Of a folder with loose maps of many songs only the heads are read to tell which ones belong.
    """
    names = folder.names if siblings is None else siblings
    heads = {
        name: head
        for name in names
        if name not in difficulties and name.lower().endswith(OSU_SUFFIX) and (head := read_head(folder, name))
    }
    known = {id(difficulty): name for name, difficulty in difficulties.items()}
    storyboards = read_storyboards(folder, lambda name: Beatmap.from_bytes(folder.read(name)))
    sets: list[Mapset] = []
    for loose in group([*difficulties.values(), *heads.values()], folder.files):
        if any(id(member) in known for member in loose.difficulties):
            members = [member if id(member) in known else _whole(folder, member) for member in loose.difficulties]
            sets.append(Mapset(tuple(member for member in members if member), folder.files, storyboards))
    return sets


def read_storyboards(folder: Folder, read: Callable[[str], Beatmap]) -> dict[str, Beatmap] | None:
    """The `.osb` files directly in the folder, by name, as `read` gives them (it may raise `Unreadable`).

    None where the folder was not listed or one of them was not read, be it for its size.
    """
    if folder.files is None:
        return None
    found = [fact for name, fact in folder.files.items() if "/" not in name and name.lower().endswith(STORYBOARD_SUFFIX)]
    if any(fact.size > MOST_STORYBOARD_BYTES for fact in found):
        return None
    try:
        return {fact.path: read(fact.path) for fact in found}
    except Unreadable:
        return None


def read_head(folder: Folder, name: str) -> Difficulty | None:
    """A difficulty with its first sections alone, enough to tell its set; None where it cannot be read."""
    try:
        data = folder.read(name, HEAD_BYTES)
        text = decode(data)[0]
        if "[Difficulty]" not in text and len(data) == HEAD_BYTES:
            text = decode(folder.read(name))[0]
    except Unreadable:
        return None
    return Difficulty(folder.path(name), Beatmap.from_text(text.partition("[Difficulty]")[0]))


def _whole(folder: Folder, head: Difficulty) -> Difficulty | None:
    try:
        return Difficulty(head.path, Beatmap.from_bytes(folder.read(head.file_name)))
    except Unreadable:
        return None


def split(batch: Batch, most: int) -> list[Batch]:
    """A batch of more than `most` loose maps as one batch for each set, so that several processes can share it."""
    if batch.archive or batch.text is not None or len(batch.wanted) <= most:
        return [batch]
    folder = DiskFolder(batch.folder)
    wanted = {each.name: each for each in batch.wanted}
    heads = {name: head for name in folder.names if name.lower().endswith(OSU_SUFFIX) and (head := read_head(folder, name))}
    names = {id(head): name for name, head in heads.items()}
    parts: list[Batch] = []
    for mapset in group(list(heads.values())):
        members = tuple(names[id(head)] for head in mapset.difficulties)
        chosen = sorted((wanted.pop(name) for name in members if name in wanted), key=lambda each: each.number)
        if chosen:
            parts.append(Batch(batch.folder, tuple(chosen), siblings=members))
    if wanted:
        parts.append(Batch(batch.folder, tuple(wanted.values()), siblings=()))
    return sorted(parts, key=lambda part: part.wanted[0].number)
