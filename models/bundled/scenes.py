"""What is played in a difficulty or a chart track as arrays: the raw numbers from which the network's rows follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_lines import ChartDifficulty, TrackKind
from formats.chart_tracks import Attack, ChartNote, NoteFlag, NoteGroup, Track
from formats.osu import HitObject, Mode
from formats.taiko import is_finisher, is_kat
from formats.timeline import Note, NoteKind, Timeline
from formats.timing import SAMPLE_LENIENCY, TimingGrid
from models.bundled.fields import ANCHORS, FAMILY_OF, KINDS, REPEATS, SETS, VOLUMES, Family, nearest

Floats = NDArray[np.float64]
Categories = NDArray[np.int16]
Order = NDArray[np.intp]
# Called now and then while much is read; what it raises ends that.
Pause = Callable[[], object]

NONE = -1
CIRCLE, SLIDER, SPINNER, NOTE, HOLD, DON, KAT, BIG_DON, BIG_KAT, ROLL, BIG_ROLL, DENDEN = range(len(KINDS))
# The columns of `Scene.columns`; each is the category of the field of the same name.
RAW = (
    *("kind", "lane", "new_combo", "repeats", "curve", "anchors", "hitsound", "tail_hitsound", "sample_set", "addition_set"),
    *("modifier", "volume", "kiai"),
)
KIND_AT, LANE_AT, COMBO_AT, REPEATS_AT, CURVE_AT, ANCHORS_AT, SOUND_AT, TAIL_AT, SET_AT, ADDITION_AT = range(10)
MODIFIER_AT, VOLUME_AT, KIAI_AT = range(10, 13)
# What is said of the whole difficulty: density, CS, AR, OD, keys, slider multiplier, chart difficulty, share of hit sounds.
CONDITIONS = 8
# Density is told in steps of this many octaves, so that one edit seldom changes what is said of the whole map.
DENSITY_STEP = 0.5
SHORTEST_BEAT, LONGEST_BEAT, LONGEST_TIME = 6.0, 60_000.0, 1e9
# Notes that are read before whoever waits is asked again.
AT_ONCE = 500
_CURVES = {"L": 0, "P": 1, "B": 2, "C": 4}
_CHART_LEVELS = {level: (number + 1) / 4 for number, level in enumerate(ChartDifficulty)}


@dataclass(frozen=True, slots=True)
class Beats:
    """Tempo in stretches: from `starts[i]` ms on a beat lasts `lengths[i]` ms, and `starts[i]` itself is beat `counts[i]`.

    Bars of `meters[i]` beats are counted from beat `origins[i]`. All arrays (stretches,).
    """

    starts: Floats
    lengths: Floats
    counts: Floats
    origins: Floats
    meters: Floats

    def at(self, times: Floats) -> tuple[Floats, Order]:
        """The beat on which each time falls and the number of its stretch, both (N,)."""
        stretch = np.maximum(np.searchsorted(self.starts, times + 1e-6, side="right") - 1, 0)
        return self.counts[stretch] + (times - self.starts[stretch]) / self.lengths[stretch], stretch


@dataclass(frozen=True, slots=True)
class Scene:
    """One row a note in time order, chords by lane.

    `time`, `end` in ms; `x`, `y` the head and `tail_x`, `tail_y` the end of one span in osu!pixels; `speed` the slider
    velocity as a multiple of the map's own; `columns` (N, len(RAW)), `NONE` where a value does not apply; `condition`
    (CONDITIONS,) float32, roughly 0 to 1.
    """

    family: Family
    keys: int
    time: Floats
    end: Floats
    x: Floats
    y: Floats
    tail_x: Floats
    tail_y: Floats
    speed: Floats
    columns: Categories
    beats: Beats
    condition: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.time)

    @property
    def beat_lengths(self) -> Floats:
        """(N,) ms that a beat lasts at each note."""
        _, stretch = self.beats.at(self.time)
        return self.beats.lengths[stretch]

    def taken(self, order: Order | slice) -> Scene:
        """Some of the rows, or all in another order."""
        rows = {name: getattr(self, name)[order] for name in ROWS}
        return replace(self, **rows)


def joined(scenes: Sequence[Scene]) -> Scene:
    """The rows of several parts of one map after each other."""
    rows: dict[str, Any] = {name: np.concatenate([getattr(scene, name) for scene in scenes]) for name in ROWS}
    return replace(scenes[0], **rows)


ROWS = ("time", "end", "x", "y", "tail_x", "tail_y", "speed", "columns")


def ordered_notes(timeline: Timeline) -> list[Note]:
    """The notes in the order of the rows of `scene_of_timeline`."""
    if timeline.beatmap.mode is Mode.MANIA:
        return sorted(timeline.notes, key=lambda note: (note.time, note.lane))
    return timeline.notes


def scene_of_timeline(timeline: Timeline, pause: Pause | None = None) -> Scene:
    """One `.osu` difficulty. `pause` is called every AT_ONCE notes."""
    beatmap, grid = timeline.beatmap, timeline.grid
    family = FAMILY_OF[beatmap.mode]
    notes = ordered_notes(timeline)
    time = _bounded([note.time for note in notes])
    placed = family in (Family.OSU, Family.CATCH)
    tails: list[tuple[float, float]] = []
    columns = np.full((len(notes), len(RAW)), NONE, np.int16)
    for number, (row, note) in enumerate(zip(columns, notes, strict=True)):
        if pause is not None and number % AT_ONCE == 0:
            pause()
        tails.append(note.path.end if placed and note.is_slider else (note.x, note.y))
        _fill_in(row, note, family)
    tail = np.nan_to_num(np.array(tails, float).reshape(-1, 2), posinf=0, neginf=0).clip(-2_000, 2_000)
    speed = _fill_in_lines(columns, time, grid, beatmap, family)
    return Scene(
        family,
        beatmap.key_count if family is Family.MANIA else 0,
        time,
        np.maximum(_bounded([note.time + note.span_duration for note in notes]), time),
        np.nan_to_num(np.array([note.x for note in notes], float)).clip(-2_000, 2_000),
        np.nan_to_num(np.array([note.y for note in notes], float)).clip(-2_000, 2_000),
        tail[:, 0],
        tail[:, 1],
        speed,
        columns,
        _beats_of_grid(grid),
        _condition(beatmap, family, time, columns),
    )


def _bounded(times: Sequence[float]) -> Floats:
    numbers = np.nan_to_num(np.array(times, float), nan=0.0, posinf=LONGEST_TIME, neginf=-LONGEST_TIME)
    bounded: Floats = numbers.clip(-LONGEST_TIME, LONGEST_TIME)
    return bounded


def _fill_in(row: Categories, note: Note, family: Family) -> None:
    """What the object's own line says; sample sets as written (0 = auto), settled by `_fill_in_lines`."""
    source = note.object
    row[KIND_AT] = _kind(note, family)
    if family is Family.TAIKO:
        if note.is_slider:
            row[REPEATS_AT] = nearest(REPEATS, note.span_count)
        return
    row[SOUND_AT] = source.sound >> 1 & 7
    row[SET_AT], row[ADDITION_AT] = _known_set(source.sample.normal_set), _known_set(source.sample.addition_set)
    if family is Family.MANIA:
        row[LANE_AT] = note.lane
        return
    row[COMBO_AT] = note.new_combo
    if note.is_slider:
        row[REPEATS_AT] = nearest(REPEATS, note.span_count)
        row[CURVE_AT], row[ANCHORS_AT] = _shape(source)
        sounds = source.edge_sounds or ()
        row[TAIL_AT] = (sounds[note.span_count] if note.span_count < len(sounds) else source.sound) >> 1 & 7


