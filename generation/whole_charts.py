"""Whole charts: guitar and drums of a song that nobody has charted yet, from Expert down to Easy."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analyzers.analysis import Choices, analyse_chart
from analyzers.consensus import WRITTEN_TAG
from analyzers.finding import Finding, Severity
from formats.chart import Chart
from formats.chart_lines import TRACKS, ChartDifficulty
from formats.chart_tracks import Track
from formats.document import Document
from formats.mapset import FileFact
from formats.song_ini import SongIni
from generation.blank_maps import About, Frame, blank_chart, song_ini
from generation.chart_notes import nearest_tick, track_edits
from generation.difficulties import (
    EVERYTHING,
    REPAIRS,
    course_of,
    density_told,
    forbidden,
    free_ticks,
    free_wishes,
    known_habits,
)
from generation.line_edits import Replacement, line_edits
from generation.request import CannotWrite
from generation.song_parts import Features, SongParts
from generation.sustains import sustained
from generation.whole_maps import Known, frame_of, heard, section_names
from models.bundled.fields import MODIFIERS, SNAPS
from models.bundled.habits import Habits
from models.bundled.pens import Page
from models.bundled.sampling import Cancelled, Listener, Progress, Sampler
from models.bundled.scenes import Floats, Scene, scene_of_track
from models.bundled.ticks import ticks_between

GUITAR, DRUMS = "Single", "Drums"
INSTRUMENTS = {"guitar": GUITAR, "drums": DRUMS}
CYMBAL = MODIFIERS.index("cymbal")
# ms before the first note, so that it is seen coming.
LEAD_IN = 2_000.0
# Star power: a phrase of so many bars each so many bars, of at least so many notes; the last bar before one is a fill of drums.
PHRASE_BARS, PHRASE_EVERY, PHRASE_NOTES = 2, 12, 4
# Clear sounds a second of a usual song, and how much slower or quicker than usual an Expert track of another one may be: its
# pace goes with them (in 27 charts r = 0.70, of drums in 13 r = 0.75). How far the easier ones follow, as a power of that.
USUAL_STROKES, PACES, EASIER_FOLLOW = 4.0, (0.5, 1.8), 0.5
# The level in song.ini is 0 to 6: so many moments with notes a second for each of Expert.
PER_LEVEL = 1.3


@dataclass(frozen=True, slots=True)
class TrackLevel:
    """What a track of a difficulty usually has: moments with notes a second, the finest snap, notes of a chord at most, frets
    from green on, how far apart the notes of a chord may be, and how many notes a moment has on average; the share of its notes
    that each lane has, and of its moments that are held."""

    pace: float
    divisor: int
    together: int
    lanes: int
    reach: int
    company: float
    struck: tuple[float, ...]
    held: float = 0.0


_E, _M, _H, _X = ChartDifficulty
LEVELS: Mapping[str, Mapping[ChartDifficulty, TrackLevel]] = {
    GUITAR: {
        _E: TrackLevel(1.6, 2, 1, 3, 0, 1.0, (0.27, 0.37, 0.36), 0.26),
        _M: TrackLevel(2.4, 2, 2, 4, 2, 1.05, (0.18, 0.28, 0.32, 0.22), 0.18),
        _H: TrackLevel(3.4, 4, 2, 5, 3, 1.18, (0.15, 0.25, 0.26, 0.22, 0.12), 0.16),
        _X: TrackLevel(4.8, 4, 3, 5, 3, 1.25, (0.18, 0.25, 0.25, 0.21, 0.11), 0.16),
    },
    DRUMS: {
        _E: TrackLevel(2.2, 2, 2, 5, 4, 1.2, (0.02, 0.35, 0.23, 0.31, 0.09)),
        _M: TrackLevel(3.2, 2, 2, 5, 4, 1.3, (0.08, 0.24, 0.25, 0.37, 0.06)),
        _H: TrackLevel(4.5, 4, 2, 5, 4, 1.3, (0.13, 0.24, 0.28, 0.26, 0.09)),
        _X: TrackLevel(6.0, 4, 3, 5, 4, 1.25, (0.26, 0.20, 0.29, 0.15, 0.10)),
    },
}


@dataclass(frozen=True, slots=True)
class ChartRequest:
    """`instruments` of INSTRUMENTS; Expert is written for the others' sake too. `density`: times as dense as usual."""

    about: About
    instruments: tuple[str, ...] = ("guitar", "drums")
    difficulties: tuple[ChartDifficulty, ...] = tuple(ChartDifficulty)
    density: float = 1.0
    seed: int = 0
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class WholeChart:
    """The chart and its song.ini; (track, its notes) in the order of the file; what the rules say of it."""

    document: Document
    ini: str
    tracks: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(each.severity is Severity.ERROR and each.time_ms is not None for each in self.findings)


