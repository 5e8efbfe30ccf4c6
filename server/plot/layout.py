"""Where everything of the picture goes: one panel beneath the other, each with its title, labels, bars and times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
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
from server.plot.panel import WORTH_A_LABEL, Label, Panel
from server.printable import plural

# A picture of more panels could hardly be looked at, and as PNG it would take hundreds of megabytes.
MOST_PANELS = 60

MARGIN, LEFT, RIGHT = 20.0, 52.0, 20.0
TITLE, LEGEND, SMALL = 16.0, 12.0, 11.5
TITLE_ROOM, LEGEND_ROOM, LABEL_ROOM, BARS, TIMES_ROOM, NAMES_ROOM, BETWEEN = 26.0, 22.0, 17.0, 110.0, 24.0, 15.0, 26.0
# The strip of suspicion above the bars, and the room between them.
STRIP, STRIP_ROOM = 50.0, 10.0
LABEL_ROWS, NO_BARS = 4, 16.0
DOTS = f"suspicion: how likely something is wrong, named from {WORTH_A_LABEL * 100:.0f} %"
STACKS = "bits beyond the expected:"
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
    """Where one panel's strip and bars stand, and what a pixel means: `bits` are at the upper edge of the bars."""

    panel: Panel
    left: float
    right: float
    upper: float
    bits: float

    @property
    def base(self) -> float:
        """The lower edge of the strip."""
        return self.upper + STRIP

    @property
    def top(self) -> float:
        """The upper edge of the bars."""
        return self.base + STRIP_ROOM

    @property
    def bottom(self) -> float:
        return self.top + BARS

    def x(self, time: float) -> float:
        share = (time - self.panel.start) / (self.panel.end - self.panel.start)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def bar(self, time: float) -> float:
        """The middle of the bar that holds the time."""
        count, width = len(self.panel.bars), self.right - self.left
        return self.left + (min(int((self.x(time) - self.left) / width * count), count - 1) + 0.5) * width / count

    def y(self, bits: float) -> float:
        return self.bottom - min(bits / self.bits, 1.0) * (self.bottom - self.top)

    def chance(self, suspicion: float) -> float:
        """The y of a probability in the strip."""
        return self.base - min(max(suspicion, 0.0), 1.0) * STRIP

    def shows(self, time: float) -> bool:
        return self.panel.start <= time <= self.panel.end


def lay_out(panels: Sequence[Panel], width: int) -> Drawing:
    """The picture of the first MOST_PANELS panels."""
    shown = panels[:MOST_PANELS]
    shapes: list[Shape] = []
    y, bits = MARGIN, scale(shown)
    for _, alike in groupby(shown, key=lambda panel: panel.aspects):
        group = list(alike)
        y = _legend(group, width, y, shapes)
        for panel in group:
            y = _panel(panel, width, y, bits, shapes) + BETWEEN
    if not shown:
        shapes.append(Words(MARGIN, y + TITLE, "No map was scored.", TITLE, Ink.FAINT))
        y += TITLE + BETWEEN
    height = ceil(y - BETWEEN + MARGIN)
    paper: Shape = Box(0, 0, width, height, Ink.PAPER)
    return Drawing(width, height, _title(shown), _description(shown), [paper, *shapes])


def _title(panels: Sequence[Panel]) -> str:
    return panels[0].title if len(panels) == 1 else f"Surprisal of {plural(len(panels), 'panel')}"


def _description(panels: Sequence[Panel]) -> str:
    strongest = [
        f"{panel.title}: {label.stamp} {label.text}" for panel in panels for label in panel.labels[:1] if label.suspicion
    ]
    return (
        "Suspicion and surprisal over time. Most suspicious: " + "; ".join(strongest)
        if strongest
        else "Suspicion and surprisal over time."
    )


