"""Where everything of the picture goes: one panel beneath the other, each with its title, labels, bars and times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf

import numpy as np

from server.plot.drawing import (
    INKS,
    Anchor,
    Box,
    Dot,
    Drawing,
    Ink,
    Shape,
    Stroke,
    Triangle,
    Words,
    shortened,
    text_width,
)
from server.plot.panel import Label, Panel
from server.printable import plural

# A picture of more panels could hardly be looked at, and as PNG it would take hundreds of megabytes.
MOST_PANELS = 60

MARGIN, LEFT, RIGHT = 20.0, 52.0, 20.0
TITLE, LEGEND, SMALL = 16.0, 12.0, 11.5
TITLE_ROOM, LEGEND_ROOM, LABEL_ROOM, BARS, TIMES_ROOM, NAMES_ROOM, BETWEEN = 26.0, 22.0, 17.0, 150.0, 24.0, 15.0, 26.0
LABEL_ROWS, NO_BARS = 4, 16.0
# The longest that a section's name may be, in pixels.
LONGEST_NAME = 150.0
# Between two labels of a row, and between a label and a line that passes it.
GAP = 10.0
# The scale reaches this many bits at least, so that a map without surprises looks like one.
LOWEST_TOP = 8.0
# A few bars far above all others are cut off, so that these can be seen: above what this share of the bars needs, times a bit.
COMMON, SPARE = 0.995, 1.6
STEPS_OF_TIME = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where one panel's bars stand, and what a pixel means."""

    panel: Panel
    left: float
    right: float
    top: float
    bottom: float
    bits: float

    def x(self, time: float) -> float:
        share = (time - self.panel.start) / (self.panel.end - self.panel.start)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def bar(self, time: float) -> float:
        """The middle of the bar that holds the time."""
        count, width = len(self.panel.bars), self.right - self.left
        return self.left + (min(int((self.x(time) - self.left) / width * count), count - 1) + 0.5) * width / count

    def y(self, bits: float) -> float:
        return self.bottom - min(bits / self.bits, 1.0) * (self.bottom - self.top)

    def shows(self, time: float) -> bool:
        return self.panel.start <= time <= self.panel.end


def lay_out(panels: Sequence[Panel], width: int) -> Drawing:
    """The picture of the first MOST_PANELS panels."""
    shown = panels[:MOST_PANELS]
    shapes: list[Shape] = []
    y, legend = MARGIN, ""
    for panel in shown:
        said = repr(_legend_entries(panel))
        y = _panel(panel, width, y, shapes, with_legend=said != legend) + BETWEEN
        legend = said if panel.notes else legend
    if not shown:
        shapes.append(Words(MARGIN, y + TITLE, "No map was scored.", TITLE, Ink.FAINT))
        y += TITLE + BETWEEN
    height = ceil(y - BETWEEN + MARGIN)
    paper: Shape = Box(0, 0, width, height, Ink.PAPER)
    return Drawing(width, height, _title(shown), _description(shown), [paper, *shapes])


def _title(panels: Sequence[Panel]) -> str:
    return panels[0].title if len(panels) == 1 else f"Surprisal of {plural(len(panels), 'panel')}"


def _description(panels: Sequence[Panel]) -> str:
    strongest = [f"{panel.title}: {label.stamp} {label.text}" for panel in panels for label in panel.labels[:1]]
    return "Surprisal over time. Most surprising: " + "; ".join(strongest) if strongest else "Surprisal over time."


def _panel(panel: Panel, width: int, y: float, shapes: list[Shape], *, with_legend: bool) -> float:
    """Adds one panel whose upper edge is `y`; returns its lower edge."""
    shapes += _heading(panel, width, y)
    y += TITLE_ROOM
    if with_legend and panel.notes:
        y = _legend(panel, width, y, shapes)
    frame = _Frame(panel, LEFT, width - RIGHT, y, y + BARS, _scale(panel))
    placed = _placed(frame)
    top = y + 4 + LABEL_ROOM * max((each.row + 1 for each in placed), default=0)
    frame = replace(frame, top=top, bottom=top + (BARS if panel.notes else NO_BARS))
    if not panel.notes:
        shapes.append(Words(LEFT, frame.top + LEGEND, "no notes", LEGEND, Ink.FAINT))
        return frame.bottom
    shapes += _bands(frame)
    shapes += _grid(frame)
    shapes += _bars(frame)
    shapes += _labels(frame, placed)
    shapes += _times(frame)
    return frame.bottom + TIMES_ROOM + _names(frame, shapes)


