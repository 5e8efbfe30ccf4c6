"""What may be written at a place of a map: section names, keys, values, event types, files, rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from formats.chart_lines import LEGACY_TRACKS, TRACKS
from formats.document import Line, LineKind
from formats.osu import ENTRY_SECTIONS, Entry, ObjectKind
from server.glossary import Meaning, chart_words, osu_parts, settings_keys
from server.language.about_part import key_meaning, keys_of, sections
from server.language.parts import EVENTS, HIT_OBJECT, HIT_SAMPLE, RED_LINE, Fields
from server.language.view import View
from server.session import Kind

AUDIO = (".mp3", ".ogg", ".wav", ".opus")
IMAGES = (".jpg", ".jpeg", ".png")
VIDEOS = (".mp4", ".avi", ".flv", ".webm", ".m4v", ".mpg", ".wmv")
# Sections whose keys are written with a space behind the colon.
_SPACED = frozenset({"General", "Editor", "Colours"})
_TICK = re.compile(r"\s*\d+\s*=\s*(?P<type>\S*)(?P<rest>\s.*)?\Z")
_RULE_LIST = re.compile(r"\s*(select|ignore)\s*=\s*\[")


class Sort(Enum):
    SECTION = auto()
    KEY = auto()
    VALUE = auto()
    FILE = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text to put in place of columns `[start, end)` of the line; `about` says what it means."""

    label: str
    start: int
    end: int
    text: str
    about: str
    sort: Sort
    more: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where somebody types: a line with its number, and the column in characters."""

    view: View
    number: int
    line: Line
    column: int

    @property
    def content(self) -> str:
        return self.line.content

    @property
    def before(self) -> str:
        return self.content[: self.column]


def cursor_at(view: View, offset: int) -> Cursor:
    """The cursor at an offset; behind a last line that has an ending stands one more, empty line."""
    number, line, column = view.line_at(offset)
    if column > len(line.content):
        line = Line("", LineKind.BLANK, line.section, line.after, line.after)
        number, column = number + 1, 0
    return Cursor(view, number, line, column)


def proposals(cursor: Cursor, files: Sequence[str]) -> list[Proposal]:
    """All that may stand there. `files` are the paths of the files of the map's folder."""
    view, line = cursor.view, cursor.line
    if cursor.before.lstrip().startswith("[") and "]" not in cursor.before:
        return list(_sections(cursor, cursor.content.index("[")))
    match view.kind:
        case Kind.OSU | Kind.STORYBOARD:
            return list(_of_osu(cursor, files))
        case Kind.CHART:
            return list(_of_chart(cursor, files))
        case Kind.SONG_INI:
            return list(_entries(cursor, "=", line.before, files))
        case Kind.SETTINGS:
            return list(_of_settings(cursor))


def _sections(cursor: Cursor, start: int) -> Iterator[Proposal]:
    """The sections that the file does not have yet."""
    kind = cursor.view.kind
    there = {line.section for line in cursor.view.document.lines if line is not cursor.line}
    end = cursor.content.find("]", cursor.column) + 1 or len(cursor.content.rstrip())
    names: Iterable[str] = sections(kind)
    for name in names:
        if name not in there and name not in LEGACY_TRACKS and (kind is not Kind.STORYBOARD or name in ("Events", "Variables")):
            yield Proposal(f"[{name}]", start, end, f"[{name}]", sections(kind)[name], Sort.SECTION)


def _values(meaning: Meaning | None, start: int, end: int) -> Iterator[Proposal]:
    for value, about in meaning.values if meaning is not None else ():
        yield Proposal(value, start, end, value, meaning.text if meaning else "", Sort.VALUE, about)


def _bare(cursor: Cursor, start: int, end: int) -> tuple[int, int]:
    """The columns without the spaces around them; where only spaces stand, the cursor."""
    text = cursor.content
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start <= cursor.column <= end else (cursor.column, cursor.column)


# Entries


def _entries(cursor: Cursor, separator: str, section: str, files: Sequence[str]) -> Iterator[Proposal]:
    content, kind = cursor.content, cursor.view.kind
    cut = content.find(separator)
    if 0 <= cut < cursor.column:
        start, end = _bare(cursor, cut + 1, len(content))
        key = content[:cut].strip()
        yield from _files(start, end, files, key, content[start:end])
        yield from _values(key_meaning(kind, section, key), start, end)
        return
    start, end = _bare(cursor, 0, len(content) if cut < 0 else cut)
    there = {
        record.key.lower()
        for line in cursor.view.document.lines
        if line is not cursor.line and line.section.lower() == section.lower() and isinstance(record := line.record, Entry)
    }
    gap = " " if separator == "=" or section in _SPACED else ""
    before = " " if separator == "=" else ""
    for key, meaning in keys_of(kind, section).items():
        if key.lower() not in there and not meaning.old:
            text = key if cut >= 0 else f"{key}{before}{separator}{gap}{meaning.common}"
            yield Proposal(key, start, end, text, meaning.text, Sort.KEY)


