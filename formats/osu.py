"""The `.osu` and `.osb` line grammar and the records that its lines hold.

Sources: https://osu.ppy.sh/wiki/en/Client/File_formats/osu_(file_format) and its .osb and storyboard pages; what the
pages leave open is read as osu!(lazer) reads it. Records keep the file's values: nothing is clamped, rounded or sorted
here, times are those in the file (before version 5 the game plays them 24 ms later: `Beatmap.time_offset`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, IntFlag, StrEnum
from typing import ClassVar

from formats.document import Line, LineKind, Problem

ENTRY_SECTIONS = frozenset({"General", "Editor", "Metadata", "Difficulty", "Colours"})
# A comment may follow on a line of these; elsewhere // may belong to a title or a file name (LegacyDecoder.cs).
COMMENTED_SECTIONS = frozenset({"Editor", "Difficulty", "Colours", "TimingPoints", "HitObjects"})

_VERSION = re.compile(r"\s*osu file format v(\d+)\s*$")
_NAME = re.compile(r"\$[^\s,\"=]+")
_HEADER = re.compile(r"\s*\[([^\]]*)\]\s*$")

# Coordinates and times beyond these are refused by the game's own reader (osu.Game/Beatmaps/Formats/Parsing.cs).
MAX_COORDINATE = 131_072.0
MAX_NUMBER = 2_147_483_647.0
# A slider with more slides than this is refused by the game (osu.Game/Rulesets/Objects/Legacy/ConvertHitObjectParser.cs).
MAX_SLIDES = 9_000


# Lines of a section that are read: far more than any map that can be played has (storyboards are long).
MOST_LINES = {"HitObjects": 50_000, "Events": 300_000}


class Mode(IntEnum):
    OSU = 0
    TAIKO = 1
    CATCH = 2
    MANIA = 3


class ObjectKind(StrEnum):
    CIRCLE = "circle"
    SLIDER = "slider"
    SPINNER = "spinner"
    HOLD = "hold"


class Additions(IntFlag):
    """The hit sound bits of an object: the additions played over hitnormal."""

    NORMAL = 1
    WHISTLE = 2
    FINISH = 4
    CLAP = 8


class Effects(IntFlag):
    KIAI = 1
    OMIT_BARLINE = 8


@dataclass(slots=True, eq=False)
class Entry:
    """A `Key: value` line of [General], [Editor], [Metadata], [Difficulty] or [Colours]; both as written, trimmed."""

    line: Line
    key: str
    value: str


@dataclass(slots=True, eq=False)
class TimingPoint:
    """A line of [TimingPoints]: a red line (`uninherited`) sets the tempo, a green one (inherited) slider velocity and sound.

    `time` in ms; `beat_length` is ms per beat on a red line and −100 / slider velocity on a green one.
    """

    line: Line
    time: float
    beat_length: float
    meter: int
    sample_set: int
    sample_index: int
    volume: int
    uninherited: bool
    effects: int

    @property
    def kiai(self) -> bool:
        return bool(self.effects & 1)

    @property
    def omits_barline(self) -> bool:
        return bool(self.effects & 8)

    @property
    def slider_velocity(self) -> float:
        """The multiplier of this line, 0.1 to 10 as the game clamps it; 1 on a red line (of a positive beat length)."""
        if not self.beat_length < 0:
            return 1.0
        return min(max(-100.0 / self.beat_length, 0.1), 10.0)


@dataclass(slots=True)
class HitSample:
    """`normalSet:additionSet:index:volume:filename`; sets 0 auto, 1 normal, 2 soft, 3 drum; volume 0 = the timing line's."""

    normal_set: int = 0
    addition_set: int = 0
    index: int = 0
    volume: int = 0
    filename: str = ""


NO_SAMPLE = HitSample()


@dataclass(slots=True, eq=False)
class Curve:
    """One run of a slider's curve: its type letter (`B`, `C`, `L`, `P`), a B-spline degree (0 = Bézier) and its control points.

    `points` are absolute osu!pixels without the start the run shares with the one before (or with the slider's head).
    """

    type: str
    points: list[tuple[float, float]]
    degree: int = 0


