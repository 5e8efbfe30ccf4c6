"""How a modder says what fields and values mean: `hitsound` is the hit sound, `1/4` a rhythm, lane 0 the green fret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction

from formats.chart_lines import OPEN
from models.bundled.fields import ANCHORS, COLUMN, ERRORS, FIELDS, OFF_GRID, REPEATS, Family, Value

CHARTS = frozenset((Family.FRETS, Family.DRUMS))


class Aspect(StrEnum):
    """What of a map a field belongs to, as modders part their remarks; in the order in which it is told."""

    RHYTHM = "rhythm"
    KIND = "kind"
    LANE = "lane"
    POSITION = "position"
    COMBO = "combo"
    SLIDER = "slider"
    SOUND = "sound"
    LINES = "lines"
    MODIFIER = "modifier"


_ASPECTS = {
    Aspect.RHYTHM: ("gap", "snap", "error", "kind"),
    Aspect.LANE: ("lane",),
    Aspect.POSITION: ("distance", "angle", "shift"),
    Aspect.COMBO: ("new_combo",),
    Aspect.SLIDER: ("length", "end_snap", "repeats", "curve", "anchors", "slider_angle"),
    Aspect.SOUND: ("hitsound", "tail_hitsound", "sample_set", "addition_set"),
    Aspect.LINES: ("volume", "slider_velocity", "kiai"),
    Aspect.MODIFIER: ("modifier",),
}
_ASPECT_OF = {name: aspect for aspect, names in _ASPECTS.items() for name in names}

_TITLES = {
    Aspect.RHYTHM: "timing and rhythm",
    Aspect.KIND: "dons and kats",
    Aspect.POSITION: "position",
    Aspect.COMBO: "new combos",
    Aspect.SOUND: "hit sounds",
    Aspect.MODIFIER: "modifiers",
}
_LANE_TITLES = {Family.MANIA: "columns", Family.FRETS: "frets", Family.DRUMS: "drums"}
_LENGTH_TITLES = {
    Family.TAIKO: "drumrolls",
    Family.MANIA: "long notes",
    Family.FRETS: "sustains",
    Family.DRUMS: "lengths",
}


def aspect_of(field: str, family: Family) -> Aspect:
    """In taiko the kinds are what is played; else circle or slider is a matter of rhythm, note or long note one of length."""
    if field == "kind" and family is Family.TAIKO:
        return Aspect.KIND
    if field == "kind" and family is Family.MANIA:
        return Aspect.SLIDER
    return _ASPECT_OF[field]


def title(aspect: Aspect, family: Family) -> str:
    """The aspect's name where maps of that family are spoken of."""
    if aspect is Aspect.LANE:
        return _LANE_TITLES.get(family, "lanes")
    if aspect is Aspect.SLIDER:
        return _LENGTH_TITLES.get(family, "sliders")
    if aspect is Aspect.LINES:
        return "volume, speed and kiai"
    return _TITLES[aspect]


_NOUNS = {
    "gap": "rhythm",
    "snap": "snap",
    "error": "distance from the tick",
    "kind": "kind of object",
    "new_combo": "new combo",
    "distance": "spacing",
    "angle": "flow angle",
    "shift": "sideways distance",
    "length": "length",
    "end_snap": "snap of the end",
    "repeats": "reverses",
    "curve": "slider shape",
    "anchors": "slider anchors",
    "slider_angle": "slider direction",
    "hitsound": "hit sound",
    "tail_hitsound": "hit sound of the tail",
    "sample_set": "sample set",
    "addition_set": "addition set",
    "modifier": "modifier",
    "volume": "volume",
    "slider_velocity": "slider velocity",
    "kiai": "kiai",
}
_NOUNS_OF: Mapping[tuple[str, Family], str] = {
    ("lane", Family.MANIA): "column",
    ("lane", Family.FRETS): "fret",
    ("lane", Family.DRUMS): "drum",
    ("kind", Family.TAIKO): "kind of note",
    ("kind", Family.MANIA): "kind of note",
    ("length", Family.FRETS): "sustain",
    ("length", Family.MANIA): "long note's length",
    ("end_snap", Family.FRETS): "snap of the sustain's end",
    ("end_snap", Family.MANIA): "snap of the release",
    ("slider_velocity", Family.TAIKO): "scroll speed",
    ("slider_velocity", Family.MANIA): "scroll speed",
}