def _panel(panel: Panel, width: int, y: float, bits: float, shapes: list[Shape]) -> float:
    """Adds one panel whose upper edge is `y`; returns its lower edge."""
    shapes += _heading(panel, width, y)
    y += TITLE_ROOM
    if not panel.notes:
        shapes.append(Words(LEFT, y + LEGEND, "no notes", LEGEND, Ink.FAINT))
        return y + NO_BARS
    frame = _Frame(panel, LEFT, width - RIGHT, y, bits)
    placed = _placed(frame)
    frame = replace(frame, upper=y + 4 + LABEL_ROOM * max((each.row + 1 for each in placed), default=0))
    for draw in (_bands, _grid, _suspicion, _bars):
        shapes += draw(frame)
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


def _legend_rows(panels: Sequence[Panel]) -> list[list[tuple[Ink | None, str]]]:
    """What is to be seen in panels with the same aspects; without an ink it is the name of those behind it."""
    marks = dict.fromkeys(entry for panel in panels for entry in _landmark_entries(panel))
    return [[(Ink.TEXT, DOTS), *marks], [(None, STACKS), *((INKS[aspect], name) for aspect, name in panels[0].aspects)]]


def _landmark_entries(panel: Panel) -> Iterator[tuple[Ink, str]]:
    marks = panel.landmarks
    for spans, ink, name in ((marks.bright, Ink.BRIGHT, marks.bright_name), (marks.quiet, Ink.QUIET, marks.quiet_name)):
        if any(_overlaps(panel, span) for span in spans):
            yield ink, name
    if any(panel.start <= time <= panel.end for time in marks.bookmarks):
        yield Ink.FAINT, "bookmark"


def _overlaps(panel: Panel, span: tuple[float, float]) -> bool:
    return span[1] > panel.start and span[0] < panel.end


def _legend(panels: Sequence[Panel], width: int, y: float, shapes: list[Shape]) -> float:
    """Adds the legend in as many rows as it needs; returns its lower edge."""
    if not any(panel.notes for panel in panels):
        return y
    for row in _legend_rows(panels):
        x = LEFT
        for ink, name in row:
            sign = 18.0 if ink else 0.0
            wide = sign + text_width(name, LEGEND)
            if x + wide > width - RIGHT and x > LEFT:
                x, y = LEFT, y + LEGEND_ROOM
            if ink:
                shapes.append(_sign(ink, x, y))
            shapes.append(Words(x + sign, y + 13, shortened(name, LEGEND, width - RIGHT - x - sign), LEGEND, Ink.TEXT))
            x += wide + 10
        y += LEGEND_ROOM
    return y + 6


def _sign(ink: Ink, x: float, y: float) -> Shape:
    """What stands before a name of the legend: as it looks in the picture."""
    if ink is Ink.FAINT:
        return Triangle(x + 6, y + 5, 7, ink)
    return Dot(x + 6, y + 9, 3.5, ink) if ink is Ink.TEXT else Box(x, y + 3, 12, 12, ink)


def scale(panels: Sequence[Panel]) -> float:
    """The bits at the upper edge of the bars, the same in all panels so that they can be compared."""
    heights = np.concatenate([panel.bars.sum(1) for panel in panels]) if panels else np.zeros(0)
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
                yield Box(left, frame.upper, max(right - left, 1.0), frame.bottom - frame.upper, ink)


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
    levels = (0.5, 1.0)
    yield Stroke(tuple((frame.left, round(y) + 0.5, frame.right, round(y) + 0.5) for y in map(frame.chance, levels)), Ink.GRID)
    for level in levels:
        yield Words(frame.left - 7, frame.chance(level) + 4, f"{level * 100:.0f} %", SMALL, Ink.FAINT, Anchor.END)


