"""Kiai time that differs between the taiko difficulties.

Kiai marks parts of the song, so taiko difficulties should turn it on and off at the same times. The difficulties that
differ from the usual times are named.

Example: kiai from 20000 to 40000 in one difficulty and from 20000 to 42000 in another
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from math import isfinite

from analyzers.consensus import reference, same_song
from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.repairs import format_number, insert_after, replace_field
from analyzers.rule import TAIKO, Change, Issue, Repair, Rule, Template
from formats.document import whole
from formats.mapset import Difficulty
from formats.osu import Effects, TimingPoint
from formats.timing import TimingGrid

SAME_TIME_MS = 2.0
_FIELDS = 8

Toggles = tuple[tuple[int, bool], ...]

EXTRA = Template(
    "extra-toggle",
    Severity.INFORMATION,
    "Kiai turns {state} here, but not in {other}.",
    "Kiai is turned on or off where other taiko difficulties leave it.",
)
MISSING = Template(
    "missing-toggle",
    Severity.INFORMATION,
    "Kiai does not turn {state} here as it does in {other}.",
    "Kiai is left as it is where other taiko difficulties turn it on or off.",
)


def check(context: Context) -> Iterator[Issue]:
    peers = same_song(context)
    other = reference(peers, lambda peer: _toggles(peer.timeline.grid)) or context.difficulty
    own, usual = _toggles(context.grid), _toggles(other.timeline.grid)
    extra, missing = _without(own, usual), _without(usual, own)
    if not extra and not missing:
        return
    repairs = [repair] if (repair := _copy(context, other)) else []
    for template, (time, on) in sorted([(EXTRA, each) for each in extra] + [(MISSING, each) for each in missing], key=_time):
        point = context.grid.point_at(time)
        yield template(
            at=time_place(point) if point else whole(context.first_line),
            time=time,
            state="on" if on else "off",
            other=other.name,
            repairs=repairs,
            related=[Related(other.path, time, f"kiai in {other.name}")],
        )
        # One fix sets all times, so it is offered once.
        repairs = []


def _time(pair: tuple[Template, tuple[int, bool]]) -> int:
    return pair[1][0]


def _toggles(grid: TimingGrid) -> Toggles:
    """(ms, on or off) of every change of kiai, in time order."""
    times = [(time, on) for span in grid.kiai_spans for time, on in zip(span, (True, False), strict=True)]
    return tuple((int(time), on) for time, on in times if isfinite(time))


def _without(toggles: Toggles, others: Toggles) -> list[tuple[int, bool]]:
    """The toggles that `others` do not have within `SAME_TIME_MS`."""
    times = {on: [time for time, state in others if state is on] for on in (True, False)}
    return [(time, on) for time, on in toggles if not _near(times[on], time)]


def _near(times: list[int], time: int) -> bool:
    at = bisect_left(times, time - SAME_TIME_MS)
    return at < len(times) and times[at] <= time + SAME_TIME_MS


def _copy(context: Context, other: Difficulty) -> Repair | None:
    """Kiai on every line as it is in `other`, with a green line of its own wherever none stands at a toggle."""
    grid, theirs = context.grid, other.timeline.grid
    toggles = _toggles(theirs)
    if any(point.line.content.count(",") < _FIELDS - 1 for point in grid.points):
        return None
    if toggles and (not grid.times or toggles[0][0] < grid.times[0]):
        return None
    changes = [
        replace_field(point.line, 7, str(point.effects ^ Effects.KIAI))
        for point in grid.points
        if point.kiai != theirs.kiai_at(grid.time_of(point) + SAME_TIME_MS)
    ]
    changes += _added(context, toggles)
    return Repair(f"Turn kiai on and off as in {other.name}", Safety.UNSAFE, tuple(changes)) if changes else None


def _added(context: Context, toggles: Toggles) -> Iterator[Change]:
    grid, newline = context.grid, context.document.newline
    times = [int(time) for time in grid.times]
    texts: dict[TimingPoint, list[str]] = {}
    for time, on in toggles:
        before = grid.point_at(time)
        if before and not _near(times, time):
            texts.setdefault(before, []).append(_green(before, time - int(grid.offset), kiai=on))
    for point, lines in texts.items():
        yield insert_after(context.document, point.line, newline.join(lines))


def _green(point: TimingPoint, time: int, *, kiai: bool) -> str:
    """A green line that only changes kiai, behind `point`."""
    velocity = "-100" if point.uninherited else point.line.content.split(",")[1].strip()
    effects = (point.effects | Effects.KIAI if kiai else point.effects & ~Effects.KIAI) & ~Effects.OMIT_BARLINE
    sound = f"{point.sample_set},{point.sample_index},{point.volume}"
    return f"{format_number(time)},{velocity},{point.meter},{sound},0,{effects}"


RULE = Rule(
    "T304", "taiko-kiai-consistency", Category.TIMING, __doc__, (EXTRA, MISSING), check, modes=TAIKO, whole_set=True
)  # fmt: skip
