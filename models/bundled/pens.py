"""One map while notes are written into it: what may stand at the next note, and what then does."""

# The tables at the end name the methods of the class above them.
# pyright: reportPrivateUsage=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import (
    BEAT_NUMBERS,
    COLUMN,
    DISTANCES,
    FIELDS,
    KINDS,
    REPEATS,
    SHIFTS,
    SPEEDS,
    Family,
)
from models.bundled.habits import LANED, LEAST_HOLD, LEAST_SPINNER, LEAST_SUSTAIN, MULTIPLIER_AT, SUSTAIN_GAP, Habits
from models.bundled.recall import DOUBT, Echoes, beat_ticks, echoes_at, lags_of
from models.bundled.rows import STILL
from models.bundled.scenes import (
    BIG_DON,
    BIG_KAT,
    BIG_ROLL,
    CIRCLE,
    DENDEN,
    DON,
    HOLD,
    KAT,
    KIND_AT,
    LANE_AT,
    MODIFIER_AT,
    NONE,
    NOTE,
    RAW,
    REPEATS_AT,
    ROLL,
    SLIDER,
    SPINNER,
    Floats,
    Scene,
)
from models.bundled.ticks import Ticks, described

Mask = NDArray[np.bool_]
# What a field takes: its category + 1 (0 = does not apply) where nothing is left to choose, else which categories may stand.
Choice = int | Mask

WIDTH, HEIGHT, MIDDLE = 512.0, 384.0, complex(256, 192)
TURNS: NDArray[np.complex128] = np.exp(1j * np.radians(np.arange(-180, 180, 15))).astype(np.complex128)
# Notes before the section that are handed on to whoever reads them.
READ = 164
# Degrees by which a movement may leave the middle of its category.
SWAY = 5.0
# The parts of a slider's length from head to tail that are tried, where the map's own leave the playfield.
FOLDED = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25, 0.1)
_ROLLS, _DRUMMED = frozenset((ROLL, BIG_ROLL)), frozenset((DON, KAT, BIG_DON, BIG_KAT))
_SUSTAINED = frozenset((SLIDER, SPINNER, HOLD, ROLL, BIG_ROLL, DENDEN))
_BEAT_BOUNDS = (np.array(BEAT_NUMBERS)[1:] + np.array(BEAT_NUMBERS)[:-1]) / 2
_BEATS = np.array(BEAT_NUMBERS)
_DISTANCE_BOUNDS = (np.array(DISTANCES)[1:] + np.array(DISTANCES)[:-1]) / 2
_SHIFT_BOUNDS = (np.array(SHIFTS)[1:] + np.array(SHIFTS)[:-1]) / 2
_NO_TICKS = np.zeros(0, np.intp)
# Moves that are longer than two still ones say where a slider leads.
_LEADS = 2 * STILL
_RAW_AT = {name: at for at, name in enumerate(RAW)}


def beat_category(beats: float) -> int:
    return int(np.searchsorted(_BEAT_BOUNDS, beats))


@dataclass(frozen=True, slots=True)
class Lines:
    """What the timing lines say at each tick, (T,): slider velocity, and the categories of volume, kiai and sample set."""

    speed: Floats
    volume: NDArray[np.int64]
    kiai: NDArray[np.int64]
    sample_set: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Page:
    """The section to be written, the same for every candidate.

    `scene` is the whole map as it stands; notes `first` to `stop` are the section's, of which those in `stays` (N,) are left
    as they are. Heads are written in [start, end) ms, and nothing lasts beyond `end`. `ticks` are the times in the section,
    `free` (T,) which of them may be used; without `lines` velocity, volume and kiai are written too. `again`: every note that
    does not stay is written again at its own time, else others take their place. `kept` are the fields of which notes keep
    what stands at their time. `lanes` and `kinds`: only these are written. `pace`: moments with notes a second to aim at.
    """

    scene: Scene
    first: int
    stop: int
    start: float
    end: float
    stays: Mask
    ticks: Ticks
    free: Mask
    lines: Lines | None
    habits: Habits
    again: bool = False
    kept: frozenset[str] = frozenset()
    lanes: frozenset[int] | None = None
    kinds: frozenset[int] | None = None
    pace: float | None = None

    @property
    def family(self) -> Family:
        return self.scene.family

    @property
    def laned(self) -> bool:
        return self.family in LANED

    @property
    def sighted(self) -> bool:
        """Whether the notes are so much as they were that each is written between those on both sides of it."""
        return self.again and {"distance", "shift", "lane"} <= self.kept


def _nowhere() -> Ticks:
    """No ticks."""
    numbers = np.zeros(0)
    return Ticks(numbers, numbers, numbers, _NO_TICKS, _NO_TICKS, _NO_TICKS, _NO_TICKS)


@dataclass(slots=True)
class Placed:
    """A note, standing or being written. `given`: it stands and stays; `source`: the note of the scene that it is made from,
    −1 for none."""

    time: float = 0.0
    exact: float = 0.0
    tick: int = -1
    gap: int = 0
    end: float = 0.0
    place: complex = MIDDLE
    tail: complex = MIDDLE
    speed: float = 1.0
    source: int = -1
    given: bool = False
    columns: list[int] = field(default_factory=lambda: [NONE] * len(RAW))
    way: float = 0.0


def standing(scene: Scene, at: int) -> Placed:
    """A note of the scene."""
    return Placed(
        float(scene.time[at]), float(scene.time[at]), -1, 0, float(scene.end[at]), complex(scene.x[at], scene.y[at]),
        complex(scene.tail_x[at], scene.tail_y[at]), float(scene.speed[at]), at, given=True, columns=scene.columns[at].tolist(),
    )  # fmt: skip


def scene_of_notes(scene: Scene, notes: Sequence[Placed]) -> Scene:
    """Other notes in a scene's place."""
    places: NDArray[np.complex128] = np.array([note.place for note in notes], np.complex128)
    tails: NDArray[np.complex128] = np.array([note.tail for note in notes], np.complex128)
    return replace(
        scene,
        time=np.array([note.time for note in notes], float),
        end=np.array([note.end for note in notes], float),
        x=places.real.copy(),
        y=places.imag.copy(),
        tail_x=tails.real.copy(),
        tail_y=tails.imag.copy(),
        speed=np.array([note.speed for note in notes], float),
        columns=np.array([note.columns for note in notes], np.int16).reshape(-1, len(RAW)),
    )