def _heading(panel: Panel, width: int, y: float) -> Iterator[Shape]:
    right = f"{panel.notes:,} {'note' if panel.notes == 1 else 'notes'} · model {panel.model}"
    room = width - LEFT - RIGHT - text_width(right, SMALL) - 2 * GAP
    yield Words(LEFT, y + TITLE, fitting(panel.title, TITLE, room), TITLE, bold=True)
    yield Words(width - RIGHT, y + TITLE, right, SMALL, Ink.FAINT, Anchor.END)


def fitting(title: str, size: float, room: float) -> str:
    """A bold title in so many pixels: the song's name is cut before the difficulty's, which tells the panels apart."""
    if text_width(title, size, bold=True) <= room:
        return title
    song, bracket, name = title.rpartition(" [")
    name = shortened(bracket + name, size, room * 0.6, bold=True)
    return shortened(song, size, room - text_width(name, size, bold=True), bold=True) + name


def _legend_entries(panel: Panel) -> list[tuple[Ink, str]]:
    """What is to be seen in the panel."""
    marks = panel.landmarks
    entries = [(INKS[aspect], name) for aspect, name in panel.aspects]
    for spans, ink, name in ((marks.bright, Ink.BRIGHT, marks.bright_name), (marks.quiet, Ink.QUIET, marks.quiet_name)):
        if any(_overlaps(panel, span) for span in spans):
            entries.append((ink, name))
    seen = any(panel.start <= time <= panel.end for time in marks.bookmarks)
    return [*entries, (Ink.FAINT, "bookmark")] if seen else entries


def _overlaps(panel: Panel, span: tuple[float, float]) -> bool:
    return span[1] > panel.start and span[0] < panel.end


def _legend(panel: Panel, width: int, y: float, shapes: list[Shape]) -> float:
    """Adds the legend in as many rows as it needs; returns its lower edge."""
    x = LEFT
    for ink, name in _legend_entries(panel):
        wide = 18 + text_width(name, LEGEND)
        if x + wide > width - RIGHT and x > LEFT:
            x, y = LEFT, y + LEGEND_ROOM
        if ink is Ink.FAINT:
            shapes.append(Triangle(x + 6, y + 5, 7, ink))
        else:
            shapes.append(Box(x, y + 3, 12, 12, ink))
        shapes.append(Words(x + 18, y + 13, name, LEGEND, Ink.TEXT))
        x += wide + 14
    return y + LEGEND_ROOM


def _scale(panel: Panel) -> float:
    """The bits at the upper edge."""
    heights = panel.bars.sum(1)
    heights = heights[heights > 0]
    if not len(heights):
        return LOWEST_TOP
    common = float(np.quantile(heights, COMMON)) * SPARE
    return max(LOWEST_TOP, min(float(heights.max()), common) * 1.04)


def _bands(frame: _Frame) -> Iterator[Shape]:
    marks = frame.panel.landmarks
    for spans, ink in ((marks.quiet, Ink.QUIET), (marks.bright, Ink.BRIGHT)):
        for start, end in spans:
            if _overlaps(frame.panel, (start, end)):
                left, right = frame.x(start), frame.x(end)
                yield Box(left, frame.top, max(right - left, 1.0), frame.bottom - frame.top, ink)


def _grid(frame: _Frame) -> Iterator[Shape]:
    """Lines at round numbers of bits, with the numbers."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if frame.bits / step <= 4.5)
    numbers = range(step, int(frame.bits) + 1, step)
    yield Stroke(
        tuple((frame.left, round(frame.y(bits)) + 0.5, frame.right, round(frame.y(bits)) + 0.5) for bits in numbers), Ink.GRID
    )
    for bits in numbers:
        unit = " bits" if bits == numbers[-1] else ""
        yield Words(frame.left - 7, frame.y(bits) + 4, f"{bits}{unit}", SMALL, Ink.FAINT, Anchor.END)


def _bars(frame: _Frame) -> Iterator[Shape]:
    """The stacks, all pieces of one ink together."""
    panel = frame.panel
    count = len(panel.bars)
    step = (frame.right - frame.left) / count
    feet = np.concatenate((np.zeros((count, 1), np.float32), np.cumsum(panel.bars, axis=1)), axis=1).clip(0, frame.bits)
    for at, (aspect, _) in enumerate(panel.aspects):
        tall = np.flatnonzero(feet[:, at + 1] - feet[:, at] > frame.bits / BARS * 0.4)
        lines = [
            (x, frame.y(low), x, frame.y(high))
            for x, low, high in zip(
                (frame.left + (tall + 0.5) * step).tolist(), feet[tall, at].tolist(), feet[tall, at + 1].tolist(), strict=True
            )
        ]
        if lines:
            yield Stroke(tuple(lines), INKS[aspect], max(round(step * 0.75, 2), 1.0))
    yield Stroke(((frame.left, frame.bottom + 0.5, frame.right, frame.bottom + 0.5),), Ink.AXIS)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A label that has its place: its row (0 = lowest), its ends, the x of its line."""

    label: Label
    row: int
    left: float
    right: float
    x: float


