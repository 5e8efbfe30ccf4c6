"""Small maps in which a test is surprised: 120 BPM, an object every 1/2 (250 ms)."""

from __future__ import annotations

from collections.abc import Sequence

from formats.osu import Mode
from tests.builder import osu_text
from tests.chart_builder import chart_text

RED = "0,500,4,2,0,60,1,0"


def line_of_circles(count: int = 16) -> list[str]:
    """From left to right and back, 40 px apart; a new combo every fourth."""
    places = [*range(100, 420, 40), *range(420, 100, -40)]
    return [f"{places[n % 16]},200,{1000 + 250 * n},{5 if n % 4 == 0 else 1},0,0:0:0:0:" for n in range(count)]


def with_object(number: int, text: str, count: int = 16) -> list[str]:
    """The circles with another object in place of one."""
    objects = line_of_circles(count)
    objects[number] = text
    return objects


def osu_map(objects: Sequence[str] | None = None, timing: Sequence[str] = (RED,), mode: Mode = Mode.OSU) -> str:
    return osu_text(line_of_circles() if objects is None else objects, timing, mode=mode)


def mania_map(count: int = 16) -> str:
    """Four columns from left to right; 64 is the middle of the first."""
    notes = [f"{64 + 128 * (n % 4)},192,{1000 + 250 * n},1,0,0:0:0:0:" for n in range(count)]
    return osu_text(notes, (RED,), mode=Mode.MANIA)


def taiko_map(count: int = 16) -> str:
    return osu_text([f"256,192,{1000 + 250 * n},1,{0 if n % 2 else 8},0:0:0:0:" for n in range(count)], (RED,), mode=Mode.TAIKO)


def chart(notes: Sequence[str] | None = None, track: str = "ExpertSingle") -> str:
    """Single notes every 1/2, green to orange; 192 ticks per beat."""
    return chart_text([f"{768 + 96 * n} = N {n % 5} 0" for n in range(16)] if notes is None else notes, track=track)