@dataclass(frozen=True, slots=True)
class Memory:
    """The moments with notes outside of the section, in `ticks` of a 48th of a beat before and behind it, and what their notes
    are: columns as in `Scene`, and last the category of `length`. `places` (T,) are the ticks of the page."""

    before: list[int]
    behind: list[int]
    notes: dict[int, list[list[int]]]
    places: NDArray[np.int64]
    lags: NDArray[np.int64]
    end: int


def memory_of(page: Page) -> Memory:
    scene = page.scene
    ticks = beat_ticks(scene.beats, scene.time).tolist()
    _, stretch = scene.beats.at(np.array([page.start]))
    outside = [*range(page.first), *range(page.stop, len(scene))]
    notes: dict[int, list[list[int]]] = {}
    lasting = np.searchsorted(_BEAT_BOUNDS, (scene.end - scene.time) / scene.beat_lengths).tolist()
    for at in outside:
        notes.setdefault(ticks[at], []).append([*scene.columns[at].tolist(), lasting[at]])
    return Memory(
        list(dict.fromkeys(ticks[: page.first])),
        list(dict.fromkeys(ticks[page.stop :])),
        notes,
        beat_ticks(scene.beats, page.ticks.time),
        lags_of(float(scene.beats.meters[stretch[0]])),
        ticks[page.stop] if page.stop < len(scene) else int(beat_ticks(scene.beats, np.array([page.end]))[0]),
    )


