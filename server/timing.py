"""A song's timing, found by ear or taken from elsewhere, and the red lines of a map beside it."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.finding import Category, Finding, Fix, Safety, Severity
from analyzers.repairs import format_number
from formats.chart_lines import value_place
from formats.document import Document, whole
from formats.spans import Edit, OverlappingEdits, sort_edits
from formats.timestamps import format_time
from generation.request import CannotWrite
from generation.song_timing import HEARD_LATE, HEARD_LATE_IN_CHARTS, Given, SongTiming, TempoSection
from server import reading
from server.interrupting import resting
from server.reading import Unreadable
from server.rewritable import Rewritable, read_rewritable
from server.songs import Song, Songs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from formats.chart import Chart

    Onsets = NDArray[np.float32]

# Below this a tempo may as well be another.
UNSURE = 0.6
# Maps whose notes lie this much (ms) off the usual delay are rare: five of a hundred.
UNUSUAL = 25.0
# The rule that tells where a map does not keep time, and what it calls a tempo that is off.
RULE_CODE, RULE_NAME, TEMPO_OFF = "U101", "surprising-timing", "tempo-off"
# ms: no song lasts longer.
FARTHEST = 86_400_000.0
# How much is done when the song is decoded.
DECODED = 0.4
# Findings whose first fix leaves objects where they are.
STAYING = (TEMPO_OFF, "red-line-moved")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user knows of the timing, or where it is to be taken from, and what is to happen to a map.

    `anew`: its red lines go, others come. `along`: what stands behind a red line that is corrected or written anew keeps its
    place in the bar.
    """

    bpm: float | None = None
    source: str | None = None
    points: tuple[Given, ...] | None = None
    anew: bool = False
    along: bool = False

    @property
    def known(self) -> bool:
        return self.bpm is not None or self.source is not None or self.points is not None


@dataclass(frozen=True, slots=True)
class Timed:
    """What was found; of a map also its text, the edits that would mend it and what is wrong with it. `rows` are a table."""

    path: str
    song: str
    title: str
    rows: tuple[str, ...]
    timing: SongTiming
    document: Document | None = None
    edits: tuple[Edit, ...] = ()
    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()


