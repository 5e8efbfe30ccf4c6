"""What an overlay shows of a map besides its findings: names, tempo, kiai, breaks, where the song begins and ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

from analyzers.wording import lanes_by_name
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_lines import EventKind, TrackKind
from formats.chart_tracks import DrumType, Stretch, Track
from formats.osu import Mode
from formats.timeline import Timeline
from generation.masks import kinds_of
from models.bundled.fields import FAMILY_OF, Family
from server.daemon.protocol import Json
from server.daemon.subjects import Subject
from server.printable import printable
from server.printers.as_json import number

if TYPE_CHECKING:
    from server.scored_maps import ScoredMap
    from server.scoring import Scoring
    from server.songs import Songs

MS_PER_MINUTE = 60_000
# A song has few of these; a hostile file could have a million.
MOST_STRETCHES, MOST_MARKS = 500, 2_000
LONGEST_NAME = 200
# Tracks of which the model knows the notes (`models.bundled.scenes.scored_family`).
WRITABLE = {TrackKind.FIVE_FRET: Family.FRETS, TrackKind.DRUMS: Family.DRUMS}


def text_of(beatmap: Beatmap, *keys: str) -> str:
    """The first of these entries of [Metadata] that is not empty."""
    return shortened(next((text for key in keys if (text := beatmap.metadata.text(key))), ""))


def shortened(text: str) -> str:
    """Fit to be sent and shown."""
    text = printable(text)
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def chart_names(subject: Subject) -> tuple[str, str, str]:
    """Title, artist and charter: what song.ini says, as the game does, else the chart's [Song]."""
    chart, ini = subject.chart, subject.ini
    pairs = (("Name", "name"), ("Artist", "artist"), ("Charter", "charter"))
    found = [(ini.text(key) if ini else "") or (chart.song.text(own).strip('"') if chart else "") for own, key in pairs]
    title, artist, charter = map(shortened, found)
    return title, artist, charter


def song_of(subject: Subject) -> Json:
    if subject.difficulty is not None:
        return _of_timeline(subject.difficulty.timeline)
    return _of_chart(subject.chart) if subject.chart is not None else nothing()


def nothing() -> Json:
    """The song of a map that was not read."""
    return _song(0.0, 0.0, (), (), (), (), None, 0, ("kiai", "break"))


def _of_timeline(timeline: Timeline) -> Json:
    grid, beatmap = timeline.grid, timeline.beatmap
    breaks = ((pause.start + grid.offset, pause.end + grid.offset) for pause in beatmap.breaks)
    starts = [time for time in grid.red_times if isfinite(time)]
    bpm = _bpm([MS_PER_MINUTE / grid.beat_length_at(time) for time in starts], starts, timeline.end)
    count = len(timeline.notes)
    song = _song(timeline.start, timeline.end, breaks, grid.kiai_spans, beatmap.bookmarks, (), bpm, count, ("kiai", "break"))
    columns = range(beatmap.key_count) if beatmap.mode is Mode.MANIA else ()
    lanes = [{"lane": column, "name": str(column + 1)} for column in columns]
    return {**song, "kinds": list(kinds_of(FAMILY_OF[beatmap.mode])), "lanes": lanes}


def _of_chart(chart: Chart) -> Json:
    tracks = chart.charted
    starts = [track.groups[0].time for track in tracks if track.groups]
    ends = [group.end for track in tracks for group in track.groups[-1:]]
    tempo = chart.tempo_map
    sections = ((chart.time_at(event.tick), event.name) for event in chart.events_of(EventKind.SECTION))
    bright = _merged(stretch for track in tracks for stretch in _times(track, track.star_power))
    quiet = _merged(stretch for track in tracks for stretch in _times(track, track.solos))
    end = max(ends, default=0.0)
    bpm = _bpm([tempo.bpm_at(tick) for tick in tempo.ticks], tempo.times, end) if tracks else None
    count = sum(len(track.notes) for track in tracks)
    written = [
        {"name": track.name, "label": track.label, "lanes": _lanes(track, family)}
        for track in tracks
        if (family := WRITABLE.get(track.kind)) is not None
    ]
    return _song(min(starts, default=0.0), end, quiet, bright, (), sections, bpm, count, ("star power", "solo"), written)


def _lanes(track: Track, family: Family) -> list[Json]:
    named = lanes_by_name(family, five_lane=track.drum_type is DrumType.FIVE_LANE)
    return [{"lane": lane, "name": name} for name, lane in named.items()]


def _times(track: Track, stretches: list[Stretch]) -> list[tuple[float, float]]:
    return [(track.time_at(stretch.tick), track.time_at(stretch.end_tick)) for stretch in stretches]


def _merged(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The spans of all tracks as one row: those that share time as one."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _bpm(tempos: list[float], starts: list[float], end: float) -> Json | None:
    """The slowest, the fastest, and the one that lasts the longest."""
    if not tempos:
        return None
    lasting: dict[float, float] = {}
    for tempo, (start, until) in zip(tempos, pairwise([*starts, max(end, starts[-1])]), strict=True):
        rounded = round(tempo, 2)
        lasting[rounded] = lasting.get(rounded, 0.0) + max(until - start, 0.0)
    main = max(lasting, key=lambda tempo: lasting[tempo])
    return {"lowest": min(lasting), "highest": max(lasting), "main": main}


def _song(
    start: float,
    end: float,
    breaks: Iterable[tuple[float, float]],
    kiai: Iterable[tuple[float, float]],
    bookmarks: Iterable[float],
    sections: Iterable[tuple[float, str]],
    bpm: Json | None,
    objects: int,
    names: tuple[str, str],
    tracks: Sequence[Json] = (),
) -> Json:
    last = end if isfinite(end) else 0.0
    marks = [number(time) for time in bookmarks if isfinite(time)][:MOST_MARKS]
    named = [{"time_ms": number(time), "name": shortened(name)} for time, name in sections if isfinite(time)][:MOST_MARKS]
    return {
        "start_ms": number(start) or 0,
        "end_ms": number(last) or 0,
        "breaks": _spans(breaks, last),
        "kiai": _spans(kiai, last),
        "bookmarks": marks,
        "sections": named,
        "bpm": bpm,
        "objects": objects,
        "bright": names[0],
        "quiet": names[1],
        "tracks": list(tracks),
        "kinds": [],
        "lanes": [],
    }


def _spans(spans: Iterable[tuple[float, float]], last: float) -> list[list[float]]:
    """Spans as JSON has them; one without an end lasts to the end of the song."""
    held = ((start, end if isfinite(end) else max(last, start)) for start, end in spans)
    told = ([number(start), number(end)] for start, end in held if isfinite(start) and end > start)
    return [[start, end] for start, end in told if start is not None and end is not None][:MOST_STRETCHES]


def scored(subject: Subject, scorer: Scoring, songs: Songs) -> ScoredMap:
    """The map as the model has read it, with its song where that can be heard. Raises `MaimodError`."""
    from server.reading import ChartSource
    from server.scored_maps import scored_chart, scored_difficulty

    if subject.difficulty is not None:
        song = songs.of_beatmap(subject.path, subject.difficulty.beatmap, subject.mapset.files)
        return scored_difficulty(subject.difficulty, scorer, song.features if song else None)
    chart = subject.chart or Chart.from_text("")
    song = songs.of_chart(subject.path, chart, subject.files)
    ini = subject.ini.document.to_bytes() if subject.ini is not None else None
    source = ChartSource(subject.path, b"", ini, subject.files)
    return scored_chart(source, chart, scorer, song.features if song else None)
