"""An `.osu` difficulty as its sections: settings with their lines, events, timing points and hit objects in file order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from math import isfinite

from formats.document import Document, Line, LineKind
from formats.osu import (
    OSU,
    Background,
    Break,
    Entry,
    Event,
    HitObject,
    Mode,
    Sprite,
    StoryboardSample,
    TimingPoint,
    Variable,
    Video,
    fill_in,
)

# Before format version 5 the game plays everything 24 ms later (osu.Game/Beatmaps/Formats/LegacyBeatmapDecoder.cs).
EARLY_VERSION_OFFSET = 24


class Section:
    """The `Key: value` entries of one section. Where a key stands twice, the game keeps the last."""

    def __init__(self, name: str, header: Line | None, entries: list[Entry]) -> None:
        self.name = name
        self.header = header
        self.entries = entries

    @cached_property
    def _by_key(self) -> dict[str, Entry]:
        return {entry.key: entry for entry in self.entries}

    def entry(self, key: str) -> Entry | None:
        return self._by_key.get(key)

    def line(self, key: str) -> Line | None:
        """Where a finding about `key` belongs: its line, else the section's header; None without either."""
        entry = self._by_key.get(key)
        return entry.line if entry else self.header

    def text(self, key: str, default: str = "") -> str:
        entry = self._by_key.get(key)
        return entry.value if entry else default

    def number(self, key: str, default: float) -> float:
        """The value as a finite number, `default` where the key is absent or not one."""
        entry = self._by_key.get(key)
        if entry is None:
            return default
        try:
            value = float(entry.value)
        except ValueError:
            return default
        return value if isfinite(value) else default

    def flag(self, key: str, default: bool = False) -> bool:
        entry = self._by_key.get(key)
        return default if entry is None else entry.value.startswith("1")


