"""From a request to the page that the sampler writes on: the section's notes, its ticks, and what stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from formats.chart import Chart
from formats.chart_tracks import ChartNote, Track
from formats.timeline import Note, Timeline
from formats.timestamps import format_time
from generation.parts import Part
from generation.request import DENSITIES, CannotWrite, Request
from models.bundled.fields import KINDS, SNAPS, Family
from models.bundled.habits import LANED, Habits, habits_of, lasting_until
from models.bundled.pens import Lines, Page
from models.bundled.rows import rows_of
from models.bundled.scenes import (
    KIAI_AT,
    LANE_AT,
    SET_AT,
    VOLUME_AT,
    Floats,
    Pause,
    Scene,
    lines_at,
    ordered_notes,
    scene_of_timeline,
    scene_of_track,
    scored_family,
)
from models.bundled.ticks import Ticks, ticks_between

# ms: no section is longer, so that a slip of the finger does not ask for a day of notes.
LONGEST = 30 * 60_000.0
# ms that a break needs before it, as the editor makes them.
BEFORE_BREAK = 200.0
# Notes on either side by which the pace of a section is judged.
AROUND = 64
# ms: a longer pause does not count for the pace.
PAUSE = 3_000.0
# ms within which a section that is to be as dense as it was may have its notes elsewhere.
STRETCH = 2_000.0

_RHYTHM = frozenset(("gap", "snap", "error", "kind", "length", "end_snap", "repeats"))
_POSITIONS = frozenset(("lane", "distance", "angle", "shift", "curve", "anchors", "slider_angle"))
_HITSOUNDS = frozenset(("hitsound", "tail_hitsound", "sample_set", "addition_set"))
FIELDS_OF = {
    Part.RHYTHM: _RHYTHM,
    Part.POSITIONS: _POSITIONS,
    Part.HITSOUNDS: _HITSOUNDS,
    Part.COMBOS: frozenset(("new_combo",)),
    Part.FLAGS: frozenset(("modifier",)),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A `page` with the notes of the map in the order of its scene, and what the page's notes are as text. `density`: how many
    times as dense as the notes around the page is to be."""

    page: Page
    notes: Sequence[Note] | Sequence[ChartNote]
    density: float


def sheet_of_timeline(timeline: Timeline, request: Request, pause: Pause | None = None) -> Sheet:
    """`pause` is called now and then. Raises `CannotWrite`."""
    scene, notes = scene_of_timeline(timeline, pause), ordered_notes(timeline)
    if pause is not None:
        pause()
    if not timeline.grid.red:
        raise CannotWrite("the map has no red line, so there is no grid to put notes on: set the timing first")
    pauses = [
        (each.start + timeline.grid.offset - BEFORE_BREAK, each.end + timeline.grid.offset + timeline.beatmap.preempt)
        for each in timeline.beatmap.breaks
    ]
    page, density = _page(scene, request, None, pauses)
    speed, columns = lines_at(timeline, page.ticks.time)
    # Before the first line nothing of the map may be written: the game itself plays there by the first one.
    lines = Lines(speed, *(columns[:, at].astype(np.int64).clip(0) for at in (VOLUME_AT, KIAI_AT, SET_AT)))
    return Sheet(replace(page, lines=lines), notes, density)


def sheet_of_track(chart: Chart, track: Track, request: Request, pause: Pause | None = None) -> Sheet:
    """As `sheet_of_timeline`."""
    if scored_family(track) is None:
        raise CannotWrite(f"{track.label} cannot be written: the model knows five-fret and drum tracks only")
    scene = scene_of_track(chart, track)
    if pause is not None:
        pause()
    page, density = _page(scene, request, chart.resolution, ())
    return Sheet(page, track.notes, density)