class Pen:
    """Writes one candidate. `read` are the notes that stand before the section, of which the last few are looked at."""

    def __init__(self, page: Page, memory: Memory, rng: np.random.Generator) -> None:
        self.page, self.memory, self.rng = page, memory, rng
        self._moments_known = memory.before[-64:]
        self._own: dict[int, list[list[int]]] = {}
        self._echoes: Echoes | None = None
        self._moments_all = np.zeros(0, np.int64)
        self.done = False
        # 1 for the likeliest rhythm, more for a bolder one.
        self.bold = 1.0
        self.bits = 0.0
        self.known: list[Placed] = []
        self.written = 0
        scene = page.scene
        self._queue = [at for at in range(page.first, page.stop) if page.again or page.stays[at]]
        self._sources: dict[float, list[int]] = {}
        if page.kept and not page.again:
            for at in range(page.first, page.stop):
                if not page.stays[at]:
                    self._sources.setdefault(float(scene.time[at]), []).append(at)
        self._leave, self._came = MIDDLE, 0j
        self._time, self._until = -np.inf, -np.inf
        self._busy: dict[int, float] = {}
        self._together, self._chord_end, self._chord_modifier = 0, 0.0, 0
        self._moments, self._speed = 0, 1.0
        self._spacing: dict[tuple[int, int], float] = {}
        self._coming = self._coming_lanes()
        lanes = range(scene.keys) if page.family is Family.MANIA else sorted({lane for lane, _ in page.habits.marks})
        self._lanes = [lane for lane in lanes if page.lanes is None or lane in page.lanes]
        for at in range(max(page.first - 64, 0), page.first):
            self._pass(standing(scene, at))
        self.known = [standing(scene, at) for at in range(max(page.first - READ, 0), page.first)]
        self.note = Placed()
        self._held = -1
        # What one field leaves for the next to choose from.
        self._ticks_at, self._gaps, self._end_ticks, self._end_beats = _NO_TICKS, _NO_TICKS, _NO_TICKS, _NO_TICKS
        self._end_gap, self._length_category = 0, 0
        self._reaches = self._turning = False
        self._length = 0.0
        self._lengths: Floats = np.zeros(0)
        self._may: Mask = np.zeros((0, 0), bool)
        self._may_turn: Mask = np.zeros(0, bool)
        self._tails: NDArray[np.complex128] = np.zeros(0, np.complex128)
        self._end_tick = _nowhere()

    def _coming_lanes(self) -> dict[int, list[float]]:
        """The times of the notes of each lane that stay, in the section and behind it."""
        page, coming = self.page, dict[int, list[float]]()
        if page.laned:
            for at in range(page.first, min(page.stop + 200, len(page.scene))):
                if at >= page.stop or page.stays[at]:
                    coming.setdefault(int(page.scene.columns[at, LANE_AT]), []).append(float(page.scene.time[at]))
        return coming

    @property
    def time(self) -> float:
        """Where the pen is, ms."""
        return max(self._time, self.page.start)

    @property
    def next_seen(self) -> int:
        """The next note of the scene that is seen from behind, −1 for none."""
        page = self.page
        if page.sighted:
            following = self.note.source + 1 if self.note.source >= 0 else page.stop
            return following if following < len(page.scene) else -1
        at = next((each for each in self._queue if page.stays[each]), page.stop)
        return at if at < len(page.scene) else -1

    # What comes next

    def begin(self) -> None:
        """Turns to the next note."""
        self.note = Placed()
        self._echoes = None
        page = self.page
        self._held = self._queue[0] if self._queue else -1
        self._ticks_at = np.zeros(0, np.intp)
        if self._held < 0 and page.again:
            self.done = True
            return
        if self._held >= 0 and (page.again or not self._room()):
            self._give(self._held)
        elif self._held < 0 and not self._room():
            self.done = True

    def _room(self) -> bool:
        """Finds the ticks that the next note may begin on; whether there are any before the next one that stands."""
        page, ticks = self.page, self.page.ticks
        low = max(self._time + page.habits.step if page.laned else self._until + page.habits.gap, page.start)
        if page.family is Family.FRETS and not page.habits.extended:
            low = max(low, self._until + SUSTAIN_GAP if self._until > self._time else low)
        bound = float(page.scene.time[self._held]) if self._held >= 0 else page.end
        first = int(np.searchsorted(ticks.time, low - 1e-6))
        last = int(np.searchsorted(ticks.time, bound - (0 if self._held >= 0 and page.laned else 1e-6), side="right"))
        if self._held < 0:
            last = int(np.searchsorted(ticks.time, bound - 1e-6))
        found = np.arange(first, last)
        found = found[page.free[found]]
        if page.laned and len(found):
            found = found[self._some_lane(ticks.time[found])]
        if page.laned and self._time >= page.start and self.written and self._free_lanes(self._time, same=True).any():
            at = int(np.searchsorted(ticks.time, self._time - 1e-6))
            if at < len(ticks) and abs(ticks.time[at] - self._time) < 1e-6:
                found = np.concatenate(([at], found))
        self._ticks_at = found
        return bool(len(found))

    def _give(self, at: int) -> None:
        """The note stands as it is, or is written again at its own time."""
        page, scene = self.page, self.page.scene
        self._queue.pop(0)
        if page.stays[at]:
            self.note = standing(page.scene, at)
            return
        note = self.note
        note.source, note.time, note.end = at, float(scene.time[at]), float(scene.end[at])
        tick = int(np.searchsorted(page.ticks.time, note.time - 1e-6))
        near = tick < len(page.ticks) and abs(page.ticks.time[tick] - note.time) < 1e-6
        note.tick = tick if near else -1
        note.exact = float(page.ticks.exact[tick]) if near else note.time
        self._begin_at()

    def _begin_at(self) -> None:
        """The note's time is known."""
        note, page = self.note, self.page
        if page.lines is not None and note.tick >= 0:
            note.speed = float(page.lines.speed[note.tick])
        elif note.source >= 0:
            note.speed = float(page.scene.speed[note.source])
        else:
            note.speed = self._speed

    def heard_at(self) -> tuple[int, int]:
        """`phase` and `bar` of the note."""
        note = self.note
        ticks = (
            self.page.ticks if note.tick >= 0 else described(self.page.scene.beats, np.array([note.time]), np.array([note.time]))
        )
        at = max(note.tick, 0)
        return int(ticks.phase[at]), int(ticks.bar[at])

    # Fields

    def choice(self, number: int) -> Choice:
        """What the field may take."""
        if self.done or self.note.given:
            return 0
        name = FIELDS[number].name
        if self.page.family not in FIELDS[number].families:
            return 0
        return _CHOICES[name](self)

    # What other bars have here

    def recalled(self, number: int, size: int) -> tuple[NDArray[np.float64], float] | None:
        """(size,) how much speaks for each category of the field by what other bars have here, their sum 1, and how far that
        is to be trusted, 0 to 1; None where they tell nothing."""
        if self._echoes is None:
            self._moments_all = np.array([*self.memory.before, *self._own, *self.memory.behind], np.int64)
            self._echoes = echoes_at(self._moments_all, self._moments_known, self.memory.lags)
        echoes, name = self._echoes, FIELDS[number].name
        if not len(echoes.lags):
            return None
        votes = np.zeros(size)
        for lag, weight in zip(echoes.lags.tolist(), echoes.weight.tolist(), strict=True):
            category = self._next_gap(lag) if name == "gap" else self._there(name, lag)
            if 0 <= category < size:
                votes[category] += weight
        total = float(votes.sum())
        return (votes / total, total / (total + DOUBT)) if total > 0 else None

    def _notes_at(self, tick: int) -> list[list[int]]:
        return self.memory.notes.get(tick) or self._own.get(tick, [])

    def _next_gap(self, lag: int) -> int:
        """The category of the gap to the next note of the bar `lag` ticks from here, −1 for none that may be."""
        here = self._moments_known[-1]
        if self.page.laned and self.written:
            lane = self.known[-1].columns[LANE_AT]
            if any(note[LANE_AT] > lane for note in self._notes_at(here + lag)):
                return 0
        moments = self._moments_all
        at = int(np.searchsorted(moments, here + lag, side="right"))
        if at >= len(moments):
            return -1
        place = int(moments[at]) - lag
        if place >= self.memory.end:
            return self._end_gap
        ticks = self.memory.places[self._ticks_at]
        found = int(np.searchsorted(ticks, place))
        return int(self._gaps[found]) if found < len(ticks) and ticks[found] == place else -1

    def _there(self, name: str, lag: int) -> int:
        """The category that the field has `lag` ticks from the note."""
        note = self.note
        if name == "snap" or note.tick < 0:
            return -1
        there = self._notes_at(int(self.memory.places[note.tick]) + lag)
        if self.page.laned:
            if name == "lane":
                before = self.known[-1].columns[LANE_AT] if note.gap == 0 and self.written else -1
                return next((each[LANE_AT] for each in there if each[LANE_AT] > before), -1)
            lane = note.columns[LANE_AT]
            there = [each for each in there if lane in (NONE, each[LANE_AT])]
        if not there:
            return -1
        if name == "length":
            return there[0][-1] if there[0][KIND_AT] == note.columns[KIND_AT] else -1
        at = _RAW_AT.get(name)
        return there[0][at] if at is not None else -1

    def take(self, number: int, category: int) -> None:
        """The field is `category`."""
        name = FIELDS[number].name
        if name in _TAKES:
            _TAKES[name](self, category)
        else:
            self.note.columns[_RAW_AT[name]] = category

    def _gap(self) -> Choice:
        note = self.note
        if note.source >= 0:
            note.gap = self._gap_of(note.time)
            return note.gap + 1 if np.isfinite(self._time) else 0
        if not np.isfinite(self._time):
            note.tick = self._first_tick()
            return 0
        ticks = self.page.ticks
        self._gaps = np.searchsorted(_BEAT_BOUNDS, (ticks.time[self._ticks_at] - self._time) / ticks.length[self._ticks_at])
        mask = np.zeros(len(_BEATS), bool)
        mask[self._gaps] = True
        if not self.page.laned or self._time < self.page.start or not self.written:
            mask[0] = mask[0] and bool((self._gaps == 0).any())
        usual = mask & (self.page.habits.longest >= _BEATS)
        mask = usual if usual.any() else mask
        self._end_gap = self._gap_of(self._bound())
        stands = self._held >= 0 or self.page.stop < len(self.page.scene)
        # The section may end here where it leaves no longer pause than the map makes elsewhere.
        left = (min(self._bound(), self.page.end) - self._time) / self._beat(self._time)
        if left <= self.page.habits.longest:
            if stands:
                mask[self._end_gap] = True
            else:
                mask |= _BEATS >= left  # noqa: SIM300
        return mask

    def _bound(self) -> float:
        page = self.page
        if self._held >= 0:
            return float(page.scene.time[self._held])
        return float(page.scene.time[page.stop]) if page.stop < len(page.scene) else page.end

    def _gap_of(self, time: float) -> int:
        if not np.isfinite(self._time):
            return 0
        return beat_category((time - self._time) / self._beat(time))

    def _first_tick(self) -> int:
        """Where nothing stands before: the first beat of a bar, or where the map began."""
        page, ticks = self.page, self.page.ticks
        if page.first < page.stop:
            near = int(np.searchsorted(ticks.time, page.scene.time[page.first] - 1e-6))
            if near in self._ticks_at:
                return near
        first_beats: Mask = (ticks.phase[self._ticks_at] == 1) & ((ticks.bar[self._ticks_at] - 1) % 8 == 0)
        bars: list[int] = self._ticks_at[first_beats].tolist()
        return bars[0] if bars else int(self._ticks_at[0])

    def _take_gap(self, category: int) -> None:
        self.note.gap = category
        here = self._gaps == category
        self._ticks_at = self._ticks_at[here]
        self._reaches = category == self._end_gap and (self._held >= 0 or self.page.stop < len(self.page.scene))
        if not len(self._ticks_at):
            self._reach()

    def _reach(self) -> None:
        """No further note stands before the next that does."""
        if self._held >= 0:
            self._give(self._held)
        else:
            self.done = True

    def _snap(self) -> Choice:
        note, ticks = self.note, self.page.ticks
        if note.source >= 0 or note.tick >= 0:
            if note.tick < 0:
                there = described(self.page.scene.beats, np.array([note.time]), np.array([note.time]))
                return int(there.snap[0]) + 1
            if note.source < 0:
                self._settle(note.tick)
            return int(ticks.snap[note.tick]) + 1
        mask = np.zeros(FIELDS[COLUMN["snap"]].size, bool)
        mask[ticks.snap[self._ticks_at]] = True
        if self._reaches:
            self._end_tick = described(self.page.scene.beats, np.array([self._bound()]), np.array([self._bound()]))
            mask[self._end_tick.snap[0]] = True
        return mask

    def _take_snap(self, category: int) -> None:
        ticks, note = self.page.ticks, self.note
        found = self._ticks_at[ticks.snap[self._ticks_at] == category]
        wanted = self._time + _BEATS[note.gap] * (ticks.length[found] if len(found) else 1.0)
        off = np.abs(ticks.time[found] - wanted) if len(found) else np.zeros(0)
        if self._reaches and int(self._end_tick.snap[0]) == category:
            bound = self._bound()
            end_off = abs(bound - (self._time + _BEATS[note.gap] * float(self._end_tick.length[0])))
            shared = self._held >= 0 and self.page.laned and len(found) > 0 and abs(float(ticks.time[found[-1]]) - bound) < 1e-6
            if not len(off) or (end_off <= off.min() and not shared):
                self._reach()
                return
        self._settle(int(found[int(off.argmin())]))

    def _settle(self, tick: int) -> None:
        """The note begins on this tick."""
        note, ticks = self.note, self.page.ticks
        note.tick, note.time, note.exact = tick, float(ticks.time[tick]), float(ticks.exact[tick])
        note.end = note.time
        sources = self._sources.get(note.time, ())
        if sources and not self.page.laned:
            note.source = sources[0]
        self._begin_at()

    def _error(self) -> Choice:
        note = self.note
        if note.tick < 0:
            return int(described(self.page.scene.beats, np.array([note.time]), np.array([note.time])).error[0]) + 1
        return int(self.page.ticks.error[note.tick]) + 1

    def _old(self, name: str) -> int | None:
        """What the field keeps; None where it is written anew."""
        note = self.note
        if note.source < 0 or (name not in self.page.kept):
            return None
        return int(self.page.scene.columns[note.source, _RAW_AT[name]])

    def _kind(self) -> Choice:
        page, note = self.page, self.note
        if page.family in (Family.FRETS, Family.DRUMS):
            return 0
        old = int(page.scene.columns[note.source, KIND_AT]) if note.source >= 0 else NONE
        mask = page.habits.used["kind"].copy()
        mask[[CIRCLE, NOTE, DON, KAT]] = False
        mask[{Family.MANIA: [NOTE], Family.TAIKO: [DON, KAT]}.get(page.family, [CIRCLE])] = True
        if page.again:
            alike = next((group for group in (_DRUMMED, _ROLLS) if old in group), frozenset((old,)))
            if "kind" in page.kept or len(alike) == 1:
                return self._fixed("kind", old)
            mask = np.isin(np.arange(len(KINDS)), tuple(alike)) & (page.habits.used["kind"] | (np.arange(len(KINDS)) == old))
        elif "kind" in page.kept and old != NONE and self._lasts(old):
            return self._fixed("kind", old)
        else:
            for kind in np.flatnonzero(mask).tolist():
                mask[kind] = kind not in _SUSTAINED or self._lasts(kind)
        if page.kinds is not None:
            wanted = mask & np.isin(np.arange(len(KINDS)), tuple(page.kinds))
            mask = wanted if wanted.any() else mask
        return mask

    def _fixed(self, name: str, category: int) -> int:
        self.note.columns[_RAW_AT[name]] = category
        return category + 1

    def _lasts(self, kind: int) -> bool:
        """Whether a note of the kind finds an end."""
        return bool(len(self._ends(kind)))

    def _ends(self, kind: int) -> NDArray[np.intp]:
        """The ticks on which a note of the kind that begins here may end (of a slider: its first span)."""
        page, note, habits = self.page, self.note, self.page.habits
        least = {SPINNER: LEAST_SPINNER, HOLD: LEAST_HOLD, DENDEN: LEAST_SPINNER / 2}.get(kind, habits.shortest)
        rest = habits.gap
        if kind == SPINNER:
            rest = max(rest, 1000.0 if page.scene.condition[2] < 0.55 else 300.0)
        limit = min(page.end + 1e-6, self._limit(rest))
        ticks = page.ticks
        first = int(np.searchsorted(ticks.time, note.time + least - 1e-6))
        last = int(np.searchsorted(ticks.exact, limit, side="right"))
        return np.arange(first, max(last, first))

    def _limit(self, rest: float) -> float:
        """Until when the note may last, in its lane where it has one."""
        page = self.page
        if not page.laned:
            return self._bound() - rest if self._held >= 0 or page.stop < len(page.scene) else page.end
        if page.family is Family.FRETS:
            return self._bound() - SUSTAIN_GAP if not page.habits.extended else self._next_in_lane() - SUSTAIN_GAP
        return self._next_in_lane() - page.habits.lane_gap

    def _next_in_lane(self) -> float:
        lane = self.note.columns[LANE_AT]
        if lane == NONE:
            return np.inf
        return next((time for time in self._coming.get(lane, ()) if time > self.note.time + 1e-6), np.inf)

    # Lanes

    def _free_lanes(self, time: float, *, same: bool) -> Mask:
        """Which lanes may be struck at a time; `same`: beside the note before, in the order of lanes."""
        page, habits = self.page, self.page.habits
        mask = np.zeros(FIELDS[COLUMN["lane"]].size, bool)
        together = self._together if same else 0
        if together.bit_count() >= habits.most_together and together:
            return mask
        for lane in self._lanes:
            if together >> lane or (page.family is not Family.MANIA and not self._fits(together | 1 << lane)):
                continue
            mask[lane] = bool(self._is_free(lane, np.array([time]))[0])
        return mask

    def _is_free(self, lane: int, times: Floats) -> Mask:
        """(n,) whether the lane may be struck at each time, for what stands in it before and behind."""
        gap = self.page.habits.lane_gap
        free: Mask = times >= self._busy.get(lane, -np.inf) + gap - 1e-6
        coming = self._coming.get(lane)
        if coming:
            stands = np.array((*coming, np.inf))
            free &= stands[np.searchsorted(stands, times - gap + 1e-6, side="right")] >= times + gap - 1e-6
        return free

    def _fits(self, shape: int) -> bool:
        """Whether the lanes are a part of what the map strikes together."""
        return any(shape & each == shape for each in self.page.habits.chords)

    def _some_lane(self, times: Floats) -> Mask:
        """(n,) whether any lane may be struck at each time."""
        found = np.zeros(len(times), bool)
        for lane in self._lanes:
            if found.all():
                break
            found |= self._is_free(lane, times)
        return found

    def _lane(self) -> Choice:
        page, note = self.page, self.note
        same = abs(note.time - self._time) < 1e-6 and bool(self.written)
        if page.again:
            return self._lane_again(same=same)
        mask = self._free_lanes(note.time, same=same)
        if note.columns[KIND_AT] == HOLD:
            for lane in np.flatnonzero(mask).tolist():
                note.columns[LANE_AT] = lane
                mask[lane] = self._lasts(HOLD)
            note.columns[LANE_AT] = NONE
        if self._held >= 0 and abs(float(page.scene.time[self._held]) - note.time) < 1e-6:
            # The next note that stays is in this chord: it comes in the order of lanes.
            stands = int(page.scene.columns[self._held, LANE_AT])
            mask[stands:] = False
            mask[stands] = True
        if "lane" in page.kept:
            old = [int(page.scene.columns[at, LANE_AT]) for at in self._sources.get(note.time, ())]
            wanted = mask & np.isin(np.arange(len(mask)), old)
            mask = wanted if wanted.any() else mask
        if not mask.any():
            # The hold found no lane: a plain note does.
            note.columns[KIND_AT] = NOTE if page.family is Family.MANIA else NONE
            mask = self._free_lanes(note.time, same=same)
        return mask if mask.any() else self._fixed_lane(int(page.scene.columns[note.source, LANE_AT]) if note.source >= 0 else 0)

    def _lane_again(self, *, same: bool) -> Choice:
        page, note, scene = self.page, self.note, self.page.scene
        old = int(scene.columns[note.source, LANE_AT])
        if "lane" in page.kept:
            return self._fixed_lane(old)
        # As many lanes must be left as notes are still to come in this chord.
        behind = sum(1 for at in self._queue[:18] if abs(float(scene.time[at]) - note.time) < 1e-6)
        mask = self._free_lanes(note.time, same=same)
        taken = self._together if same else 0
        lanes = range(scene.keys) if page.family is Family.MANIA else sorted({lane for lane, _ in page.habits.marks})
        for lane in np.flatnonzero(mask).tolist():
            room = [each for each in lanes if each > lane and self._lane_is_free(each, note.time)]
            fits = page.family is Family.MANIA or any(
                (taken | 1 << lane) & each == taken | 1 << lane and (each >> lane + 1).bit_count() >= behind
                for each in page.habits.chords
            )
            long = note.end > note.time
            note.columns[LANE_AT] = lane
            mask[lane] = len(room) >= behind and fits and (not long or note.end <= self._next_in_lane() - page.habits.lane_gap)
        note.columns[LANE_AT] = NONE
        return mask if mask.any() else self._fixed_lane(old)

    def _lane_is_free(self, lane: int, time: float) -> bool:
        return time >= self._busy.get(lane, -np.inf) + self.page.habits.lane_gap - 1e-6

    def _fixed_lane(self, lane: int) -> int:
        self._take_lane(lane)
        return lane + 1

    def _take_lane(self, lane: int) -> None:
        page, note = self.page, self.note
        note.columns[LANE_AT] = lane
        if page.again:
            return
        stands = self._held
        if (
            stands >= 0
            and abs(float(page.scene.time[stands]) - note.time) < 1e-6
            and int(page.scene.columns[stands, LANE_AT]) == lane
        ):
            self._give(stands)
            return
        for at in self._sources.get(note.time, ()):
            if int(page.scene.columns[at, LANE_AT]) == lane:
                note.source = at

    # Places

    def _new_combo(self) -> Choice:
        old = self._old("new_combo")
        return np.ones(2, bool) if old is None else self._fixed("new_combo", max(old, 0))

    def _speed_limit(self) -> float:
        """osu!pixels that the player can go from the note before to this one."""
        habits = self.page.habits
        return habits.fastest * max(self.note.time - max(self._until, -1e9), 15.0) + 4.0

    def _bounds(self) -> tuple[float, float, float, float]:
        """Where a circle is seen as a whole at 4:3: left, top, right, bottom."""
        radius = 54.4 - 44.8 * float(self.page.scene.condition[1])
        return max(0.0, radius - 66), max(0.0, radius - 59), min(WIDTH, 578 - radius), min(HEIGHT, 427 - radius)

    def _inside(self, points: NDArray[np.complex128]) -> Mask:
        left, top, right, bottom = self._bounds()
        x, y = points.real, points.imag
        inside: Mask = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        return inside

    def _ways(self) -> NDArray[np.complex128]:
        """The directions of the categories of `angle`, or all around where there is none to turn against."""
        before = self._came
        return TURNS * (before / abs(before)) if abs(before) >= STILL else TURNS.astype(np.complex128)

    def _distance(self) -> Choice:
        page, note = self.page, self.note
        if note.columns[KIND_AT] == SPINNER:
            note.place = note.tail = MIDDLE
            return self._placed()
        if note.source >= 0 and "distance" in page.kept:
            note.place = complex(page.scene.x[note.source], page.scene.y[note.source])
            return self._placed()
        if not np.isfinite(self._time):
            note.place = MIDDLE
            return 0
        self._lengths = np.array([self._spacing.get((note.gap, at), each) for at, each in enumerate(DISTANCES)], float)
        self._points = self._leave + self._lengths[:, None] * self._ways()[None]
        self._may = self._inside(self._points)
        self._may[0] = bool(self._inside(np.array([self._leave]))[0])
        mask: Mask = np.asarray(self._may.any(axis=1), bool)
        near = mask & (self._lengths <= self._speed_limit())
        mask = near if near.any() else mask
        if not mask.any():
            note.place = complex(
                *(
                    min(max(each, low), high)
                    for each, low, high in zip(
                        (self._leave.real, self._leave.imag), self._bounds()[:2], self._bounds()[2:], strict=True
                    )
                )
            )
            return self._placed()
        return mask

    def _placed(self) -> int:
        """The category of a place that is known."""
        if not np.isfinite(self._time):
            return 0
        self.note.way = abs(self.note.place - self._leave)
        return int(np.searchsorted(_DISTANCE_BOUNDS, self.note.way)) + 1

    def _take_distance(self, category: int) -> None:
        note = self.note
        length = float(self._lengths[category])
        self._may_turn = self._may[category]
        if category == 0:
            note.place = self._leave
            self._turning = False
        else:
            low = _DISTANCE_BOUNDS[category - 1]
            high = _DISTANCE_BOUNDS[category] if category < len(_DISTANCE_BOUNDS) else DISTANCES[-1] + 30
            if (note.gap, category) not in self._spacing:
                length = float(np.clip(length + self.rng.uniform(-0.3, 0.3) * (high - low), low + 0.5, high - 0.5))
            self._turning = True
            self._length = max(length, STILL + 1)
        note.way = length

    def _angle(self) -> Choice:
        note = self.note
        move = note.place - self._leave
        if not self._turning:
            if abs(move) < STILL or abs(self._came) < STILL or not np.isfinite(self._time):
                return 0
            return self._turn_of(move, self._came)
        if abs(self._came) < STILL:
            self._take_angle(int(self.rng.choice(np.flatnonzero(self._may_turn))))
            return 0
        return self._may_turn

    @staticmethod
    def _turn_of(move: complex, before: complex) -> int:
        degrees = float(np.degrees(np.angle(move * before.conjugate())))
        return (round(degrees / 15) + 12) % 24 + 1

    def _take_angle(self, category: int) -> None:
        way = self._ways()[category]
        self._turning = False
        place = self._leave
        for attempt in range(9):
            sway = 0.0 if attempt == 8 else float(self.rng.uniform(-SWAY, SWAY))
            place = self._leave + self._length * way * np.exp(1j * np.radians(sway))
            place = complex(round(place.real), round(place.imag))
            if self._inside(np.array([place]))[0]:
                break
        left, top, right, bottom = self._bounds()
        self.note.place = complex(min(max(place.real, left), right), min(max(place.imag, top), bottom))

    def _shift(self) -> Choice:
        page, note = self.page, self.note
        if note.columns[KIND_AT] == SPINNER:
            note.place = note.tail = MIDDLE
        elif note.source >= 0 and "shift" in page.kept:
            note.place = complex(page.scene.x[note.source], page.scene.y[note.source])
        elif not np.isfinite(self._time):
            note.place = MIDDLE
        else:
            places = self._leave.real + np.array(SHIFTS, float)
            mask = (places >= 0) & (places <= WIDTH)
            near = mask & (np.abs(np.array(SHIFTS)) <= self._speed_limit())
            return near if near.any() else mask
        if not np.isfinite(self._time):
            return 0
        return int(np.searchsorted(_SHIFT_BOUNDS, note.place.real - self._leave.real)) + 1

    def _take_shift(self, category: int) -> None:
        bounds = (-512.0, *_SHIFT_BOUNDS.tolist(), 512.0)
        half = min(SHIFTS[category] - bounds[category], bounds[category + 1] - SHIFTS[category], 12.0)
        sway = 0.0 if SHIFTS[category] == 0 else float(self.rng.uniform(-0.5, 0.5)) * half
        x = self._leave.real + SHIFTS[category] + sway
        self.note.place = complex(round(min(max(x, 0.0), WIDTH)), 192.0)

    # Lengths and sliders

    def _is_long(self) -> bool:
        return self.page.family in (Family.FRETS, Family.DRUMS) or self.note.columns[KIND_AT] in _SUSTAINED

    def _length_of(self) -> Choice:
        page, note = self.page, self.note
        if not self._is_long():
            return 0
        if page.family is Family.DRUMS:
            return 1
        if note.source >= 0 and (
            page.again or ("length" in page.kept and page.scene.end[note.source] <= self._limit(page.habits.gap))
        ):
            note.end = float(page.scene.end[note.source])
            return self._lasting()
        if page.family is Family.FRETS and page.habits.even and self._together and abs(note.time - self._time) < 1e-6:
            note.end = self._chord_end
            return self._lasting()
        kind = note.columns[KIND_AT]
        ends = self._ends(kind)
        ticks = page.ticks
        if page.family is Family.FRETS:
            ends = ends[ticks.time[ends] >= note.time + LEAST_SUSTAIN]
        beat = float(ticks.length[note.tick])
        if kind == SLIDER:
            reach = self._reach_of(ends)
            ends = ends[reach] if reach.any() else ends[:1]
        self._end_ticks = ends
        self._end_beats = np.searchsorted(_BEAT_BOUNDS, (ticks.exact[ends] - note.exact) / beat)
        mask = np.zeros(len(_BEATS), bool)
        mask[self._end_beats] = True
        mask[0] = page.family is Family.FRETS
        if not mask.any():
            # Nothing so short is called a length: the first end there is.
            note.end = note.time + float(ticks.exact[ends[0]]) - note.exact if len(ends) else note.time
            return 1
        return mask

    def _lasting(self) -> int:
        note = self.note
        return beat_category((note.end - note.time) / self._beat(note.time)) + 1

    def _pixels(self, duration: float) -> float:
        """osu!pixels of a slider that lasts so long (ms)."""
        note, scene = self.note, self.page.scene
        return duration / self._beat(note.time) * 200.0 * float(scene.condition[MULTIPLIER_AT]) * note.speed

    def _reach_of(self, ends: NDArray[np.intp]) -> Mask:
        """Which ends are not too far for a slider from here, bent at most a little."""
        note, ticks = self.note, self.page.ticks
        corners = np.array([0, WIDTH, 1j * HEIGHT, WIDTH + 1j * HEIGHT])
        farthest = float(np.abs(corners - note.place).max())
        pixels = self._pixels(1.0) * (ticks.exact[ends] - note.exact)
        return pixels <= 1.2 * farthest

    def _take_length(self, category: int) -> None:
        note = self.note
        if category == 0 and self.page.family is Family.FRETS:
            note.end, self._end_ticks = note.time, _NO_TICKS
            return
        self._end_ticks = self._end_ticks[self._end_beats == category]
        self._length_category = category

    def _end_snap(self) -> Choice:
        note, page = self.note, self.page
        if not self._is_long() or not len(self._end_ticks):
            if self._is_long() and note.end > note.time:
                there = described(page.scene.beats, np.array([note.end]), np.array([note.end]))
                return int(there.snap[0]) + 1
            return 0
        mask = np.zeros(FIELDS[COLUMN["end_snap"]].size, bool)
        mask[page.ticks.snap[self._end_ticks]] = True
        return mask

    def _take_end_snap(self, category: int) -> None:
        note, ticks = self.note, self.page.ticks
        found = self._end_ticks[ticks.snap[self._end_ticks] == category]
        wanted = _BEATS[self._length_category] * ticks.length[note.tick]
        at = int(found[int(np.abs(ticks.exact[found] - note.exact - wanted).argmin())])
        slid = note.columns[KIND_AT] in (SLIDER, ROLL, BIG_ROLL)
        note.end = note.time + float(ticks.exact[at]) - note.exact if slid else float(ticks.time[at])

    def _repeats(self) -> Choice:
        page, note = self.page, self.note
        if note.columns[KIND_AT] not in (SLIDER, ROLL, BIG_ROLL) or page.family is Family.TAIKO:
            if page.family is Family.TAIKO and note.columns[KIND_AT] in _ROLLS:
                note.columns[REPEATS_AT] = int(page.scene.columns[note.source, REPEATS_AT]) if page.again else 0
            return 0
        if page.again:
            return self._fixed("repeats", max(int(page.scene.columns[note.source, REPEATS_AT]), 0))
        span, limit = note.end - note.time, min(page.end, self._limit(page.habits.gap)) + 0.5
        mask = page.habits.used["repeats"] & (note.time + span * np.array(REPEATS) <= limit)
        if not mask.any():
            mask[0] = True
        return mask

    def _slides(self) -> bool:
        return self.note.columns[KIND_AT] == SLIDER

    def _curve(self) -> Choice:
        page, note = self.page, self.note
        if not self._slides():
            return 0
        old = self._old("curve")
        if old is not None and old != NONE:
            return self._fixed("curve", old)
        mask = page.habits.used["curve"].copy()
        mask[4] = False
        if self._pixels(note.end - note.time) > self._straight():
            mask[0] = False
        if not mask.any():
            mask[[1, 2]] = True
        return mask

    def _straight(self) -> float:
        """The longest straight way from the head that stays in the playfield."""
        lengths = np.arange(20, 640, 20.0)
        points: NDArray[np.complex128] = self.note.place + lengths[:, None] * TURNS[None]
        inside = self._inside(points).any(axis=1)
        return float(lengths[inside].max(initial=20.0))

    def _anchors(self) -> Choice:
        if not self._slides():
            return 0
        old, curve = self._old("anchors"), self.note.columns[_RAW_AT["curve"]]
        if old is not None and old != NONE:
            return self._fixed("anchors", old)
        if curve in (0, 1):
            return self._fixed("anchors", curve)
        mask = self.page.habits.used["anchors"].copy()
        mask[: 2 if curve == 3 else 1] = False
        return mask if mask.any() else self._fixed("anchors", 2)

    def _slider_angle(self) -> Choice:
        page, note = self.page, self.note
        if not self._slides():
            note.tail = note.place
            return 0
        move = note.place - self._leave
        arrived = self._came if abs(move) < STILL else move
        known = np.isfinite(self._time) and abs(arrived) >= STILL
        if note.source >= 0 and "slider_angle" in page.kept and int(page.scene.columns[note.source, KIND_AT]) == SLIDER:
            note.tail = complex(page.scene.tail_x[note.source], page.scene.tail_y[note.source])
            return self._turn_of(note.tail - note.place, arrived) if known and abs(note.tail - note.place) >= STILL else 0
        ways = TURNS * (arrived / abs(arrived)) if known else TURNS.astype(np.complex128)
        pixels = self._pixels(note.end - note.time)
        curve = note.columns[_RAW_AT["curve"]]
        usual = page.habits.reach.get(curve)
        share = 1.0 if curve == 0 else float(self.rng.choice(usual)) if usual is not None and len(usual) else 0.9
        for folded in FOLDED if curve else (1.0,):
            self._tails = note.place + ways * pixels * share * folded
            mask = self._inside(self._tails)
            if mask.any():
                break
        else:
            self._tails = note.place + ways * min(pixels, 30.0)
            mask = np.ones(len(TURNS), bool)
        if not known:
            self._take_slider_angle(int(self.rng.choice(np.flatnonzero(mask))))
            return 0
        return mask

    def _take_slider_angle(self, category: int) -> None:
        tail = complex(self._tails[category])
        way = tail - self.note.place
        swayed = self.note.place + way * np.exp(1j * np.radians(self.rng.uniform(-SWAY, SWAY)))
        self.note.tail = complex(swayed) if self._inside(np.array([swayed]))[0] else tail

    def _sideways(self) -> None:
        """Where a slider of osu!catch ends, of which no field tells."""
        note, habits = self.note, self.page.habits
        pixels = self._pixels(note.end - note.time)
        share = float(self.rng.choice(habits.across)) if len(habits.across) else 0.6
        sides = [side for side in (-1, 1) if 0 <= note.place.real + side * share * pixels <= WIDTH]
        across = (float(self.rng.choice(sides)) * share * pixels) if sides else 0.0
        down = np.sqrt(max((0.95 * pixels) ** 2 - across**2, 0.0)) if pixels else 0.0
        y = note.place.imag + down if note.place.imag + down <= HEIGHT else note.place.imag - down
        note.tail = complex(note.place.real + across, min(max(y, 0.0), HEIGHT))

    # Sounds and lines

    def _bound_field(self, name: str) -> Choice:
        old = self._old(name)
        if old is not None and old != NONE:
            return self._fixed(name, old)
        return self.page.habits.used[name]

    def _hitsound(self) -> Choice:
        if self.page.family is Family.CATCH and self._slides() and not self._kept_tail():
            self._sideways()
        return self._bound_field("hitsound")

    def _kept_tail(self) -> bool:
        note, page = self.note, self.page
        if note.source >= 0 and "shift" in page.kept and int(page.scene.columns[note.source, KIND_AT]) == SLIDER:
            note.tail = complex(page.scene.tail_x[note.source], page.scene.tail_y[note.source])
            return True
        return False

    def _tail_hitsound(self) -> Choice:
        return self._bound_field("tail_hitsound") if self._slides() else 0

    def _modifier(self) -> Choice:
        page, note = self.page, self.note
        old = self._old("modifier")
        if old is not None:
            return self._fixed("modifier", max(old, 0))
        if page.family is Family.FRETS and self._together and abs(note.time - self._time) < 1e-6:
            return self._fixed("modifier", self._chord_modifier)
        mask = np.zeros(FIELDS[COLUMN["modifier"]].size, bool)
        for lane, modifier in page.habits.marks:
            if lane == note.columns[LANE_AT] and modifier >= 0:
                mask[modifier] = True
        if not mask.any():
            mask[0] = True
        return mask

    def _of_lines(self, name: str) -> Choice:
        page, note = self.page, self.note
        if page.lines is None and (note.source < 0 or name not in page.kept):
            return np.ones(FIELDS[COLUMN[name]].size, bool)
        if page.lines is None or note.tick < 0:
            return self._fixed(name, max(int(page.scene.columns[note.source, _RAW_AT[name]]), 0))
        return self._fixed(name, int((page.lines.volume if name == "volume" else page.lines.kiai)[note.tick]))

    def _velocity(self) -> Choice:
        page, note = self.page, self.note
        if page.lines is None and note.source < 0:
            mask = np.ones(len(SPEEDS), bool)
            if self._slides():
                # The tail stands already: only what the slider can be bent to.
                pixels = self._pixels(note.end - note.time) / note.speed
                way = abs(note.tail - note.place)
                mask = (np.array(SPEEDS) * pixels >= 0.95 * way) & (np.array(SPEEDS) * pixels <= max(1.6 * way, 40.0))
            return mask if mask.any() else self._velocity_category()
        return self._velocity_category()

    def _velocity_category(self) -> int:
        half = len(SPEEDS) // 2
        return int(np.clip(round(float(np.log2(max(self.note.speed, 1e-3))) * 8), -half, half)) + half + 1

    def _take_velocity(self, category: int) -> None:
        self.note.speed = 2.0 ** ((category - len(SPEEDS) // 2) / 8)

    # The end of a note

    def finish(self) -> None:
        """The note is whole."""
        note = self.note
        if not self._slides() and note.columns[KIND_AT] != SPINNER and not note.given:
            note.tail = note.place
        self._turning = False
        self._end_ticks = _NO_TICKS
        self._pass(note)
        self.known.append(note)
        self.written += 1

    def _pass(self, note: Placed) -> None:
        """Goes on from a note."""
        page = self.page
        spans = REPEATS[note.columns[REPEATS_AT]] if note.columns[REPEATS_AT] > 0 else 1
        until = note.time + (note.end - note.time) * spans
        same = abs(note.time - self._time) < 1e-6
        lane = note.columns[LANE_AT]
        if page.laned:
            bits = 1 << max(lane, 0)
            self._together = self._together | bits if same else bits
            self._busy[lane] = max(until, self._busy.get(lane, -np.inf))
            self._chord_end, self._chord_modifier = note.end, max(note.columns[MODIFIER_AT], 0)
        else:
            back = note.columns[REPEATS_AT] % 2 == 1
            leave = note.place if back else note.tail
            move = note.place - self._leave if np.isfinite(self._time) else 0j
            if np.isfinite(self._time) and page.family is Family.OSU:
                gap, way = self._gap_of(note.time), abs(move)
                category = int(np.searchsorted(_DISTANCE_BOUNDS, way))
                if category:
                    self._spacing[gap, category] = way
            along = leave - note.place
            self._came = along if abs(along) > _LEADS else move
            self._leave = leave
        if note.time >= page.start and not same:
            self._moments += 1
        self._remember(note)
        self._time, self._speed = note.time, note.speed
        self._until = max(until, self._until)

    def _remember(self, note: Placed) -> None:
        """The note is one that others may be like."""
        if note.time < self.page.start:
            return
        tick = (
            int(self.memory.places[note.tick])
            if note.tick >= 0
            else int(beat_ticks(self.page.scene.beats, np.array([note.time]))[0])
        )
        lasting = beat_category((note.end - note.time) / self._beat(note.time))
        self._own.setdefault(tick, []).append([*note.columns, lasting])
        if self._moments_known[-1:] != [tick]:
            self._moments_known.append(tick)

    def _beat(self, time: float) -> float:
        """ms of a beat at a time."""
        stretch = max(int(np.searchsorted(self.page.scene.beats.starts, time + 1e-6, side="right")) - 1, 0)
        return float(self.page.scene.beats.lengths[stretch])

    def hurry(self) -> float:
        """Above 0 where fewer moments were written than `pace` asks for, below where more."""
        page = self.page
        if page.pace is None or not np.isfinite(self._time):
            return 0.0
        wanted = page.pace * max(self._time - page.start, 0.0) / 1000
        return float(np.clip((wanted - self._moments) / np.sqrt(wanted + 4.0), -3.0, 3.0))


_CHOICES: Mapping[str, Callable[[Pen], Choice]] = {
    "gap": Pen._gap,
    "snap": Pen._snap,
    "error": Pen._error,
    "kind": Pen._kind,
    "lane": Pen._lane,
    "new_combo": Pen._new_combo,
    "distance": Pen._distance,
    "angle": Pen._angle,
    "shift": Pen._shift,
    "length": Pen._length_of,
    "end_snap": Pen._end_snap,
    "repeats": Pen._repeats,
    "curve": Pen._curve,
    "anchors": Pen._anchors,
    "slider_angle": Pen._slider_angle,
    "hitsound": Pen._hitsound,
    "tail_hitsound": Pen._tail_hitsound,
    "sample_set": partial(Pen._bound_field, name="sample_set"),
    "addition_set": partial(Pen._bound_field, name="addition_set"),
    "modifier": Pen._modifier,
    "volume": partial(Pen._of_lines, name="volume"),
    "slider_velocity": Pen._velocity,
    "kiai": partial(Pen._of_lines, name="kiai"),
}
_TAKES: Mapping[str, Callable[[Pen, int], None]] = {
    "gap": Pen._take_gap,
    "snap": Pen._take_snap,
    "lane": Pen._take_lane,
    "distance": Pen._take_distance,
    "angle": Pen._take_angle,
    "shift": Pen._take_shift,
    "length": Pen._take_length,
    "end_snap": Pen._take_end_snap,
    "slider_angle": Pen._take_slider_angle,
    "slider_velocity": Pen._take_velocity,
}