def _suspicion(frame: _Frame) -> Iterator[Shape]:
    """A line for every note that is suspicious at all."""
    chances = frame.panel.suspicion
    step = (frame.right - frame.left) / len(chances)
    seen = np.flatnonzero(chances >= 1 / STRIP)
    lines = tuple((frame.left + (at + 0.5) * step, frame.base, frame.chance(chances[at])) for at in seen.tolist())
    if lines:
        yield Stroke(tuple((x, low, x, high) for x, low, high in lines), Ink.TEXT, max(round(step * 0.5, 2), 1.0))
    yield Stroke(((frame.left, frame.base + 0.5, frame.right, frame.base + 0.5),), Ink.AXIS)


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

    @property
    def leftward(self) -> bool:
        return self.left < self.x - GAP


def _placed(frame: _Frame) -> list[_Placed]:
    """As many labels as find room, the most suspicious first; no label or line crosses another label."""
    chosen: list[Label] = []
    placed: list[_Placed] = []
    for label in frame.panel.labels:
        found = _room([*chosen, label], frame) if frame.shows(label.time) else None
        if found:
            chosen, placed = [*chosen, label], found
    return placed


def _room(labels: Sequence[Label], frame: _Frame) -> list[_Placed] | None:
    """All the labels in their places: those at the right edge, or already from a third on, stand to the left of their lines."""
    for share in (1.0, 2 / 3, 1 / 3, 0.0):
        turn = frame.left + share * (frame.right - frame.left)
        places = [_beside(label, frame, turn) for label in labels]
        known = [place for place in places if place]
        if len(known) == len(labels) and (placed := _arranged(known)):
            return placed
    return None


def _beside(label: Label, frame: _Frame, turn: float) -> _Placed | None:
    """The label to the right of its line, beyond `turn` and where it would not fit to the left; None where it fits nowhere."""
    wide = text_width(label.stamp, SMALL, bold=True) + text_width(f" {label.text}", SMALL)
    x = frame.bar(label.time)
    sides = (x - 1, x + 1 - wide) if x <= turn else (x + 1 - wide, x - 1)
    left = next((left for left in sides if left >= frame.left and left + wide <= frame.right), None)
    return None if left is None else _Placed(label, 0, left, left + wide, x)


def _arranged(labels: Sequence[_Placed]) -> list[_Placed] | None:
    """The labels with their rows: one whose text goes over another's line stands higher. None where there is no room for all."""
    placed: list[_Placed] = []
    for each in sorted(labels, key=lambda each: each.x if each.leftward else -each.x):
        rows = (replace(each, row=row) for row in range(LABEL_ROWS))
        free = next((here for here in rows if not any(_collide(here, other) for other in placed)), None)
        if free is None:
            return None
        placed.append(free)
    return placed


def _labels(frame: _Frame, placed: Sequence[_Placed]) -> Iterator[Shape]:
    for each in placed:
        base = frame.upper - 4 - each.row * LABEL_ROOM
        foot = frame.y(each.label.bits) if each.label.suspicion is None else frame.chance(each.label.suspicion)
        yield Stroke(((each.x, base + 3, each.x, foot),), Ink.AXIS)
        if each.label.suspicion is not None:
            yield Dot(each.x, foot, 3.0, Ink.TEXT)
        x, anchor = (each.right, Anchor.END) if each.leftward else (each.left, Anchor.START)
        yield Words(x, base, f" {each.label.text}", SMALL, Ink.FAINT, anchor, lead=each.label.stamp)


def _collide(one: _Placed, other: _Placed) -> bool:
    """Whether the texts meet, or the line of the upper one passes the text of the lower one, or one line hides the other."""
    if abs(one.x - other.x) < 2:
        return True
    if one.row == other.row:
        return one.left < other.right + GAP and other.left < one.right + GAP
    upper, lower = (one, other) if one.row > other.row else (other, one)
    return lower.left - 1 < upper.x < lower.right + 1


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
        said = clock(tick)
        x = min(frame.x(tick * 1000), frame.right + RIGHT - text_width(said, SMALL) / 2)
        yield Words(x, frame.bottom + 17, said, SMALL, Ink.FAINT, Anchor.MIDDLE)
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
