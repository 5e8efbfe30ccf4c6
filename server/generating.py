"""Whole maps of a song: reads the audio, what it says of itself and what is given, and says what hinders. Writes nothing itself
but through `save`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_lines import ChartDifficulty
from formats.opting_out import OPT_OUT, opts_out
from formats.osu import Mode
from formats.timeline import Timeline
from generation.request import CannotWrite
from generation.song_timing import TempoSection
from models.errors import UnreadableAudio
from server.guesting import file_name
from server.interrupting import resting
from server.placing import check_file, check_folder, place_archive, place_folder
from server.printable import plural, printable
from server.reading import CHART_SUFFIX, Unreadable, is_map, read_bytes
from server.song_features import song_features
from server.song_tags import SongTags, song_tags
from server.songs import MOST_SONG_BYTES
from server.timing import doubts
from server.writers import sampler, scorer

if TYPE_CHECKING:
    from generation.blank_maps import About, Spans
    from generation.song_parts import Features
    from generation.song_timing import Given, SongTiming
    from generation.whole_charts import WholeChart
    from generation.whole_maps import Known, WholeMap

MOST_PICTURE_BYTES = 32 << 20
# What the first bytes of a file tell, and the formats that each game plays; others are written as Ogg Vorbis.
_MAGIC = ((b"OggS", "ogg"), (b"ID3", "mp3"), (b"fLaC", "flac"), (b"RIFF", "wav"))
OSU_PLAYS, CHART_PLAYS = ("mp3", "ogg"), ("mp3", "ogg", "opus", "wav")
PICTURES = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}

# ms: what no song is counted in is a slip or a trick of a map, and would take memory without end.
SHORTEST_BEAT, LONGEST_BEAT, FARTHEST_BAR = 30.0, 6_000.0, 86_400_000.0
# From here on other ways to count the song are not worth a word.
SURE = 0.8

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the user says of the song; what is empty is taken from the map `source_map`, else from the audio's tags."""

    title: str = ""
    artist: str = ""
    romanised_title: str = ""
    romanised_artist: str = ""
    source: str = ""
    creator: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """`mode` None = a chart. Timing is that of `points`, else of `bpm` and `offset`, else
    of `source_map`; what is left out is found in the audio."""

    audio: str
    mode: Mode | None
    stars: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    difficulties: tuple[ChartDifficulty, ...] = ()
    keys: int = 4
    density: float = 1.0
    seed: int = 0
    temperature: float = 1.0
    metadata: Metadata = Metadata()
    background: str | None = None
    source_map: str | None = None
    points: tuple[Given, ...] = ()
    bpm: float | None = None
    offset: float | None = None
    weights: str | None = None


