"""song.ini beside a chart: its line grammar and what it says. Keys count in any case, the last of a key wins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from math import isfinite
from typing import ClassVar

from formats.chart_lines import MAX_TICK
from formats.chart_tracks import Modifiers
from formats.document import Document, Line, LineKind, Problem
from formats.osu import Entry, shorten

SONG_INI = "song.ini"
# Old names of keys that the game still reads where the new one is missing.
ALIASES = {
    "charter": "frets",
    "album_track": "track",
    "hopo_frequency": "hopofreq",
    "multiplier_note": "star_power_note",
}
COMMENTS = (";", "#", "//")
# What the game writes for "no value", beside leaving the value empty.
NO_VALUE = ("", "0", "-1")

_HEADER = re.compile(r"\[(.+)\]\Z")
# Rich-text tags that the game takes out of a name before it sorts by it.
_TAG = re.compile(
    r"<\s*/?\s*(?:color|size|alpha|mark|font|align|space|lowercase|uppercase|smallcaps|su[bp]|[bius])\b[^>]*>", re.IGNORECASE
)
_LEADING_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")


class IniGrammar:
    """Reads one line of a song.ini. The state is the section's name as written, empty ahead of the first."""

    initial = ""
    most_lines: ClassVar[Mapping[str, int]] = {}

    def read(self, text: str, state: str) -> Line:
        content = text.strip(" \t\r\n\0\ufeff")
        line = Line(text, LineKind.RECORD, state, state, state)
        if not content:
            line.kind = LineKind.BLANK
        elif content.startswith(COMMENTS):
            line.kind = LineKind.COMMENT
        elif content[0] == "[" and (header := _HEADER.match(content)):
            line.kind = LineKind.HEADER
            line.section = line.after = header.group(1).strip()
        elif "=" in content and content[0] != "[":
            key, _, value = content.partition("=")
            line.record = Entry(line, key.strip(), value.strip())
        else:
            line.kind = LineKind.UNKNOWN
            expected = "']' at the end of the section's name" if content[0] == "[" else "'key = value'"
            line.problems = (Problem(0, len(line.content), f"Expected {expected} in song.ini, found '{shorten(content)}'"),)
        return line


INI = IniGrammar()


class SongIni:
    """What one song.ini says in its `[song]` section."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.header: Line | None = None
        self.entries: dict[str, Entry] = {}
        self.bad_lines: list[Line] = []
        for line in document.lines:
            if line.kind is LineKind.UNKNOWN:
                self.bad_lines.append(line)
            elif line.section.lower() != "song":
                continue
            elif line.kind is LineKind.HEADER:
                self.header = self.header or line
            elif isinstance(line.record, Entry):
                self.entries[line.record.key.lower()] = line.record

    @classmethod
    def from_bytes(cls, data: bytes) -> SongIni:
        return cls(Document.from_bytes(data, INI))

    @classmethod
    def from_text(cls, text: str) -> SongIni:
        return cls(Document.from_text(text, INI))

    @property
    def is_empty(self) -> bool:
        """True where the file holds nothing at all, so the game cannot tell it from none."""
        return all(line.kind is LineKind.BLANK for line in self.document.lines)

    def entry(self, key: str) -> Entry | None:
        """The entry of the key, else of its old name, also where its value says nothing."""
        return self.entries.get(key) or self.entries.get(ALIASES.get(key, ""))

    def valued(self, key: str) -> Entry | None:
        """The entry of the key, else of its old name, whichever holds a value."""
        for name in (key, ALIASES.get(key, "")):
            entry = self.entries.get(name)
            if entry is not None and entry.value not in ("", "-1"):
                return entry
        return None

    def line(self, key: str) -> Line:
        """Where a remark about `key` belongs: its line, else the section's header, else the first line."""
        entry = self.entry(key)
        return entry.line if entry else self.header or self.document.lines[0]

    def text(self, key: str) -> str:
        """The value without style tags; empty where there is none (the game's 0 and -1 count as none)."""
        entry = self.valued(key)
        return "" if entry is None or entry.value in NO_VALUE else _TAG.sub("", entry.value).strip()

    def number(self, key: str) -> float | None:
        """The number that the value begins with; None where it has none or -1, which the game takes for "not set"."""
        entry = self.valued(key)
        found = _LEADING_NUMBER.match(entry.value) if entry else None
        value = float(found.group()) if found else -1.0
        return None if value == -1.0 or not isfinite(value) else value

    def flag(self, key: str) -> bool:
        entry = self.valued(key)
        return entry is not None and entry.value.lower() in ("true", "1")

    def _ticks(self, key: str) -> int:
        return min(max(round(self.number(key) or 0), 0), MAX_TICK)

    @cached_property
    def modifiers(self) -> Modifiers:
        """What this file changes in how the chart is played."""
        return Modifiers(
            hopo_frequency=self._ticks("hopo_frequency"),
            eighthnote_hopo=self.flag("eighthnote_hopo"),
            sustain_cutoff=self._ticks("sustain_cutoff_threshold"),
            chord_snap=self._ticks("chord_snap_threshold"),
            five_lane_drums=self.flag("five_lane_drums"),
            pro_drums=self.flag("pro_drums"),
        )

    @cached_property
    def delay(self) -> float:
        """ms by which all notes come later; distinct from the chart's own offset."""
        return self.number("delay") or 0.0

    @cached_property
    def song_length(self) -> float | None:
        """ms; None where the file does not say."""
        length = self.number("song_length")
        return length if length and length > 0 else None
