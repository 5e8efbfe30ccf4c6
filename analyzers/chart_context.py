"""All that a rule on charts may see: one `.chart`, the song.ini beside it and the names of the folder's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from analyzers.finding import Related
from analyzers.rule import Standard
from formats.chart import Chart
from formats.chart_tracks import NoteGroup, Stretch, Track
from formats.document import Document, Line, Place, whole
from formats.mapset import FileFact
from formats.song_ini import SONG_INI, SongIni


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
    def groups(self) -> list[tuple[Track, NoteGroup]]:
        """Every note and chord of every track, track by track."""
        return [(track, group) for track in self.tracks for group in track.groups]

    @cached_property
    def first_line(self) -> Line:
        """Where a finding goes that has no line of its own."""
        return self.document.lines[0]

    def section_place(self, *names: str) -> Place:
        """The header of the first of these sections that the chart has, else its first line."""
        found = next((section for section in map(self.chart.section, names) if section is not None), None)
        return whole(found.header if found else self.first_line)

    @cached_property
    def is_readable(self) -> bool:
        """False where the game refuses the chart as a whole, so its notes have no times worth judging."""
        return self.chart.written_resolution > 0 and all(tempo.milli_bpm for tempo in self.chart.tempos)

    def times(self, stretch: Stretch) -> tuple[float, float]:
        """ms of the first tick of the stretch and of the tick behind its last."""
        return self.chart.time_at(stretch.tick), self.chart.time_at(stretch.end_tick)


class IniContext:
    """One song.ini under judgement, with the chart beside it where there is one."""

    def __init__(
        self, path: str, ini: SongIni, chart: Chart | None = None, files: Mapping[str, FileFact] | None = None
    ) -> None:
        self.path = path
        self.ini = ini
        self.chart = chart.with_modifiers(ini.modifiers) if chart is not None else None
        self.folder = None if files is None else Folder(files)

    def place(self, key: str) -> Place:
        """The line of the key; the section's header, else the first line, where it is missing."""
        return whole(self.ini.line(key))


class Folder:
    """The names of the files that lie beside the chart, those in its subfolders left out."""

    def __init__(self, files: Mapping[str, FileFact]) -> None:
        self.names = sorted(name for name in files if "/" not in name)

    def ending(self, *suffixes: str) -> list[str]:
        """The files with one of these endings (lower case, no dot), in any case."""
        return [name for name in self.names if suffix_of(name).lower() in suffixes]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)


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
