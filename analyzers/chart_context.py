"""All that a rule on charts may see: one `.chart`, the song.ini beside it and the names of the folder's files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from analyzers.finding import Related
from analyzers.rule import Standard
from formats.chart import Chart
from formats.chart_tracks import Stretch, Track
from formats.document import Document, Line, Place, whole
from formats.mapset import FileFact
from formats.song_ini import SONG_INI, SongIni

AUDIO_SUFFIXES = ("ogg", "opus", "mp3", "wav")
STEMS = frozenset((
    "song", "guitar", "bass", "rhythm", "keys", "vocals", "vocals_1", "vocals_2", "drums", "drums_1", "drums_2", "drums_3",
    "drums_4", "crowd", "preview",
))  # fmt: skip
ALBUM_ART = ("album.png", "album.jpg", "album.jpeg")
VIDEO_SUFFIXES = ("mp4", "avi", "webm", "vp8", "ogv", "mpeg")


class ChartContext:
    """One `.chart` under judgement, played as song.ini has it."""

    def __init__(
        self,
        path: str,
        chart: Chart,
        ini: SongIni | None = None,
        files: Mapping[str, FileFact] | None = None,
        standard: Standard = Standard.CLONE_HERO,
    ) -> None:
        self.path = path
        self.chart = chart.with_modifiers(ini.modifiers) if ini is not None else chart
        self.ini = ini
        self.folder = None if files is None else Folder(files)
        self.standard = standard

    @property
    def document(self) -> Document:
        return self.chart.document

    @cached_property
    def tracks(self) -> list[Track]:
        """The tracks that hold notes."""
        return self.chart.charted

    @cached_property
    def first_line(self) -> Line:
        """Where a finding goes that has no line of its own."""
        return self.document.lines[0]

    def section_place(self, *names: str) -> Place:
        """The header of the first of these sections that the chart has, else its first line."""
        found = next((section for section in map(self.chart.section, names) if section is not None), None)
        return whole(found.header if found else self.first_line)

    def times(self, stretch: Stretch) -> tuple[float, float]:
        """ms of the first tick of the stretch and of the tick behind its last."""
        return self.chart.time_at(stretch.tick), self.chart.time_at(stretch.end_tick)


class IniContext:
    """One song.ini under judgement, with the chart beside it where there is one."""

    def __init__(self, path: str, ini: SongIni, chart: Chart | None = None, files: Mapping[str, FileFact] | None = None) -> None:
        self.path = path
        self.ini = ini
        self.chart = chart.with_modifiers(ini.modifiers) if chart is not None else None
        self.folder = None if files is None else Folder(files)

    def place(self, key: str) -> Place:
        """The line of the key; the section's header, else the first line, where it is missing."""
        return whole(self.ini.line(key))


class Folder:
    """The names of the files that lie beside the chart, those in its subfolders left out, by what the game takes them for."""

    def __init__(self, files: Mapping[str, FileFact]) -> None:
        self.names = sorted(name for name in files if "/" not in name)

    def _ending(self, suffixes: tuple[str, ...]) -> list[str]:
        return [name for name in self.names if suffix_of(name).lower() in suffixes]

    @property
    def settings(self) -> list[str]:
        """The .ini files. Windows' own desktop.ini is none of the song's."""
        return [name for name in self._ending(("ini",)) if name.lower() != "desktop.ini"]

    @property
    def charts(self) -> list[str]:
        return self._ending(("chart", "mid"))

    @property
    def audio(self) -> list[str]:
        return self._ending(AUDIO_SUFFIXES)

    @property
    def stems(self) -> list[str]:
        """The audio files whose names the game knows."""
        return [name for name in self.audio if stem_of(name) in STEMS and suffix_of(name) in AUDIO_SUFFIXES]

    @property
    def album_art(self) -> list[str]:
        return [name for name in self.names if name in ALBUM_ART]

    @property
    def videos(self) -> list[str]:
        return [name for name in self.names if stem_of(name) == "video" and suffix_of(name) in VIDEO_SUFFIXES]


def suffix_of(name: str) -> str:
    """What stands behind the last dot; empty without one."""
    return name.rpartition(".")[2] if "." in name else ""


def stem_of(name: str) -> str:
    """The name without its ending."""
    return name.rpartition(".")[0] if "." in name else name


def beside(path: str, name: str) -> str:
    """The path of a file in the folder of `path`."""
    cut = max(path.rfind("/"), path.rfind("\\")) + 1
    return path[:cut] + name


def ini_related(path: str, ini: SongIni, line: Line) -> Related:
    """Points from a chart to a line of the song.ini beside it."""
    number = ini.document.number_of(line) + 1
    return Related(beside(path, SONG_INI), None, f"line {number} of song.ini: {line.content.strip()}")
