"""Writes a section of a map anew: reads the map and its song, asks for proposals, and says what hinders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from analyzers.analysis import Choices
from formats.chart import Chart
from formats.document import Document
from formats.song_ini import SongIni
from formats.timestamps import format_time
from generation.request import CannotWrite, Request
from models.errors import MaimodError
from server import dismissals, reading, settings
from server.reading import Unreadable
from server.songs import OFF, Song, Songs

if TYPE_CHECKING:
    from generation.proposal import Proposal
    from generation.sections import Generator
    from generation.subjects import Subject

# ms that a section may end after the song: decoders cut off what is silent.
OVERHANG = 500.0


@dataclass(frozen=True, slots=True)
class Regenerated:
    """What may stand in a section instead, the best first; `song` is what was heard, "" for nothing."""

    path: str
    document: Document
    proposals: list[Proposal]
    song: str
    notices: tuple[str, ...] = ()


def regenerate(
    path: str,
    request: Request,
    audio: str | None = None,
    weights: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Regenerated:
    """Raises `Unreadable`, `MaimodError` or `CannotWrite`, each with one sentence; writes nothing."""
    subject, song, request, notices = _opened(path, request, audio)
    features = None
    if song is not None and song.features is None:
        notices.append(f"written without the song {song.name}: {song.trouble}")
    elif song is not None and song.features is not None:
        features = song.features
        lasting = 10.0 * len(features) - subject.offset
        if request.end > lasting + OVERHANG:
            raise CannotWrite(
                f"the song {song.name} ends at {format_time(lasting)}, before the section does: "
                f"choose an earlier end, or --audio {OFF} to write without it"
            )
    proposals = generator(weights).proposals(subject, request, features, progress, cancelled)
    return Regenerated(path, subject.document, proposals, song.name if song and features is not None else "", tuple(notices))


@cache
def generator(weights: str | None = None) -> Generator:
    """The bundled model as who writes and who judges, or the one whose weights lie at that path. Raises `MaimodError`."""
    try:
        from generation.sections import Generator
        from models.bundled.sampling import Sampler
        from models.bundled.scoring import Scorer
        from server.pool import cores
    except ImportError as trouble:
        raise MaimodError(f"the model cannot run here ({trouble})") from None
    sampler = Sampler.load(weights)
    return Generator(sampler, Scorer(sampler.graphs, cores()))


def _opened(path: str, request: Request, audio: str | None) -> tuple[Subject, Song | None, Request, list[str]]:
    if reading.is_archive(path) or reading.archive_around(path):
        raise Unreadable(path, "is in an archive, which is not rewritten; unpack it first")
    if not reading.is_map(path):
        raise Unreadable(path, "is no .osu or .chart file")
    found = reading.find([path])
    for _, trouble in found.unreadable:
        raise trouble
    batch = next(iter(found.batches), None)
    if batch is None:
        raise Unreadable(path, "does not exist")
    loaded = settings.load_for(batch.folder)
    kept = dismissals.load(batch.folder)
    notices = [*loaded.problems, *kept.problems]
    choices = replace(loaded.settings.choices, select=())
    read = reading.read_batch(batch)
    for _, trouble in read.unreadable:
        raise trouble
    songs = Songs(audio)
    if read.difficulties:
        from generation.subjects import OsuSubject

        _, difficulty, mapset = read.difficulties[0]
        if request.track:
            raise CannotWrite("--track is for .chart files; an .osu file holds one difficulty")
        song = songs.of_beatmap(path, difficulty.beatmap, mapset.files)
        named = difficulty.beatmap.general.text("AudioFilename")
        if song is None and audio is None and named:
            notices.append(f"written without a song: {named} is not beside the map")
        return OsuSubject(difficulty, mapset, choices), song, request, notices
    return (*_opened_chart(read.charts[0][1], request, songs, choices), notices)


def _opened_chart(
    source: reading.ChartSource, request: Request, songs: Songs, choices: Choices
) -> tuple[Subject, Song | None, Request]:
    from generation.subjects import ChartSubject
    from models.bundled.scenes import scored_family

    ini = None if source.ini is None else SongIni.from_bytes(source.ini)
    chart = Chart.from_bytes(source.chart) if ini is None else Chart.from_bytes(source.chart, ini.modifiers)
    known = [track for track in chart.charted if scored_family(track) is not None]
    if not request.track:
        if len(known) != 1:
            names = ", ".join(track.name for track in known) or "none that the model knows"
            raise CannotWrite(f"say which track with --track; the chart has {names}")
        request = replace(request, track=known[0].name)
    song = songs.of_chart(source.path, chart, source.files)
    return ChartSubject(source.path, chart, request.track, ini, source.files, choices), song, request