def given_points(text: str) -> tuple[Given, ...]:
    """`OFFSET:BEATLENGTH:METER|…`. Raises `ValueError` with a sentence."""
    found: list[Given] = []
    for part in text.split("|"):
        fields = [field.strip() for field in part.split(":")]
        try:
            start, beat, meter = (*(float(field) if field else None for field in fields), None, None, None)[:3]
        except ValueError:
            start = beat = meter = math.nan
        if len(fields) > 3 or not all(value is None or math.isfinite(value) for value in (start, beat, meter)):
            raise ValueError(f"{part!r} is no OFFSET:BEATLENGTH:METER such as 1234:333.33:4 or 1234::")
        if beat is not None and not 6 <= beat <= 60_000:
            raise ValueError(f"a beat of {beat:g} ms is none that the game plays; give 6 to 60000")
        if meter is not None and not (1 <= meter <= 64 and meter == int(meter)):
            raise ValueError(f"a bar has 1 to 64 beats, not {meter:g}")
        if start is not None and abs(start) > FARTHEST:
            raise ValueError(f"a red line at {start:g} ms is in no song")
        if found and (start is None or start <= (found[-1].start_ms or 0)):
            raise ValueError(f"{part!r} needs an offset behind that of the one before it")
        found.append(Given(start, beat, None if meter is None else int(meter)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Course:
    """Who waits for the answer."""

    progress: Callable[[float], None] | None
    rest: Callable[[], None]

    def tell(self, share: float) -> None:
        """So much is done; as `rest`, it raises `Cancelled` where nobody waits any more."""
        self.rest()
        if self.progress is not None:
            self.progress(share)

    def heard(self, share: float) -> None:
        """So much of what follows the decoding."""
        self.tell(DECODED + (1 - DECODED) * share)


def timing(
    path: str,
    wanted: Wanted,
    audio: str | None = None,
    progress: Callable[[float], None] | None = None,
    *,
    charted: bool = False,
) -> Timed:
    """Of the song or the map at `path`; `charted`: of a song as charts have it. Writes nothing.

    Raises `Unreadable`, `MaimodError` or `CannotWrite`, each with one sentence.
    """
    if reading.is_archive(path) or reading.archive_around(path):
        raise Unreadable(path, "is an archive; unpack it first")
    if not reading.is_map(path):
        if wanted.anew or wanted.along or audio is not None:
            raise CannotWrite("--anew, --along and --audio are for maps")
        return _of_song(path, wanted, _Course(progress, resting(None)), charted=charted)
    return timed(read_rewritable(path), wanted, Songs(audio), progress)


def timed(
    around: Rewritable,
    wanted: Wanted,
    songs: Songs,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Timed:
    """Of a map as it stands in memory. Raises as `timing` does, and `models.bundled.sampling.Cancelled`."""
    course = _Course(progress, resting(cancelled))
    course.tell(0.0)
    if wanted.known or wanted.anew:
        found = _written_anew(around, wanted, songs, course)
    elif around.chart is None:
        found = _of_osu(around, wanted, songs, course)
    else:
        found = _of_chart(around, around.chart, songs, course)
    course.tell(1.0)
    return found


def _of_song(path: str, wanted: Wanted, course: _Course, *, charted: bool) -> Timed:
    late = HEARD_LATE_IN_CHARTS if charted else HEARD_LATE
    if not os.path.isfile(path):
        raise Unreadable(path, "does not exist" if not os.path.exists(path) else "is no file")
    song = Songs().of_file(path, course.rest)
    given, notices = _given(wanted, late)
    found, unsure = _timing(song, given, late, course)
    title = f"{song.name}, {format_time(found.length_ms)}"
    return Timed(path, song.name, title, _rows(found, given), found, notices=(*notices, *unsure))


def _timing(
    song: Song | None, given: Sequence[Given], late: float, course: _Course, missing: str = ""
) -> tuple[SongTiming, list[str]]:
    """What is given, the rest by ear, and sentences on what is unsure. `missing`: why there is no song."""
    from generation.song_timing import timing_of

    sections = [
        TempoSection(each.start_ms, each.beat_ms, each.meter)
        for each in given
        if each.start_ms is not None and each.beat_ms is not None and each.meter is not None
    ]
    if given and len(sections) == len(given):
        length = 10.0 * len(song.features) if song is not None and song.features is not None else sections[-1].start_ms
        return SongTiming(tuple(sections), length), []
    if song is None:
        raise CannotWrite(missing)
    if song.features is None:
        raise Unreadable(song.name, f"cannot be heard: {song.trouble}")
    found = timing_of(song.features, given, late, course.heard)
    return found, doubts(found)


def doubts(found: SongTiming) -> list[str]:
    """What the ear is unsure of, the tempo before the beat before the bars; a sentence or none."""
    if found.confidence < UNSURE:
        others = ", ".join(f"{_bpm(bpm)} ({chance:.0%})" for bpm, chance in found.others[:3])
        return [f"unsure of the tempo{f', it may also be {others} BPM' if others else ''}; listen before you map on it"]
    if min(each.beat_confidence for each in found.sections) < UNSURE:
        return ["unsure of where the beat falls, so the tempo may be another; listen before you map on it"]
    if min(each.bar_confidence for each in found.sections) < UNSURE:
        return ["unsure of where bars begin; listen before you map on it"]
    return []


def _given(wanted: Wanted, late: float) -> tuple[tuple[Given, ...], list[str]]:
    if wanted.bpm is not None:
        return (Given(beat_ms=60_000 / wanted.bpm),), []
    if wanted.points is not None:
        return wanted.points, []
    if wanted.source is None:
        return (), []
    around = read_rewritable(wanted.source)
    if around.chart is not None:
        by = HEARD_LATE_IN_CHARTS - late
        lines = [Given(each.start_ms + by, each.beat_ms, each.meter) for each in _chart_sections(around.chart)]
    else:
        by = HEARD_LATE - late
        grid = around.osu().difficulty.timeline.grid
        lines = [
            Given(time + by, grid.beat_length_at(time), point.meter) for time, point in zip(grid.red_times, grid.red, strict=True)
        ]
    if not lines:
        raise CannotWrite(f"{wanted.source} has no red line to take")
    told = f"offsets {abs(by):g} ms {'later' if by > 0 else 'earlier'}: so much apart osu! maps and charts have the same sound"
    return tuple(lines), [told] if by else []


def _chart_sections(chart: Chart) -> list[TempoSection]:
    tempo = chart.tempo_map
    meters = {signature.tick: signature.numerator for signature in chart.time_signatures}
    found: list[TempoSection] = []
    meter = 4
    for start, tick in zip(tempo.times, tempo.ticks, strict=True):
        meter = next((meters[at] for at in sorted(meters, reverse=True) if at <= tick), meter)
        found.append(TempoSection(start + chart.offset, 60_000 / tempo.bpm_at(tick), max(meter, 1)))
    return found


def _rows(found: SongTiming, given: Sequence[Given]) -> tuple[str, ...]:
    """A table of the sections with how sure each value is, where it was not given."""
    rows = [f"{'from':<10}{'BPM':>9}{'beat (ms)':>13}{'offset':>9}  {'meter':<6}{'sure of BPM':>12}{'beat':>7}{'bar':>7}"]
    for number, each in enumerate(found.sections):
        known = given[number] if given else Given()
        start = known.start_ms is not None
        sure = "".join(
            f"{'given' if is_given else f'{chance:.0%}':>{width}}"
            for chance, is_given, width in (
                (each.confidence, known.beat_ms is not None, 12),
                (each.beat_confidence, start, 7),
                (each.bar_confidence, start, 7),
            )
        )
        what = f"{format_time(each.start_ms):<10}{_bpm(each.bpm):>9}{each.beat_ms:>13.6f}{round(each.start_ms):>9}"
        rows.append(f"{what}  {f'{each.meter}/4':<6}{sure}")
    if found.others:
        others = ", ".join(f"{_bpm(bpm)} ({chance:.0%})" for bpm, chance in found.others[:3])
        rows.append(f"could be counted as {others} BPM too")
    return tuple(rows)


def _bpm(bpm: float) -> str:
    return format_number(round(bpm, 3))


def _written_anew(around: Rewritable, wanted: Wanted, songs: Songs, course: _Course) -> Timed:
    from generation.red_lines import replaced

    song = around.song(songs, course.rest)
    charted = around.chart is not None
    late = HEARD_LATE_IN_CHARTS if charted else HEARD_LATE
    given, notices = _given(wanted, late)
    found, unsure = _timing(song, given, late, course, _missing(around))
    if around.chart is not None:
        edits = _tempo_markers(around.path, around.chart, found)
    else:
        edits = replaced(around.osu().difficulty.timeline, found.sections, along=wanted.along)
    name = song.name if song is not None else ""
    title = f"{os.path.basename(around.path)}, its timing anew{f' from {name}' if name and not wanted.source else ''}"
    notices += [*unsure, *around.notices]
    return Timed(around.path, name, title, _rows(found, given), found, around.document, edits, notices=tuple(notices))


def _tempo_markers(path: str, chart: Chart, found: SongTiming) -> tuple[Edit, ...]:
    from generation.line_edits import Replacement, line_edits
    from generation.timing_lines import sync_track

    if chart.last_tick is not None:
        raise CannotWrite(
            f"{path} has notes, which are counted in ticks and would all come at other times; "
            "print the markers with --format chart and paste what you want of them"
        )
    section = chart.section("SyncTrack")
    header = section.header if section is not None else None
    if section is None or header is None:
        raise CannotWrite(f"{path} has no [SyncTrack] section to write into")
    document = chart.document
    at = document.number_of(header)
    brace = next((line for line in document.lines[at : at + 3] if "{" in line.content), header)
    old = [each.line for records in (chart.tempos, chart.time_signatures, chart.anchors) for each in records]
    changes = [Replacement(line, None) for line in old]
    changes += [Replacement(brace, f"  {line}", added=True, behind=True) for line in sync_track(found.sections, chart.resolution)]
    return line_edits(document, changes)


def _missing(around: Rewritable) -> str:
    named = around.difficulty.beatmap.general.text("AudioFilename") if around.difficulty is not None else ""
    return f"{around.path}: its song{f' {named}' if named else ''} is not beside it; name it with --audio"


def _heard_song(around: Rewritable, songs: Songs, course: _Course) -> tuple[Song, Onsets, float]:
    """The song, what begins in it, and how many ms it lasts."""
    song = around.song(songs, course.rest)
    course.heard(0.0)
    if song is None:
        raise CannotWrite(_missing(around))
    if song.features is None or song.onsets is None:
        raise Unreadable(song.name, f"cannot be heard: {song.trouble}")
    return song, song.onsets, 10.0 * len(song.features)


def _of_osu(around: Rewritable, wanted: Wanted, songs: Songs, course: _Course) -> Timed:
    from analyzers.surprising.findings import drift_findings
    from models.bundled.onsets import USUAL_DELAY, song_delay
    from server.scoring import ENOUGH_NOTES, drifts_of, of_same_song

    song, onsets, length = _heard_song(around, songs, course)
    difficulty = around.osu().difficulty
    timeline, grid = difficulty.timeline, difficulty.timeline.grid
    if not grid.red:
        raise CannotWrite(f"{around.path} has no red line; write them with --anew")
    drifts = drifts_of(difficulty, of_same_song(difficulty, around.mapset), song)
    course.heard(0.5)
    findings = [each for each in drift_findings(difficulty, drifts) if each.kind != "notes-moved"]
    delay = song_delay(onsets, timeline.times)
    notices = list(around.notices)
    if not findings and len(timeline.times) >= ENOUGH_NOTES and abs(delay - USUAL_DELAY) > UNUSUAL:
        side = "earlier" if delay > USUAL_DELAY else "later"
        notices.append(
            f"all notes come some {abs(delay - USUAL_DELAY):.0f} ms {side} than most maps have them in their songs; "
            "that may be the way the song is decoded: check the offset in the game"
        )
    sections = [
        TempoSection(time, grid.beat_length_at(time), point.meter) for time, point in zip(grid.red_times, grid.red, strict=True)
    ]
    end = max(timeline.end, grid.red_times[-1])
    timing = SongTiming(tuple(sections), length)
    title = f"{difficulty.file_name} beside {song.name}"
    rows = _beside(sections, end, delay, onsets, course)
    edits = _mended(findings, along=wanted.along)
    if not wanted.along and any(each.fixes and each.kind not in STAYING for each in findings):
        notices.append("where objects lie off the music together with their red line, --along moves both")
    return Timed(
        around.path, song.name, title, rows, timing, around.document, edits, tuple(findings),
        tuple(notices),
    )  # fmt: skip


def _mended(findings: Sequence[Finding], *, along: bool) -> tuple[Edit, ...]:
    """The edits of the fixes that can be applied together: those that leave objects where they are, or (`along`) move them with
    their red line; where a red line alone was moved, its objects are right in both cases.
    """
    edits: tuple[Edit, ...] = ()
    for finding in findings:
        fixes = finding.fixes if along or finding.kind in STAYING else ()
        if fixes:
            try:
                edits = sort_edits((*edits, *fixes[-1 if along else 0].edits))
            except OverlappingEdits:
                continue
    return edits


def _beside(sections: Sequence[TempoSection], end: float, delay: float, onsets: Onsets, course: _Course) -> tuple[str, ...]:
    """A row for each red line with the tempo that is heard under it."""
    from models.bundled.beats import salience
    from models.bundled.tempo_drift import heard_tempo

    rows = [f"{'from':<10}{'meter':>6}{'BPM':>10}{'heard':>10}{'off at the end':>16}"]
    loud = salience(onsets)
    for number, each in enumerate(sections):
        course.heard(0.5 + 0.5 * number / len(sections))
        stop = sections[number + 1].start_ms if number + 1 < len(sections) else end
        heard = heard_tempo(loud, max(each.start_ms, 0.0) + delay, stop + delay, each.beat_ms)
        # What is not off is not told to be: a fraction of a BPM is within what can be heard.
        if heard is None:
            told = f"{'–':>10}{'too short to tell':>20}"
        elif heard.is_off:
            told = f"{_bpm(heard.bpm):>10}{f'{abs(heard.drift_ms):.0f} ms':>16}"
        else:
            told = f"{'the same':>10}"
        rows.append(f"{format_time(each.start_ms):<10}{f'{each.meter}/4':>6}{_bpm(each.bpm):>10}{told}")
    return tuple(rows)


def _of_chart(around: Rewritable, chart: Chart, songs: Songs, course: _Course) -> Timed:
    from models.bundled.beats import salience
    from models.bundled.tempo_drift import heard_tempo

    song, onsets, length = _heard_song(around, songs, course)
    sections = _chart_sections(chart)
    last = chart.time_at(chart.last_tick) + chart.offset if chart.last_tick is not None else length
    loud = salience(onsets)
    findings: list[Finding] = []
    markers = {tempo.tick: tempo for tempo in chart.tempos}
    for number, (tick, each) in enumerate(zip(chart.tempo_map.ticks, sections, strict=True)):
        course.heard(0.5 * number / len(sections))
        stop = sections[number + 1].start_ms if number + 1 < len(sections) else last
        heard = heard_tempo(loud, each.start_ms, stop, each.beat_ms)
        marker = markers.get(tick)
        if heard is None or not heard.is_off or marker is None:
            continue
        fixes: tuple[Fix, ...] = ()
        if number + 1 == len(sections):
            # Only the last marker can change without all behind it coming at other times.
            edit = Edit(chart.document.span(value_place(marker.line)), str(round(1000 * heard.bpm)))
            fixes = (Fix(f"Set the tempo at {format_time(each.start_ms)} to {_bpm(heard.bpm)} BPM", Safety.UNSAFE, (edit,)),)
        message = (
            f"The music keeps {_bpm(heard.bpm)} BPM, not the {_bpm(each.bpm)} BPM of this marker: after "
            f"{heard.length / 1000:.0f} s it is {abs(heard.drift_ms):.0f} ms {'behind' if heard.drift_ms > 0 else 'ahead'}."
        )
        span = chart.document.span(whole(marker.line))
        findings.append(
            Finding(
                RULE_CODE, RULE_NAME, TEMPO_OFF, Category.SURPRISAL, Severity.WARNING, span, message,
                each.start_ms, stop, fixes=fixes,
            )
        )  # fmt: skip
    timing = SongTiming(tuple(sections), length)
    title = f"{os.path.basename(around.path)} beside {song.name}"
    rows = _beside(sections, last, 0.0, onsets, course)
    edits = _mended(findings, along=False)
    return Timed(around.path, song.name, title, rows, timing, chart.document, edits, tuple(findings), around.notices)