def _placed(frame: _Frame) -> list[_Placed]:
    """As many of the strongest notes as find room; no label or line crosses another label."""
    placed: list[_Placed] = []
    for label in frame.panel.labels:
        if label.height > 0 and frame.shows(label.time) and (place := _place(label, frame, placed)):
            placed.append(place)
    return placed


def _labels(frame: _Frame, placed: Sequence[_Placed]) -> Iterator[Shape]:
    for each in placed:
        base = frame.top - 4 - each.row * LABEL_ROOM
        yield Stroke(((each.x, base + 3, each.x, frame.y(each.label.height)),), Ink.AXIS)
        yield Dot(each.x, frame.y(each.label.height), 2.5, Ink.TEXT)
        beside = each.left + 3 < each.x - GAP
        x, anchor = (each.right, Anchor.END) if beside else (each.left, Anchor.START)
        yield Words(x, base, f" {each.label.text}", SMALL, Ink.FAINT, anchor, lead=each.label.stamp)


def _place(label: Label, frame: _Frame, placed: Sequence[_Placed]) -> _Placed | None:
    wide = text_width(label.stamp, SMALL, bold=True) + text_width(f" {label.text}", SMALL)
    x = frame.bar(label.time)
    left = min(max(x - 3, frame.left), frame.right - wide)
    if left < frame.left or any(abs(each.x - x) < 3 for each in placed):
        return None
    for row in range(LABEL_ROWS):
        here = _Placed(label, row, left, left + wide, x)
        if not any(_collide(here, other) for other in placed):
            return here
    return None


def _collide(one: _Placed, other: _Placed) -> bool:
    """Whether the texts meet, or the line of the upper one passes the text of the lower one."""
    if one.row == other.row:
        return one.left < other.right + GAP and other.left < one.right + GAP
    upper, lower = (one, other) if one.row > other.row else (other, one)
    return lower.left - GAP / 2 < upper.x < lower.right + GAP / 2


def _times(frame: _Frame) -> Iterator[Shape]:
    """Ticks at round times, and the bookmarks."""
    panel = frame.panel
    room = text_width("00:00", SMALL) * 2.2
    seconds = (panel.end - panel.start) / 1000
    fitting = max((frame.right - frame.left) / room, 1.0)
    step = next((step for step in STEPS_OF_TIME if seconds / step <= fitting), ceil(seconds / fitting))
    first = ceil(panel.start / 1000 / step)
    ticks = [number * step for number in range(first, int(panel.end // 1000 // step) + 1)]
    yield Stroke(tuple((frame.x(tick * 1000), frame.bottom, frame.x(tick * 1000), frame.bottom + 5) for tick in ticks), Ink.AXIS)
    for tick in ticks:
        yield Words(frame.x(tick * 1000), frame.bottom + 17, clock(tick), SMALL, Ink.FAINT, Anchor.MIDDLE)
    for time in panel.landmarks.bookmarks:
        if frame.shows(time):
            yield Triangle(frame.x(time), frame.bottom + 1.5, 6, Ink.FAINT)


def clock(seconds: int) -> str:
    """`1:05`, from an hour on `1:01:05`; before the song begins with a minus sign."""
    sign, seconds = ("−", -seconds) if seconds < 0 else ("", seconds)
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{sign}{minutes}:{rest:02d}"
    return f"{sign}{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _names(frame: _Frame, shapes: list[Shape]) -> float:
    """Adds the names of the song's sections beneath the times, as many as find room; returns the height they take."""
    sections = [(frame.x(time), name) for time, name in frame.panel.landmarks.sections if frame.shows(time)]
    if not sections:
        return 0.0
    base, free = frame.bottom + TIMES_ROOM + 9, -inf
    for x, name in sections:
        shown = shortened(name, SMALL - 1, min(LONGEST_NAME, frame.right - x))
        if x >= free and shown:
            shapes.append(Stroke(((x, base - 9, x, base + 2),), Ink.AXIS))
            shapes.append(Words(x + 4, base, shown, SMALL - 1, Ink.FAINT))
            free = x + 4 + text_width(shown, SMALL - 1) + GAP
        else:
            shapes.append(Stroke(((x, base - 9, x, base - 5),), Ink.AXIS))
    return NAMES_ROOM