def _page(scene: Scene, request: Request, resolution: int | None, pauses: Sequence[tuple[float, float]]) -> tuple[Page, float]:
    """The page without the lines of an osu! map, and how many times as dense as the notes around it is to be."""
    _check(request)
    family, where = scene.family, f"{format_time(request.start)} to {format_time(request.end)}"
    first, stop = (int(np.searchsorted(scene.time, at - 1e-6)) for at in (request.start, request.end))
    again = Part.RHYTHM in request.keep and not request.add
    stays = np.zeros(len(scene), bool)
    stays[:first] = stays[stop:] = True
    if request.add:
        stays[:] = True
    elif request.lanes is not None and family in LANED:
        stays |= ~np.isin(scene.columns[:, LANE_AT], tuple(request.lanes))
    if again and first == stop:
        raise CannotWrite(f"there are no notes to write again from {where}")
    outside = np.concatenate((np.arange(first), np.arange(stop, len(scene))))
    known = scene.taken(outside if len(outside) >= 40 else np.arange(len(scene)))
    habits = habits_of(known, rows_of(known, _silent(known)))
    ends = lasting_until(scene)
    start = request.start
    if family not in LANED and first:
        start = max(start, float(ends[:first].max()) + habits.gap - 1e-6)
    ticks = ticks_between(scene.beats, start, request.end, _divisors(habits), resolution)
    free = np.ones(len(ticks), bool)
    for begin, end in pauses:
        free &= (ticks.time < begin) | (ticks.time > end)
    lanes = request.lanes if family in LANED else None
    counted = np.ones(len(scene), bool) if lanes is None else np.isin(scene.columns[:, LANE_AT], tuple(lanes))
    around, course = _pace_around(scene.time[:first][counted[:first]], scene.time[stop:][counted[stop:]]), None
    if request.density is not None or again:
        density = request.density or 1.0
        pace = around and around * density
    else:
        pace, course = _own_pace(scene.time[first:stop][counted[first:stop]], start, request.end, ticks)
        # Hardly any map is said to be denser or sparser than may be asked for.
        density = min(max(pace / around, DENSITIES[0]), DENSITIES[1]) if around else 1.0
    page = Page(
        scene, first, stop, request.start, request.end, stays, ticks, free, None, habits, again,
        _kept(family, request),
        lanes,
        frozenset(KINDS.index(kind) for kind in request.kinds) if request.kinds else None,
        pace, course, tidy=family is Family.OSU,
        company=_company(scene, first, stop, request) if family in LANED and lanes is None else None,
    )  # fmt: skip
    if not again and not free[ticks.time < request.end].any():
        raise CannotWrite(f"there is no room for a note from {where}: choose a longer section")
    return page, density


def _check(request: Request) -> None:
    """Raises `CannotWrite` where it makes no sense for any map."""
    if not request.start < request.end:
        raise CannotWrite(
            f"the section ends at {format_time(request.end)}, which is not after its start at {format_time(request.start)}"
        )
    if request.end - request.start > LONGEST:
        raise CannotWrite("the section is longer than half an hour: name a shorter one")
    if request.add and request.density is None:
        raise CannotWrite("added notes make the section denser than it is: name a number for the density")


def _kept(family: Family, request: Request) -> frozenset[str]:
    """The fields of the parts that stay; in taiko don and kat are what places are elsewhere."""
    fields = frozenset[str]().union(*(FIELDS_OF[part] for part in request.keep))
    if family is not Family.TAIKO:
        return fields
    return fields | {"kind"} if Part.POSITIONS in request.keep else fields - {"kind"}


def _silent(scene: Scene) -> NDArray[np.float32]:
    from models.bundled.echoes import WIDTH

    return np.zeros((len(scene), WIDTH), np.float32)


def _divisors(habits: Habits) -> tuple[int, ...]:
    """In the order in which a tick that several divide belongs to the first."""
    return tuple(divisor for divisor in SNAPS if divisor in habits.divisors)


def _pace_around(before: Floats, behind: Floats) -> float | None:
    """Moments with notes a second on both sides of the section; None where nothing tells."""
    count, lasting = 0, 0.0
    for side in (before[-AROUND:], behind[:AROUND]):
        gaps = np.diff(np.unique(side))
        gaps = gaps[gaps < PAUSE]
        count, lasting = count + len(gaps), lasting + float(gaps.sum())
    return 1000 * count / lasting if count >= 8 and lasting > 0 else None


def _own_pace(times: Floats, start: float, end: float, ticks: Ticks) -> tuple[float, Floats]:
    """Moments with notes a second of what stands in the section, and (T,) how many of them come before each tick, stretch by
    stretch: a calm half stays calm, but nothing is said of single notes."""
    moments = np.unique(times)
    if not len(moments):
        raise CannotWrite("there are no notes in the section that it could be as dense as: name a number for the density")
    bounds = np.append(np.arange(start, end, STRETCH), end)
    counts = np.searchsorted(moments, bounds - 1e-6)
    return 1000 * len(moments) / max(end - start, 1.0), np.interp(ticks.time, bounds, counts)


def _company(scene: Scene, first: int, stop: int, request: Request) -> float | None:
    """Notes of a moment on average around the section, or in one that is to be as dense as it was; None where nothing tells."""
    if request.density is None:
        times = scene.time[first:stop]
    else:
        times = np.concatenate((scene.time[max(first - AROUND, 0) : first], scene.time[stop : stop + AROUND]))
    return len(times) / len(np.unique(times)) if len(times) >= 8 else None
