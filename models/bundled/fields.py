"""The categorical fields that a note is made of, in the order in which the network decodes them, and what their values mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from formats.osu import Mode

Value = bool | int | float | str


class Family(IntEnum):
    """What is played: the four modes of osu!, five-fret tracks and drum tracks of charts."""

    OSU = 0
    TAIKO = 1
    CATCH = 2
    MANIA = 3
    FRETS = 4
    DRUMS = 5


FAMILY_OF = {Mode.OSU: Family.OSU, Mode.TAIKO: Family.TAIKO, Mode.CATCH: Family.CATCH, Mode.MANIA: Family.MANIA}
ALL = frozenset(Family)
_OSU, _TAIKO, _CATCH, _MANIA = (frozenset((family,)) for family in (Family.OSU, Family.TAIKO, Family.CATCH, Family.MANIA))
_CHARTS = frozenset((Family.FRETS, Family.DRUMS))


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `values[c]` is what category c stands for. In rows a category is stored + 1, 0 says that it does not apply."""

    name: str
    values: tuple[Value, ...]
    families: frozenset[Family] = ALL

    @property
    def size(self) -> int:
        return len(self.values)


def _fractions(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Beats from one head to the next, or from head to end; the commonest rhythms and enough between them.
BEATS = _fractions(
    "0 1/16 1/12 1/9 1/8 1/7 1/6 3/16 1/5 2/9 1/4 2/7 5/16 1/3 3/8 2/5 5/12 3/7 7/16 1/2 9/16 7/12 5/8 2/3 11/16 3/4 4/5 5/6 7/8 "
    "11/12 1 9/8 7/6 5/4 4/3 11/8 3/2 13/8 5/3 7/4 11/6 15/8 2 9/4 7/3 5/2 8/3 11/4 3 13/4 10/3 7/2 15/4 4 9/2 5 11/2 "
    "6 7 8 10 12 16 24 32"
)
BEAT_NUMBERS = tuple(float(Fraction(text)) for text in BEATS)
# Snap divisors in the order in which they are tried: a tick that several divide belongs to the first.
SNAPS = (1, 2, 4, 3, 8, 6, 16, 12, 5, 7, 9)
OFF_GRID = "off"
# ms from the tick: a note this much early (−) or late.
ERRORS = (-25, -15, -10, -6, -4, -2, -1, 0, 1, 2, 4, 6, 10, 15, 25)
# osu!pixels from where the player leaves the note before.
DISTANCES = (
    *(0, 4, 10, 18, 27, 36, 45, 55, 65, 75, 85, 95, 105, 115, 125, 137, 150, 165, 180, 195, 215, 235, 255, 280, 310, 340, 380),
    *(420, 470, 540),
)
SHIFTS = (
    *(-480, -400, -340, -290, -250, -215, -185, -160, -138, -118, -100, -84, -70, -57, -45, -34, -24, -15, -7),
    *(0, 7, 15, 24, 34, 45, 57, 70, 84, 100, 118, 138, 160, 185, 215, 250, 290, 340, 400, 480),
)
# Degrees by which the movement turns against the one before it; positive is clockwise on the screen.
TURNS = tuple(range(-180, 180, 15))
KINDS = (
    *("circle", "slider", "spinner", "note", "hold"),
    *("don", "kat", "big don", "big kat", "drumroll", "big drumroll", "denden"),
)
REPEATS = (1, 2, 3, 4, 5, 6)
CURVES = ("linear", "perfect", "bezier", "bezier with red anchors", "catmull")
ANCHORS = (1, 2, 3, 4, 5, 6, 8, 11)
SOUNDS = ("normal", "whistle", "finish", "whistle+finish", "clap", "whistle+clap", "finish+clap", "whistle+finish+clap")
SETS = ("normal", "soft", "drum")
VOLUMES = tuple(range(0, 101, 5))
# Eighths of an octave: 2^(−3) to 2^3 times the map's own speed.
SPEEDS = tuple(round(2 ** (eighth / 8), 2) for eighth in range(-24, 25))
# Frets: strum as is, forced, tap. Drums: + 1 cymbal, + 2 accent, + 4 ghost, + 8 double kick.
MODIFIERS = (
    *("none", "forced", "tap"),
    *(
        "+".join(name for bit, name in enumerate(("cymbal", "accent", "ghost", "double kick")) if bits >> bit & 1)
        for bits in range(1, 16)
    ),
)

FIELDS: tuple[Field, ...] = (
    Field("gap", BEATS),
    Field("snap", (*SNAPS, OFF_GRID)),
    Field("error", ERRORS),
    Field("kind", KINDS, frozenset((Family.OSU, Family.TAIKO, Family.CATCH, Family.MANIA))),
    Field("lane", tuple(range(18)), _MANIA | _CHARTS),
    Field("new_combo", (False, True), _OSU | _CATCH),
    Field("distance", DISTANCES, _OSU),
    Field("angle", TURNS, _OSU),
    Field("shift", SHIFTS, _CATCH),
    Field("length", BEATS),
    Field("end_snap", (*SNAPS, OFF_GRID)),
    Field("repeats", REPEATS, _OSU | _CATCH | _TAIKO),
    Field("curve", CURVES, _OSU | _CATCH),
    Field("anchors", ANCHORS, _OSU | _CATCH),
    Field("slider_angle", TURNS, _OSU),
    Field("hitsound", SOUNDS, _OSU | _CATCH | _MANIA),
    Field("tail_hitsound", SOUNDS, _OSU | _CATCH),
    Field("sample_set", SETS, _OSU | _CATCH | _MANIA),
    Field("addition_set", SETS, _OSU | _CATCH | _MANIA),
    Field("modifier", MODIFIERS, _CHARTS),
    Field("volume", VOLUMES, _OSU | _TAIKO | _CATCH | _MANIA),
    Field("slider_velocity", SPEEDS, _OSU | _TAIKO | _CATCH | _MANIA),
    Field("kiai", (False, True), _OSU | _TAIKO | _CATCH | _MANIA),
)
NAMES: tuple[str, ...] = tuple(field.name for field in FIELDS)
COLUMN: dict[str, int] = {name: column for column, name in enumerate(NAMES)}
SIZES: tuple[int, ...] = tuple(field.size for field in FIELDS)
# Fields that tell the relation to the note before; seen from behind they tell the relation to the note after.
RELATIVE = ("gap", "distance", "angle", "shift", "slider_angle")
# Once gap, snap and error are decoded the note's place in beat and bar is known: inputs that are never predicted.
PHASES, BARS = 49, 32
OFF_PHASE = PHASES - 1

# What a mapper can get wrong at one note, as the detector names it; the last says that anything is wrong.
MISTAKES: tuple[str, ...] = (
    *("time", "extra", "missing", "new combo", "position", "hit sound", "length", "repeats", "lane", "kind", "modifier"),
    "any",
)
ANY = len(MISTAKES) - 1


def nearest(table: Sequence[float], value: float) -> int:
    """The category of `table` nearest to `value`."""
    return min(range(len(table)), key=lambda at: abs(table[at] - value))
