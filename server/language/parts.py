"""The parts of one line of a map: where each stands, what a mapper calls it, and how it is coloured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from formats.chart_lines import (
    Anchor,
    GlobalEvent,
    LocalEvent,
    Tempo,
    TimeSignature,
    TrackNote,
    TrackPhrase,
)
from formats.chart_lines import OtherEvent as OtherChartEvent
from formats.document import Line, LineKind
from formats.osu import (
    COMMENTED_SECTIONS,
    Background,
    Break,
    Entry,
    HitObject,
    ObjectKind,
    OtherEvent,
    Sprite,
    StoryboardCommand,
    StoryboardSample,
    TimingPoint,
    Variable,
    Video,
)
from server.session import Kind


class Role(StrEnum):
    """What a part is to a reader, by the names of the protocol's token types, which editors have colours for."""

    SECTION = "namespace"
    KEY = "property"
    TEXT = "string"
    NUMBER = "number"
    PLACE = "variable"
    TIME = "number"
    TYPE = "enumMember"
    WORD = "keyword"
    SOUND = "parameter"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Part:
    """Columns `[start, end)` of a line, in characters. `name` is what it is called in the glossary."""

    start: int
    end: int
    name: str
    role: Role


N, P, T, Y, S, X, W = Role.NUMBER, Role.PLACE, Role.TIME, Role.TYPE, Role.SOUND, Role.TEXT, Role.WORD
Fields = Sequence[tuple[str, Role]]

_HEAD: Fields = (("x", P), ("y", P), ("time", T), ("type", Y), ("hit sound", S))
HIT_OBJECT: dict[ObjectKind, Fields] = {
    ObjectKind.CIRCLE: (*_HEAD, ("hit sample", S)),
    ObjectKind.SLIDER: (
        *_HEAD, ("curve", P), ("slides", N), ("length", N), ("edge sounds", S), ("edge sets", S), ("hit sample", S),
    ),
    ObjectKind.SPINNER: (*_HEAD, ("end time", T), ("hit sample", S)),
    ObjectKind.HOLD: (*_HEAD, ("end time and hit sample", T)),
}  # fmt: skip
HIT_SAMPLE: Fields = (("normal set", S), ("addition set", S), ("sample index", S), ("sample volume", S), ("sample file", X))
_LINE_TAIL: Fields = (
    ("meter", N), ("timing sample set", S), ("timing sample index", S), ("volume", S), ("uninherited", Y), ("effects", Y),
)  # fmt: skip
RED_LINE: Fields = (("line time", T), ("beat length", N), *_LINE_TAIL)
GREEN_LINE: Fields = (("line time", T), ("slider velocity", N), *_LINE_TAIL)
_XY: Fields = (("x offset", P), ("y offset", P))
_SPRITE: Fields = (("event", W), ("layer", Y), ("origin", Y), ("file", X), ("sprite x", P), ("sprite y", P))
EVENTS: dict[type[object], Fields] = {
    Background: (("event", W), ("start", T), ("file", X), *_XY),
    Video: (("event", W), ("start", T), ("file", X), *_XY),
    Break: (("event", W), ("break start", T), ("break end", T)),
    StoryboardSample: (("event", W), ("sample time", T), ("layer", Y), ("file", X), ("storyboard volume", S)),
    Sprite: (*_SPRITE, ("frames", N), ("frame delay", N), ("loop type", Y)),
    OtherEvent: (("event", W),),
}
_COMMAND: Fields = (("command", W), ("easing", Y), ("command start", T), ("command end", T))
_LOOP: Fields = (("command", W), ("command start", T), ("loop count", N))
_TRIGGER: Fields = (("command", W), ("trigger", Y), ("command start", T), ("command end", T))

_WORD = re.compile(r"\S+")
_CHART_HEAD = re.compile(r"\s*([^=]*?)\s*=\s*(\S*)")
_NUMBERS = re.compile(r"[^,\s]+")
_TOML = re.compile(r"\s*(?:(#.*)|\[([^\]]*)\]|([\w\"'.-]+)\s*=\s*(.*?))\s*\Z")


def parts_of(line: Line, kind: Kind) -> list[Part]:
    """The parts that are known of a line, in order and without overlaps; none of a line that could not be read."""
    if kind is Kind.SETTINGS:
        return list(_of_settings(line))
    match line.kind:
        case LineKind.HEADER:
            start = line.text.find("[")
            return [Part(start, line.text.find("]", start) + 1, "section", Role.SECTION)]
        case LineKind.VERSION:
            return _whole(line, "version", Role.WORD)
        case LineKind.COMMENT:
            return _whole(line, "comment", Role.COMMENT)
        case LineKind.RECORD:
            return list(_of_chart(line) if kind is Kind.CHART else _of_record(line, kind))
        case _:
            return []


def part_at(line: Line, column: int, kind: Kind) -> Part | None:
    """The part that a column lies in or touches, the later one between two."""
    return next((part for part in reversed(parts_of(line, kind)) if part.start <= column <= part.end), None)


def _whole(line: Line, name: str, role: Role) -> list[Part]:
    text = line.content
    start = len(text) - len(text.lstrip("\ufeff \t"))
    return [Part(start, len(text.rstrip()), name, role)]


