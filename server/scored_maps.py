"""One map as the model has read it: its difficulty or tracks with their surprisal, and what of the song a picture of it shows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from formats.chart import Chart
from formats.chart_lines import EventKind, TrackKind
from formats.chart_tracks import DrumType, Stretch, Track
from formats.mapset import Difficulty
from formats.osu import Mode
from formats.song_ini import SongIni
from formats.timeline import Note, Timeline
from models.bundled.fields import FAMILY_OF, Family
from models.bundled.scenes import ordered_notes, scored_family
from server.reading import ChartSource
from server.report import MODE_NAMES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.surprisal import Surprisal
    from server.scoring import Scoring

    Features = NDArray[np.uint8]

Times = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What a mapper finds their way by. Times in ms: kiai or star power, breaks or solos as spans, bookmarks, named sections."""

    bright: Times = ()
    bright_name: str = "kiai"
    quiet: Times = ()
    quiet_name: str = "break"
    bookmarks: tuple[float, ...] = ()
    sections: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What is scored as one: a difficulty, or one track of a chart (`track` is then the name of its section).

    `lines` (1-based) and `selections` (as time stamps name the notes) belong to the notes of `surprisal`.
    """

    name: str
    track: str | None
    family: Family
    five_lane: bool
    lines: list[int]
    selections: list[str]
    surprisal: Surprisal
    landmarks: Landmarks


@dataclass(frozen=True, slots=True, eq=False)
class ScoredMap:
    """One file. `unscored` names the tracks that the model does not know; `mode` and `difficulty` are None for a chart."""

    path: str
    format: str
    mode: str | None
    artist: str
    title: str
    difficulty: str | None
    parts: tuple[Part, ...]
    unscored: tuple[str, ...] = ()

    @property
    def notice(self) -> str | None:
        """What is to be told once of a file that is not covered as a whole."""
        if not self.unscored:
            return None
        return f"{self.path}: the surprisal model knows five-fret and drum tracks; it has not scored {', '.join(self.unscored)}"


def scored_difficulty(difficulty: Difficulty, scorer: Scoring, song: Features | None = None) -> ScoredMap:
    """One `.osu`."""
    beatmap, timeline = difficulty.beatmap, difficulty.timeline
    notes = ordered_notes(timeline)
    number_of = beatmap.document.number_of
    part = Part(
        difficulty.name,
        None,
        FAMILY_OF[beatmap.mode],
        five_lane=False,
        lines=[number_of(note.line) + 1 for note in notes],
        selections=list(_selections(timeline, notes)),
        surprisal=scorer.timeline(timeline, song),
        landmarks=_of_timeline(timeline),
    )
    artist, title = beatmap.metadata.text("Artist"), beatmap.metadata.text("Title")
    return ScoredMap(difficulty.path, "osu", MODE_NAMES[beatmap.mode], artist, title, difficulty.name, (part,))


def _selections(timeline: Timeline, notes: list[Note]) -> Iterator[str]:
    """What stands in the brackets of a time stamp: combo numbers, or `time|column` in mania."""
    if timeline.beatmap.mode is Mode.MANIA:
        return (f"{int(note.time)}|{note.lane}" for note in notes)
    return map(str, timeline.combo_number)


def _of_timeline(timeline: Timeline) -> Landmarks:
    beatmap, grid = timeline.beatmap, timeline.grid
    breaks = tuple((pause.start + grid.offset, pause.end + grid.offset) for pause in beatmap.breaks if pause.end > pause.start)
    return Landmarks(tuple(grid.kiai_spans), quiet=breaks, bookmarks=tuple(sorted(beatmap.bookmarks)))


def chart_of(source: ChartSource) -> Chart:
    """The chart under its song.ini."""
    ini = _ini_of(source)
    return Chart.from_bytes(source.chart) if ini is None else Chart.from_bytes(source.chart, ini.modifiers)


def _ini_of(source: ChartSource) -> SongIni | None:
    return None if source.ini is None else SongIni.from_bytes(source.ini)


def scored_chart(source: ChartSource, chart: Chart, scorer: Scoring, song: Features | None = None) -> ScoredMap:
    """One `.chart`: all its tracks that have notes."""
    ini = _ini_of(source)
    tracks = [(track, scorer.track(chart, track, song) if scored_family(track) is not None else None) for track in chart.charted]
    parts = tuple(_part(chart, track, found) for track, found in tracks if found is not None)
    unscored = tuple(track.label for track, found in tracks if found is None)
    artist, title = _song_text(chart, ini, "Artist", "artist"), _song_text(chart, ini, "Name", "name")
    return ScoredMap(source.path, "chart", None, artist, title, None, parts, unscored)


def _song_text(chart: Chart, ini: SongIni | None, key: str, ini_key: str) -> str:
    return (ini.text(ini_key) if ini else "") or chart.song.text(key).strip('"')


def _part(chart: Chart, track: Track, surprisal: Surprisal) -> Part:
    number_of = chart.document.number_of
    drums = track.kind is TrackKind.DRUMS
    return Part(
        track.label,
        track.name,
        scored_family(track) or Family.FRETS,
        five_lane=drums and track.drum_type is DrumType.FIVE_LANE,
        lines=[number_of(note.line) + 1 for note in surprisal.notes],
        selections=[""] * len(surprisal),
        surprisal=surprisal,
        landmarks=_of_track(chart, track),
    )


def _of_track(chart: Chart, track: Track) -> Landmarks:
    sections = tuple((chart.time_at(event.tick), event.name) for event in chart.events_of(EventKind.SECTION))
    return Landmarks(_times(track, track.star_power), "star power", _times(track, track.solos), "solo", sections=sections)


def _times(track: Track, stretches: list[Stretch]) -> Times:
    return tuple((track.time_at(stretch.tick), track.time_at(stretch.end_tick)) for stretch in stretches)


def within(part: Part, start: float = -inf, end: float = inf) -> list[int]:
    """The numbers of the notes that begin from `start` to `end` ms."""
    return [at for at, note in enumerate(part.surprisal.notes) if start <= note.time <= end]


def display_name(scored: ScoredMap, part: Part) -> str:
    """`Artist - Title [Difficulty]`, of a chart `Artist - Title [Expert Guitar]`; the file's name where there is no title."""
    song = " - ".join(text for text in (scored.artist, scored.title) if text) or os.path.basename(scored.path)
    return f"{song} [{part.name}]" if part.name else song