@dataclass(frozen=True, slots=True)
class Generated:
    """All files by name; the maps that are among them; `told` says where the timing comes from and how sure it is."""

    files: dict[str, bytes]
    maps: tuple[WholeMap, ...]
    chart: WholeChart | None
    told: str
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or an `.osz`."""

    path: str
    archive: bool
    force: bool

    def check(self) -> None:
        """Raises `Unreadable` where nothing must be written there."""
        (check_file if self.archive else check_folder)(self.path, force=self.force)

    def save(self, files: dict[str, bytes]) -> None:
        """Raises `Unreadable`; the files are then all as they were."""
        (place_archive if self.archive else place_folder)(self.path, files, force=self.force)


def generate(wanted: Wanted, progress: Progress | None = None, cancelled: Cancelled | None = None) -> Generated:
    """Raises `Unreadable`, `MaimodError` or `CannotWrite`, each with one sentence, and `Cancelled`; writes nothing."""
    from generation.blank_maps import COLOURS
    from generation.difficulties import check_stars
    from server.picture_colours import combo_colours

    data = read_bytes(wanted.audio, MOST_SONG_BYTES + 1)
    if len(data) > MOST_SONG_BYTES:
        raise Unreadable(wanted.audio, f"is larger than {MOST_SONG_BYTES >> 20} MB")
    picture, kind = _picture(wanted.background)
    colours = combo_colours(picture, wanted.background or "") if picture is not None else COLOURS
    source = _Source.read(wanted.source_map) if wanted.source_map is not None else None
    for stars in wanted.stars if wanted.mode is not None else ():
        check_stars(stars)
    rest = resting(cancelled)
    try:
        features = song_features(data, pause=rest)
    except UnreadableAudio as trouble:
        raise Unreadable(wanted.audio, f"cannot be heard: {trouble}") from None
    if progress is not None:
        progress(0.02)
    given, told, unsure = _timing(wanted, source, features, lambda _: rest())
    audio, song = _as_played(data, CHART_PLAYS if wanted.mode is None else OSU_PLAYS)
    stem = "song" if wanted.mode is None else "audio"
    about = _about(wanted, source, song_tags(data, wanted.audio), f"{stem}.{song}")
    files = {about.audio: audio}
    told_later = None if progress is None else _behind(progress)
    if wanted.mode is None:
        if picture is not None:
            files[f"album.{kind}"] = files[f"background.{kind}"] = picture
        chart = _chart(wanted, about, given, features, list(files), told_later, cancelled)
        files["notes.chart"], files["song.ini"] = chart.document.to_bytes(), chart.ini.encode()
        return Generated(files, (), chart, told, unsure)
    if picture is not None:
        about = replace(about, background=f"bg.{kind}")
        files[about.background] = picture
    from generation.whole_maps import MapRequest, whole_maps

    request = MapRequest(about, wanted.mode, wanted.stars, wanted.names, wanted.keys, wanted.seed, wanted.temperature, colours)
    maps = whole_maps(request, given, features, sampler(wanted.weights), scorer(wanted.weights), told_later, cancelled)
    for each in maps:
        files[_unlike(files, file_name(Beatmap(each.document), each.name))] = each.document.to_bytes()
    return Generated(files, tuple(maps), None, told, (*unsure, *_unromanised(about)))


def _unromanised(about: About) -> Iterator[str]:
    """What the game cannot show where it wants Latin letters."""
    from generation.blank_maps import romanised

    parts = (("title", about.title, about.romanised_title), ("artist", about.artist, about.romanised_artist))
    for what, shown, plain in parts:
        if not plain and not romanised(shown):
            yield f"the {what} {shown!r} is not romanised; name it with --romanised-{what}"


def _unlike(files: Iterable[str], name: str) -> str:
    """The name, numbered where a file of that name is there already, in whatever case: on Windows these are one."""
    taken = {each.lower() for each in files}
    stem, suffix = os.path.splitext(name)
    names = (name, *(f"{stem} ({number}){suffix}" for number in range(2, len(taken) + 3)))
    return next(each for each in names if each.lower() not in taken)


def _behind(progress: Progress) -> Progress:
    """Of the writing, which comes behind what was read and heard."""
    return lambda share: progress(0.05 + 0.95 * share)


def _chart(
    wanted: Wanted,
    about: About,
    given: Known,
    features: Features,
    files: list[str],
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> WholeChart:
    from generation.whole_charts import ChartRequest, whole_chart

    request = ChartRequest(about, wanted.instruments, wanted.difficulties, wanted.density, wanted.seed, wanted.temperature)
    return whole_chart(request, given, features, sampler(wanted.weights), files, progress, cancelled)


@dataclass(frozen=True, slots=True)
class _Source:
    """What a map says of its song."""

    tempos: tuple[TempoSection, ...]
    kiai: Spans | None
    rests: Spans | None
    preview: float | None
    metadata: Metadata

    @classmethod
    def read(cls, path: str) -> _Source:
        """Raises `Unreadable`."""
        if not is_map(path):
            raise Unreadable(path, "is no .osu or .chart file, so it says nothing of timing")
        data = read_bytes(path)
        chart = path.lower().endswith(CHART_SUFFIX)
        document = (Chart if chart else Beatmap).from_bytes(data).document
        found = cls._of_chart(Chart(document)) if chart else cls._of_beatmap(Beatmap(document))
        if opts_out(document.text) and not opts_out(" ".join(found.metadata.tags)):
            # What is made from such a map is not trained on either.
            found = replace(found, metadata=replace(found.metadata, tags=(*found.metadata.tags, *OPT_OUT.split())))
        if not found.tempos:
            raise Unreadable(path, "has no timing that could be taken over")
        return found

    @classmethod
    def _of_beatmap(cls, beatmap: Beatmap) -> _Source:
        timeline = Timeline(beatmap)
        grid, about = timeline.grid, beatmap.metadata
        tempos = tuple(
            TempoSection(time, grid.beat_length_at(time), min(max(red.meter, 1), 16))
            for time, red in zip(grid.red_times, grid.red, strict=True)
        )
        preview = beatmap.general.number("PreviewTime", -1)
        rests = [(pause.start + grid.offset, pause.end + grid.offset) for pause in beatmap.breaks]
        title, artist = about.text("Title"), about.text("Artist")
        said = Metadata(
            about.text("TitleUnicode") or title, about.text("ArtistUnicode") or artist, title, artist,
            about.text("Source"), about.text("Creator"), tuple(beatmap.tags),
        )  # fmt: skip
        return cls(tempos, grid.kiai_spans, rests, preview if preview >= 0 else None, said)

    @classmethod
    def _of_chart(cls, chart: Chart) -> _Source:
        tempo, meters = chart.tempo_map, {each.tick: each.numerator for each in chart.time_signatures if each.numerator}
        ticks = sorted({*tempo.ticks, *meters})
        meter, found = 4, list[TempoSection]()
        for tick in ticks:
            meter = meters.get(tick, meter)
            found.append(TempoSection(tempo.time_at(tick) + chart.offset, 60_000 / tempo.bpm_at(tick), meter))
        title, artist = (chart.song.text(key).strip('"') for key in ("Name", "Artist"))
        said = Metadata(title, artist, creator=chart.song.text("Charter").strip('"'))
        return cls(tuple(found) if chart.tempos else (), None, None, None, said)


def _insist_on_bars(tempos: Iterable[TempoSection]) -> None:
    """Raises `CannotWrite` where no map can be written in these tempos."""
    for each in tempos:
        if not SHORTEST_BEAT <= each.beat_ms <= LONGEST_BEAT:
            raise CannotWrite(
                f"the timing has a beat of {each.beat_ms:g} ms at {each.start_ms:.0f} ms, in which no map can be written: "
                f"choose one of {SHORTEST_BEAT:g} to {LONGEST_BEAT:g} ms"
            )
        if not abs(each.start_ms) <= FARTHEST_BAR:
            raise CannotWrite(f"the timing has a bar at {each.start_ms:g} ms, which is in no song")


def _timing(
    wanted: Wanted, source: _Source | None, features: Features, heard: Callable[[float], object]
) -> tuple[Known, str, tuple[str, ...]]:
    """The tempos, where they come from in a sentence, and what is unsure of them. Raises `CannotWrite`."""
    from generation.song_timing import HEARD_LATE, HEARD_LATE_IN_CHARTS, Given, timing_of
    from generation.whole_maps import Known

    points: list[Given] = list(wanted.points)
    if not points and (wanted.bpm is not None or wanted.offset is not None):
        whole = wanted.bpm is not None and wanted.offset is not None
        points = [Given(wanted.offset, 60_000 / wanted.bpm if wanted.bpm else None, 4 if whole else None)]
    given = [
        TempoSection(each.start_ms, each.beat_ms, each.meter)
        for each in points
        if each.start_ms is not None and each.beat_ms is not None and each.meter is not None
    ]
    _insist_on_bars(given)
    if given and len(given) == len(points):
        return Known(given), f"timing as given: {_tempo_told(given)}", ()
    if source is not None and not points:
        _insist_on_bars(source.tempos)
        known = Known(source.tempos, source.kiai, source.rests, source.preview, fixed=True)
        return known, f"timing of {os.path.basename(wanted.source_map or '')}: {_tempo_told(source.tempos)}", ()
    found = timing_of(features, points, HEARD_LATE_IN_CHARTS if wanted.mode is None else HEARD_LATE, heard)
    _insist_on_bars(found.sections)
    return Known(found.sections), _found_told(found, points), tuple(doubts(found))


def _found_told(found: SongTiming, given: Sequence[Given]) -> str:
    """What was found in the audio and how surely, beside what was given."""
    known = {
        "BPM": [each.beat_ms is not None for each in given],
        "offset": [each.start_ms is not None for each in given],
        "meter": [each.meter is not None for each in given],
    }
    whole, sure = _tempo_told(found.sections), ""
    if not given or not all(known["BPM"]):
        others = ", ".join(f"{bpm:.4g}" for bpm, _ in found.others[:2])
        doubt = f" (else {others} BPM)" if others and found.confidence < SURE else ""
        sure += f", {found.confidence:.0%} sure of the tempo{doubt}"
    if not given or not all(known["offset"]):
        sure += f", {min(each.bar_confidence for each in found.sections):.0%} sure of the bars"
    kept = " and ".join(name for name in known if any(known[name]))
    if not kept:
        return f"timing found in the audio: {whole}{sure}"
    return f"timing: {whole}; {kept} as given, the rest found in the audio{sure}"


def _tempo_told(tempos: Sequence[TempoSection]) -> str:
    first = tempos[0]
    more = f", {plural(len(tempos) - 1, 'change')}" if len(tempos) > 1 else ""
    return f"{first.bpm:.6g} BPM from {first.start_ms:.0f} ms{more}"


def _about(wanted: Wanted, source: _Source | None, tags: SongTags, audio: str) -> About:
    from generation.blank_maps import CREATOR, About

    mine, theirs = _readable(wanted.metadata), _readable(source.metadata if source is not None else Metadata())
    # A title that is given goes without the map's romanised one.
    title = mine.title or theirs.title or tags.title or "Untitled"
    artist = mine.artist or theirs.artist or tags.artist or "Unknown Artist"
    return About(
        printable(title), printable(artist), audio, mine.creator or theirs.creator or CREATOR, mine.source or theirs.source,
        tuple(dict.fromkeys((*mine.tags, *theirs.tags))),
        mine.romanised_title or ("" if mine.title else theirs.romanised_title),
        mine.romanised_artist or ("" if mine.artist else theirs.romanised_artist),
        tags.album, tags.genre, tags.year,
    )  # fmt: skip


def _readable(said: Metadata) -> Metadata:
    """Without the bytes of old maps that are no UTF-8, which a new one must not have."""
    return Metadata(
        printable(said.title), printable(said.artist), printable(said.romanised_title), printable(said.romanised_artist),
        printable(said.source), printable(said.creator), tuple(map(printable, said.tags)),
    )  # fmt: skip


def _as_played(data: bytes, formats: Sequence[str]) -> tuple[bytes, str]:
    """The song's bytes and its suffix, in one of the formats."""
    kind = next((suffix for magic, suffix in _MAGIC if data.startswith(magic)), "")
    if kind == "ogg" and b"OpusHead" in data[:512]:
        kind = "opus"
    if not kind and len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        kind = "mp3"
    if kind in formats:
        return data, kind
    from models.bundled.vorbis import as_vorbis

    return as_vorbis(data), "ogg"


def _picture(path: str | None) -> tuple[bytes | None, str]:
    """The background and its suffix."""
    if path is None:
        return None, ""
    data = read_bytes(path, MOST_PICTURE_BYTES + 1)
    kind = next((suffix for magic, suffix in PICTURES.items() if data.startswith(magic)), "")
    if not kind:
        raise Unreadable(path, "is neither a JPEG nor a PNG picture, which the games show as backgrounds")
    if len(data) > MOST_PICTURE_BYTES:
        raise Unreadable(path, f"is larger than {MOST_PICTURE_BYTES >> 20} MB")
    return data, kind