class Beatmap:
    """What one `.osu` document says. Built from the document alone, so a new one is cheap after an edit."""

    def __init__(self, document: Document) -> None:
        self.document = document
        entries: dict[str, list[Entry]] = {}
        self.headers: dict[str, Line] = {}
        self.timing_points: list[TimingPoint] = []
        self.hit_objects: list[HitObject] = []
        self.events: list[Event] = []
        self.version: int = 14
        variables: dict[str, str] = {}
        for line in document.lines:
            record = line.record
            if record is None:
                if line.kind is LineKind.HEADER:
                    self.headers.setdefault(line.section, line)
                continue
            kind = type(record)
            if kind is HitObject:
                self.hit_objects.append(record)  # type: ignore[arg-type]
            elif kind is TimingPoint:
                self.timing_points.append(record)  # type: ignore[arg-type]
            elif kind is Entry:
                entries.setdefault(line.section, []).append(record)  # type: ignore[arg-type]
            elif kind is int:
                self.version = record  # type: ignore[assignment]
            elif kind is Variable:
                variables[record.name] = record.value  # type: ignore[attr-defined]
            else:
                self.events.append(record)  # type: ignore[arg-type]
        self._entries = entries
        if variables:
            self.events = [fill_in(event, variables) for event in self.events]

    @classmethod
    def from_bytes(cls, data: bytes) -> Beatmap:
        return cls(Document.from_bytes(data, OSU))

    @classmethod
    def from_text(cls, text: str) -> Beatmap:
        return cls(Document.from_text(text, OSU))

    def _section(self, name: str) -> Section:
        return Section(name, self.headers.get(name), self._entries.get(name, []))

    @cached_property
    def general(self) -> Section:
        return self._section("General")

    @cached_property
    def editor(self) -> Section:
        return self._section("Editor")

    @cached_property
    def metadata(self) -> Section:
        return self._section("Metadata")

    @cached_property
    def difficulty(self) -> Section:
        return self._section("Difficulty")

    @cached_property
    def colours(self) -> Section:
        return self._section("Colours")

    @cached_property
    def mode(self) -> Mode:
        number = self.general.number("Mode", 0)
        return Mode(int(number)) if number in (0, 1, 2, 3) else Mode.OSU

    @cached_property
    def time_offset(self) -> int:
        """ms between a time in the file and the time at which the game plays it."""
        return EARLY_VERSION_OFFSET if self.version < 5 else 0

    @cached_property
    def circle_size(self) -> float:
        return self.difficulty.number("CircleSize", 5.0)

    @cached_property
    def overall_difficulty(self) -> float:
        return min(max(self.difficulty.number("OverallDifficulty", 5.0), 0.0), 10.0)

    @cached_property
    def hp_drain(self) -> float:
        return min(max(self.difficulty.number("HPDrainRate", 5.0), 0.0), 10.0)

    @cached_property
    def approach_rate(self) -> float:
        """AR 0 to 10; a map without one uses its overall difficulty, as old versions did."""
        return min(max(self.difficulty.number("ApproachRate", self.overall_difficulty), 0.0), 10.0)

    @cached_property
    def slider_multiplier(self) -> float:
        """Base slider velocity in 100 osu!pixels per beat, 0.4 to 3.6 as the game clamps it."""
        return min(max(self.difficulty.number("SliderMultiplier", 1.4), 0.4), 3.6)

    @cached_property
    def tick_rate(self) -> float:
        """Slider ticks per beat, 0.5 to 8 as the game clamps it."""
        return min(max(self.difficulty.number("SliderTickRate", 1.0), 0.5), 8.0)

    @cached_property
    def key_count(self) -> int:
        """Columns of a mania map, 1 to 18."""
        return min(max(round(self.circle_size), 1), 18)

    @cached_property
    def stack_leniency(self) -> float:
        return self.general.number("StackLeniency", 0.7)

    @cached_property
    def preempt(self) -> float:
        """ms between an object's appearance and its time (1800 at AR 0, 1200 at AR 5, 450 at AR 10)."""
        return difficulty_range(self.approach_rate, 1800, 1200, 450)

    @cached_property
    def radius(self) -> float:
        """Circle radius in osu!pixels."""
        return 54.4 - 4.48 * min(max(self.circle_size, 0.0), 10.0)

    @cached_property
    def breaks(self) -> list[Break]:
        return [event for event in self.events if isinstance(event, Break)]

    @cached_property
    def background(self) -> Background | None:
        return next((event for event in self.events if isinstance(event, Background)), None)

    @cached_property
    def videos(self) -> list[Video]:
        return [event for event in self.events if isinstance(event, Video)]

    @cached_property
    def sprites(self) -> list[Sprite]:
        return [event for event in self.events if isinstance(event, Sprite)]

    @cached_property
    def samples(self) -> list[StoryboardSample]:
        return [event for event in self.events if isinstance(event, StoryboardSample)]

    @cached_property
    def tags(self) -> list[str]:
        return self.metadata.text("Tags").split()

    @cached_property
    def bookmarks(self) -> list[float]:
        """Times in ms; what is not a number is left out."""
        times: list[float] = []
        for part in self.editor.text("Bookmarks").split(","):
            try:
                times.append(float(part))
            except ValueError:
                continue
        return times

    @cached_property
    def combo_colours(self) -> list[tuple[Entry, tuple[int, int, int]]]:
        """Combo1, Combo2, … in file order as 0–255 red, green, blue; lines with another value are left out."""
        return [(entry, colour) for entry, colour in self._colours() if entry.key.startswith("Combo")]

    @cached_property
    def slider_border(self) -> tuple[Entry, tuple[int, int, int]] | None:
        return next((pair for pair in self._colours() if pair[0].key == "SliderBorder"), None)

    @cached_property
    def slider_track(self) -> tuple[Entry, tuple[int, int, int]] | None:
        return next((pair for pair in self._colours() if pair[0].key == "SliderTrackOverride"), None)

    def _colours(self) -> Iterator[tuple[Entry, tuple[int, int, int]]]:
        for entry in self.colours.entries:
            parts = entry.value.split(",")
            if len(parts) >= 3 and all(part.strip().isdigit() for part in parts[:3]):
                red, green, blue = (min(int(part), 255) for part in parts[:3])
                yield entry, (red, green, blue)


def difficulty_range(value: float, at_0: float, at_5: float, at_10: float) -> float:
    """The game's two-piece linear map of a 0–10 setting (osu.Game/Beatmaps/IBeatmapDifficultyInfo.cs)."""
    if value > 5:
        return at_5 + (at_10 - at_5) * (value - 5) / 5
    return at_5 + (at_5 - at_0) * (value - 5) / 5