def noun(field: str, family: Family) -> str:
    """What a modder calls the field: "spacing", "hit sound", "column"."""
    return _NOUNS_OF.get((field, family)) or _NOUNS.get(field, field.replace("_", " "))


_FRETS = {0: "green", 1: "red", 2: "yellow", 3: "blue", 4: "orange", OPEN: "open"}
_DRUMS = {0: "kick", 1: "red", 2: "yellow", 3: "blue", 4: "green"}
_FIVE_LANE_DRUMS = {**_DRUMS, 4: "orange", 5: "green"}


def lanes_by_name(family: Family, *, five_lane: bool = False) -> dict[str, int]:
    """The lanes of a track as charters call them; empty where lanes have no names."""
    of_family = {Family.FRETS: _FRETS, Family.DRUMS: _FIVE_LANE_DRUMS if five_lane else _DRUMS}
    return {name: lane for lane, name in of_family.get(family, {}).items()}


_CURVE_WORDS = {
    "linear": "straight",
    "perfect": "arc",
    "bezier": "bezier",
    "bezier with red anchors": "bezier with red anchors",
    "catmull": "catmull",
}


def words(field: str, value: Value, family: Family, *, five_lane: bool = False) -> str:
    """A value of `Field.values` as a modder says it: "1/4", "whistle + clap", "120 px", "green fret".

    `five_lane` says that a drum track has five lanes, whose fourth pad is orange.
    """
    if field == "lane":
        return _lane(int(value), family, five_lane)
    if field == "length" and str(value) == "0":
        return "no sustain" if family in CHARTS else "no length"
    if field == "modifier" and value == "none":
        return "no flag" if family is Family.FRETS else "no cymbal or dynamics"
    wording = _WORDS.get(field)
    return wording(value) if wording else str(value)


_MODIFIER_WORDS = {
    "cymbal": "a cymbal",
    "accent": "an accented note",
    "ghost": "a ghost note",
    "double kick": "a double kick",
    "forced": "a forced note",
    "tap": "a tap note",
    "cymbal+accent": "an accented cymbal",
    "cymbal+ghost": "a ghost cymbal",
}
_CURVE_NAMES = {"linear": "a straight one", "perfect": "an arc"}


def with_article(field: str, value: Value, family: Family, actual: Value | None = None, *, five_lane: bool = False) -> str:
    """The value as what can be expected: "a circle", "a tap note", "the blue fret", "a small don" in place of a big one."""
    said = words(field, value, family, five_lane=five_lane)
    if field == "modifier":
        plain = "a plain note"
        return plain if value == "none" else _MODIFIER_WORDS.get(str(value), f"a note with {said}")
    if field == "kind":
        said = f"small {said}" if str(actual) == f"big {value}" else said
        return _a(said)
    if field == "curve":
        return _CURVE_NAMES.get(str(value), _a(said))
    if field == "lane" and family in CHARTS:
        return _a(said) if value == OPEN else f"the {said}"
    return said


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


# Fields whose values speak for themselves: "new combo", "2 reverses", "off the grid".
_PLAIN = frozenset(("error", "kind", "lane", "new_combo", "shift", "repeats", "anchors", "kiai", "modifier"))


def phrase(field: str, value: Value, family: Family, *, five_lane: bool = False) -> str:
    """The value with what it is a value of, where it does not speak for itself: "hit sound clap", "rhythm 1/4", "new combo"."""
    said = words(field, value, family, five_lane=five_lane)
    plain = field in _PLAIN or value == OFF_GRID or said.startswith(("no ", "same "))
    return said if plain else f"{noun(field, family)} {said}"


def _lane(lane: int, family: Family, five_lane: bool) -> str:
    if family is Family.FRETS:
        return "open note" if lane == OPEN else f"{_FRETS.get(lane, lane)} fret"
    if family is Family.DRUMS:
        name = (_FIVE_LANE_DRUMS if five_lane else _DRUMS).get(lane, str(lane))
        return name if lane == 0 else f"{name} pad"
    return f"column {lane + 1}"


# Divisors of rhythms that are told as fractions.
_DIVISORS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16)


def counted_beats(count: float, near: float) -> str:
    """So many beats as a map has them: `3/4`, `2 beats`; farther than `near` (beats) from any common divisor `0.47 beats`."""
    for divisor in _DIVISORS:
        number = round(count * divisor)
        if abs(number / divisor - count) <= near and (number or not count):
            return beats(str(Fraction(number, divisor)))
    return f"{round(count, 2):g} beats"


