"""A map that is to be rewritten, with all that is looked at for it: read from disk, or as it stands in an editor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analyzers.analysis import Choices
from formats.chart import Chart
from formats.document import Document
from formats.mapset import Difficulty, Mapset
from formats.song_ini import SongIni
from server import dismissals, reading, settings
from server.reading import Unreadable
from server.settings import Settings
from server.songs import Files, Pause, Song, Songs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from generation.subjects import OsuSubject

NO_OSU = "is no .osu file, so it has no hit sounds or difficulties of that kind"


@dataclass(frozen=True, slots=True, eq=False)
class Rewritable:
    """One `difficulty` of a `mapset`, or one `chart` under the modifiers of its song.ini.

    `path` is where it lies or would lie; `files` are those of its folder, None where they are to be looked up there. `notices`
    are sentences about what lies around it.
    """

    path: str
    choices: Choices
    difficulty: Difficulty | None = None
    mapset: Mapset = field(default_factory=Mapset)
    chart: Chart | None = None
    ini: SongIni | None = None
    files: Files = None
    notices: tuple[str, ...] = ()

    @property
    def document(self) -> Document:
        """Raises `Unreadable` where it is no map."""
        if self.chart is not None:
            return self.chart.document
        return self.osu().document

    def osu(self) -> OsuSubject:
        """The difficulty as whoever writes needs it. Raises `Unreadable` where it is none."""
        from generation.subjects import OsuSubject

        if self.difficulty is None:
            raise Unreadable(self.path, NO_OSU)
        return OsuSubject(self.difficulty, self.mapset, self.choices)

    def song(self, songs: Songs, pause: Pause = lambda: None) -> Song | None:
        """`pause` is called now and then; what it raises ends the listening."""
        if self.difficulty is not None:
            return songs.of_beatmap(self.path, self.difficulty.beatmap, self.files, pause)
        return None if self.chart is None else songs.of_chart(self.path, self.chart, self.files, pause)

    def heard(self, songs: Songs, pause: Pause = lambda: None) -> tuple[NDArray[np.uint8] | None, str, tuple[str, ...]]:
        """The song's features and its name, or why a map that should have one is written without it."""
        song = self.song(songs, pause)
        if song is None:
            if songs.audio is not None:
                return None, "", ()
            if self.difficulty is None:
                return None, "", ("no song is beside the chart, so nothing was heard",)
            named = self.difficulty.beatmap.general.text("AudioFilename")
            return None, "", (f"the song {named} is not beside the map, so nothing was heard",) if named else ()
        if song.features is None:
            return None, "", (f"the song {song.name} was not heard: {song.trouble}",)
        return song.features, song.name, ()


def choices_of(wanted: Settings) -> Choices:
    """What is judged of a map that is rewritten: the rules that its user does not want to hear of are left out, no others."""
    return replace(wanted.choices, select=())


def read_rewritable(path: str) -> Rewritable:
    """The `.osu` or `.chart` at the path as it stands on disk. Raises `Unreadable`."""
    if reading.is_archive(path) or reading.archive_around(path):
        raise Unreadable(path, "is in an archive, which is not rewritten; unpack it first")
    if not reading.is_map(path):
        raise Unreadable(path, "is no .osu or .chart file")
    found = reading.find([path])
    for _, trouble in found.unreadable:
        raise trouble
    for batch in found.batches:
        read = reading.read_batch(batch)
        for _, trouble in read.unreadable:
            raise trouble
        loaded, kept = settings.load_for(batch.folder), dismissals.load(batch.folder)
        notices = (*loaded.problems, *kept.problems)
        choices = choices_of(loaded.settings)
        for _, difficulty, mapset in read.difficulties:
            return Rewritable(path, choices, difficulty, mapset, files=mapset.files, notices=notices)
        for _, source in read.charts:
            ini = None if source.ini is None else SongIni.from_bytes(source.ini)
            chart = Chart.from_bytes(source.chart) if ini is None else Chart.from_bytes(source.chart, ini.modifiers)
            return Rewritable(path, choices, chart=chart, ini=ini, files=source.files, notices=notices)
    raise Unreadable(path, "does not exist")


def read_difficulty(path: str) -> Rewritable:
    """The same of an `.osu` alone."""
    if not reading.is_archive(path) and not reading.archive_around(path) and not path.lower().endswith(reading.OSU_SUFFIX):
        raise Unreadable(path, NO_OSU)
    return read_rewritable(path)
