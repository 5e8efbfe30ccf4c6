"""Draws maps to be looked at: python docs/map_picture.py OUT.png FILE.osu|notes.chart[:ExpertSingle] [FROM_SECONDS [TO_SECONDS]]

Above all objects over time, a row for every 16 bars (columns and lanes side by side, kiai and breaks shaded, combos by colour);
below, for osu! and osu!catch, the playfield of two bars at a time, with the way from object to object.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).parents[1]))

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.osu import Mode
from formats.song_ini import SongIni
from formats.taiko import is_finisher, is_kat
from formats.timeline import Note, Timeline

WIDTH, MARGIN, HEAD = 1600, 60, 26
ROW_BARS, ROW_GAP, LANE = 16, 10, 11
PANELS, PANEL_BARS, ACROSS = 12, 2, 4
COMBOS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7")
PAPER, INK, GRID, FINE, KIAI, BREAK = "#ffffff", "#24292f", "#c9d1d9", "#eef1f4", "#fdf0c2", "#e4e7ea"
LANES = ("#1a9850", "#d73027", "#e6b800", "#4575b4", "#e08214", "#7b3294", "#7b3294", "#7b3294")


@dataclass(frozen=True, slots=True)
class Mark:
    """An object on a row: lane from the top, from `time` to `end` ms."""

    time: float
    end: float
    lane: int
    colour: str
    size: float = 1.0


def main() -> None:
    out, name, *rest = sys.argv[1:]
    start, end = (float(rest[at]) * 1000 if len(rest) > at else None for at in (0, 1))
    path, _, track = name.partition(".chart:")
    data = Path(path + (".chart" if track else "")).read_bytes()
    image = picture_of_chart(data, track, start, end, Path(path).parent) if track else picture_of_osu(data, start, end)
    image.save(out)


def picture_of_osu(data: bytes, start: float | None, end: float | None) -> Image.Image:
    beatmap = Beatmap.from_bytes(data)
    timeline = Timeline(beatmap)
    lanes = beatmap.key_count if beatmap.mode is Mode.MANIA else 2 if beatmap.mode is Mode.TAIKO else 1
    marks = [_mark(timeline, at, note) for at, note in enumerate(timeline.notes)]
    first = timeline.start if start is None else start
    last = timeline.end if end is None else end
    bars = _bars([(red.time, red.beat_length, red.meter) for red in timeline.grid.red], first, last)
    shades = [(a, b, KIAI) for a, b in timeline.grid.kiai_spans] + [(p.start, p.end, BREAK) for p in beatmap.breaks]
    text = f"{beatmap.metadata.text('Title')} [{beatmap.metadata.text('Version')}]  {len(marks)} objects"
    rows = _rows(bars, marks, lanes, shades, text)
    if beatmap.mode not in (Mode.OSU, Mode.CATCH):
        return rows
    panels = [_panel(timeline, a, b) for a, b in _spans(bars)]
    return _below(rows, panels)


def _mark(timeline: Timeline, at: int, note: Note) -> Mark:
    mode = timeline.beatmap.mode
    if mode is Mode.MANIA:
        return Mark(note.time, note.end, note.lane, COMBOS[note.lane % 2])
    if mode is Mode.TAIKO:
        plain = not note.is_slider and not note.is_spinner
        colour = "#d7301f" if plain and not is_kat(note) else "#2b7bba" if plain else "#e6b800"
        return Mark(note.time, note.end, int(plain and is_kat(note)), colour, 1.4 if plain and is_finisher(note) else 1.0)
    colour = "#656d76" if note.is_spinner else COMBOS[timeline.combo_colour[at] % len(COMBOS)]
    return Mark(note.time, note.end, 0, colour)


def picture_of_chart(data: bytes, track: str, start: float | None, end: float | None, folder: Path) -> Image.Image:
    ini = folder / "song.ini"
    modifiers = SongIni.from_bytes(ini.read_bytes()).modifiers if ini.exists() else None
    chart = Chart.from_bytes(data, modifiers) if modifiers else Chart.from_bytes(data)
    found = next(each for each in chart.tracks if each.name == track)
    marks = [
        Mark(note.time, note.end, min(note.lane, 5), LANES[min(note.lane, 7)], 0.7 if note.flags else 1.0) for note in found.notes
    ]
    first, last = marks[0].time if start is None else start, marks[-1].end if end is None else end
    tempo = chart.tempo_map
    meters = {each.tick: each.numerator for each in chart.time_signatures}
    tempos = [(tempo.time_at(tick), 60_000 / tempo.bpm_at(tick), meters.get(tick, 4)) for tick in tempo.ticks]
    shades = [(tempo.time_at(each.tick), tempo.time_at(each.end_tick), KIAI) for each in found.star_power]
    title = chart.song.text("Name").strip('"')
    return _rows(_bars(tempos, first, last), marks, 6, shades, f"{title} [{found.label}]  {len(marks)} notes")


def _bars(tempos: Sequence[tuple[float, float, int]], first: float, last: float) -> list[float]:
    bars: list[float] = []
    for (begin, beat, meter), following in zip(tempos, (*tempos[1:], (last + 1e5, 1.0, 4)), strict=True):
        step = beat * meter
        begun = begin - step * np.ceil((begin - first) / step) if not bars and begin > first else begin
        bars += np.arange(begun, min(following[0], last + step) - 1, step).tolist()
    inside = [bar for at, bar in enumerate(bars) if bar <= last and (at + 1 == len(bars) or bars[at + 1] > first)]
    return [*inside, inside[-1] + (inside[-1] - inside[-2] if len(inside) > 1 else 2000.0)]


def _spans(bars: Sequence[float]) -> list[tuple[float, float]]:
    """Spans of bars, evenly picked."""
    starts = np.unique(np.linspace(0, max(len(bars) - 1 - PANEL_BARS, 0), PANELS).astype(int))
    return [(bars[at], bars[min(at + PANEL_BARS, len(bars) - 1)]) for at in starts.tolist()]


def _rows(
    bars: Sequence[float], marks: Sequence[Mark], lanes: int, shades: Sequence[tuple[float, float, str]], title: str
) -> Image.Image:
    groups = [bars[at : at + ROW_BARS + 1] for at in range(0, len(bars) - 1, ROW_BARS)]
    height = max(lanes * LANE, 22)
    image = Image.new("RGB", (WIDTH, HEAD + len(groups) * (height + ROW_GAP) + ROW_GAP), PAPER)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    pen.text((MARGIN, 5), title, INK, font)
    for number, group in enumerate(groups):
        top = HEAD + number * (height + ROW_GAP)
        scale = (WIDTH - 1.5 * MARGIN) / ((group[1] - group[0]) * ROW_BARS)

        def x(time: float, begin: float = group[0], scale: float = scale) -> float:
            return MARGIN + (time - begin) * scale

        for begin, until, colour in shades:
            low, high = max(begin, group[0]), min(until, group[-1])
            if low < high:
                pen.rectangle((x(low), top - 3, x(high), top + height + 3), fill=colour)
        pen.text((6, top + height / 2 - 8), _clock(group[0]), INK, font)
        for bar, following in pairwise(group):
            for beat in range(1, 4):
                place = x(bar + (following - bar) * beat / 4)
                pen.line((place, top, place, top + height), fill=FINE)
        for bar in group:
            pen.line((x(bar), top - 3, x(bar), top + height + 3), fill=GRID)
        for mark in marks:
            if not group[0] - 1 <= mark.time < group[-1] - 1:
                continue
            middle, radius = top + (mark.lane + 0.5) * height / lanes, 4.0 * mark.size
            if mark.end > mark.time:
                pen.rectangle((x(mark.time), middle - radius / 2, x(mark.end), middle + radius / 2), fill=mark.colour)
            pen.ellipse((x(mark.time) - radius, middle - radius, x(mark.time) + radius, middle + radius), fill=mark.colour)
    return image


def _clock(time: float) -> str:
    sign, seconds = "-" if time < 0 else "", abs(time) / 1000
    return f"{sign}{int(seconds / 60)}:{seconds % 60:04.1f}"


def _panel(timeline: Timeline, start: float, end: float) -> Image.Image:
    """The playfield of a stretch of time."""
    width = (WIDTH - (ACROSS + 1) * 12) // ACROSS
    scale = width / 560
    image = Image.new("RGB", (width, int(432 * scale)), FINE)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(11)

    def at(x: float, y: float) -> tuple[float, float]:
        return (24 + x) * scale, (24 + y) * scale

    pen.rectangle((*at(0, 0), *at(512, 384)), fill=PAPER)
    catch = timeline.beatmap.mode is Mode.CATCH
    radius = (54.4 - 4.48 * timeline.beatmap.circle_size) * scale * (0.5 if catch else 1)
    notes = [(number, note) for number, note in enumerate(timeline.notes) if start - 1 <= note.time < end - 1]
    left: tuple[float, float] | None = None

    def height(time: float, y: float) -> float:
        return 384 * (1 - (time - start) / (end - start)) if catch else y

    for number, note in notes:
        colour = COMBOS[timeline.combo_colour[number] % len(COMBOS)]
        here = at(note.x, height(note.time, note.y))
        if note.is_spinner:
            pen.ellipse((*at(176, 112), *at(336, 272)), outline="#656d76", width=2)
            continue
        if left is not None:
            pen.line((*left, *here), fill=GRID, width=2)
        left = here
        if note.is_slider:
            steps = np.linspace(note.time, note.time + (note.end - note.time if catch else note.span_duration), 24)
            points = [at(x, height(time, y)) for time in steps.tolist() for x, y in (note.position_at(time),)]
            _thick_line(pen, points, colour, max(radius * 0.4, 1.0))
            end_x, end_y = note.end_position
            left = at(end_x, height(note.end, end_y))
        pen.ellipse((here[0] - radius, here[1] - radius, here[0] + radius, here[1] + radius), outline=colour, width=3)
        if not catch:
            pen.text((here[0] - 3, here[1] - 7), str(timeline.combo_number[number]), INK, font)
    pen.text((6, 2), _clock(start), INK, font)
    return image


def _thick_line(pen: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], colour: str, half: float) -> None:
    """Discs close to one another: a wide line of many short pieces has gaps between them."""
    for (from_x, from_y), (to_x, to_y) in pairwise(points):
        steps = int(np.hypot(to_x - from_x, to_y - from_y)) + 1
        for at in range(steps + 1):
            x, y = from_x + (to_x - from_x) * at / steps, from_y + (to_y - from_y) * at / steps
            pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)


def _below(rows: Image.Image, panels: Sequence[Image.Image]) -> Image.Image:
    height = panels[0].height + 12
    image = Image.new("RGB", (WIDTH, rows.height + height * -(-len(panels) // ACROSS) + 12), PAPER)
    image.paste(rows, (0, 0))
    for number, panel in enumerate(panels):
        image.paste(panel, (12 + number % ACROSS * (panel.width + 12), rows.height + number // ACROSS * height))
    return image


if __name__ == "__main__":
    main()