def _known_set(number: int) -> int:
    return min(max(number, 0), len(SETS))


def _kind(note: Note, family: Family) -> int:
    if family is Family.MANIA:
        return HOLD if note.end > note.time else NOTE
    if family is not Family.TAIKO:
        return SPINNER if note.is_spinner else SLIDER if note.is_slider else CIRCLE
    if note.kind is NoteKind.CIRCLE:
        return (DON, KAT, BIG_DON, BIG_KAT)[is_kat(note) + 2 * is_finisher(note)]
    return DENDEN if not note.is_slider else BIG_ROLL if is_finisher(note) else ROLL


def _shape(source: HitObject) -> tuple[int, int]:
    curves = source.curves or ()
    points = [point for curve in curves for point in curve.points]
    letter = _CURVES.get(curves[0].type[:1] if curves else "B", 2)
    red = len(curves) > 1 or any(one == other for one, other in pairwise(points))
    return (3 if letter == 2 and red else letter), nearest(ANCHORS, len(points))


def _fill_in_lines(columns: Categories, time: Floats, grid: TimingGrid, beatmap: Beatmap, family: Family) -> Floats:
    """Volume, sample sets and kiai from the timing lines in force; returns the slider velocity of each note."""
    count = len(time)
    if not grid.points:
        columns[:, VOLUME_AT], columns[:, KIAI_AT] = len(VOLUMES) - 1, 0
        _settle_sets(columns, np.ones(count, np.int64), family)
        return np.ones(count)
    starts = np.array(grid.times)
    sampled = np.maximum(np.searchsorted(starts, time + SAMPLE_LENIENCY, side="right") - 1, 0)
    here = np.searchsorted(starts, time, side="right") - 1
    volumes = np.array([min(max(point.volume, 0), 100) for point in grid.points])
    sets = np.array([point.sample_set for point in grid.points])
    kiai = np.array([point.kiai for point in grid.points])
    velocities = np.nan_to_num(np.array([point.slider_velocity for point in grid.points], float), nan=1.0).clip(0.01, 100)
    columns[:, VOLUME_AT] = (volumes[sampled] + 2) // 5
    columns[:, KIAI_AT] = kiai[here] & (here >= 0)
    default = {"normal": 1, "soft": 2, "drum": 3}.get(beatmap.general.text("SampleSet").lower(), 1)
    _settle_sets(columns, np.where(sets[sampled] > 0, sets[sampled], default), family)
    return np.where(here >= 0, velocities[here], 1.0)