@dataclass(slots=True, eq=False)
class HitObject:
    """A line of [HitObjects]. `x`, `y` in osu!pixels, `time` and `end_time` (spinner, hold) in ms, `length` in osu!pixels.

    `slides` counts how often the curve is travelled (1 = no reverse). `length` is None where the line leaves it out.
    `edge_sounds` and `edge_sets` (normal set, addition set) are as written and may be shorter than the edges.
    """

    line: Line
    x: float
    y: float
    time: float
    type: int
    sound: int
    kind: ObjectKind
    sample: HitSample
    end_time: float | None = None
    curves: list[Curve] | None = None
    slides: int = 1
    length: float | None = None
    edge_sounds: list[int] | None = None
    edge_sets: list[tuple[int, int]] | None = None

    @property
    def new_combo(self) -> bool:
        return bool(self.type & 4)

    @property
    def colour_skip(self) -> int:
        return self.type >> 4 & 7


@dataclass(slots=True, eq=False)
class Background:
    line: Line
    filename: str
    x: float
    y: float


@dataclass(slots=True, eq=False)
class Video:
    """A video event; `time` is its start in ms."""

    line: Line
    filename: str
    time: float


@dataclass(slots=True, eq=False)
class Break:
    line: Line
    start: float
    end: float


@dataclass(slots=True, eq=False)
class StoryboardSample:
    line: Line
    time: float
    layer: str
    filename: str
    volume: float


@dataclass(slots=True, eq=False)
class Sprite:
    """A sprite or (with `frames` > 0) an animation of a storyboard."""

    line: Line
    layer: str
    origin: str
    filename: str
    x: float
    y: float
    frames: int = 0


@dataclass(slots=True, eq=False)
class StoryboardCommand:
    """An indented line under a sprite; `depth` is its indentation, `name` its letter(s): F, M, S, V, R, C, P, L, T …"""

    line: Line
    depth: int
    name: str


@dataclass(slots=True, eq=False)
class Variable:
    """A `$name=value` line of [Variables], whose value stands for the name in the events; `name` with its `$`."""

    line: Line
    name: str
    value: str


@dataclass(slots=True, eq=False)
class OtherEvent:
    """An event that is read but has no meaning here (background colour of old versions and the like)."""

    line: Line
    type: str


Event = Background | Video | Break | StoryboardSample | Sprite | StoryboardCommand | OtherEvent