def _of_record(line: Line, kind: Kind) -> Iterator[Part]:
    record, text = line.record, line.content
    remark = text.find("//") if "//" in text and line.section in COMMENTED_SECTIONS else -1
    body = text if remark < 0 else text[:remark]
    match record:
        case HitObject():
            yield from _of_object(body, record.kind)
        case TimingPoint():
            yield from _separated(body, RED_LINE if record.uninherited else GREEN_LINE)
        case Entry():
            yield from _of_entry(body, "=" if kind is Kind.SONG_INI else ":", record.key)
        case Variable():
            yield from _of_entry(body, "=", record.name)
        case StoryboardCommand():
            yield from _of_command(body, record.name)
        case _:
            yield from _separated(body, EVENTS.get(type(record), ()))
    if remark >= 0:
        yield Part(remark, len(text.rstrip()), "comment", Role.COMMENT)


def _separated(text: str, fields: Fields, separator: str = ",", start: int = 0) -> Iterator[Part]:
    """A part for each separated value that has a name and is not empty, quotes and spaces around it left out."""
    for name, role in fields:
        end = text.find(separator, start)
        stop = len(text) if end < 0 else end
        part = _trimmed(text, start, stop, name, role)
        if part is not None:
            yield part
        if end < 0:
            return
        start = stop + 1


def _trimmed(text: str, start: int, end: int, name: str, role: Role) -> Part | None:
    while start < end and text[start] in ' \t"':
        start += 1
    while start < end and text[end - 1] in ' \t"\r\n':
        end -= 1
    return Part(start, end, name, role) if start < end else None


def _of_object(text: str, kind: ObjectKind) -> Iterator[Part]:
    for part in _separated(text, HIT_OBJECT[kind]):
        match part.name:
            case "hit sample":
                yield from _separated(text[: part.end], HIT_SAMPLE, ":", part.start)
            case "end time and hit sample":
                yield from _separated(text[: part.end], (("end time", T), *HIT_SAMPLE), ":", part.start)
            case "curve":
                cut = text.find("|", part.start, part.end)
                yield Part(part.start, part.end if cut < 0 else cut, "curve type", Y)
                if 0 <= cut < part.end - 1:
                    yield Part(cut + 1, part.end, "curve points", P)
            case _:
                yield part


def _of_entry(text: str, separator: str, key: str) -> Iterator[Part]:
    cut = text.find(separator)
    name = _trimmed(text, 0, cut, "key", Role.KEY)
    if name is not None:
        yield name
    value = _trimmed(text, cut + 1, len(text), "value", Role.TEXT)
    if value is None:
        return
    if key == "Bookmarks":
        for found in _NUMBERS.finditer(text, value.start, value.end):
            yield Part(found.start(), found.end(), "bookmark", Role.TIME)
    else:
        yield Part(value.start, value.end, "value", _role(text[value.start : value.end]))


def _role(value: str) -> Role:
    return Role.NUMBER if value.replace(",", "").replace(".", "").replace("-", "").replace(" ", "").isdigit() else Role.TEXT


def _of_command(text: str, name: str) -> Iterator[Part]:
    fields = {"L": _LOOP, "T": _TRIGGER}.get(name, _COMMAND)
    start = len(text) - len(text.lstrip(" _"))
    found = list(_separated(text, fields, ",", start))
    yield from found
    if len(found) == len(fields) and fields is _COMMAND and (cut := text.find(",", found[-1].end)) >= 0:
        values = _trimmed(text, cut + 1, len(text), "command values", Role.NUMBER)
        if values is not None:
            yield values


def _of_chart(line: Line) -> Iterator[Part]:
    record, text = line.record, line.content
    if isinstance(record, Entry):
        yield from _of_entry(text, "=", record.key)
        return
    found = _CHART_HEAD.match(text)
    if found is None:
        return
    yield Part(found.start(1), found.end(1), "tick", Role.TIME)
    yield Part(found.start(2), found.end(2), "event type", Role.WORD)
    values = list(_WORD.finditer(text, found.end(2)))
    names = _VALUES.get(type(record))
    if names is None:
        rest = _trimmed(text, found.end(2), len(text), "event text", Role.TEXT)
        if rest is not None and isinstance(record, GlobalEvent | LocalEvent | OtherChartEvent):
            yield rest
        return
    for value, name in zip(values, names, strict=False):
        yield Part(value.start(), value.end(), name, Role.NUMBER)


_VALUES: dict[type[object], tuple[str, ...]] = {
    Tempo: ("tempo",),
    TimeSignature: ("numerator", "denominator exponent"),
    Anchor: ("anchor",),
    TrackNote: ("note number", "note length"),
    TrackPhrase: ("phrase number", "phrase length"),
}


def _of_settings(line: Line) -> Iterator[Part]:
    found = _TOML.match(line.content)
    if found is None:
        return
    comment, header, key, _ = found.groups()
    if comment is not None:
        yield Part(found.start(1), found.end(1), "comment", Role.COMMENT)
    elif header is not None:
        yield Part(found.start(2) - 1, found.end(2) + 1, "section", Role.SECTION)
    elif key is not None:
        yield Part(found.start(3), found.end(3), "key", Role.KEY)
        if found.start(4) < found.end(4):
            yield Part(found.start(4), found.end(4), "value", Role.TEXT)
