"""Timing that differs between the difficulties of a song.

The difficulties of a song share its rhythm, so their red lines agree in offset, meter and BPM. Where they do not, the
difficulties that disagree with most of the set are told, line by line; offsets that differ by less than 1 ms are a remark.

Example: a red line at 2000 ms that only one of five difficulties has
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator

from analyzers.consensus import of_one_song, reference, related
from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.repairs import delete_line, format_number, insert_after
from analyzers.rule import Issue, Repair, Rule, Standard, Template
from analyzers.snapping import milliseconds
from analyzers.timing_lines import set_fields
from formats.document import field, whole
from formats.mapset import Difficulty
from formats.osu import TimingPoint
from formats.timestamps import format_time
from formats.timing import TimingGrid

SAME_OFFSET_MS = 1.0
EXACT_MS, LAZER_EXACT_MS = 1e-6, 0.01
# In ms per beat.
BEAT_TOLERANCE_MS, LAZER_BEAT_TOLERANCE_MS = 0.001, 0.01

MISSING = Template(
    "missing",
    Severity.ERROR,
    "Difficulty [{other}] has a red line at {offset} that this one lacks.",
    "A red line that most of the set has is missing.",
)
EXTRA = Template(
    "extra",
    Severity.ERROR,
    "This red line is not in [{other}].",
    "A red line stands where most of the set has none.",
)
METER = Template(
    "meter-mismatch",
    Severity.ERROR,
    "The meter of this red line is {here}/4, in [{other}] it is {there}/4.",
    "A red line's meter differs from that in most of the set.",
)
TEMPO = Template(
    "bpm-mismatch",
    Severity.ERROR,
    "The BPM of this red line is {here}, in [{other}] it is {there}.",
    "A red line's ms per beat differ from those in most of the set.",
)
DECIMALS = Template(
    "decimal-offset",
    Severity.INFORMATION,
    "This red line stands {ms} ms {side} that of [{other}].",
    "A red line's offset differs by less than 1 ms from that in most of the set.",
)


def check(context: Context) -> Iterator[Issue]:
    difficulties = [one for one in of_one_song(context) if one.timeline.grid.red]
    source = reference(difficulties, _timing)
    if source is None or not context.grid.red:
        return
    if source is not context.difficulty:
        yield from _against(context, source)
    elif context.standard is Standard.LAZER:
        # osu!lazer tells of differing decimals on both sides.
        for other in difficulties:
            if other is not source:
                yield from _decimals(context, other)


def _timing(difficulty: Difficulty) -> Hashable:
    return tuple([(round(red.time, 3), round(red.beat_length, 3), red.meter) for red in difficulty.timeline.grid.red])


def _against(context: Context, source: Difficulty) -> Iterator[Issue]:
    grid, theirs = context.grid, source.timeline.grid
    for red, time in zip(grid.red, grid.red_times, strict=True):
        match = _match(theirs, time)
        if match is None:
            repair = Repair("Delete this red line", Safety.UNSAFE, (delete_line(red.line),))
            yield EXTRA(time_place(red), time, repairs=[repair], related=_related(source, time), other=source.name)
        else:
            yield from _compare(context, red, match, source)
    for red, time in zip(theirs.red, theirs.red_times, strict=True):
        if _match(grid, time) is None:
            yield _missing(context, red, time, source)
    yield from _decimals(context, source)


def _match(grid: TimingGrid, time: float) -> TimingPoint | None:
    """The red line nearest to `time` and less than 1 ms away."""
    times = grid.red_times
    near = range(bisect_right(times, time - SAME_OFFSET_MS), bisect_left(times, time + SAME_OFFSET_MS))
    at = min(near, key=lambda number: abs(times[number] - time), default=None)
    return None if at is None else grid.red[at]


def _compare(context: Context, red: TimingPoint, match: TimingPoint, source: Difficulty) -> Iterator[Issue]:
    time = context.grid.time_of(red)
    if red.meter != match.meter:
        repair = _copy(red, match, 2, "meter", source)
        yield METER(
            field(red.line, 2), time, repairs=[repair], related=_related(source, time),
            here=red.meter, there=match.meter, other=source.name,
        )  # fmt: skip
    tolerance = LAZER_BEAT_TOLERANCE_MS if context.standard is Standard.LAZER else BEAT_TOLERANCE_MS
    if abs(red.beat_length - match.beat_length) > tolerance:
        repair = _copy(red, match, 1, "BPM", source)
        yield TEMPO(
            field(red.line, 1), time, repairs=[repair], related=_related(source, time),
            here=_bpm(red), there=_bpm(match), other=source.name,
        )  # fmt: skip


def _decimals(context: Context, source: Difficulty) -> Iterator[Issue]:
    exact = LAZER_EXACT_MS if context.standard is Standard.LAZER else EXACT_MS
    theirs = source.timeline.grid
    for red, time in zip(context.grid.red, context.grid.red_times, strict=True):
        match = _match(theirs, time)
        apart = 0.0 if match is None else time - theirs.time_of(match)
        if match is not None and abs(apart) > exact:
            yield DECIMALS(
                time_place(red), time, repairs=[_copy(red, match, 0, "offset", source)], related=_related(source, time),
                ms=milliseconds(apart), side="after" if apart > 0 else "before", other=source.name,
            )  # fmt: skip


def _missing(context: Context, red: TimingPoint, time: float, source: Difficulty) -> Issue:
    grid = context.grid
    before = [point for point in context.beatmap.timing_points if grid.time_of(point) <= time]
    home = before[-1].line if before else context.beatmap.timing_points[0].line
    change = insert_after(context.document, home, red.line.content)
    return MISSING(
        whole(context.beatmap.headers.get("TimingPoints") or home),
        time,
        repairs=[Repair(f"Copy the red line from [{source.name}]", Safety.UNSAFE, (change,))],
        related=_related(source, time),
        other=source.name,
        offset=format_time(time),
    )


def _copy(red: TimingPoint, match: TimingPoint, index: int, what: str, source: Difficulty) -> Repair:
    changes = set_fields(red, {index: field(match.line, index).text})
    return Repair(f"Copy the {what} from [{source.name}]", Safety.UNSAFE, changes)


def _related(source: Difficulty, time: float) -> list[Related]:
    return [related(source, "The timing of most difficulties is as here", time)]


def _bpm(red: TimingPoint) -> str:
    return format_number(round(60_000 / red.beat_length, 3)) if red.beat_length else "none"


RULE = Rule(
    "T108", "timing-inconsistent", Category.TIMING, __doc__, (MISSING, EXTRA, METER, TEMPO, DECIMALS), check, whole_set=True
)  # fmt: skip