class _Unreadable(Exception):
    """What a value should have been, and the field (or columns) where it stands."""

    def __init__(self, message: str, index: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.index = index


class OsuGrammar:
    """Reads one line of an `.osu` or `.osb` file. The state is the name of the section; ahead of the first it is empty."""

    initial = ""
    most_lines: ClassVar[Mapping[str, int]] = MOST_LINES

    def read(self, text: str, state: str) -> Line:
        content = text.strip()
        line = Line(text, LineKind.RECORD, state, state, state)
        if not content or content == "\0":
            line.kind = LineKind.BLANK
            return line
        first = content[0]
        if first == "[" and (header := _HEADER.match(text)):
            line.kind = LineKind.HEADER
            line.section = line.after = header.group(1)
            return line
        if first == "/" and content.startswith("//"):
            line.kind = LineKind.COMMENT
            return line
        if "//" in content and state in COMMENTED_SECTIONS:
            content = content[: content.index("//")]
        reader = _READERS.get(state)
        if reader is None:
            return _outside(line, content)
        try:
            reader(line, content)
        except _Unreadable as trouble:
            _mark(line, trouble.message, trouble.index)
        return line


OSU = OsuGrammar()


def _outside(line: Line, content: str) -> Line:
    if line.section == "" and "osu file format" in content:
        version = _VERSION.match(content.lstrip("\ufeff\0"))
        line.kind = LineKind.VERSION
        line.record = int(version.group(1)) if version and len(version.group(1)) < 9 else None
        if line.record is None:
            _mark(line, "Expected a file version such as 'osu file format v14'")
            line.kind = LineKind.VERSION
        return line
    line.kind = LineKind.UNKNOWN
    if line.section == "":
        _mark(line, "Expected 'osu file format v14' or a section such as [General] here")
    return line


def _mark(line: Line, message: str, index: int = -1) -> None:
    line.kind = LineKind.UNKNOWN
    start, end = 0, len(line.content)
    if index >= 0:
        parts = line.content.split(",")
        if index < len(parts):
            start = sum(len(part) + 1 for part in parts[:index])
            end = start + len(parts[index])
    line.problems += (Problem(start, end, message),)


def _number(text: str, index: int, name: str, limit: float = MAX_NUMBER) -> float:
    try:
        value = float(text)
    except ValueError:
        raise _Unreadable(f"Expected a number for {name}, found '{shorten(text)}'", index) from None
    if not -limit <= value <= limit:
        raise _Unreadable(f"Expected {name} between −{limit:.0f} and {limit:.0f}, found '{shorten(text)}'", index)
    return value


def _whole(text: str, index: int, name: str) -> int:
    """A whole number. One with a decimal point is refused, as by the game, which then skips the line."""
    try:
        value = int(text) if len(text) < 20 else int(_number(text, index, name))
    except ValueError:
        raise _Unreadable(f"Expected a whole number for {name}, found '{shorten(text)}'", index) from None
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise _Unreadable(f"Expected {name} between −{MAX_NUMBER:.0f} and {MAX_NUMBER:.0f}, found '{shorten(text)}'", index)
    return value


def shorten(text: str, most: int = 40) -> str:
    """The text for use in a message: one line, at most `most` characters."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _read_entry(line: Line, content: str) -> None:
    key, colon, value = content.partition(":")
    if not colon:
        raise _Unreadable(f"Expected 'Key: value' in [{line.section}], found '{shorten(content)}'")
    line.record = Entry(line, key.strip(), value.strip())


def _read_timing_point(line: Line, content: str) -> None:
    parts = content.split(",")
    count = len(parts)
    if count < 2:
        raise _Unreadable("Expected 'time,beatLength,meter,sampleSet,sampleIndex,volume,uninherited,effects' in [TimingPoints]")
    time = _number(parts[0], 0, "the time")
    try:
        beat_length = float(parts[1])
    except ValueError:
        raise _Unreadable(f"Expected a number for the beat length, found '{shorten(parts[1])}'", 1) from None
    uninherited = parts[6][:1] == "1" if count > 6 else True
    if beat_length != beat_length and uninherited:
        raise _Unreadable("A red line needs a beat length in ms, NaN stands here", 1)
    if not -MAX_NUMBER <= beat_length <= MAX_NUMBER and beat_length == beat_length:
        raise _Unreadable(f"Expected a beat length between −{MAX_NUMBER:.0f} and {MAX_NUMBER:.0f}", 1)
    meter = 4 if count < 3 or parts[2][:1] == "0" else _whole(parts[2], 2, "the meter")
    if meter < 1:
        raise _Unreadable(f"Expected a meter of at least 1 beat, found '{shorten(parts[2])}'", 2)
    line.record = TimingPoint(
        line,
        time,
        beat_length,
        meter,
        _whole(parts[3], 3, "the sample set") if count > 3 else 0,
        _whole(parts[4], 4, "the sample index") if count > 4 else 0,
        _whole(parts[5], 5, "the volume") if count > 5 else 100,
        uninherited,
        _whole(parts[7], 7, "the effects") if count > 7 else 0,
    )


def _read_hit_object(line: Line, content: str) -> None:
    parts = content.split(",")
    count = len(parts)
    if count < 5:
        raise _Unreadable("Expected 'x,y,time,type,hitSound,…' in [HitObjects]")
    x = _number(parts[0], 0, "x", MAX_COORDINATE)
    y = _number(parts[1], 1, "y", MAX_COORDINATE)
    time = _number(parts[2], 2, "the time")
    bits = _whole(parts[3], 3, "the type")
    sound = _whole(parts[4], 4, "the hit sound")
    if bits & 1:
        sample = _hit_sample(parts[5], 5) if count > 5 and parts[5] else NO_SAMPLE
        line.record = HitObject(line, x, y, time, bits, sound, ObjectKind.CIRCLE, sample)
    elif bits & 2:
        line.record = _slider(line, parts, x, y, time, bits, sound)
    elif bits & 8:
        if count < 6:
            raise _Unreadable("Expected the end time of this spinner after its hit sound")
        sample = _hit_sample(parts[6], 6) if count > 6 and parts[6] else NO_SAMPLE
        line.record = HitObject(line, x, y, time, bits, sound, ObjectKind.SPINNER, sample, _number(parts[5], 5, "the end time"))
    elif bits & 128:
        end, sample = time, NO_SAMPLE
        if count > 5 and parts[5]:
            until, _, rest = parts[5].partition(":")
            end = _number(until, 5, "the end time")
            sample = _hit_sample(rest, 5) if rest else NO_SAMPLE
        line.record = HitObject(line, x, y, time, bits, sound, ObjectKind.HOLD, sample, end)
    else:
        raise _Unreadable(f"Expected a type with the bit of a circle (1), slider (2), spinner (8) or hold (128), found {bits}", 3)


def _slider(line: Line, parts: list[str], x: float, y: float, time: float, bits: int, sound: int) -> HitObject:
    count = len(parts)
    if count < 7:
        raise _Unreadable("Expected the curve and the slides of this slider after its hit sound, such as 'L|100:100,1'")
    curves = _plain_curve(parts[5]) or _curves(parts[5])
    slides = _whole(parts[6], 6, "the number of slides")
    if slides > MAX_SLIDES:
        raise _Unreadable(f"Expected at most {MAX_SLIDES} slides, found {shorten(parts[6])}", 6)
    length = _number(parts[7], 7, "the length", MAX_COORDINATE) if count > 7 else None
    sounds: list[int] | None = None
    sets: list[tuple[int, int]] | None = None
    if count > 8 and parts[8]:
        sounds = [_lenient(part) for part in parts[8].split("|")]
    if count > 9 and parts[9]:
        sets = []
        for part in parts[9].split("|"):
            normal, _, addition = part.partition(":")
            sets.append((_lenient(normal), _lenient(addition.partition(":")[0])))
    sample = _hit_sample(parts[10], 10) if count > 10 and parts[10] else NO_SAMPLE
    return HitObject(line, x, y, time, bits, sound, ObjectKind.SLIDER, sample, None, curves, max(slides, 1), length, sounds, sets)


def _lenient(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def _plain_curve(text: str) -> list[Curve] | None:
    """The one run of nearly every slider, read quickly; None where anything about it is unusual."""
    letter, *parts = text.split("|")
    if letter not in ("B", "L", "P", "C"):
        return None
    points: list[tuple[float, float]] = []
    try:
        for part in parts:
            across, down = part.split(":")
            x, y = float(across), float(down)
            if not (-MAX_COORDINATE <= x <= MAX_COORDINATE and -MAX_COORDINATE <= y <= MAX_COORDINATE):
                return None
            points.append((x, y))
    except ValueError:
        return None
    return [Curve(letter, points)]


def _curves(text: str) -> list[Curve]:
    """The runs of `B|x:y|…`. Where lazer repeats a letter inside the list, the point behind it ends the run before it."""
    curves: list[Curve] = []
    shared: Curve | None = None
    for part in text.split("|"):
        if not part:
            # Old editors left sliders such as `L||`: a curve without points, which the rule on invisible sliders tells of.
            continue
        if part[:1].isalpha():
            shared = curves[-1] if curves else None
            curves.append(_run(part))
            continue
        if not curves:
            raise _Unreadable(f"Expected a curve type (B, C, L or P) before the points, found '{shorten(part)}'", 5)
        numbers = part.split(":")
        if len(numbers) < 2:
            raise _Unreadable(f"Expected a point 'x:y' in the slider's curve, found '{shorten(part)}'", 5)
        x = _number(numbers[0], 5, "a curve point", MAX_COORDINATE)
        y = _number(numbers[1], 5, "a curve point", MAX_COORDINATE)
        (shared or curves[-1]).points.append((x, y))
        shared = None
    return curves


def _run(part: str) -> Curve:
    """An empty run of a curve letter: an unknown one stands for Catmull, as in the game."""
    letter, degree = part[0], part[1:4]
    if letter not in "BLP":
        letter = "C"
    return Curve(letter, [], int(degree) if letter == "B" and degree.isdecimal() else 0)


def _hit_sample(text: str, index: int) -> HitSample:
    if text == "0:0:0:0:":
        return NO_SAMPLE
    parts = text.split(":")
    numbers = [_whole(part, index, "a hit sample value") if part else 0 for part in parts[:4]]
    normal, addition, custom, volume = numbers + [0] * (4 - len(numbers))
    return HitSample(normal, addition, custom, volume, parts[4].strip() if len(parts) > 4 else "")


_LAYERS = {"0": "Background", "1": "Fail", "2": "Pass", "3": "Foreground", "4": "Overlay", "5": "Video"}
_EVENTS = {
    "0": "Background", "1": "Video", "2": "Break", "3": "Colour", "4": "Sprite", "5": "Sample", "6": "Animation",
}  # fmt: skip


_IMAGES = (".jpg", ".jpeg", ".png")


def _read_event(line: Line, content: str) -> None:
    try:
        _read_plain_event(line, content)
    except _Unreadable:
        if "$" not in content:
            raise
        line.record = OtherEvent(line, "Variable")


def fill_in(event: Event, variables: Mapping[str, str]) -> Event:
    """What an event line with `$name`s says once their values stand in it; the event as it is where that cannot be read."""
    line = event.line
    if "$" not in line.text:
        return event
    content = _NAME.sub(lambda found: variables.get(found.group(), found.group()), line.text)
    record = OSU.read(content, line.section).record
    if not isinstance(record, Event):
        return event
    record.line = line
    return record


def _read_plain_event(line: Line, content: str) -> None:
    lead = line.text[:1]
    if lead in (" ", "_"):
        depth = len(line.text) - len(line.text.lstrip(" _"))
        line.record = StoryboardCommand(line, depth, content.lstrip("_ ").split(",", 1)[0])
        return
    parts = content.split(",")
    count = len(parts)
    kind = _EVENTS.get(parts[0].strip(), parts[0].strip())
    if kind == "Background" and count > 2:
        x = _number(parts[3], 3, "x") if count > 3 and parts[3] else 0.0
        y = _number(parts[4], 4, "y") if count > 4 and parts[4] else 0.0
        line.record = Background(line, _unquote(parts[2]), x, y)
    elif kind == "Video" and count > 2 and _unquote(parts[2]).lower().endswith(_IMAGES):
        # Old maps name their background so, and the game takes it for one.
        line.record = Background(line, _unquote(parts[2]), 0.0, 0.0)
    elif kind == "Video" and count > 2:
        line.record = Video(line, _unquote(parts[2]), _number(parts[1], 1, "the start of the video"))
    elif kind == "Break":
        if count < 3:
            raise _Unreadable("Expected 'Break,start,end' (or '2,start,end') in [Events]")
        line.record = Break(line, _number(parts[1], 1, "the start of the break"), _number(parts[2], 2, "the end of the break"))
    elif kind in ("Sprite", "Animation"):
        need = 8 if kind == "Animation" else 6
        if count < need:
            raise _Unreadable(f'Expected {kind},layer,origin,"file",x,y{",frames,delay" if need == 8 else ""}')
        x, y = _number(parts[4], 4, "x"), _number(parts[5], 5, "y")
        frames = _whole(parts[6], 6, "the number of frames") if need == 8 else 0
        layer = parts[1].strip()
        line.record = Sprite(line, _LAYERS.get(layer, layer), parts[2].strip(), _unquote(parts[3]), x, y, frames)
    elif kind == "Sample":
        if count < 4:
            raise _Unreadable('Expected Sample,time,layer,"file",volume')
        layer = parts[2].strip()
        volume = _number(parts[4], 4, "the volume") if count > 4 else 100.0
        time = _number(parts[1], 1, "the time")
        line.record = StoryboardSample(line, time, _LAYERS.get(layer, layer), _unquote(parts[3]), volume)
    elif kind in ("Background", "Video", "Colour"):
        line.record = OtherEvent(line, kind)
    else:
        raise _Unreadable(f"Expected an event (Background, Video, Break, Sprite, Animation, Sample), found '{shorten(content)}'")


def _read_variable(line: Line, content: str) -> None:
    name, _, value = content.partition("=")
    line.record = Variable(line, name.strip(), value.strip())


def _unquote(text: str) -> str:
    return text.strip().strip('"').replace("\\", "/")


_READERS = {
    **dict.fromkeys(ENTRY_SECTIONS, _read_entry),
    "Variables": _read_variable,
    "Events": _read_event,
    "TimingPoints": _read_timing_point,
    "HitObjects": _read_hit_object,
}