def lines_at(timeline: Timeline, time: Floats) -> tuple[Floats, Categories]:
    """What the timing lines say at times (n,): slider velocities (n,), and (n, len(RAW)) volume, sample set and kiai."""
    columns = np.full((len(time), len(RAW)), NONE, np.int16)
    family = FAMILY_OF[timeline.beatmap.mode]
    speed = _fill_in_lines(columns, time, timeline.grid, timeline.beatmap, family)
    return speed, columns


def _settle_sets(columns: Categories, of_line: NDArray[np.int64], family: Family) -> None:
    if family is Family.TAIKO:
        return
    normal = np.where(columns[:, SET_AT] > 0, columns[:, SET_AT], of_line).clip(1, 3)
    addition = np.where(columns[:, ADDITION_AT] > 0, columns[:, ADDITION_AT], normal).clip(1, 3)
    columns[:, SET_AT] = normal - 1
    columns[:, ADDITION_AT] = np.where(columns[:, SOUND_AT] > 0, addition - 1, NONE)


def _beats_of_grid(grid: TimingGrid) -> Beats:
    if not grid.red:
        return Beats(np.zeros(1), np.full(1, 1_000.0), np.zeros(1), np.zeros(1), np.full(1, 4.0))
    starts = _bounded(grid.red_times)
    lengths = np.array([point.beat_length for point in grid.red], float).clip(SHORTEST_BEAT, LONGEST_BEAT)
    meters = np.array([min(max(point.meter, 1), 16) for point in grid.red], float)
    return Beats(starts, lengths, np.zeros(len(starts)), np.zeros(len(starts)), meters)


