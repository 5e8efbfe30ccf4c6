"""The hit objects of a difficulty as an overlay draws them: in a playfield, as falling fruits, in columns or on a drum."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite

from formats.mapset import Difficulty
from formats.osu import Additions, Mode
from formats.stacking import Stacking
from formats.taiko import is_finisher, is_kat
from formats.timeline import Note, NoteKind
from server.daemon.grid_lines import KINDS, lines_of
from server.daemon.protocol import Json
from server.printers.as_json import number

# Points of a slider's body at most.
MOST_POINTS = 64
MS_PER_MINUTE = 60_000
# What the game uses where a map names no colours of its own (osu.Game/Skinning/SkinConfiguration.cs).
DEFAULT_COLOURS = ((255, 192, 0), (0, 202, 0), (18, 124, 255), (242, 24, 57))
DON, KAT, ROLL, SWELL = "#eb452b", "#448dab", "#fcb806", "#9b6fd6"
# Mania columns by their place: outer ones white, inner ones blue, the middle one of an odd number yellow.
OUTER, INNER, MIDDLE = "#e8e8ee", "#5aa9e6", "#f2c14e"
_SHAPES = {Mode.OSU: "playfield", Mode.TAIKO: "drums", Mode.CATCH: "fruits", Mode.MANIA: "lanes"}
_FLAGS = ((Additions.WHISTLE, "whistle"), (Additions.FINISH, "finish"), (Additions.CLAP, "clap"))


class Objects:
    """The notes of one difficulty, by their number in time order."""

    def __init__(self, difficulty: Difficulty) -> None:
        self._difficulty = difficulty
        self._timeline = difficulty.timeline
        self._mode = difficulty.beatmap.mode
        self._stacking = Stacking(self._timeline) if self._mode is Mode.OSU else None
        written = [colour for _, colour in difficulty.beatmap.combo_colours]
        self._colours = written or list(DEFAULT_COLOURS)
        self.times = self._timeline.times
        self.shape = _SHAPES[self._mode]

    @property
    def lanes(self) -> list[Json]:
        if self._mode is Mode.TAIKO:
            return [{"name": "drum", "colour": "#6b7280"}]
        if self._mode is not Mode.MANIA:
            return []
        keys = self._difficulty.beatmap.key_count
        return [{"name": str(column + 1), "colour": _column_colour(column, keys)} for column in range(keys)]

    def ends(self, row: int) -> float:
        return self._timeline.notes[row].end

    def line(self, row: int) -> int:
        """1-based."""
        return self._difficulty.beatmap.document.number_of(self._timeline.notes[row].line) + 1

    def note(self, row: int) -> Json:
        note = self._timeline.notes[row]
        x, y = self._stacking.position(row) if self._stacking is not None else (note.x, note.y)
        placed = self._mode in (Mode.OSU, Mode.CATCH) and isfinite(x) and isfinite(y)
        numbered = self._mode in (Mode.OSU, Mode.CATCH) and note.kind is not NoteKind.SPINNER
        return {
            "time_ms": number(note.time) or 0,
            "end_ms": number(note.end) or number(note.time) or 0,
            "kind": self._kind(note),
            "x": number(round(x, 1)) if placed else None,
            "y": number(round(y, 1)) if placed else None,
            "path": self._path(note, x - note.x, y - note.y) if placed and note.is_slider else None,
            "repeats": min(note.span_count, 9_999),
            "lane": note.lane if self._mode is Mode.MANIA else 0 if self._mode is Mode.TAIKO else None,
            "combo": self._timeline.combo_number[row] if numbered else None,
            "colour": self._colour(row, note),
            "new_combo": bool(numbered and self._timeline.combo_number[row] == 1),
            "big": self._mode is Mode.TAIKO and is_finisher(note),
            "flags": [name for flag, name in _FLAGS if any(sound & flag for sound in self._sounds(note))],
        }

    def _kind(self, note: Note) -> str:
        if self._mode is Mode.TAIKO:
            if note.kind is NoteKind.SLIDER:
                return "drumroll"
            return "swell" if note.kind is NoteKind.SPINNER else "kat" if is_kat(note) else "don"
        if self._mode is Mode.CATCH:
            if note.kind is NoteKind.SPINNER:
                return "banana"
            return "juice" if note.kind is NoteKind.SLIDER else "fruit"
        if self._mode is Mode.MANIA:
            return "hold" if note.kind is NoteKind.HOLD else "note"
        return note.kind.value

    def _sounds(self, note: Note) -> list[int]:
        """A slider is heard at its edges, wherever it is no drum roll."""
        edges = note.is_slider and self._mode is not Mode.TAIKO
        return [edge.sound for edge in note.edges] if edges else [note.object.sound]

    def _path(self, note: Note, dx: float, dy: float) -> list[list[float]] | None:
        points = note.path.points
        if len(points) > MOST_POINTS:
            length = note.path.length
            points = [note.path.position_at(at / (MOST_POINTS - 1)) for at in range(MOST_POINTS)] if length > 0 else points[:1]
        told = [[round(x + dx, 1), round(y + dy, 1)] for x, y in points if isfinite(x) and isfinite(y)]
        return told or None

    def _colour(self, row: int, note: Note) -> str:
        match self._mode:
            case Mode.TAIKO:
                return ROLL if note.is_slider else SWELL if note.is_spinner else KAT if is_kat(note) else DON
            case Mode.MANIA:
                return _column_colour(note.lane, self._difficulty.beatmap.key_count)
            case _:
                # The first combo has number 1 and takes the second colour, as in the game.
                red, green, blue = self._colours[self._timeline.combo_colour[row] % len(self._colours)]
                return f"#{red:02x}{green:02x}{blue:02x}"

    def lines(self, start: float, end: float) -> list[Json]:
        grid = self._timeline.grid
        starts = [*grid.red_times, float("inf")]
        sections = [
            (max(start, since if number else start), min(until, end), since, grid.beat_length_at(since), grid.red[number].meter)
            for number, (since, until) in enumerate(pairwise(starts))
            if (until > start and since < end) or (number == 0 and since >= end)
        ]
        shown = [section for section in sections if section[1] > section[0]]
        snaps = {snap.divisor for time, snap in zip(*self._timeline.snaps, strict=True) if start <= time <= end}
        return lines_of(shown, {divisor for divisor in KINDS if any(snap % divisor == 0 for snap in snaps)} | {2})

    def facts(self, row: int) -> list[Json]:
        """What stands there, in words."""
        note, grid = self._timeline.notes[row], self._timeline.grid
        snap = grid.snap(note.time)
        off = f", {abs(snap.error):.3g} ms {'late' if snap.error > 0 else 'early'}" if abs(snap.error) >= 1 else ""
        told = [("snap", f"1/{snap.divisor}{off}"), ("BPM", f"{MS_PER_MINUTE / grid.beat_length_at(note.time):.6g}")]
        if note.is_slider:
            beats = note.duration / grid.beat_length_at(note.time)
            told += [("slider velocity", f"{grid.slider_velocity_at(note.time):.3g}×"), ("length", f"{beats:.4g} beats")]
        elif note.end > note.time:
            told.append(("length", f"{note.duration / grid.beat_length_at(note.time):.4g} beats"))
        sounds = " + ".join(name for flag, name in _FLAGS if note.object.sound & flag) or "no addition"
        told += [("hit sound", sounds), ("volume", f"{grid.volume_at(note.time)} %")]
        return [{"field": field, "value": value} for field, value in told]


def _column_colour(column: int, keys: int) -> str:
    if keys % 2 and column == keys // 2:
        return MIDDLE
    from_edge = min(column, keys - 1 - column)
    return OUTER if from_edge % 2 == 0 else INNER