_FILES_OF_KEY = {"audiofilename": AUDIO, "background": IMAGES, "video": VIDEOS}


def _files(start: int, end: int, files: Sequence[str], key: str, written: str) -> Iterator[Proposal]:
    endings = AUDIO if key.endswith("Stream") else _FILES_OF_KEY.get(key.lower())
    if endings is not None:
        quote = '"' if written.startswith('"') or key.endswith("Stream") else ""
        yield from _named(start, end, files, endings, quote)


def _named(start: int, end: int, files: Sequence[str], endings: tuple[str, ...], quote: str) -> Iterator[Proposal]:
    for name in sorted(files):
        if name.lower().endswith(endings):
            yield Proposal(name, start, end, f"{quote}{name}{quote}", "A file of the map's folder.", Sort.FILE)


# .osu and .osb


def _of_osu(cursor: Cursor, files: Sequence[str]) -> Iterator[Proposal]:
    section = cursor.line.before
    if section in ENTRY_SECTIONS:
        yield from _entries(cursor, ":", section, files)
    elif section == "TimingPoints":
        yield from _field(cursor, RED_LINE, files)
    elif section == "HitObjects":
        yield from _field(cursor, _object_fields(cursor.content), files)
    elif section == "Events":
        if cursor.content[:1] in (" ", "_"):
            yield from _command(cursor)
        else:
            yield from _field(cursor, _event_fields(cursor.content), files)
    if not cursor.content.strip():
        yield from _sections(cursor, cursor.column)


def _bounds(cursor: Cursor, separator: str = ",", first: int = 0) -> tuple[int, int, int]:
    """The number of the field under the cursor, and its columns."""
    content = cursor.content
    index = content.count(separator, first, cursor.column)
    start = max(content.rfind(separator, first, cursor.column) + 1, first)
    end = content.find(separator, cursor.column)
    return index, start, len(content) if end < 0 else end


def _field(cursor: Cursor, fields: Fields, files: Sequence[str]) -> Iterator[Proposal]:
    index, start, end = _bounds(cursor)
    if index >= len(fields):
        return
    name = fields[index][0]
    if name == "hit sample":
        number, inner_start, inner_end = _bounds(cursor, ":", start)
        if number < len(HIT_SAMPLE):
            inner = HIT_SAMPLE[number][0]
            place = _bare(cursor, inner_start, min(inner_end, end))
            yield from _named(*place, files, AUDIO, "") if inner == "sample file" else _values(osu_parts.PARTS[inner], *place)
        return
    place = _bare(cursor, start, end)
    if name == "curve":
        letter_end = cursor.content.find("|", start, end)
        yield from _values(osu_parts.PARTS["curve type"], *_bare(cursor, start, end if letter_end < 0 else letter_end))
    elif name == "file":
        kind = cursor.content.partition(",")[0].strip()
        endings = {"Video": VIDEOS, "1": VIDEOS, "Sample": AUDIO, "5": AUDIO}.get(kind, IMAGES)
        yield from _named(*place, files, endings, '"')
    elif name in osu_parts.PARTS:
        yield from _values(osu_parts.PARTS[name], *place)


def _object_fields(content: str) -> Fields:
    parts = content.split(",")
    bits = int(parts[3]) if len(parts) > 3 and parts[3].strip().isdecimal() else 1
    kinds = ((1, ObjectKind.CIRCLE), (2, ObjectKind.SLIDER), (8, ObjectKind.SPINNER), (128, ObjectKind.HOLD))
    return HIT_OBJECT[next((kind for bit, kind in kinds if bits & bit), ObjectKind.CIRCLE)]


def _event_fields(content: str) -> Fields:
    name = content.partition(",")[0].strip()
    by_name = {type_.__name__: fields for type_, fields in EVENTS.items()}
    known = {
        "0": "Background", "1": "Video", "2": "Break", "4": "Sprite", "5": "StoryboardSample", "6": "Sprite",
        "Animation": "Sprite", "Sample": "StoryboardSample",
    }  # fmt: skip
    return by_name.get(known.get(name, name), by_name["OtherEvent"])