def whole_chart(
    request: ChartRequest,
    given: Known,
    features: Features,
    sampler: Sampler,
    files: Sequence[str] = (),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> WholeChart:
    """`files` are those that will stand beside it. Raises `CannotWrite` with the reason, and `Cancelled`."""
    listener, parts = heard(features, given)
    charter = _Charter(request, frame_of(parts, given), parts, given, listener, sampler)
    charter.write(progress, cancelled)
    return charter.finished(files)


class _Charter:
    """Writes one track after another."""

    def __init__(
        self, request: ChartRequest, frame: Frame, parts: SongParts, given: Known, listener: Listener, sampler: Sampler
    ) -> None:
        self.request, self.frame, self.parts, self.given = request, frame, parts, given
        self.listener, self.sampler = listener, sampler
        difficulties = [each for each in ChartDifficulty if each in request.difficulties][::-1]
        self.names = [f"{each.value}{INSTRUMENTS[one]}" for one in request.instruments for each in difficulties]
        self.levels: dict[str, int] = {}
        self.ini = SongIni.from_text(song_ini(request.about, frame, [(f"diff_{one}", 3) for one in request.instruments]))
        self.chart = self._chart(blank_chart(request.about, frame, self.names, ()))
        events = [(nearest_tick(self.chart.tempo_map, time), f"section {name}") for time, name in section_names(parts)]
        events.append((nearest_tick(self.chart.tempo_map, parts.end), "end"))
        self.chart = self._chart(blank_chart(request.about, frame, self.names, events))

    def _chart(self, text: str) -> Chart:
        return Chart.from_text(text, self.ini.modifiers)

    def write(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        done = 0
        experts: dict[str, Floats] = {}
        instruments = list(dict.fromkeys(TRACKS[name][0].suffix for name in self.names))
        for suffix in instruments:
            wanted = [name for name in self.names if TRACKS[name][0].suffix == suffix]
            for name in wanted:
                told = None if progress is None else _part(progress, done, len(self.names))
                times = self._track(name, experts.get(suffix), told, cancelled)
                # The hardest that is written gives its rhythm to the easier ones.
                experts.setdefault(suffix, times)
                done += 1
            key = TRACKS[wanted[0]][0].difficulty_key
            lasting = max(self.parts.end - self.parts.start, 1.0) / 1000
            self.levels[key] = min(max(round(len(experts[suffix]) / lasting / PER_LEVEL), 0), 6)
        if progress is not None:
            progress(1.0)

    def _track(
        self, name: str, moments: Floats | None, progress: Progress | None, cancelled: Callable[[], bool] | None
    ) -> Floats:
        """Writes the track; the times of its moments."""
        track = self._empty(name)
        scene = scene_of_track(self.chart, track)
        page = self._page(scene, track, moments)
        request = self.request
        seed = request.seed * 31 + list(ChartDifficulty).index(track.difficulty)
        wishes = free_wishes(seed, request.temperature)
        condition = scene.condition.copy()
        condition[0] = density_told(page.pace or 1.0)
        (written,) = self.sampler.written(page, wishes, self.listener, progress, cancelled, condition)
        rows = written.notes
        if not len(rows):
            raise CannotWrite(f"no notes came out for {track.label}: try another seed")
        rows = sustained(rows, self.chart, LEVELS[track.instrument.suffix][track.difficulty].held, self.parts.end)
        rows = self._legal(name, rows, cancelled)
        self.chart = self._with_phrases(self._with(name, rows), name)
        return np.unique(rows.time)

    def _empty(self, name: str) -> Track:
        return next(track for track in self.chart.tracks if track.name == name)

    def _with(self, name: str, rows: Scene) -> Chart:
        track = self._empty(name)
        edits = track_edits(self.chart, track, [], rows, [None] * len(rows), EVERYTHING, WRITTEN_TAG)
        return Chart(self.chart.document.edit(edits), self.ini.modifiers, self.chart)

    def _page(self, scene: Scene, track: Track, moments: Floats | None) -> Page:
        parts, suffix = self.parts, track.instrument.suffix
        level = LEVELS[suffix][track.difficulty]
        beat = float(np.median(scene.beats.lengths))
        habits = _habits(scene, level, suffix, beat)
        start = max(parts.start - beat / 8, LEAD_IN)
        divisors = tuple(divisor for divisor in SNAPS if divisor in habits.divisors)
        ticks = ticks_between(scene.beats, start - 1e-6, parts.end - beat, divisors, self.chart.resolution)
        pauses = parts.rests if self.given.rests is None else self.given.rests
        free = free_ticks(ticks, pauses, moments)
        if not free.any():
            raise CannotWrite("there is no tick that a note could stand on")
        lively = float(np.clip(parts.strokes / USUAL_STROKES, *PACES))
        follows = 1.0 if track.difficulty is ChartDifficulty.EXPERT else EASIER_FOLLOW
        pace = level.pace * lively**follows * self.request.density
        course = course_of(ticks, pace, pauses, parts.busy)
        nothing = np.zeros(0, bool)
        shares = {"lane": np.array(level.struck)}
        return Page(
            scene, 0, 0, start, parts.end, nothing, ticks, free, None, habits, pace=pace, course=course, company=level.company,
            shares=shares,
        )  # fmt: skip

    def _legal(self, name: str, rows: Scene, cancelled: Callable[[], bool] | None) -> Scene:
        """Without the notes that the rules forbid."""
        for _ in range(REPAIRS):
            if cancelled is not None and cancelled():
                raise Cancelled
            after = self._with(name, rows)
            faulty = forbidden(rows, analyse_chart("notes.chart", after, None, None, Choices()))
            if not faulty.any() or faulty.all():
                break
            rows = rows.taken(np.flatnonzero(~faulty))
        return rows

    def _with_phrases(self, chart: Chart, name: str) -> Chart:
        """The chart with star power in the track, on drums with fills before it."""
        track = next(each for each in chart.tracks if each.name == name)
        added: list[tuple[int, str]] = []
        bars = [nearest_tick(chart.tempo_map, time) for time in self.parts.bars.tolist()]
        for at in range(PHRASE_EVERY // 2, len(bars) - PHRASE_BARS - 1, PHRASE_EVERY):
            first, stop = bars[at], bars[at + PHRASE_BARS]
            if bisect_left(track.ticks, stop) - bisect_left(track.ticks, first) < PHRASE_NOTES:
                continue
            added.append((first, f"  {first} = S 2 {stop - first}"))
            if track.instrument.suffix == DRUMS and at + PHRASE_EVERY // 2 < len(bars) - 1:
                fill, until = bars[at + PHRASE_EVERY // 2 - 1], bars[at + PHRASE_EVERY // 2]
                if bisect_left(track.ticks, fill) < bisect_left(track.ticks, until):
                    added.append((fill, f"  {fill} = S 64 {until - fill}"))
        records = track.section.timed
        starts = [record.tick for record in records]
        changes = [
            Replacement(records[place].line, text, added=True)
            for tick, text in added
            if (place := bisect_left(starts, tick)) < len(records)
        ]
        return Chart(chart.document.edit(line_edits(chart.document, changes)), self.ini.modifiers, chart)

    def finished(self, files: Sequence[str]) -> WholeChart:
        ini = song_ini(self.request.about, self.frame, list(self.levels.items()))
        facts = {name: FileFact(name, 1) for name in (*files, "notes.chart", "song.ini")} if files else None
        found = analyse_chart("notes.chart", self.chart, SongIni.from_text(ini), facts, Choices())
        tracks = tuple((track.name, len(track.notes)) for track in self.chart.charted)
        return WholeChart(self.chart.document, ini, tracks, tuple(found))


def _habits(scene: Scene, level: TrackLevel, suffix: str, beat: float) -> Habits:
    """What is usual at the level, where nothing of the map is known."""
    if suffix == DRUMS:
        lanes = range(5)
        marks = {(lane, 0) for lane in lanes} | {(lane, CYMBAL) for lane in (2, 3, 4)}
        # Two hands and a foot.
        shapes = {shape for shape in range(1, 1 << 5) if (shape >> 1).bit_count() <= 2}
    else:
        lanes = range(level.lanes)
        marks = {(lane, 0) for lane in lanes}
        shapes = {shape for shape in range(1, 1 << level.lanes) if _spread(shape) <= level.reach}
    divisors = tuple(sorted({1, 2, *((4,) if level.divisor >= 4 else ()), *((3, 6) if level.divisor >= 4 else ())}))
    return replace(
        known_habits(scene),
        divisors=divisors,
        chords=frozenset(shape for shape in shapes if shape.bit_count() <= level.together),
        marks=frozenset(marks),
        most_together=level.together,
        gap=max(60.0, 0.9 * beat / level.divisor),
        step=max(60.0, 0.9 * beat / level.divisor),
        lane_gap=max(60.0, 0.9 * beat / level.divisor),
        extended=False,
        even=True,
    )


def _spread(shape: int) -> int:
    """Lanes from the lowest to the highest of a chord."""
    return shape.bit_length() - (shape & -shape).bit_length()


def _part(progress: Progress, done: int, count: int) -> Progress:
    return lambda share: progress((done + share) / count)


__all__ = ["ChartRequest", "WholeChart", "whole_chart"]
