"""Whether what a timing line changes is worth a remark: it changes at the object, and in no other difficulty of the set too."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from analyzers.surprising.rarity import OF_LINES
from analyzers.surprising.scored import LIKELY, ScoredDifficulty, Suspect
from formats.mapset import Difficulty
from formats.osu import TimingPoint
from formats.timing import SAMPLE_LENIENCY, TimingGrid

# Lines of two difficulties that are no farther apart (ms) were made for the same moment.
SAME_MOMENT_MS = 5.0
_VALUES: Mapping[str, Callable[[TimingPoint], float]] = {
    "volume": lambda point: point.volume,
    "slider_velocity": lambda point: round(point.slider_velocity, 2),
    "kiai": lambda point: point.kiai,
}


def of_this_map_alone(
    scored: ScoredDifficulty, suspects: Mapping[str, Sequence[Suspect]], others: Sequence[Difficulty]
) -> dict[str, Sequence[Suspect]]:
    """The suspects without those changes of timing lines that are none, or that one of the other difficulties makes as well.

    Where no other value was likely the change is as good as any.
    """
    kept = dict(suspects)
    for name in OF_LINES:
        if suspects.get(name):
            grids = [_grid(each) for each in others]
            kept[name] = [each for each in suspects[name] if _is_own(scored, name, each, grids)]
    return kept


def _grid(difficulty: Difficulty) -> TimingGrid:
    """The timing lines alone, in order: what is played need not be known."""
    grid = difficulty.derived.get("timing lines")
    if not isinstance(grid, TimingGrid):
        grid = TimingGrid(difficulty.beatmap.timing_points, float(difficulty.beatmap.time_offset))
        difficulty.derived["timing lines"] = grid
    return grid


def _is_own(scored: ScoredDifficulty, name: str, suspect: Suspect, others: Sequence[TimingGrid]) -> bool:
    likelier = scored.likelier(suspect.row, name, 1)
    if not likelier or likelier[0].probability < LIKELY:
        return False
    value = _VALUES[name]
    lines = _setting(scored, suspect.row, SAMPLE_LENIENCY if name == "volume" else 0.0, value)
    moments = [scored.grid.time_of(point) for point in lines]
    shared = (point for grid in others for moment in moments for point in _near(grid, moment))
    return bool(lines) and not any(value(point) == value(lines[-1]) for point in shared)


def _setting(scored: ScoredDifficulty, row: int, ahead: float, value: Callable[[TimingPoint], float]) -> Sequence[TimingPoint]:
    """The lines between the object before and this one that set what it has; () where the object before has it too."""
    grid = scored.grid
    first, stop = (bisect_right(grid.times, scored.times[at] + ahead) for at in (row - 1, row))
    if not row or not first or first == stop:
        return ()
    now = value(grid.points[stop - 1])
    if value(grid.points[first - 1]) == now:
        return ()
    return [point for point in grid.points[first:stop] if value(point) == now]


def _near(grid: TimingGrid, moment: float) -> Sequence[TimingPoint]:
    return grid.points[bisect_left(grid.times, moment - SAME_MOMENT_MS) : bisect_right(grid.times, moment + SAME_MOMENT_MS)]
