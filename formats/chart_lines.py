"""The `.chart` line grammar and the records that its lines hold.

Source: https://github.com/TheNathannator/GuitarGame_ChartFormats; what it leaves open is read as Clone Hero reads it.
Records keep the file's values, nothing is sorted or joined here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from formats.document import Line, LineKind, Place, Problem, whole
from formats.osu import Entry, shorten

DEFAULT_RESOLUTION = 192
DEFAULT_MILLI_BPM = 120_000
# Ticks and lengths are 32-bit numbers in the games that read charts.
MAX_TICK = 2_147_483_647
# A time signature's denominator is 2 to the power of this at most: 1/2,147,483,648 is far beyond any that is written.
MAX_EXPONENT = 31
OPEN = 7
FORCED, TAP = 5, 6
DOUBLE_KICK_NUMBER = 32
STAR_POWER, DRUM_FILL, ROLL_SINGLE, ROLL_DOUBLE = 2, 64, 65, 66


class TrackKind(StrEnum):
    FIVE_FRET = "five-fret"
    SIX_FRET = "six-fret"
    DRUMS = "drums"


class ChartDifficulty(StrEnum):
    """A track's difficulty as its section names it."""

    EASY = "Easy"
    MEDIUM = "Medium"
    HARD = "Hard"
    EXPERT = "Expert"


@dataclass(frozen=True, slots=True)
class Instrument:
    """`suffix` ends the section's name, `label` is how players call it, `difficulty_key` rates it in song.ini."""

    suffix: str
    label: str
    kind: TrackKind
    difficulty_key: str


INSTRUMENTS = (
    Instrument("Single", "Guitar", TrackKind.FIVE_FRET, "diff_guitar"),
    Instrument("DoubleGuitar", "Co-op Guitar", TrackKind.FIVE_FRET, "diff_guitar_coop"),
    Instrument("DoubleRhythm", "Rhythm Guitar", TrackKind.FIVE_FRET, "diff_rhythm"),
    Instrument("DoubleBass", "Bass", TrackKind.FIVE_FRET, "diff_bass"),
    Instrument("Drums", "Drums", TrackKind.DRUMS, "diff_drums"),
    Instrument("Keyboard", "Keys", TrackKind.FIVE_FRET, "diff_keys"),
    Instrument("GHLGuitar", "6-Fret Guitar", TrackKind.SIX_FRET, "diff_guitarghl"),
    Instrument("GHLCoop", "6-Fret Co-op Guitar", TrackKind.SIX_FRET, "diff_guitar_coop_ghl"),
    Instrument("GHLRhythm", "6-Fret Rhythm Guitar", TrackKind.SIX_FRET, "diff_rhythm_ghl"),
    Instrument("GHLBass", "6-Fret Bass", TrackKind.SIX_FRET, "diff_bassghl"),
)
TRACKS = {
    f"{difficulty.value}{instrument.suffix}": (instrument, difficulty)
    for instrument in INSTRUMENTS
    for difficulty in reversed(ChartDifficulty)
}
# Track names of older editors and games (Feedback, GHTCP) that Clone Hero does not read.
LEGACY_TRACKS = frozenset(
    f"{difficulty.value}{suffix}"
    for difficulty in ChartDifficulty
    for suffix in ("SingleBass", "EnhancedGuitar", "CoopLead", "CoopBass", "10KeyGuitar", "DoubleDrums", "Vocals", "GHLKeys")
)
FILE_SECTIONS = ("Song", "SyncTrack", "Events")


class EventKind(StrEnum):
    """What an event of [Events] means."""

    SECTION = "section"
    LYRIC = "lyric"
    PHRASE_START = "phrase_start"
    PHRASE_END = "phrase_end"
    END = "end"
    CODA = "coda"
    OTHER = "other"


@dataclass(slots=True, eq=False)
class Tempo:
    """`tick = B n`: n thousandths of a beat per minute from here on."""

    line: Line
    tick: int
    milli_bpm: int

    @property
    def bpm(self) -> float:
        return self.milli_bpm / 1000


@dataclass(slots=True, eq=False)
class TimeSignature:
    """`tick = TS numerator exponent`: the denominator is 2 to the power of `exponent`, 4 where it is left out."""

    line: Line
    tick: int
    numerator: int
    exponent: int = 2

    @property
    def denominator(self) -> int:
        return 1 << self.exponent


@dataclass(slots=True, eq=False)
class Anchor:
    """`tick = A n`: editors keep the tempo marker of this tick n microseconds into the song. Games ignore it."""

    line: Line
    tick: int
    microseconds: int


@dataclass(slots=True, eq=False)
class GlobalEvent:
    """`tick = E "text"` of [Events]; `name` is a section's name or a lyric's text, else empty."""

    line: Line
    tick: int
    text: str
    kind: EventKind = EventKind.OTHER
    name: str = ""


@dataclass(slots=True, eq=False)
class OtherEvent:
    """A line `tick = X …` of a type that is kept and not read (hand positions of old games and the like)."""

    line: Line
    tick: int
    type: str