def _density(time: Floats) -> float:
    """log2 of the median number of notes a second, in steps of DENSITY_STEP, about −1 to 1."""
    gaps = np.diff(time)
    gaps = gaps[gaps > 0]
    if not len(gaps):
        return 0.0
    octaves = float(np.log2(1_000 / float(np.median(gaps))))
    return round(octaves / DENSITY_STEP) * DENSITY_STEP / 4


def _condition(beatmap: Beatmap, family: Family, time: Floats, columns: Categories) -> NDArray[np.float32]:
    sounds = float((columns[:, SOUND_AT] > 0).mean()) if len(columns) else 0.0
    return np.array(
        [
            _density(time),
            min(max(beatmap.circle_size, 0.0), 18.0) / 10,
            beatmap.approach_rate / 10,
            beatmap.overall_difficulty / 10,
            beatmap.key_count / 18 if family is Family.MANIA else 0.0,
            beatmap.slider_multiplier / 2,
            0.0,
            round(sounds * 8) / 8,
        ],
        np.float32,
    )


def scored_family(track: Track) -> Family | None:
    """Which network part knows the track; None for six-fret tracks and the like, which are not scored."""
    if track.kind is TrackKind.DRUMS:
        return Family.DRUMS
    return Family.FRETS if track.kind is TrackKind.FIVE_FRET else None


def scene_of_track(chart: Chart, track: Track) -> Scene:
    """One five-fret or drum track; ms are those of the chart, its `Offset` left out."""
    pairs = [(note, group) for group in track.groups for note in group.notes]
    columns = np.full((len(pairs), len(RAW)), NONE, np.int16)
    family = scored_family(track) or Family.FRETS
    for row, (note, group) in zip(columns, pairs, strict=True):
        row[LANE_AT] = note.lane
        row[MODIFIER_AT] = _drum_modifier(note) if family is Family.DRUMS else _fret_modifier(group)
    time = _bounded([note.time for note, _ in pairs])
    nothing = np.zeros(len(pairs))
    condition = np.zeros(CONDITIONS, np.float32)
    condition[0], condition[6] = _density(time), _CHART_LEVELS[track.difficulty]
    return Scene(
        family,
        0,
        time,
        np.maximum(_bounded([note.end for note, _ in pairs]), time),
        nothing,
        nothing,
        nothing,
        nothing,
        np.ones(len(pairs)),
        columns,
        _beats_of_chart(chart, track),
        condition,
    )


def _fret_modifier(group: NoteGroup) -> int:
    return 2 if group.attack is Attack.TAP else int(group.forced)


def _drum_modifier(note: ChartNote) -> int:
    flags = note.flags
    bits = (NoteFlag.CYMBAL in flags) + 2 * (NoteFlag.ACCENT in flags) + 4 * (NoteFlag.GHOST in flags)
    bits += 8 * (NoteFlag.DOUBLE_KICK in flags)
    return 2 + bits if bits else 0


def _beats_of_chart(chart: Chart, track: Track) -> Beats:
    tempo, resolution = track.tempo_map, track.tempo_map.resolution
    signatures = [signature for signature in chart.time_signatures if signature.numerator]
    ticks = sorted({*tempo.ticks, *(signature.tick for signature in signatures)})
    origins, meters = np.zeros(len(ticks)), np.full(len(ticks), 4.0)
    starts = [signature.tick for signature in signatures]
    for number, tick in enumerate(ticks):
        at = bisect_right(starts, tick) - 1
        if at >= 0:
            origins[number] = starts[at] / resolution
            meters[number] = min(max(signatures[at].numerator * 4 / 2 ** signatures[at].exponent, 1.0), 16.0)
    lengths = np.array([60_000 / max(tempo.bpm_at(tick), 1e-3) for tick in ticks]).clip(1e-3, 1e6)
    return Beats(_bounded([tempo.time_at(tick) for tick in ticks]), lengths, np.array(ticks, float) / resolution, origins, meters)
