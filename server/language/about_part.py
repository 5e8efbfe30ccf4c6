"""What one part of a line means: its name, its meaning from the glossary, and its value put into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from formats.document import Line
from formats.osu import Entry, HitObject
from formats.timestamps import format_time
from server.glossary import Keys, Meaning, chart_words, ini_keys, osu_keys, osu_parts, settings_keys
from server.language.parts import Part
from server.language.view import View
from server.session import Kind


def about_part(view: View, line: Line, part: Part) -> str:
    """A sentence or two of Markdown; empty where there is nothing to say."""
    value = line.text[part.start : part.end]
    if part.name == "section":
        text = sections(view.kind).get(line.section) or sections(view.kind).get(line.section.lower(), "")
        return f"**[{line.section}]** · {text}" if text else ""
    if part.name in ("key", "value"):
        return _setting(view, line, part, value)
    meaning = part_meanings(view.kind).get(part.name)
    if meaning is None:
        return ""
    said = _said(view, line, part, value) or meaning.of(value)
    return f"**{part.name}** `{_code(value)}`{f' · {said.rstrip(chr(46))}' if said else ''}  \n{meaning.text}"


def sections(kind: Kind) -> Mapping[str, str]:
    match kind:
        case Kind.CHART:
            return chart_words.SECTIONS
        case Kind.SONG_INI:
            return ini_keys.SECTIONS
        case Kind.SETTINGS:
            return settings_keys.SECTIONS
        case _:
            return osu_keys.SECTIONS


def keys_of(kind: Kind, section: str) -> Keys:
    """The keys that a section may have."""
    match kind:
        case Kind.CHART:
            return chart_words.KEYS if section == "Song" else {}
        case Kind.SONG_INI:
            return ini_keys.KEYS
        case Kind.SETTINGS:
            return {} if section else settings_keys.KEYS
        case _:
            return osu_keys.KEYS.get(section, {})


def part_meanings(kind: Kind) -> Keys:
    return chart_words.PARTS if kind is Kind.CHART else osu_parts.PARTS


def key_meaning(kind: Kind, section: str, key: str) -> Meaning | None:
    """What a key means; Clone Hero takes the keys of song.ini in any case."""
    keys = keys_of(kind, section)
    return keys.get(key) or (keys.get(key.lower()) if kind is Kind.SONG_INI else None)


def _setting(view: View, line: Line, part: Part, value: str) -> str:
    key = line.record.key if isinstance(line.record, Entry) else value if part.name == "key" else ""
    meaning = key_meaning(view.kind, line.section, key)
    if meaning is None:
        return ""
    written = line.record.value if isinstance(line.record, Entry) else value
    said = meaning.of(written)
    if key == "PreviewTime" and (time := _time(written)) is not None and time >= 0:
        said = format_time(time)
    return f"**{key}** · {meaning.text}" + (f"  \n`{_code(written)}` · {said}" if said else "")


def _code(text: str) -> str:
    """The text as it may stand between backquotes."""
    text = text.replace("`", "'")
    return text if len(text) <= 60 else text[:59] + "…"


def _said(view: View, line: Line, part: Part, value: str) -> str:
    if part.name == "tick" and view.snapshot.chart is not None and value.isdecimal():
        return format_time(view.snapshot.chart.time_at(int(value)))
    if part.name == "note number" and (found := view.group_of(line)) is not None:
        return dict(chart_words.NOTE_NUMBERS[found[0].kind]).get(value, "")
    words = _WORDS.get(part.name)
    try:
        return words(line, value) if words else ""
    except (ValueError, ZeroDivisionError, OverflowError):
        return ""


def _time(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _stamp(_: Line, value: str) -> str:
    return format_time(float(value))


def _type(line: Line, _: str) -> str:
    record = line.record
    if not isinstance(record, HitObject):
        return ""
    skipped = {0: "", 1: ", skips a combo colour"}.get(record.colour_skip, f", skips {record.colour_skip} combo colours")
    return record.kind.value + (", new combo" if record.new_combo else "") + skipped


def _sound(_: Line, value: str) -> str:
    bits = int(value)
    names = [name for bit, name in ((2, "whistle"), (4, "finish"), (8, "clap")) if bits & bit]
    return " + ".join(names) or "no addition"


def _sounds(line: Line, value: str) -> str:
    return " → ".join(_sound(line, each or "0") for each in value.split("|")[:12])


_SET_NAMES = {"0": "auto", "1": "normal", "2": "soft", "3": "drum"}


def _sets(_: Line, value: str) -> str:
    return " → ".join("/".join(_SET_NAMES.get(each, each) for each in pair.split(":")[:2]) for pair in value.split("|")[:12])


def _slides(_: Line, value: str) -> str:
    reverses = int(value) - 1
    return "no reverse" if reverses < 1 else "1 reverse" if reverses == 1 else f"{reverses} reverses"


def _effects(_: Line, value: str) -> str:
    bits = int(value)
    return ", ".join(name for bit, name in ((1, "kiai"), (8, "no first bar line")) if bits & bit) or "none"


_WORDS: Mapping[str, Callable[[Line, str], str]] = {
    **dict.fromkeys(
        ("time", "end time", "line time", "bookmark", "break start", "break end", "sample time", "command start", "command end"),
        _stamp,
    ),
    "type": _type,
    "hit sound": _sound,
    "edge sounds": _sounds,
    "edge sets": _sets,
    "slides": _slides,
    "effects": _effects,
    "beat length": lambda _, value: f"{60_000 / float(value):.6g} BPM",
    "slider velocity": lambda _, value: f"{min(max(-100 / float(value), 0.1), 10):.3g}×",
    "tempo": lambda _, value: f"{int(value) / 1000:.6g} BPM",
    "denominator exponent": lambda _, value: f"1/{1 << min(int(value), 31)}",
    "anchor": lambda _, value: format_time(int(value) / 1000),
}