@dataclass(slots=True, eq=False)
class TrackNote:
    """`tick = N number length`: a note, or a flag for the notes on its tick."""

    line: Line
    tick: int
    number: int
    length: int


@dataclass(slots=True, eq=False)
class TrackPhrase:
    """`tick = S number length`: star power, a drum fill, a roll lane and other stretches of a track."""

    line: Line
    tick: int
    number: int
    length: int


@dataclass(slots=True, eq=False)
class LocalEvent:
    """`tick = E text` of a track: `solo`, `soloend` and others."""

    line: Line
    tick: int
    text: str


TIMED = frozenset((Tempo, TimeSignature, Anchor, GlobalEvent, OtherEvent, TrackNote, TrackPhrase, LocalEvent))
Timed = Tempo | TimeSignature | Anchor | GlobalEvent | OtherEvent | TrackNote | TrackPhrase | LocalEvent

_HEADER = re.compile(r"\s*\[([^\]\r\n]*)\]\s*(\{?)\s*(.*?)\s*\Z", re.DOTALL)
_NOTE = re.compile(r"[ \t]*([0-9]{1,9})[ \t]*=[ \t]*N[ \t]+([0-9]{1,3})(?:[ \t]+([0-9]{1,9}))?[ \t]*[\r\n]*\Z")
_RECORD = re.compile(r"\s*([^=]*?)\s*=\s*(\S*)\s*(.*?)\s*\Z", re.DOTALL)
_FIELDS = re.compile(r"\s*(\S+)\s*=\s*(\S+)(?:\s+(\S+))?(?:\s+(\S+))?")
_DIGITS = re.compile(r"[0-9]+\Z")
_SECTION_EVENT = re.compile(r"(?:section|prc)[ _](.*)\Z", re.DOTALL)
_LYRIC = re.compile(r"\s*lyric(?:[ \t](.*))?\Z", re.DOTALL)


class _Unreadable(Exception):
    """What was expected instead of what stands there."""


class ChartGrammar:
    """Reads one line of a `.chart`.

    The state is empty ahead of the first section, `:NAME` between a header and its brace, `{NAME` inside, `}` behind
    a section's end.
    """

    initial = ""
    most_lines: ClassVar[Mapping[str, int]] = {}

    def read(self, text: str, state: str) -> Line:
        section = state[1:]
        if state[:1] == "{" and section in TRACKS and (note := _NOTE.match(text)):
            line = Line(text, LineKind.RECORD, section, state, state)
            tick, number, length = note.groups()
            line.record = TrackNote(line, int(tick), int(number), int(length) if length else 0)
            return line
        line = Line(text, LineKind.RECORD, section, state, state)
        content = text.strip(" \t\r\n\0\ufeff\x0b\x0c\x1a")
        if not content:
            line.kind = LineKind.BLANK
        elif content[0] == "[":
            _read_header(line, text, state)
        elif content[0] in "{}":
            _read_brace(line, content, state)
        elif state[:1] == "{":
            _read_body(line, section)
        else:
            expected = f"Expected '{{' after [{shorten(section)}]" if state[:1] == ":" else "Expected a section such as [Song]"
            _mark(line, f"{expected}, found '{shorten(content)}'")
        return line


CHART = ChartGrammar()


def _mark(line: Line, message: str, kind: LineKind = LineKind.UNKNOWN) -> None:
    line.kind = kind
    line.problems += (Problem(0, len(line.content), message),)


def _read_header(line: Line, text: str, state: str) -> None:
    header = _HEADER.match(text)
    if header is None:
        _mark(line, f"Expected ']' at the end of the section's name, found '{shorten(text)}'")
        return
    name, brace, rest = header.groups()
    line.kind = LineKind.HEADER
    line.section = name
    line.after = f"{{{name}" if brace else f":{name}"
    if state[:1] == "{":
        _mark(line, f"Expected '}}' before [{shorten(name)}], as [{shorten(state[1:])}] is still open", LineKind.HEADER)
    elif state[:1] == ":":
        _mark(line, f"Expected '{{' after [{shorten(state[1:])}], found [{shorten(name)}]", LineKind.HEADER)
    if rest:
        _mark(line, f"Expected a new line after [{shorten(name)}], found '{shorten(rest)}'", LineKind.HEADER)


def _read_brace(line: Line, content: str, state: str) -> None:
    line.kind = LineKind.BRACE
    brace, rest = content[0], content[1:].strip()
    if brace == "{" and state[:1] == ":":
        line.after = f"{{{state[1:]}"
    elif brace == "}" and state[:1] == "{":
        line.after = "}"
    elif brace == "{":
        _mark(line, "Expected a section's name in [brackets] before '{'")
    else:
        _mark(line, "Expected an open section before '}'")
    if rest and not line.problems:
        _mark(line, f"Expected a new line after '{brace}', found '{shorten(rest)}'", LineKind.BRACE)