def beats(text: Value) -> str:
    """`1/4`, `1 beat`, `1 1/2 beats`, `same time` of a value of `BEATS`."""
    count = Fraction(str(text))
    if not count:
        return "same time"
    if count < 1:
        return str(text)
    whole, rest = divmod(count, 1)
    return f"{whole} {rest} beats" if rest else "1 beat" if whole == 1 else f"{whole} beats"


def _snap(value: Value) -> str:
    return "off the grid" if value == OFF_GRID else f"1/{value}"


def _error(value: Value) -> str:
    ms = int(value)
    if not ms:
        return "on the tick"
    far = " or more" if abs(ms) == ERRORS[-1] else ""
    return f"{abs(ms)} ms{far} {'early' if ms < 0 else 'late'}"


def _turn(value: Value) -> str:
    degrees = int(value)
    if not degrees:
        return "straight on"
    if abs(degrees) == 180:
        return "straight back"
    return f"{abs(degrees)}° {'clockwise' if degrees > 0 else 'counterclockwise'}"


def _shift(value: Value) -> str:
    pixels = int(value)
    return f"{abs(pixels)} px to the {'left' if pixels < 0 else 'right'}" if pixels else "straight below"


def _repeats(value: Value) -> str:
    reverses = int(value) - 1
    more = " or more" if int(value) == REPEATS[-1] else ""
    return "no reverse" if not reverses else "1 reverse" if reverses == 1 else f"{reverses} reverses{more}"


def _anchors(value: Value) -> str:
    count = int(value)
    return "1 anchor" if count == 1 else f"{count} anchors" + (" or more" if count == ANCHORS[-1] else "")


def _sound(value: Value) -> str:
    return "no addition" if value == "normal" else str(value).replace("+", " + ")


_WORDS: Mapping[str, Callable[[Value], str]] = {
    "gap": beats,
    "snap": _snap,
    "error": _error,
    "kind": lambda value: {"hold": "long note"}.get(str(value), str(value)),
    "new_combo": lambda value: "new combo" if value else "no new combo",
    "distance": lambda value: f"{value} px",
    "angle": _turn,
    "shift": _shift,
    "length": beats,
    "end_snap": _snap,
    "repeats": _repeats,
    "curve": lambda value: _CURVE_WORDS.get(str(value), str(value)),
    "anchors": _anchors,
    "slider_angle": _turn,
    "hitsound": _sound,
    "tail_hitsound": _sound,
    "modifier": lambda value: str(value).replace("+", " + "),
    "volume": lambda value: f"{value} %",
    "slider_velocity": lambda value: f"{float(value):g}x",
    "kiai": lambda value: "kiai" if value else "no kiai",
}

_MISTAKES = {
    "time": "at the wrong time",
    "extra": "one too many",
    "missing": "something missing beside it",
    "new combo": "new combo set or missing by mistake",
    "position": "at the wrong place",
    "hit sound": "wrong hit sound",
    "length": "wrong length",
    "repeats": "wrong number of reverses",
    "lane": "wrong lane",
    "kind": "wrong kind",
    "modifier": "wrong modifier",
    "any": "any mistake",
}
# What there is to be wrong: mistakes that are not listed can happen to any note.
_FIELDS_OF_MISTAKES = {
    "new combo": ("new_combo",),
    "position": ("distance", "shift"),
    "hit sound": ("hitsound",),
    "repeats": ("curve",),
    "lane": ("lane",),
    "kind": ("kind",),
    "modifier": ("modifier",),
}
_LANE_MISTAKES = {Family.MANIA: "wrong column", Family.FRETS: "wrong fret", Family.DRUMS: "wrong drum"}


def mistake(name: str, family: Family) -> str:
    """A kind of mistake of `MISTAKES` in words: "wrong column", "one too many"."""
    return _LANE_MISTAKES.get(family, "wrong lane") if name == "lane" else _MISTAKES.get(name, name)


def can_happen(name: str, family: Family) -> bool:
    """Whether notes of the family can have that mistake: there are no wrong columns in osu!standard."""
    fields = _FIELDS_OF_MISTAKES.get(name)
    return fields is None or any(family in FIELDS[COLUMN[field]].families for field in fields)
