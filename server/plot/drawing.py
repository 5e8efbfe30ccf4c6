"""A picture as a list of shapes in pixels, y downwards; inks are named for what they show and mixed by the file formats."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from unicodedata import east_asian_width

from analyzers.wording import Aspect


class Ink(StrEnum):
    """What a colour stands for."""

    PAPER = "paper"
    TEXT = "text"
    FAINT = "faint"
    GRID = "grid"
    AXIS = "axis"
    BRIGHT = "bright"
    QUIET = "quiet"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    FIFTH = "fifth"
    SIXTH = "sixth"


# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), which colour-blind people tell apart, on light and on dark paper.
LIGHT = {
    Ink.PAPER: "#ffffff", Ink.TEXT: "#24292f", Ink.FAINT: "#656d76", Ink.GRID: "#e7eaee", Ink.AXIS: "#a9b1ba",
    Ink.BRIGHT: "#fdf0c2", Ink.QUIET: "#eceff2",
    Ink.FIRST: "#0072b2", Ink.SECOND: "#d55e00", Ink.THIRD: "#009e73", Ink.FOURTH: "#56b4e9", Ink.FIFTH: "#e69f00",
    Ink.SIXTH: "#cc79a7",
}  # fmt: skip
DARK = {
    Ink.PAPER: "#0d1117", Ink.TEXT: "#e6edf3", Ink.FAINT: "#8d96a0", Ink.GRID: "#21262d", Ink.AXIS: "#484f58",
    Ink.BRIGHT: "#332a10", Ink.QUIET: "#1b2027",
    Ink.FIRST: "#2f81c7", Ink.SECOND: "#f0763a", Ink.THIRD: "#1fb58a", Ink.FOURTH: "#7cc7f2", Ink.FIFTH: "#f0b429",
    Ink.SIXTH: "#d88fb8",
}  # fmt: skip

# No family has two aspects of one ink.
INKS = {
    Aspect.RHYTHM: Ink.FIRST,
    Aspect.KIND: Ink.SECOND,
    Aspect.LANE: Ink.SECOND,
    Aspect.POSITION: Ink.SECOND,
    Aspect.COMBO: Ink.THIRD,
    Aspect.SLIDER: Ink.FOURTH,
    Aspect.SOUND: Ink.FIFTH,
    Aspect.LINES: Ink.SIXTH,
    Aspect.MODIFIER: Ink.THIRD,
}


class Anchor(StrEnum):
    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Stroke:
    """Straight lines (x1, y1, x2, y2) of one ink."""

    lines: tuple[tuple[float, float, float, float], ...]
    ink: Ink
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Triangle:
    """Pointing up to (x, y)."""

    x: float
    y: float
    size: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is its baseline. `lead` stands bold before it, in the ink of texts."""

    x: float
    y: float
    text: str
    size: float
    ink: Ink = Ink.TEXT
    anchor: Anchor = Anchor.START
    bold: bool = False
    lead: str = ""


Shape = Box | Stroke | Dot | Triangle | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """The shapes from back to front; `title` and `description` are read to those who do not see it."""

    width: int
    height: int
    title: str
    description: str
    shapes: list[Shape] = field(default_factory=list[Shape])


# Widths of characters as shares of the font's size, a little more than common fonts need: whose font draws is not known here.
_NARROW = frozenset("ijlI.,:;'|!()[] ft")
_BROAD = frozenset("mwMW@%—…")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """At least as many pixels as the text takes in a common sans-serif font."""
    return sum(map(_width, text)) * size * (1.15 if bold else 1.0)


def _width(character: str) -> float:
    if east_asian_width(character) in "WF":
        return 1.04
    if character in _NARROW:
        return 0.36
    if character in _BROAD:
        return 0.98
    return 0.74 if character.isupper() else 0.63


def shortened(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, cut off with an ellipsis where it would take more than `room` pixels."""
    if text_width(text, size, bold=bold) <= room:
        return text
    while text and text_width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""
