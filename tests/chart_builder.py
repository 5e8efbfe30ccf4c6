"""Small charts for tests, what one rule says about them, and what its fixes do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from analyzers.analysis import Choices, analyse_chart, analyse_song_ini
from analyzers.finding import Finding
from formats.chart import Chart
from formats.mapset import FileFact
from formats.song_ini import SongIni
from formats.spans import apply_edits

SONG = ('Name = "Song"', 'Artist = "Band"', 'Charter = "Charter"', "Resolution = 192", "Offset = 0")
# 125 BPM at 192 ticks per beat: 2.5 ms per tick, a measure is 768 ticks or 1,920 ms.
SYNC = ("0 = TS 4", "0 = B 125000")
EVENTS = ('768 = E "section Intro"',)
INI = "[Song]\nname = Song\nartist = Band\nalbum = Album\ngenre = Rock\nyear = 2020\ncharter = Charter\ndiff_guitar = 3\n"
FILES = ("notes.chart", "song.ini", "song.ogg", "album.png")


def chart_text(
    notes: Sequence[str] = ("768 = N 0 0", "1152 = N 1 0"),
    *,
    track: str = "ExpertSingle",
    tracks: Mapping[str, Sequence[str]] | None = None,
    song: Sequence[str] = SONG,
    sync: Sequence[str] = SYNC,
    events: Sequence[str] = EVENTS,
    newline: str = "\n",
) -> str:
    """A chart of `notes` in `track` and of the other `tracks`."""
    sections = {"Song": song, "SyncTrack": sync, "Events": events, track: notes, **(tracks or {})}
    return "".join(
        f"[{name}]{newline}{{{newline}" + "".join(f"  {line}{newline}" for line in lines) + f"}}{newline}"
        for name, lines in sections.items()
    )


def chart_findings(
    rule: str, text: str, *, ini: str | None = None, files: Sequence[str] | None = None, path: str = "notes.chart"
) -> list[Finding]:
    """What the rule of that name says on the chart (on its song.ini as well, told at the chart)."""
    return [finding for finding in _all(text, ini, files, path, (rule,)) if finding.name == rule]


def ini_findings(rule: str, ini: str, text: str | None = None, files: Sequence[str] | None = None) -> list[Finding]:
    """What the rule of that name says on a song.ini that is open itself."""
    chart = None if text is None else Chart.from_text(text)
    found = analyse_song_ini("song.ini", SongIni.from_text(ini), chart, _facts(files), Choices(select=(rule,)))
    return [finding for finding in found if finding.name == rule]


def repaired(rule: str, text: str, number: int = 0) -> str:
    """The text after the `number`-th fix of the first finding.

    Checks what each fix must keep: the finding is gone, no other rule found more than before, and doing it again changes nothing.
    """
    before = chart_findings(rule, text)
    after = apply_edits(text, before[0].fixes[number].edits)
    left = chart_findings(rule, after)
    assert len(left) < len(before), "the fix did not help"
    worse = Counter(_kinds(after)) - Counter(_kinds(text))
    assert not worse, f"the fix caused {worse}"
    return after


def repaired_all(rule: str, text: str) -> str:
    """The text after the first fix of each finding, one after another until the rule is silent."""
    for _ in range(len(chart_findings(rule, text)) + 1):
        if not chart_findings(rule, text):
            return text
        text = repaired(rule, text)
    raise AssertionError("the fixes never end")


def _kinds(text: str) -> list[str]:
    return [finding.kind for finding in _all(text, None, None, "notes.chart", ())]


def _all(text: str, ini: str | None, files: Sequence[str] | None, path: str, select: tuple[str, ...]) -> list[Finding]:
    settings = None if ini is None else SongIni.from_text(ini)
    return analyse_chart(path, Chart.from_text(text), settings, _facts(files), Choices(select=select))


def _facts(files: Sequence[str] | None) -> dict[str, FileFact] | None:
    return None if files is None else {name: FileFact(name, 1) for name in files}