def _command(cursor: Cursor) -> Iterator[Proposal]:
    index, start, end = _bounds(cursor)
    place = _bare(cursor, start + (len(cursor.content) - len(cursor.content.lstrip(" _")) if index == 0 else 0), end)
    name = cursor.content.strip(" _").partition(",")[0]
    if index == 0:
        yield from _values(osu_parts.PARTS["command"], *place)
    elif index == 1 and name not in ("L", "T"):
        yield from _values(osu_parts.PARTS["easing"], *place)


# .chart


def _of_chart(cursor: Cursor, files: Sequence[str]) -> Iterator[Proposal]:
    state = cursor.line.before
    section = state[1:] if state.startswith("{") else ""
    if not section:
        if not cursor.content.strip():
            yield from _sections(cursor, cursor.column)
        return
    if section == "Song":
        yield from _entries(cursor, "=", section, files)
        return
    found = _TICK.match(cursor.before)
    if found is None:
        return
    if found["rest"] is None or section == "Events":
        start = found.start("type")
        yield from _choices(_types(section), start, max(cursor.column, len(cursor.content.rstrip())))
        return
    values = found["rest"].split()
    if section in TRACKS and (not values or (len(values) == 1 and not found["rest"][-1].isspace())):
        start = cursor.column - (len(values[0]) if values else 0)
        end = start
        while end < len(cursor.content) and not cursor.content[end].isspace():
            end += 1
        yield from _choices(_numbers(section, found["type"]), start, end)


def _types(section: str) -> tuple[tuple[str, str], ...]:
    if section == "SyncTrack":
        return chart_words.SYNC_EVENTS
    return chart_words.GLOBAL_EVENTS if section == "Events" else chart_words.TRACK_EVENTS


def _numbers(section: str, kind: str) -> tuple[tuple[str, str], ...]:
    if kind == "N":
        return chart_words.NOTE_NUMBERS[TRACKS[section][0].kind]
    return {"S": chart_words.PHRASES, "E": chart_words.LOCAL_EVENTS}.get(kind, ())


def _choices(choices: Iterable[tuple[str, str]], start: int, end: int) -> Iterator[Proposal]:
    for value, about in choices:
        yield Proposal(value, start, end, value, about, Sort.VALUE, about)


# maimod.toml


def _of_settings(cursor: Cursor) -> Iterator[Proposal]:
    content, section = cursor.content, cursor.line.before
    if _in_rule_list(cursor):
        yield from _rules(cursor, quoted=True)
        return
    cut = content.find("=")
    if 0 <= cut < cursor.column:
        start, end = _bare(cursor, cut + 1, len(content))
        if section == "severity":
            yield from _choices(settings_keys.SEVERITIES, start, end)
        else:
            yield from _values(key_meaning(Kind.SETTINGS, section, content[:cut].strip()), start, end)
    elif section == "severity":
        yield from _rules(cursor, quoted=False)
    else:
        yield from _entries_of_settings(cursor)


def _in_rule_list(cursor: Cursor) -> bool:
    """Whether the cursor stands in the list of `select` or `ignore`, which may run over several lines."""
    lines = cursor.view.document.lines
    text = cursor.before
    for number in range(cursor.number - 1, max(cursor.number - 500, -1), -1):
        if "[" in text or "]" in text or "=" in text:
            break
        text = lines[number].content + "\n" + text
    return _RULE_LIST.match(text) is not None and "]" not in text


def _entries_of_settings(cursor: Cursor) -> Iterator[Proposal]:
    content = cursor.content
    there = {line.content.partition("=")[0].strip() for line in cursor.view.document.lines if line is not cursor.line}
    start, end = _bare(cursor, 0, content.find("=") if "=" in content else len(content))
    for key, meaning in settings_keys.KEYS.items():
        if key not in there:
            text = key if "=" in content else f"{key} = {meaning.common}"
            yield Proposal(key, start, end, text, meaning.text, Sort.KEY)
    if not content.strip():
        yield from _sections(cursor, cursor.column)


def _rules(cursor: Cursor, *, quoted: bool) -> Iterator[Proposal]:
    from server.choosing import all_rules

    content = cursor.content
    start = end = cursor.column
    while start > 0 and (content[start - 1].isalnum() or content[start - 1] in "-\"'"):
        start -= 1
    while end < len(content) and (content[end].isalnum() or content[end] in "-\"'"):
        end += 1
    for rule in all_rules():
        name = f'"{rule.name}"'
        text = name if quoted or "=" in content else f"{name} = "
        yield Proposal(rule.name, start, end, text, rule.documentation, Sort.RULE, f"{rule.code} {rule.category.value}")