def _read_body(line: Line, section: str) -> None:
    found = _RECORD.match(line.text)
    reader = _READERS.get(section) or (_read_track if section in TRACKS else None)
    if reader is None:
        return
    if found is None:
        form = "Key = value" if section == "Song" else "tick = type value"
        _mark(line, f"Expected '{form}' in [{section}], found '{shorten(line.text)}'")
        return
    try:
        reader(line, *found.groups())
    except _Unreadable as trouble:
        _mark(line, str(trouble))


def _read_song(line: Line, key: str, first: str, rest: str) -> None:  # noqa: ARG001  all readers are called alike
    if not key:
        raise _Unreadable("Expected a name before '=' in [Song]")
    cut = line.text.index("=")
    line.record = Entry(line, key, _unquote(line.text[cut + 1 :].strip()))


def _unquote(text: str) -> str:
    """Without the outermost pair of quotes; a missing last quote is forgiven, quotes within are kept."""
    if text[:1] == '"':
        text = text[1:]
        if text[-1:] == '"':
            text = text[:-1]
    return text


def _number(text: str, name: str) -> int:
    if not _DIGITS.match(text) or len(text) > 15 or int(text) > MAX_TICK:
        raise _Unreadable(f"Expected a whole number from 0 to {MAX_TICK} for {name}, found '{shorten(text)}'")
    return int(text)


def _read_sync(line: Line, key: str, kind: str, rest: str) -> None:
    tick = _number(key, "the tick")
    values = rest.split()
    if kind == "B":
        line.record = Tempo(line, tick, _number(rest, "the tempo (thousandths of a BPM)"))
    elif kind == "A":
        # Microseconds may pass 32 bits: a song of 40 minutes has them.
        if not _DIGITS.match(rest) or len(rest) > 15:
            raise _Unreadable(f"Expected microseconds for the anchor, found '{shorten(rest)}'")
        line.record = Anchor(line, tick, int(rest))
    elif kind == "TS":
        if len(values) not in (1, 2):
            raise _Unreadable(f"Expected 'tick = TS numerator' or 'tick = TS numerator exponent', found '{shorten(rest)}'")
        exponent = _number(values[1], "the exponent of the denominator") if len(values) == 2 else 2
        if exponent > MAX_EXPONENT:
            raise _Unreadable(f"Expected an exponent up to {MAX_EXPONENT} for the denominator (2 = quarters), found {exponent}")
        line.record = TimeSignature(line, tick, _number(values[0], "the numerator"), exponent)
    else:
        _read_other(line, tick, kind)


def _read_other(line: Line, tick: int, kind: str) -> None:
    if not kind:
        raise _Unreadable(f"Expected 'tick = type value' in [{line.section}]")
    line.record = OtherEvent(line, tick, kind)


def _read_event(line: Line, key: str, kind: str, rest: str) -> None:
    tick = _number(key, "the tick")
    if kind != "E":
        _read_other(line, tick, kind)
        return
    text = _unquote(rest)
    inner = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    event = GlobalEvent(line, tick, text)
    if section := _SECTION_EVENT.match(inner):
        event.kind, event.name = EventKind.SECTION, section.group(1)
    elif lyric := _LYRIC.match(text):
        event.kind, event.name = EventKind.LYRIC, lyric.group(1) or ""
    elif text in ("phrase_start", "phrase_end"):
        event.kind = EventKind(text)
    elif inner.strip() in ("end", "coda"):
        event.kind = EventKind(inner.strip())
    line.record = event


def _read_track(line: Line, key: str, kind: str, rest: str) -> None:
    tick = _number(key, "the tick")
    if kind == "E":
        line.record = LocalEvent(line, tick, _unquote(rest))
        return
    if kind not in ("N", "S"):
        _read_other(line, tick, kind)
        return
    values = rest.split()
    if len(values) not in (1, 2):
        raise _Unreadable(f"Expected 'tick = {kind} number length', found '{shorten(line.text)}'")
    number = _number(values[0], "the note" if kind == "N" else "the phrase")
    length = _number(values[1], "the length") if len(values) == 2 else 0
    line.record = (TrackNote if kind == "N" else TrackPhrase)(line, tick, number, length)


_READERS: dict[str, Callable[[Line, str, str, str], None]] = {
    "Song": _read_song,
    "SyncTrack": _read_sync,
    "Events": _read_event,
}


def tick_place(line: Line) -> Place:
    """Where a line's tick (or key) stands; the whole line when it has none."""
    return _field(line, 1)


def value_place(line: Line) -> Place:
    """Where the first value behind the type letter stands: the tempo, the numerator, the note's number."""
    return _field(line, 3)


def length_place(line: Line) -> Place:
    """Where the length of an `N` or `S` line stands; an empty place behind the number where it is left out."""
    found = _FIELDS.match(line.content)
    if found is None:
        return whole(line)
    return Place(line, found.end(3), found.end(3)) if found.group(4) is None else _field(line, 4)


def _field(line: Line, group: int) -> Place:
    found = _FIELDS.match(line.content)
    return whole(line) if found is None or found.group(group) is None else Place(line, found.start(group), found.end(group))
