"""Red lines of an `.osu` written anew, with everything else left in force."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from analyzers.repairs import format_number
from analyzers.rule import Change
from analyzers.snapping import kept_in_bar, move_line
from formats.beatmap import Beatmap
from formats.document import Document, Line
from formats.osu import TimingPoint
from formats.spans import Edit, sort_edits
from formats.timeline import Timeline
from formats.timestamps import format_time
from formats.timing import TICK_PRECISION, TimingGrid
from generation.green_lines import State
from generation.line_edits import Replacement, line_edits
from generation.request import CannotWrite
from generation.song_timing import TempoSection
from generation.timing_lines import USUAL_REST, beat_length, red_line

# Lines this near (ms) stand at the same time.
SAME_TIME = 0.5


def replaced(timeline: Timeline, sections: Sequence[TempoSection], *, along: bool = False) -> tuple[Edit, ...]:
    """All red lines anew; volume, samples and kiai stay in force, and so do slider velocities.

    Objects stay where they are; with `along` what stands behind each red line keeps its place in the bar of the one that comes
    for it. Raises `CannotWrite` where the map has no [TimingPoints] section, or nothing can be moved along.
    """
    document = timeline.beatmap.document
    if not along:
        return line_edits(document, _changes(timeline, sections))
    moved = _moved_along(timeline, sections)
    old = dict(zip(map(id, moved.lines), document.lines, strict=True))
    changes = [replace(each, line=old[id(each.line)]) for each in _changes(Timeline(Beatmap(moved)), sections)]
    own = {id(each.line) for each in changes if not each.added}
    changes += [
        Replacement(line, new.content) for line, new in zip(document.lines, moved.lines, strict=True) if id(line) not in own
    ]
    return line_edits(document, changes)


def _moved_along(timeline: Timeline, sections: Sequence[TempoSection]) -> Document:
    """The map with its red lines in the bars of those that come for them, and what stands behind them moved along."""
    document, grid = timeline.beatmap.document, timeline.grid
    if len(sections) != len(grid.red):
        raise CannotWrite(
            f"objects move along where each red line gets another one, but the map has {len(grid.red)} and {len(sections)} would "
            "come: name as many with --timing-points, or leave --along out"
        )
    starts = [round(each.start_ms) for each in sections]
    changes: list[Change] = []
    for at, (old, section) in enumerate(zip(grid.red_times, sections, strict=True)):
        bar = section.beat_ms * section.meter
        # However many bars the first line stands before or behind the old one.
        start = starts[at] + (0 if at else round((old - starts[at]) / bar) * bar)
        changes += [move_line(point, int(start + TICK_PRECISION), grid) for point in grid.points_at_offset(old)]
        for place, time, moved in kept_in_bar(timeline, at, start, section.beat_ms):
            if max(bisect_right(starts, moved) - 1, 0) != at:
                raise CannotWrite(
                    f"what stands at {format_time(time)} would come to {format_time(moved)}, in the bars of another red line: "
                    "name other offsets with --timing-points, or leave --along out"
                )
            changes.append(Change(place, format_number(moved - grid.offset)))
    return document.edit(sort_edits(Edit(document.span(each.place), each.text) for each in changes))


def _changes(timeline: Timeline, sections: Sequence[TempoSection]) -> list[Replacement]:
    beatmap, grid = timeline.beatmap, timeline.grid
    header = beatmap.headers.get("TimingPoints")
    if header is None:
        raise CannotWrite("the map has no [TimingPoints] section; add the line [TimingPoints] to it first")
    new = {round(section.start_ms): section for section in sections}
    changes: list[Replacement] = []
    kept: set[int] = set()
    for point, time in zip(grid.red, grid.red_times, strict=True):
        section = new.get(round(time))
        if section is not None and round(time) not in kept:
            kept.add(round(time))
            changes.append(Replacement(point.line, _rewritten(point, section)))
        else:
            changes.append(Replacement(point.line, _as_green(grid, point, time, new)))
    for time, section in sorted(new.items()):
        if time not in kept:
            changes += _inserted(grid, header, time, section)
    return changes


def _rewritten(point: TimingPoint, section: TempoSection) -> str:
    """The red line with another tempo; what it says otherwise stays."""
    parts = point.line.content.split(",")
    parts[1] = beat_length(section.beat_ms)
    if len(parts) > 2:
        parts[2] = str(section.meter)
    return ",".join(parts)


def _as_green(grid: TimingGrid, point: TimingPoint, time: float, new: Mapping[int, TempoSection]) -> str | None:
    """What is left of a red line that goes: a green one where it set more than the tempo. None: nothing."""
    at = bisect_left(grid.times, time - SAME_TIME)
    followed = any(not other.uninherited for other in grid.points_at_offset(time)) or round(time) in new
    before = grid.points[at - 1] if at else None
    state = State.of(point)
    if followed:
        return None
    if before is None:
        # The first line: a new red line says the same except for kiai, and so does one behind it unless others stand between.
        first = min(new)
        between = grid.times[at + 1 : bisect_left(grid.times, first)]
        needed = state.kiai if first <= time else bool(between)
    else:
        needed = not _same(State.of(before), state)
    return state.line(time - grid.offset) if needed else None


def _same(one: State, other: State) -> bool:
    return (one.speed, one.volume, one.sample_set, one.sample_index, one.kiai) == (
        other.speed, other.volume, other.sample_set, other.sample_index, other.kiai,
    )  # fmt: skip


def _inserted(grid: TimingGrid, header: Line, time: int, section: TempoSection) -> Iterator[Replacement]:
    """A new red line with the samples, volume and kiai in force there, and a green one behind it where it slowed sliders."""
    at = bisect_left(grid.times, time - SAME_TIME)
    before = grid.points[at - 1] if at else None
    followed = any(abs(other - time) <= SAME_TIME for other in grid.times[at : at + 1])
    rest = USUAL_REST
    if before is not None:
        state = State.of(before)
        rest = f",{state.sample_set},{state.sample_index},{state.volume},1,{before.effects & 1}"
    elif grid.points:
        first = State.of(grid.points[0])
        rest = f",{first.sample_set},{first.sample_index},{first.volume},1,0"
    texts = [red_line(TempoSection(time - grid.offset, section.beat_ms, section.meter), rest)]
    if before is not None and not followed and grid.slider_velocity_at(time) != 1:
        texts.append(State.of(before).line(time - grid.offset))
    for text in texts:
        if at < len(grid.points):
            yield Replacement(grid.points[at].line, text, added=True)
        else:
            yield Replacement(grid.points[-1].line if grid.points else header, text, added=True, behind=True)
