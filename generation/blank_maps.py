"""The text of new maps before a note stands in them: `.osu` difficulties, and `notes.chart` with its song.ini."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.consensus import WRITTEN_TAG
from analyzers.repairs import format_number
from formats.document import Document
from formats.opting_out import OPT_OUT, opts_out
from formats.osu import Mode
from formats.spans import Edit, Span
from generation.levels import Usual
from generation.song_timing import TempoSection
from generation.timing_lines import beat_length, sync_track

# Tags of a map that was written as a whole.
TAGS = (WRITTEN_TAG, "generated")
# Who made it, where nobody says.
CREATOR = "maimod"
# %: volumes outside of kiai and in it; 2 are the soft samples, 1 the normal ones, as most maps have them.
VOLUME, KIAI_VOLUME = 60, 70
_SAMPLE_SETS = {Mode.OSU: 2, Mode.CATCH: 2, Mode.MANIA: 2, Mode.TAIKO: 1}
_NAMES = {1: "Normal", 2: "Soft"}
# ms: kiai lines begin a new line only this far from a red one.
SAME_LINE = 1.0
# Combo colours where no picture gives any: like the game's own, but chosen.
COLOURS = ((255, 168, 72), (92, 206, 120), (82, 158, 255), (242, 92, 118))
COLOURED = frozenset((Mode.OSU, Mode.CATCH))
LAYERS = ("Background", "Fail", "Pass", "Foreground", "Overlay")
RESOLUTION = 192
BREAKS_BEHIND = "//Break Periods\r\n"

Colour = tuple[int, int, int]
Spans = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a song and its maps, as the player reads it; `audio` and `background` are names of files beside them."""

    title: str
    artist: str
    audio: str
    creator: str = CREATOR
    source: str = ""
    tags: tuple[str, ...] = ()
    romanised_title: str = ""
    romanised_artist: str = ""
    album: str = ""
    genre: str = ""
    year: str = ""
    background: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all maps of a song share: tempos, kiai and calm parts in ms, where the preview begins, how long the song lasts."""

    tempos: Sequence[TempoSection]
    kiai: Spans
    preview: float
    length: float
    colours: Sequence[Colour] = COLOURS
    calm: Spans = ()


def romanised(text: str) -> str:
    """The text in the letters that the game shows everywhere; empty where none are left."""
    plain = unicodedata.normalize("NFKD", text)
    plain = plain.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0xD7: "x"})
    kept = "".join(letter for letter in plain if " " <= letter <= "~")
    return " ".join(kept.split()) if any(letter.isalnum() for letter in kept) else ""


def blank_osu(about: About, frame: Frame, mode: Mode, level: Usual, name: str) -> str:
    """A difficulty without objects."""
    sections = {
        "General": _general(about, frame, mode),
        "Editor": ("DistanceSpacing: 1", f"BeatDivisor: {max(level.divisor, 4)}", "GridSize: 8", "TimelineZoom: 1"),
        "Metadata": _metadata(about, name),
        "Difficulty": (
            f"HPDrainRate:{format_number(level.hp_drain)}", f"CircleSize:{format_number(level.circle_size)}",
            f"OverallDifficulty:{format_number(level.overall_difficulty)}", f"ApproachRate:{format_number(level.approach_rate)}",
            f"SliderMultiplier:{format_number(level.slider_multiplier)}", "SliderTickRate:1",
        ),
        "Events": (
            "//Background and Video events",
            *((f'0,0,"{about.background}",0,0',) if about.background else ()),
            BREAKS_BEHIND.strip(),
            *(f"//Storyboard Layer {at} ({layer})" for at, layer in enumerate(LAYERS)),
            "//Storyboard Sound Samples",
        ),
        "TimingPoints": timing_lines(frame, _SAMPLE_SETS[mode], level.speeds),
        "Colours": [f"Combo{at} : {red},{green},{blue}" for at, (red, green, blue) in enumerate(frame.colours, start=1)]
        if mode in COLOURED
        else [],
        "HitObjects": (),
    }  # fmt: skip
    body = "".join(
        f"\r\n[{title}]\r\n" + "".join(f"{line}\r\n" for line in lines)
        for title, lines in sections.items()
        if lines or title != "Colours"
    )
    return f"osu file format v14\r\n{body}"


def _general(about: About, frame: Frame, mode: Mode) -> tuple[str, ...]:
    return (
        f"AudioFilename: {about.audio}", "AudioLeadIn: 0", f"PreviewTime: {int(frame.preview)}", "Countdown: 0",
        f"SampleSet: {_NAMES[_SAMPLE_SETS[mode]]}", "StackLeniency: 0.7", f"Mode: {int(mode)}", "LetterboxInBreaks: 0",
        *(("SpecialStyle: 0",) if mode is Mode.MANIA else ()), "WidescreenStoryboard: 0",
    )  # fmt: skip


def _metadata(about: About, name: str) -> tuple[str, ...]:
    title, artist = about.romanised_title or romanised(about.title), about.romanised_artist or romanised(about.artist)
    tags = dict.fromkeys((*about.tags, *TAGS))
    return (
        f"Title:{title or about.title}", f"TitleUnicode:{about.title}",
        f"Artist:{artist or about.artist}", f"ArtistUnicode:{about.artist}",
        f"Creator:{about.creator}", f"Version:{name}", f"Source:{about.source}", f"Tags:{' '.join(tags)}",
        "BeatmapID:0", "BeatmapSetID:-1",
    )  # fmt: skip


def _as_written(frame: Frame, bar: float) -> int:
    """ms of a bar by the red lines as they are written, on whole ms."""
    section = next((each for each in reversed(frame.tempos) if each.start_ms <= bar + 1), frame.tempos[0])
    return int(bar + round(section.start_ms) - section.start_ms + 1e-4)


def timing_lines(frame: Frame, sample_set: int, speeds: tuple[float, float] = (1.0, 1.0)) -> list[str]:
    """Red lines, and green ones where kiai begins and ends, and the calm parts where sliders have other `speeds` there."""
    calm, lively = speeds

    def state(time: float) -> tuple[float, int]:
        lit = _within(time, frame.kiai)
        return lively if lit else calm if _within(time, frame.calm) else 1.0, int(lit)

    lines: list[tuple[float, int, str]] = []
    starts = [round(section.start_ms) for section in frame.tempos]
    for start, section in zip(starts, frame.tempos, strict=True):
        speed, lit = state(start)
        rest = f"{section.meter},{sample_set},0,{KIAI_VOLUME if lit else VOLUME}"
        lines.append((start, 0, f"{start},{beat_length(section.beat_ms)},{rest},1,{lit}"))
        if speed != 1:
            lines.append((start, 1, f"{start},{_velocity(speed)},{rest},0,{lit}"))
    changing = (*frame.kiai, *(frame.calm if calm != 1 else ()))
    edges = {_as_written(frame, edge) for span in changing for edge in span}
    said = state(starts[0])
    for time in sorted({*starts, *edges}):
        if time in starts:
            said = state(time)
        # What holds from a red line on is said there.
        if time < starts[0] or any(abs(time - start) <= SAME_LINE for start in starts) or state(time) == said:
            continue
        speed, lit = said = state(time)
        meter = next((each.meter for each in reversed(frame.tempos) if each.start_ms <= time), frame.tempos[0].meter)
        volume = KIAI_VOLUME if lit else VOLUME
        lines.append((time, 1, f"{time},{_velocity(speed)},{meter},{sample_set},0,{volume},0,{lit}"))
    return [text for _, _, text in sorted(lines)]


def _within(time: float, spans: Spans) -> bool:
    return any(begin - SAME_LINE <= time < until - SAME_LINE for begin, until in spans)


def _velocity(speed: float) -> str:
    return format_number(-100 / speed)


def with_breaks(document: Document, breaks: Spans) -> Document:
    """The difficulty with these breaks."""
    lines = "".join(f"2,{round(start)},{round(end)}\r\n" for start, end in breaks)
    at = document.text.index(BREAKS_BEHIND) + len(BREAKS_BEHIND)
    return document.edit([Edit(Span(at, at), lines)]) if lines else document


def opted_out(about: About) -> bool:
    """Whether the map that this was taken from asks not to be trained on, which then goes for the new one too."""
    return opts_out(" ".join(about.tags))


def blank_chart(about: About, frame: Frame, tracks: Sequence[str], events: Sequence[tuple[int, str]]) -> str:
    """A chart whose tracks are empty; `events` are (tick, what happens)."""
    song = [
        f'Name = "{_plain(about.title)}"', f'Artist = "{_plain(about.artist)}"', f'Charter = "{_plain(about.creator)}"',
        f'Album = "{_plain(about.album)}"', f'Year = ", {_plain(about.year)}"', "Offset = 0", f"Resolution = {RESOLUTION}",
        "Player2 = bass", "Difficulty = 0", f"PreviewStart = {format_number(round(frame.preview / 1000, 3))}", "PreviewEnd = 0",
        f'Genre = "{_plain(about.genre)}"', 'MediaType = "cd"', f'MusicStream = "{about.audio}"',
    ]  # fmt: skip
    sections = {
        "Song": [line for line in song if not line.endswith(('= ""', '= ", "'))],
        "SyncTrack": sync_track(frame.tempos, RESOLUTION),
        "Events": [f'{tick} = E "{_plain(text)}"' for tick, text in (*(((0, OPT_OUT),) if opted_out(about) else ()), *events)],
        **{track: [] for track in tracks},
    }
    return "".join(
        f"[{title}]\r\n{{\r\n" + "".join(f"  {line}\r\n" for line in lines) + "}\r\n" for title, lines in sections.items()
    )


def song_ini(about: About, frame: Frame, levels: Sequence[tuple[str, int]]) -> str:
    """`levels` are (key, 0 to 6), such as `diff_guitar`."""
    entries = {
        "name": about.title, "artist": about.artist, "album": about.album, "genre": about.genre, "year": about.year,
        "charter": about.creator, "preview_start_time": str(int(frame.preview)), "song_length": str(round(frame.length)),
        **{key: str(level) for key, level in levels},
        "pro_drums": "True" if any("drums" in key for key, _ in levels) else "",
        "loading_phrase": f"Generated by {WRITTEN_TAG}: every note was written by a model.",
    }  # fmt: skip
    return "[song]\r\n" + "".join(f"{key} = {_plain(value)}\r\n" for key, value in entries.items() if value)


def _plain(text: str) -> str:
    """In one line, without the quotes that would end it."""
    return " ".join(text.replace('"', "'").split())
